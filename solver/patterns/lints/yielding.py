"""Yielding rules of one priority that exclude each other: each would give way to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.solver.patterns.judge import Clash
from shardwright.solver.patterns.lints.say import names, remark
from shardwright.solver.patterns.needs import Part

CODE = "W2107"


def circles(clashes: Iterable[Clash]) -> Iterator[Diagnostic]:
    """One warning for each knot of rules of which nothing says who gives way."""
    for knot in _knots([tied for clash in clashes if len(tied := _tied(clash)) > 1]):
        parts = sorted(knot.values(), key=lambda part: part.number)
        every = sorted({part.policy.name for part in parts})
        if len(every) < 2:
            continue
        priority = parts[0].statement.priority
        yield remark(
            CODE,
            "warning",
            f"{names(every)} give way to each other: all have priority {priority} and the same weight",
            [(part.policy, part.rule.pointer, "yields, to whom?") for part in parts[:4]],
            helps=["give one of them the smaller priority number: then the others give way to it"],
            data={"kind": "yielding", "policies": every},
        )


def _tied(clash: Clash) -> list[Part]:
    """The least important yielding rules of a clash; more than one if none of them comes first."""
    yielding = [part for part in clash.parts if part.rule.enforcement == "yielding"]
    last = max((part.statement.priority for part in yielding), default=0)
    least = [part for part in yielding if part.statement.priority == last]
    lightest = min((part.rule.weight for part in least), default=0)
    return [part for part in least if part.rule.weight == lightest]


def _knots(groups: list[list[Part]]) -> list[dict[int, Part]]:
    """Groups that share a rule become one."""
    knots: list[dict[int, Part]] = []
    for group in groups:
        mine = {part.number: part for part in group}
        touching = [knot for knot in knots if knot.keys() & mine.keys()]
        for knot in touching:
            mine |= knot
        knots = [knot for knot in knots if not any(knot is other for other in touching)] + [mine]
    return knots
