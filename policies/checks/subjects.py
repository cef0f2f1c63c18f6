"""What conditions may mention in policies of each type."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.syntax import Attribute, Comparison, comparisons, conjuncts, subjects
from shardwright.policies.checks.say import problem
from shardwright.policies.policy import Policy

WHOLE = ("load_balancing", "cost_optimization")


def misplaced_current(policy: Policy) -> list[Diagnostic]:
    """An error for each mention of `current.` where there is no replica that might move."""
    if policy.model.type == "migration" or policy.condition is None:
        return []
    return [
        _misplaced(policy, leaf, side)
        for leaf in comparisons(policy.condition)
        for side in (leaf.attribute, leaf.value)
        if isinstance(side, Attribute) and side.subject == "current"
    ]


def mixed_conditions(policy: Policy) -> list[Diagnostic]:
    """An error for each root condition on shard and node together, where sites must be the same for all."""
    if policy.model.type not in WHOLE:
        return []
    return [
        problem(
            "E1113",
            f"a `{policy.model.type}` policy cannot judge shard and node in one condition",
            part.place,
            "mentions both",
            helps=["use two conditions: one on `shard.` (which shards count), one on `node.` (which nodes)"],
        )
        for part in conjuncts(policy.condition)
        if "shard" in subjects(part) and subjects(part) & {"node", "current"}
    ]


def _misplaced(policy: Policy, leaf: Comparison, side: Attribute) -> Diagnostic:
    message = f"`{side}` has no meaning in a `{policy.model.type}` policy"
    notes = ["`current.` is the node that holds a replica now; only migration policies look at it"]
    helps = [f"did you mean `node.{str(side).partition('.')[2]}`, the node that may take the replica?"]
    place = _place_of(str(side), leaf.place)
    return problem("E2004", message, place, "only in migration policies", notes=notes, helps=helps)


def _place_of(words: str, place: Place) -> Place:
    """Where the words stand within a place; the whole place where they are spelled in another way."""
    at = place.source.text.find(words, place.start, place.end)
    return Place(place.source, at, at + len(words), place.pointer) if at >= 0 else place
