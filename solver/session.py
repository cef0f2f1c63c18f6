"""A cluster under watch: when a node fails, what stood there finds a place, and all else stays where it is.

The first judgement takes as long as any certificate. After that only what a change touches is placed, judged
and put into words, so an answer about 100,000 shards takes seconds (benchmarks/failure.py).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from shardwright.cluster.cluster import Cluster, Settled, TextColumn
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.answer import (
    certificate_of,
    gave_up_of,
    levels_of,
    moves_between,
    placement_of,
    replicas_of,
)
from shardwright.solver.certify import Judgement, certify, settled_pairs
from shardwright.solver.limit_reached import limit_reached
from shardwright.solver.messages import Job
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, ask
from shardwright.solver.recertify import Known, Pairs, recertify, settled_array
from shardwright.solver.result import Placement, Result
from shardwright.solver.search.assemble import tables_of
from shardwright.solver.solve import scales

if TYPE_CHECKING:
    from shardwright.api import Case, Program

STEPS = 5_000_000
WHY_SEARCH = "only what a change displaces is placed anew"


class Session:
    """Today's placement of a cluster, judged. Each change of nodes' states is answered with a repair.

    An answer is not adopted by itself: `adopt` makes it today's placement, once it has been carried out.
    """

    def __init__(
        self, program: Program, cluster: Cluster, *, seed: int = 1, memory_limit_mb: int | None = None
    ):
        self._program, self._seed, self._memory = program, seed, memory_limit_mb
        case = program.on(cluster)
        pairs = settled_pairs(case.problem)
        self._watch(case, certify(case.problem, pairs, memory_limit_mb=memory_limit_mb))
        self._searched(case.problem, None)  # the process that will do it has its kernels loaded now

    def _watch(self, case: Case, judgement: Judgement) -> None:
        """From now on the snapshot of a case, and what the logic says of its placement, is what is known."""
        problem: Problem = case.problem
        self._case = case
        self._known = Known(problem, settled_array(problem), judgement)
        self._placement = placement_of(problem, settled_pairs(problem))

    @property
    def cluster(self) -> Cluster:
        """The cluster as it was last judged."""
        return self._case.cluster

    def after(self, states: Mapping[str, str]) -> Cluster:
        """The cluster with some nodes in other states."""
        return with_states(self.cluster, states)

    def change(self, states: Mapping[str, str], *, time_limit: float | None = 60.0) -> Result:
        """A certified placement for nodes in other states: {node: "down"}, say.

        Replicas that may stay where they are do not move, if the others can be placed then without breaking
        a required rule; else whatever has to. Raises DiagnosticError when a limit comes before any answer
        and KeyError for a node that the cluster does not have.
        """
        started = time.monotonic()
        case = self._program.on(self.after(states))
        deadline = None if time_limit is None else started + time_limit
        try:
            result = self._repaired(case, started, deadline)
        except WorkerFailed as failed:
            raise DiagnosticError([limit_reached(failed)], exit_code=6 if failed.setting else 1) from None
        if result is None:
            return self._program.solve(case.cluster, seed=self._seed, time_limit=time_limit)
        return result

    def adopt(self, states: Mapping[str, str], result: Result) -> None:
        """The nodes are in these states and the result has been carried out."""
        case = self._program.on(_settled(self.after(states), result))
        placement = settled_array(case.problem)
        self._watch(case, recertify(case.problem, placement, self._known, memory_limit_mb=self._memory))

    def _repaired(self, case: Case, started: float, deadline: float | None) -> Result | None:
        problem: Problem = case.problem
        compiled = time.monotonic()
        found = self._searched(problem, deadline)
        if found["cost"][0] > 0:
            return None
        pairs = _pairs(found["place"])
        searched = time.monotonic()
        judgement = recertify(problem, pairs, self._known, deadline=deadline, memory_limit_mb=self._memory)
        certificate = certificate_of(problem, judgement)
        if not certificate.certified:
            return None
        gone, come = _difference(self._known.placement, pairs)
        return Result(
            status="feasible",
            strategy="search",
            reason_for_strategy=WHY_SEARCH,
            placement=self._placed(problem, pairs, {shard for shard, _ in (*gone, *come)}),
            moves=moves_between(problem, gone, come),
            levels=levels_of(problem, judgement, None),
            gave_up=gave_up_of(problem, case.policies, judgement, {}),
            not_applied=[{"policy": item.policy, "why": item.why} for item in case.not_applied],
            conflicts=[],
            certificate=certificate,
            best_effort=None,
            seed=self._seed,
            policies_hash=case.policies_hash,
            cluster_hash=case.cluster.hash,
            scale=scales(problem),
            statistics={"search": {"seed": self._seed, "steps": STEPS, "taken": found["steps"]}},
            limits=[],
            timings={
                "compile": round(compiled - started, 4),
                "search": round(searched - compiled, 4),
                "certify": round(judgement.seconds, 4),
            },
        )

    def _searched(self, problem: Problem, deadline: float | None) -> dict[str, Any]:
        arguments = {
            "tables": tables_of(problem),
            "bound": [0] * len(problem.levels),
            "seed": self._seed,
            "steps": STEPS,
            "deadline": deadline,
            "displaced": True,
        }
        return dict(ask(Job("anneal", (), (), (), self._memory, None, arguments), deadline).body)

    def _placed(self, problem: Problem, pairs: Pairs, touched: set[int]) -> Placement:
        """Today's placement, with the touched shards as they are now."""
        rows = pairs[np.isin(pairs[:, 0], np.fromiter(touched, dtype=np.int32, count=len(touched)))]
        ids = problem.cluster.shards.ids
        return self._placement | {
            ids[shard]: replicas_of(problem, shard, rows[rows[:, 0] == shard, 1].tolist())
            for shard in sorted(touched)
        }


