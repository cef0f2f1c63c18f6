"""Conflicts of policies alone: rules that fit no topology, each set with a certified witness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shardwright.grammar.demands import demand
from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.places import Place
from shardwright.grammar.rules import OnePerNode, Rule
from shardwright.policies.lower import built_in_rules
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.bounds import Bounds
from shardwright.solver.patterns.fits import NodeSample, layout
from shardwright.solver.patterns.judge import Clash, needs_of, own_count
from shardwright.solver.patterns.lints.say import beginning, names
from shardwright.solver.patterns.needs import Least, Most, Part, Parts
from shardwright.solver.patterns.proof import Verdict, verdict
from shardwright.solver.patterns.reasons import NoRoom, Reason, TooFew, reason_of
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID
from shardwright.solver.patterns.words import reason_words, shard_words
from shardwright.solver.result import Cause, Conflict

Json = dict[str, Any]


@dataclass(frozen=True)
class PatternConflict:
    """A conflict without a cluster. `severity` is "error" if all its rules are required, else "warning".

    `witness` is a snapshot on which the logic has found this very set of rules to be a minimal conflict.
    """

    conflict: Conflict
    severity: str
    policies: tuple[str, ...]
    reason: Reason
    witness: Json
    places: tuple[Place, ...]

    @property
    def diagnostic(self) -> Diagnostic:
        """The conflict as people read it: E3001, with the lines that cause it."""
        stated = [cause for cause in self.conflict.causes if cause.file is not None]
        pairs = zip(self.places, stated, strict=True)
        built_in = [cause for cause in self.conflict.causes if cause.file is None]
        several = len(self.policies) > 1
        return Diagnostic(
            "E3001",
            f"policies can never hold together: {names(self.policies)}"
            if several
            else f"`{self.policies[0]}` can never hold",
            tuple(Span(place, cause.text, at == 0) for at, (place, cause) in enumerate(pairs)),
            "error" if self.severity == "error" else "warning",
            notes=(*self.conflict.facts, *(f"`{cause.policy}`: {cause.text}" for cause in built_in)),
            helps=tuple(Help(repair["text"]) for repair in self.conflict.repairs),
        )

    def to_json(self) -> Json:
        return {
            **asdict(self.conflict),
            "severity": self.severity,
            "policies": list(self.policies),
            "topologies": "none",
            "witness": self.witness,
        }


def conflict_of(parts: Parts, clash: Clash, bounds: Bounds) -> PatternConflict | None:
    """A clash in the user's words; None where the logic does not confirm it on the witness."""
    proof = next(_proofs(parts, clash, bounds), None)
    if proof is None:
        return None
    space, policies = parts.space, _policies(clash.parts)
    witness, found, own = proof
    reason = reason_of(space, clash.shard, needs_of(clash.parts), own)
    core = [part for part in clash.parts if (part.policy.name, part.rule.pointer) in found.names]
    required = all(part.required for part in core)
    return PatternConflict(
        Conflict(
            True,
            _causes(clash.parts, found, reason),
            [reason_words(reason), f"whatever the nodes; for example {shard_words(space, clash.shard)}"],
            list(_repairs(clash.parts, core, reason, own)),
        ),
        "error" if required else "warning",
        tuple(policy.name for policy in policies),
        reason,
        witness,
        tuple(beginning(part.policy, part.rule.pointer) for part in clash.parts),
    )


def _proofs(parts: Parts, clash: Clash, bounds: Bounds) -> Iterator[tuple[Json, Verdict, int]]:
    """Clusters on which the logic finds this very set; what it says; how many replicas the shard asks for."""
    space, policies = parts.space, _policies(clash.parts)
    statements = [part.statement for part in clash.parts]
    names = {(part.policy.name, part.rule.pointer) for part in clash.parts}
    rests = [needs_of(part for part in clash.parts if part is not left_out) for left_out in clash.parts]
    for own in sorted({own_count(space, clash.shard, rest) for rest in rests}, reverse=True):
        witness = snapshot(space, statements, [clash.shard], _nodes(parts, clash, own), own)
        if len(witness.get("nodes", ())) > bounds.most_nodes:
            continue
        found = verdict(policies, witness, sorted(names))
        if found is not None and not found.holds and _is_this(clash, found, witness):
            yield witness, found, own


