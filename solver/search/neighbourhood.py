"""A neighbourhood of a placement: some shards free on a few nodes, all else fixed, small enough for clingo.

What it finds is a proposal like any other: the certificate decides. So what would make it large is left
out, even where the part then allows a little more than the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.certify import (
    Broken,
    Judgement,
    amounts_of,
    is_fault,
    level_costs,
    with_tolerance,
)
from shardwright.solver.conflicts.part import (
    Pairs,
    Part,
    Tolerated,
    both_meters,
    narrowed,
    part_among,
)
from shardwright.solver.digits import LEVEL_LIMIT, Digits, digits_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.messages import Job
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.program import DECIDE, DESCEND, enforcement_facts
from shardwright.solver.recertify import mates, settled_array, witnesses

SEEDS = 3  # amounts that one is laid around
SHARDS = 32  # that are free
NODES = 8  # on which they are free, and besides
SPARE_NODES = 2  # drawn from those that hold replicas, and one from all
CROWD = 4  # shards of a crowded site that come along as seeds
MOST_COMPANY = 200  # shards that stay where they are, whose company the free ones are
CONFLICTS = 5_000  # of a solve: the same end on every computer


@dataclass(frozen=True)
class Neighbourhood:
    """`job` looks for something better than what is; `part` says whose numbers its answers are in."""

    part: Part
    job: Job

    def changed(self, placement: Pairs, found: list[tuple[int, int]]) -> Pairs:
        """The whole placement with an answer of the job."""
        pairs = np.array(found, dtype=np.int32).reshape(-1, 2)
        new = np.stack([self.part.shards[pairs[:, 0]], self.part.nodes[pairs[:, 1]]], axis=1)
        return ordered(np.concatenate([placement[~np.isin(placement[:, 0], self.part.shards)], new]))


def ordered(pairs: Pairs) -> Pairs:
    """By shard, then by node."""
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


@dataclass(frozen=True)
class Terrain:
    """A certified placement, or one with faults, and what is tolerated of it."""

    problem: Problem
    placement: Pairs
    judgement: Judgement
    tolerated: Tolerated

    def around(
        self, pool: list[Broken], draw: np.random.Generator, memory_limit_mb: int | None
    ) -> Neighbourhood | None:
        """A neighbourhood around some of these amounts; None if it would be too large, or costs nothing."""
        seeds = draw.choice(len(pool), size=min(SEEDS, len(pool)), replace=False)
        shards, nodes = self._named([pool[at] for at in seeds.tolist()], draw)
        nodes = self._with_neighbours(shards, nodes, draw)
        free = self._free(shards, nodes, draw)
        return self._cut(free, nodes, memory_limit_mb)

    def _named(self, amounts: list[Broken], draw: np.random.Generator) -> tuple[IntArray, IntArray]:
        """The shards and the nodes that amounts speak of."""
        shards: list[int] = []
        nodes: list[int] = []
        sites = {meter.site.number: meter.site for meter in self.problem.meters}
        for broken in amounts:
            name, numbers = broken.what
            if name == "site":
                on = self._on(sites[numbers[0]].nodes)
                shards += (
                    draw.choice(on[:, 0], size=min(CROWD, len(on)), replace=False).tolist() if len(on) else []
                )
                nodes += sites[numbers[0]].nodes[:NODES].tolist()
            elif name == "node":
                nodes.append(numbers[0])
            else:
                shards.append(numbers[0])
                nodes += numbers[1:2] if name == "replica" else []
        return np.unique(np.array(shards, dtype=np.int32)), np.unique(np.array(nodes, dtype=np.int32))

    def _on(self, nodes: IntArray) -> Pairs:
        return self.placement[np.isin(self.placement[:, 1], nodes)]

    def _with_neighbours(self, shards: IntArray, nodes: IntArray, draw: np.random.Generator) -> IntArray:
        """These nodes, those where the shards stand and were settled, and some more."""
        settled = settled_array(self.problem)
        near = [pairs[np.isin(pairs[:, 0], shards), 1] for pairs in (self.placement, settled)]
        found = np.unique(np.concatenate([nodes, *near]))
        if len(found) > NODES:
            found = draw.choice(found, size=NODES, replace=False)
        spare = draw.choice(self.placement[:, 1], size=SPARE_NODES) if len(self.placement) else found[:0]
        anywhere = draw.integers(len(self.problem.cluster.nodes.ids), size=1)
        return np.unique(np.concatenate([found, spare, anywhere])).astype(np.int32)

    def _free(self, shards: IntArray, nodes: IntArray, draw: np.random.Generator) -> IntArray:
        """The shards, those away from a home among the nodes, and others on the nodes, up to SHARDS."""
        on = np.unique(self._on(nodes)[:, 0])
        settled = settled_array(self.problem)
        homesick = settled[np.isin(settled[:, 1], nodes), 0]
        at_home = self._at_home()
        away = np.unique(self._on(nodes)[~at_home[np.isin(self.placement[:, 1], nodes)], 0])
        order = [shards, np.intersect1d(homesick, away), away, on]
        picked: dict[int, None] = {}
        for group in order:
            picked |= dict.fromkeys(draw.permutation(group).tolist())
        return np.sort(np.array(list(picked)[:SHARDS], dtype=np.int32))

    def _at_home(self) -> np.ndarray:
        """Of each replica, whether it was settled where it is."""
        size = len(self.problem.cluster.nodes.ids)
        codes = [
            pairs[:, 0].astype(np.int64) * size + pairs[:, 1]
            for pairs in (self.placement, settled_array(self.problem))
        ]
        return np.isin(codes[0], codes[1])

    def _cut(self, free: IntArray, nodes: IntArray, memory_limit_mb: int | None) -> Neighbourhood | None:
        """The part of the problem; what is not free there is pinned where it is."""
        problem = self.problem
        company = free
        while True:
            more = np.unique(
                np.concatenate([company, *(mates(problem, rule, company) for rule in problem.rules)])
            )
            if len(more) == len(company):
                break
            company = more
            if len(company) > MOST_COMPANY:
                return None
        own = np.union1d(company, witnesses(problem, self._on(nodes), company)).astype(np.int32)
        inside = np.isin(self.placement[:, 0], own)
        held = self.placement[inside]
        pinned = held[~(np.isin(held[:, 0], free) & np.isin(held[:, 1], nodes))]
        nodes = np.union1d(nodes, pinned[:, 1]).astype(np.int32)
        part = part_among(problem, own, nodes, self.placement[~inside])
        pairs = _in_part(part, held)
        part = replace(part, problem=replace(part.problem, pinned=tuple(_in_part(part, pinned))))
        return _job(part, pairs, _tolerated(self.tolerated, problem, part), memory_limit_mb)


def _in_part(part: Part, pairs: Pairs) -> list[tuple[int, int]]:
    rows = np.searchsorted(part.shards, pairs[:, 0]).tolist()
    return list(zip(rows, np.searchsorted(part.nodes, pairs[:, 1]).tolist(), strict=True))


def _tolerated(tolerated: Tolerated, problem: Problem, part: Part) -> Tolerated:
    """What is tolerated, in the numbers of the part: limits less what others bring are passed by as much."""
    found = narrowed(tolerated, problem, part)
    for before, meter in both_meters(problem, part):
        amount = tolerated.get((meter.rule, ("site", (before.site.number, before.measure))))
        if amount is not None:
            found[meter.rule, ("site", (meter.site.number, meter.measure))] = amount
    return found


def _job(
    part: Part, pairs: list[tuple[int, int]], tolerated: Tolerated, memory_limit_mb: int | None
) -> Neighbourhood | None:
    """The program that looks for what is better than these pairs."""
    problem = part.problem
    amounts = with_tolerance(amounts_of(problem, problem.rules, pairs, None, None, here=True)[0], tolerated)
    digits = digits_of(problem, tolerated)
    below = None
    if not any(is_fault(problem.rules[broken.rule], broken) for broken in amounts):
        below = _below(digits, level_costs(problem, amounts))
        if below is None:
            return None
    texts = (*problem_facts(problem, problem.rules), *enforcement_facts(digits), *digits.facts())
    arguments = {"levels": digits.level_count, "bound": below, "conflict_limit": CONFLICTS}
    return Neighbourhood(part, Job("optimize", DECIDE, texts, DESCEND, memory_limit_mb, None, arguments))


def _below(digits: Digits, costs: dict[LevelKey, int]) -> list[int] | None:
    """The greatest vector of costs that is better than these; None where all are 0."""
    found = list(digits.in_program(costs))
    last = max((at for at, cost in enumerate(found) if cost > 0), default=None)
    if last is None:
        return None
    found[last] -= 1
    return found[: last + 1] + [LEVEL_LIMIT] * (len(found) - last - 1)
