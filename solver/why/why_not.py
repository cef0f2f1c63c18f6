"""Why not there: what forbids a replica on a node in every placement, or else its price (price.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from shardwright.solver.conflicts.answer import Conflicts, conflicts_of
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.request import limits_of
from shardwright.solver.why.price import Asked, Price, price_of
from shardwright.solver.why.reasons import Reason

# `here`: it holds one. `never`: a rule forbids it whatever stands elsewhere. `conflict`: rules forbid it
# together. `price`: it can be there, for this. `unknown`: a limit came first.
Verdict = Literal["here", "never", "conflict", "price", "unknown"]


@dataclass(frozen=True)
class WhyNot:
    """The answer for a shard and a node (rows)."""

    shard: int
    node: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    price: Price | None = None
    conflicts: Conflicts | None = None
    limits: tuple[str, ...] = ()


def why_not(asked: Asked, row: int, node: int, here: bool, local: tuple[Reason, ...]) -> WhyNot:
    """What keeps a shard (row) off a node (row), or the price; `local` are the reasons of one exchange."""
    answer = WhyNot(row, node, "here", local)
    if here:
        return answer
    try:
        outcome, price = price_of(asked, (row, node))
        if price is not None:
            return replace(answer, verdict="price", price=price)
        if outcome.status != "conflict":
            return replace(answer, verdict="unknown", limits=outcome.stopped_by)
        pinned = replace(asked.problem, pinned=((row, node),))
        found = conflicts_of(
            pinned, asked.case.policies, limits_of(pinned, asked.request, asked.request.deadline)
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return replace(answer, verdict="unknown", limits=(failed.setting,))
    return replace(answer, verdict="conflict", conflicts=found, limits=found.stopped_by)
