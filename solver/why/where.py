"""Where a shard must, may and can never be, for each node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.strategy import SMALL_PAIRS
from shardwright.solver.why.alone import alone
from shardwright.solver.why.exchange import Scales
from shardwright.solver.why.reach import Known, admissible_reach, optimal_reach

# `may`: in some placement, not in all. `undecided`: no placement was found, and none was ruled out.
Verdict = Literal["must", "may", "never", "undecided"]


@dataclass(frozen=True)
class Where:
    """The nodes (rows) of a shard (row) by verdict. `impossible`: there is no placement at all."""

    shard: int
    nodes: dict[Verdict, tuple[int, ...]]
    impossible: bool = False
    limits: tuple[str, ...] = ()


def where(scales: Scales, row: int, costs: tuple[int, ...] | None, limits: Limits) -> Where:
    """Among the admissible placements; with `costs` (those of the optimum) among the optimal ones.

    With more than SMALL_PAIRS pairs of shard and node, only what rules forbid alone is told.
    """
    problem = scales.standing.problem
    nodes = range(scales.standing.nodes)
    if len(problem.cluster.shards.ids) * len(nodes) > SMALL_PAIRS:
        return forbidden_nodes(scales, row, ("pairs",))
    try:
        known = _known(problem, row, costs, limits)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return forbidden_nodes(scales, row, (failed.setting,))
    if known is None:
        return forbidden_nodes(scales, row, ("numbers",))
    verdicts = {node: _verdict(known, (row, node)) for node in nodes}
    stopped = ("time_limit",) if known.every is None or known.possible is None else ()
    return Where(row, _grouped(verdicts), known.impossible, stopped)


def _known(problem: Problem, row: int, costs: tuple[int, ...] | None, limits: Limits) -> Known | None:
    if costs is None:
        return admissible_reach(problem, [row], limits)
    return optimal_reach(problem, costs, [row], limits)


def _verdict(known: Known, pair: tuple[int, int]) -> Verdict:
    if known.every is not None and pair in known.every:
        return "must"
    if known.possible is not None and pair not in known.possible:
        return "never"
    return "may" if pair in known.some and known.every is not None else "undecided"


def forbidden_nodes(scales: Scales, row: int, limits: tuple[str, ...]) -> Where:
    """What rules forbid alone; the rest is undecided, for the sake of `limits`."""
    verdicts: dict[int, Verdict] = {
        node: "never" if alone(scales, row, node) else "undecided" for node in range(scales.standing.nodes)
    }
    return Where(row, _grouped(verdicts), limits=limits)


def _grouped(verdicts: dict[int, Verdict]) -> dict[Verdict, tuple[int, ...]]:
    kinds: tuple[Verdict, ...] = ("must", "may", "never", "undecided")
    return {kind: tuple(node for node in verdicts if verdicts[node] == kind) for kind in kinds}