def with_states(cluster: Cluster, states: Mapping[str, str]) -> Cluster:
    """The cluster with some nodes in other states."""
    told = [cluster.nodes.state.values[code] for code in cluster.nodes.state.codes.tolist()]
    row_of = {name: row for row, name in enumerate(cluster.nodes.ids)}
    for node, state in states.items():
        told[row_of[node]] = state
    values = tuple(sorted(set(told)))
    number = {state: at for at, state in enumerate(values)}
    codes = np.array([number[state] for state in told], dtype=np.int32)
    changed = hashlib.sha256(f"{cluster.hash} {sorted(states.items())}".encode()).hexdigest()
    return replace(cluster, nodes=replace(cluster.nodes, state=TextColumn(codes, values)), hash=changed)


def _settled(cluster: Cluster, result: Result) -> Cluster:
    """The cluster with a result carried out."""
    assert result.placement is not None
    node_row = {name: row for row, name in enumerate(cluster.nodes.ids)}
    roles = ("", *sorted({replica["role"] for held in result.placement.values() for replica in held} - {""}))
    role_row = {role: at for at, role in enumerate(roles)}
    rows = np.array(
        [
            (shard, node_row[replica["node"]], role_row[replica["role"]])
            for shard, name in enumerate(cluster.shards.ids)
            for replica in sorted(result.placement[name], key=lambda each: node_row[each["node"]])
        ],
        dtype=np.int32,
    ).reshape(-1, 3)
    return replace(cluster, settled=Settled(rows[:, 0], rows[:, 1], rows[:, 2], roles))


def _pairs(place: Any) -> Pairs:
    """Shard and node of each replica, sorted."""
    rows, slots = np.nonzero(place >= 0)
    pairs = np.stack([rows, place[rows, slots]], axis=1).astype(np.int32)
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def _difference(before: Pairs, after: Pairs) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The pairs that are only in the one, and those that are only in the other."""
    size = int(max(before[:, 1].max(initial=0), after[:, 1].max(initial=0))) + 1
    one, two = (pairs[:, 0].astype(np.int64) * size + pairs[:, 1] for pairs in (before, after))
    gone, come = np.setdiff1d(one, two), np.setdiff1d(two, one)
    return (
        list(zip((gone // size).tolist(), (gone % size).tolist(), strict=True)),
        list(zip((come // size).tolist(), (come % size).tolist(), strict=True)),
    )
