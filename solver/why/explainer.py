"""A judged placement that can be questioned: one compiled problem, any number of questions."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from shardwright.cluster.codes import UNKNOWN_NODE, UNKNOWN_SHARD
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.grammar.rules import Rule
from shardwright.grammar.spelling import did_you_mean
from shardwright.solver.certify import Judgement, Pair, settled_pairs
from shardwright.solver.problem import Problem
from shardwright.solver.request import Request, limits_of
from shardwright.solver.result import Result
from shardwright.solver.solve import solve
from shardwright.solver.why.alone import alone
from shardwright.solver.why.everybody import SameReasons, why_all
from shardwright.solver.why.exchange import Scales
from shardwright.solver.why.price import Asked
from shardwright.solver.why.reasons import ShardReasons
from shardwright.solver.why.shard import why_shard
from shardwright.solver.why.standing import Standing
from shardwright.solver.why.where import Where, forbidden_nodes, where
from shardwright.solver.why.why_not import WhyNot, why_not
from shardwright.solver.why.wording import Scene

if TYPE_CHECKING:
    from shardwright.api import Case

# Which placement is looked at: the one that was found, the user's, the one that leaves out the least (where
# the required rules cannot all hold), or the snapshot's own (where nothing else is there).
Origin = Literal["solved", "given", "best_effort", "snapshot"]


DEFAULT_TIME_LIMIT = 60.0


@dataclass(frozen=True)
class Explainer:
    """A case, a placement of it (pairs of rows) and, where it was solved, the result."""

    case: Case
    request: Request
    placement: tuple[Pair, ...]
    origin: Origin
    result: Result | None = None

    def solved(self) -> Explainer:
        """The same case with its best placement; where there is none, the one that leaves out the least."""
        result = solve(self.case, self.request)
        if result.placement is not None:
            return replace(
                self, placement=_pairs(self.case, result.placement), origin="solved", result=result
            )
        if result.best_effort is not None:
            held = _pairs(self.case, result.best_effort)
            return replace(self, placement=held, origin="best_effort", result=result)
        return replace(self, result=result)

    @property
    def problem(self) -> Problem:
        problem: Problem = self.case.problem
        return problem

    @cached_property
    def scales(self) -> Scales:
        return Scales(Standing(self.problem, self.placement))

    @property
    def scene(self) -> Scene:
        return Scene(self.scales, self.case.statements)

    @property
    def status(self) -> str | None:
        """The status of the result; None for a placement that was given."""
        return self.result.status if self.result is not None else None

    def why(self, shard: str) -> ShardReasons:
        """Why a shard stands where it stands. Raises DiagnosticError for one that there is not."""
        return why_shard(self.scales, self.shard_row(shard))

    def why_all(self) -> tuple[SameReasons, ...]:
        """All shards, those with equal reasons together; the largest groups first."""
        return why_all(self.scales)

    def why_not(self, shard: str, node: str, time_limit: float | None = DEFAULT_TIME_LIMIT) -> WhyNot:
        """What keeps a shard off a node in every placement, or what it would cost to have it there.

        `time_limit` is in seconds. Raises DiagnosticError for a shard or a node that there is not.
        """
        if (never := self.forbidden(shard, node)) is not None:
            return never
        row, at = self.shard_row(shard), self.node_row(node)
        here = (row, at) in self._pairs
        local = next(group for group in why_shard(self.scales, row).groups if at in group.nodes)
        request = replace(self.request, deadline=_deadline(time_limit))
        best = self.status == "optimal"
        asked = Asked(self.case, self.placement, request, best, self._judged.get(self.placement))
        reasons = tuple(replace(reason, nodes=(at,)) for reason in local.reasons)
        found = why_not(asked, row, at, here, reasons)
        if found.price is not None:
            self._judged[self.placement] = asked.now
        return found

    def where(
        self, shard: str, optimal: bool = False, time_limit: float | None = DEFAULT_TIME_LIMIT
    ) -> Where:
        """The nodes that hold a shard in every, some and no admissible placement; or optimal one.

        What the optimum is must have been proven (`solved()`), or only what is forbidden alone is told.
        """
        row = self.shard_row(shard)
        limits = limits_of(self.problem, self.request, _deadline(time_limit))
        if not optimal:
            return where(self.scales, row, None, limits)
        if self.result is None or self.result.status != "optimal":
            return forbidden_nodes(self.scales, row, ("optimum",))
        return where(self.scales, row, tuple(level.cost for level in self.result.levels), limits)

    def forbidden(self, shard: str, node: str) -> WhyNot | None:
        """The part of `why_not` that needs no solving: what forbids it whatever stands elsewhere.

        None if nothing does. Raises DiagnosticError for a shard or a node that there is not.
        """
        row, at = self.shard_row(shard), self.node_row(node)
        reasons = alone(self.scales, row, at) if (row, at) not in self._pairs else ()
        return WhyNot(row, at, "never", reasons) if reasons else None

    @cached_property
    def _judged(self) -> dict[tuple[Pair, ...], Judgement]:
        """What the logic says of the placement, once it has been asked."""
        return {}

    @cached_property
    def _pairs(self) -> frozenset[Pair]:
        return frozenset(self.placement)

    # -- names

    @cached_property
    def _shard_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.problem.cluster.shards.ids)}

    @cached_property
    def _node_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.problem.cluster.nodes.ids)}

    def shard_row(self, name: str) -> int:
        return _row(name, self._shard_rows, UNKNOWN_SHARD, "shard")

    def node_row(self, name: str) -> int:
        return _row(name, self._node_rows, UNKNOWN_NODE, "node")

    def shard(self, row: int) -> str:
        return self.problem.cluster.shards.ids[row]

    def node(self, row: int) -> str:
        return self.problem.cluster.nodes.ids[row]

    def place(self, rule: Rule) -> tuple[str, int, int] | None:
        """File, line and column of the value that states a rule; None for built-ins."""
        if rule.policy is None:
            return None
        place = self._policies[rule.policy].place(rule.pointer)
        return place.file, place.line, place.column

    @cached_property
    def _policies(self) -> Mapping[str, Any]:
        return {policy.name: policy for policy in self.case.policies}


def _deadline(time_limit: float | None) -> float | None:
    return None if time_limit is None else time.monotonic() + time_limit


def _row(name: str, rows: Mapping[str, int], code: str, kind: str) -> int:
    if name not in rows:
        near = did_you_mean(name, list(rows))
        helps = (Help(f"did you mean `{near}`?"),) if near is not None else ()
        raise DiagnosticError([Diagnostic(code, f"the snapshot has no {kind} `{name}`", helps=helps)])
    return rows[name]


def explain(case: Case, request: Request, placement: Sequence[Pair] | None) -> Explainer:
    """Look at a given placement, or at the best one."""
    if placement is not None:
        return Explainer(case, request, tuple(placement), "given")
    return unsolved(case, request).solved()


def unsolved(case: Case, request: Request) -> Explainer:
    """Look at the snapshot's own placement."""
    return Explainer(case, request, tuple(settled_pairs(case.problem)), "snapshot")


def _pairs(case: Case, placement: Mapping[str, Sequence[Mapping[str, str]]]) -> tuple[Pair, ...]:
    shards = {name: row for row, name in enumerate(case.cluster.shards.ids)}
    nodes = {name: row for row, name in enumerate(case.cluster.nodes.ids)}
    return tuple(
        sorted(
            (shards[shard], nodes[replica["node"]]) for shard, held in placement.items() for replica in held
        )
    )
