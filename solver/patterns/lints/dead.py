"""Conditions that no shard or no node can ever fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.rules import Allow, Apart, Leave, Prefer, Rule, Statement, Together
from shardwright.grammar.syntax import Condition
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.boxes import Region
from shardwright.solver.patterns.lints.say import remark
from shardwright.solver.patterns.needs import Parts
from shardwright.solver.patterns.space import Space, TooManyBoxes

CODE = "W2103"


def dead(parts: Parts, policies: Sequence[Policy], statements: Sequence[Statement]) -> Iterator[Diagnostic]:
    """One warning for each policy that governs nothing, and for each rule that looks at nothing."""
    for policy, statement in zip(policies, statements, strict=True):
        if policy.name not in parts.guards:
            continue
        if not parts.guards[policy.name]:
            yield _told(
                policy, _guard_pointer(policy), "no shard can ever be in its scope", "governs no shard"
            )
            continue
        yield from _nodes(parts.space, policy, statement)


def _guard_pointer(policy: Policy) -> str:
    return "/conditions" if policy.condition is not None else "/scope"


def _nodes(space: Space, policy: Policy, statement: Statement) -> Iterator[Diagnostic]:
    if statement.node_tests and not _region(lambda: space.regions(statement.node_tests)):
        yield _told(policy, "/conditions", "no node can ever fulfil its conditions", "speaks of no node")
        return
    for rule in statement.rules:
        test = _test(rule)
        if test is not None and not _region(lambda test=test: space.region(test)):  # type: ignore[misc]
            thing = "shard" if isinstance(rule.kind, (Apart, Together)) else "node"
            yield _told(
                policy, rule.pointer, f"no {thing} can ever be what this rule looks at", f"no {thing}"
            )


def _region(make: Callable[[], Region]) -> bool:
    """Is there anything in the region? Yes, as far as we know, where it is too complex."""
    try:
        return bool(make())
    except TooManyBoxes:
        return True


def _test(rule: Rule) -> Condition | None:
    """What a rule looks at. An `allow` that admits nothing is a conflict, and told as one."""
    match rule.kind:
        case Allow():
            return None
        case Prefer(test=test):
            return test
        case Leave(test=test):
            return test
        case Apart(targets=targets) | Together(targets=targets):
            return targets.test
    return None


def _told(policy: Policy, pointer: str, message: str, label: str) -> Diagnostic:
    return remark(
        CODE, "warning", f"`{policy.name}`: {message}", [(policy, pointer, label)], data={"kind": "dead"}
    )