def _is_this(clash: Clash, found: Verdict, witness: Json) -> bool:
    """Whether the rules of a verdict are those of the clash.

    Who decides how many replicas there are takes part where the others fail at that number: without these
    policies they hold.
    """
    outside = [part for part in clash.parts if (part.policy.name, part.rule.pointer) not in found.names]
    if not outside:
        return True
    if not all(isinstance(need, (Least, Most)) for part in outside for need in part.needs):
        return False
    silent = {part.policy.name for part in outside}
    rest = [part for part in clash.parts if part.policy.name not in silent]
    without = verdict(_policies(rest), witness, [(part.policy.name, part.rule.pointer) for part in rest])
    return bool(rest) and without is not None and without.holds


def _policies(parts: Iterable[Part]) -> list[Policy]:
    named = {part.policy.name: part.policy for part in parts}
    return [named[name] for name in sorted(named)]


def _nodes(parts: Parts, clash: Clash, own: int) -> list[NodeSample]:
    """Nodes on which the rules hold as soon as any one of them, with the rest of its policy, is left out."""
    found: list[NodeSample] = []
    for left_out in clash.parts:
        rest = [part for part in clash.parts if part is not left_out]
        whole = [
            part
            for name in sorted({part.policy.name for part in rest} - {left_out.policy.name})
            for part in parts.of(name)
        ]
        nodes = (
            layout(parts.space, clash.shard, needs_of(whole), own)
            or layout(parts.space, clash.shard, needs_of(rest), own)
            or ({},)
        )
        for node in nodes:
            if found.count(node) < nodes.count(node):
                found.append(node)
    return found


def _causes(parts: Sequence[Part], found: Verdict, reason: Reason) -> list[Cause]:
    built_in = [rule for rule in found.core or () if rule.policy is None]
    if isinstance(reason, NoRoom) and reason.slot == NODE_ID:
        # A placement is a set of pairs, so this rule holds in every proposal; without it there would be room.
        built_in += [rule for rule in built_in_rules() if isinstance(rule.kind, OnePerNode)]
    return [*(_cause(part) for part in parts), *(_built_in(rule) for rule in built_in)]


def _cause(part: Part) -> Cause:
    place = part.policy.place(part.rule.pointer)
    pointer = part.rule.pointer
    return Cause(part.policy.name, None, pointer, place.file, place.line, place.column, demand(part.rule))


def _built_in(rule: Rule) -> Cause:
    return Cause(rule.owner, None, "", None, None, None, demand(rule))


def _repairs(parts: Sequence[Part], core: Sequence[Part], reason: Reason, own: int) -> Iterable[Json]:
    """Ways out, the cheapest in priorities first: the least important rule gives way.

    Rules outside the core decide how many replicas there are, whether they give way or not.
    """
    last = max(core, key=lambda part: (part.statement.priority, part.policy.name))
    if all(part.required for part in core):
        yield {
            "text": f"let `{last.policy.name}` give way: make it `yielding`",
            "policy": last.policy.name,
            "patch": [{"op": "add", "path": "/enforcement", "value": "yielding"}],
        }
    if isinstance(reason, NoRoom) and reason.room:
        yield from _asked_for(parts, ("/min_replicas", "/replicas"), reason.room)
    if isinstance(reason, TooFew) and own > reason.replicas:
        yield from _asked_for(parts, ("/max_replicas", "/replicas"), own)
    if len({part.policy.name for part in parts}) > 1:
        last = max(parts, key=lambda part: (part.statement.priority, part.policy.name))
        yield {"text": f"narrow the scope of `{last.policy.name}`", "policy": last.policy.name, "patch": []}


def _asked_for(parts: Sequence[Part], keys: tuple[str, ...], count: int) -> Iterable[Json]:
    for part in parts:
        if part.rule.pointer.endswith(keys):
            yield {
                "text": f"ask for {count} in `{part.policy.name}`",
                "policy": part.policy.name,
                "patch": [{"op": "replace", "path": part.rule.pointer, "value": count}],
            }
