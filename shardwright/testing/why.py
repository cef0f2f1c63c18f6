"""Why an answer is not as expected: its own reasons, and the verdict of the logic on what was expected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from shardwright.api import Certification
from shardwright.grammar.diagnostics import Span
from shardwright.solver.result import Conflict, Level, Violation
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Why

SHOWN = 3


def why_not_on(outcome: Outcome, shard: str, nodes: Sequence[str]) -> Why:
    """Notes and places: what the logic says of the same answer with the shard on other nodes."""
    assert outcome.placement is not None
    other = {**outcome.placement, shard: [{"node": node} for node in nodes]}
    verdict = outcome.program.certify(outcome.cluster, other)
    if verdict.violations:
        return _violations(verdict.violations), _places(outcome, verdict.violations)
    return (_price(outcome.levels, verdict),), ()


def _violations(violations: Sequence[Violation]) -> tuple[str, ...]:
    told = tuple(f"there `{item.policy}` would be broken: {item.what}" for item in violations[:SHOWN])
    rest = len(violations) - SHOWN
    return (*told, f"and {rest} more") if rest > 0 else told


def _places(outcome: Outcome, violations: Sequence[Violation]) -> tuple[Span, ...]:
    policies = outcome.program.policies
    found = [(item, policies[item.policy].place(item.rule)) for item in violations if item.policy in policies]
    spans = {place: Span(place, f"{item.kind}, {item.enforcement}", primary=False) for item, place in found}
    return tuple(spans.values())[:SHOWN]


def _price(levels: Sequence[Level], verdict: Certification) -> str:
    """The first level at which the two placements differ, most important first."""
    for actual, other in zip(levels, verdict.levels, strict=True):
        if other.cost != actual.cost:
            worse = other.cost > actual.cost
            word = "worse" if worse else "better, so the answer is not the best there is"
            return f"that keeps every required rule and is {word}: {_terms(actual, other)}"
    return (
        "that is exactly as good, and of equally good placements any may be the answer: "
        "expect what matters (`in`, `values`, `replicas`)"
    )


def _terms(actual: Level, other: Level) -> str:
    """Each term of a level that differs."""
    changed = [
        f"{new['kind']} of `{new['policy']}` would cost {new['cost']} instead of {old['cost']}"
        for old, new in zip(actual.terms, other.terms, strict=True)
        if old["cost"] != new["cost"]
    ]
    return ", ".join(changed)


def conflict_notes(outcome: Outcome) -> tuple[str, ...]:
    """The reason and the parties of every conflict, and its facts, each fact once."""
    assert outcome.result is not None
    notes = (note for conflict in outcome.result.conflicts for note in _conflict(conflict))
    return tuple(dict.fromkeys(notes))


def _conflict(conflict: Conflict) -> Iterator[str]:
    between = ", ".join(dict.fromkeys(f"`{cause.policy}`" for cause in conflict.causes))
    yield f"conflict between {between}: {conflict.summary}" if conflict.summary else f"conflict: {between}"
    yield from conflict.facts


def policy_spans(outcome: Outcome, names: Collection[str] | None = None) -> tuple[Span, ...]:
    """The lines of the policies that take part in a conflict or give something up."""
    policies = outcome.program.policies
    rules = dict.fromkeys(_rules(outcome))
    return tuple(
        Span(policies[policy].place(rule), label, primary=False)
        for policy, rule, label in rules
        if policy in policies and (names is None or policy in names)
    )[:SHOWN]


def _rules(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Policy, pointer, and what the rule asks for where that is known."""
    if outcome.result is not None and outcome.result.status == "conflict":
        for conflict in outcome.result.conflicts:
            yield from ((cause.policy, cause.pointer, cause.text) for cause in conflict.causes)
        return
    if outcome.certification is not None:
        yield from ((item.policy, item.rule, "") for item in outcome.certification.violations)
    if outcome.placement is not None:
        yield from ((item.policy, item.rule, "") for item in outcome.gave_up)
