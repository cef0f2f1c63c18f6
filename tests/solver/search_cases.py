"""Random cases in the arrays of the kernels, and what the certificate says of a state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.problem import Problem, with_room
from shardwright.solver.search.assemble import tables_of
from shardwright.solver.search.build import Builder
from shardwright.solver.search.kernels import moves
from shardwright.solver.search.kernels.refs import by_reference
from shardwright.solver.search.kernels.tolerance import mark_tolerated
from shardwright.solver.search.tables import State, Tables, empty_state
from tests.strategies import random_case


def problem_of(seed: int) -> Problem:
    """The problem of a random case."""
    policies, snapshot = random_case(seed)
    problem: Problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    return problem


def settled_state(problem: Problem, tables: Tables) -> State:
    """The settled placement, with room for one more replica of each shard; what it breaks is tolerated."""
    homes = tables.alone.home
    most = max(homes.shape[1], int(tables.ceiling.max(initial=0))) + 1
    state = empty_state(tables, min(most, len(problem.cluster.nodes.ids)))
    width = min(homes.shape[1], state.place.shape[1])
    state.place[:, :width] = homes[:, :width]
    state.count[:] = (homes >= 0).sum(axis=1)
    refs = by_reference(tables, state)
    moves.settle(*refs)
    mark_tolerated(*refs)
    moves.settle(*refs)
    return state


def in_arrays(seed: int) -> tuple[Problem, Tables, State]:
    problem = problem_of(seed)
    tables = tables_of(problem)
    return problem, tables, settled_state(problem, tables)


def pairs_in(state: State) -> list[Pair]:
    return [
        (shard, int(node))
        for shard in range(len(state.count))
        for node in state.place[shard, : state.count[shard]]
    ]


def judged(problem: Problem, state: State) -> tuple[int, list[int]]:
    """Faults, as the kernels count them, and the cost of each level: by the certificate."""
    pairs = pairs_in(state)
    judgement = certify(with_room(problem, pairs), pairs)
    return faults_in(problem, judgement), list(judgement.level_costs)


def faults_in(problem: Problem, judgement: Judgement) -> int:
    unit = Builder(problem).fault_unit
    faults = 0
    for broken in judgement.faults(problem):
        over = broken.amount
        if problem.rules[broken.rule].enforcement == "no_worse":
            over -= broken.tolerated
        faults += over * (1 if broken.what[0] == "site" else unit)
    return faults


def counted(state: State) -> tuple[int, list[int]]:
    """The same, as the kernels have added it up."""
    return int(state.cost[0]), state.cost[1:-1].tolist()


class Walk:
    """Random moves of all sorts, done or taken back; costs and counters are kept move by move."""

    def __init__(self, tables: Tables, state: State, seed: int) -> None:
        self.tables, self.state = tables, state
        self.refs = by_reference(tables, state)
        self.draw = np.random.default_rng(seed)
        self.out = np.zeros(tables.entries, dtype=np.int64)
        self.scratch = np.zeros(tables.entries, dtype=np.int64)

    def steps(self, most: int) -> Iterator[bool]:
        """Whether each move was done."""
        for _ in range(most):
            self.out[:] = 0
            done = self._one(bool(self.draw.random() < 0.75))
            if done is None:
                continue
            if done:
                self.state.cost[:] += self.out
            yield done

    def _one(self, wanted: bool) -> bool | None:
        shard = int(self.draw.integers(len(self.state.count)))
        return [self._shift, self._swap, self._add, self._drop][int(self.draw.integers(4))](shard, wanted)

    def _free(self, shard: int) -> int | None:
        nodes = range(len(self.tables.alone.node_kind))
        taken = self.state.place[shard, : self.state.count[shard]].tolist()
        free = [node for node in nodes if node not in taken]
        return int(self.draw.choice(free)) if free else None

    def _slot(self, shard: int) -> int | None:
        count = int(self.state.count[shard])
        return int(self.draw.integers(count)) if count else None

    def _shift(self, shard: int, wanted: bool) -> bool | None:
        slot, node = self._slot(shard), self._free(shard)
        if slot is None or node is None:
            return None
        move: tuple[Any, ...] = (*self.refs, shard, slot, node)
        moves.try_shift(*move, self.out)
        if wanted:
            moves.do_shift(*move)
        else:
            moves.undo_shift(*move, self.scratch)
        return wanted

    def _swap(self, shard: int, wanted: bool) -> bool | None:
        other = int(self.draw.integers(len(self.state.count)))
        slot, at = self._slot(shard), self._slot(other)
        if other == shard or slot is None or at is None:
            return None
        here, there = int(self.state.place[shard, slot]), int(self.state.place[other, at])
        if moves.has(self.refs[1], shard, there) or moves.has(self.refs[1], other, here):
            return None
        move: tuple[Any, ...] = (*self.refs, shard, slot, other, at)
        moves.try_swap(*move, self.out)
        if wanted:
            moves.do_swap(*move)
        else:
            moves.undo_swap(*move, self.scratch)
        return wanted

    def _add(self, shard: int, wanted: bool) -> bool | None:
        node = self._free(shard)
        if node is None or self.state.count[shard] == self.state.place.shape[1]:
            return None
        moves.try_add(*self.refs, shard, node, self.out)
        if wanted:
            moves.do_add(*self.refs, shard, node)
        else:
            moves.undo_add(*self.refs, shard, node, self.scratch)
        return wanted

    def _drop(self, shard: int, wanted: bool) -> bool | None:
        slot = self._slot(shard)
        if slot is None:
            return None
        moves.try_drop(*self.refs, shard, slot, self.out)
        if wanted:
            moves.do_drop(*self.refs, shard)
        else:
            moves.undo_drop(*self.refs, shard, self.scratch)
        return wanted
