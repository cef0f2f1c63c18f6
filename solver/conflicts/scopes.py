"""Where to look for conflicts: single shards first, groups next, everything last; twins only once.

Shards that no policy and no limit can tell apart meet the same conflicts, so one of them stands for all.
Where no rule joins shards, looking at each kind alone is looking at everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Allow, Apart, NodeState, Rule, Stay, Together
from shardwright.solver.conflicts.homes import grouped, node_columns
from shardwright.solver.conflicts.question import Question
from shardwright.solver.facts import node_keys
from shardwright.solver.quantities import LongArray


@dataclass(frozen=True)
class Kinds:
    """What tells the shards and the nodes of a question apart."""

    question: Question

    @cached_property
    def settled_matters(self) -> bool:
        """Whether some binding rule asks where replicas are today."""
        problem = self.question.problem
        measured = {meter.rule for meter in problem.meters}
        states = problem.cluster.nodes.state
        used = {states.values[code] for code in np.unique(states.codes).tolist()}
        return any(
            isinstance(rule.kind, Stay)
            or (isinstance(rule.kind, Allow) and rule.kind.arrivals)
            or (isinstance(rule.kind, NodeState) and used & {"draining", "maintenance"})
            or (rule.enforcement == "no_worse" and rule.id not in measured)
            for rule in self.question.rules
        )

    @cached_property
    def nodes(self) -> IntArray:
        """For each node its kind: class, state, the labels and the limits that binding rules look at."""
        return self._nodes(None)

    def _nodes(self, alone: Sequence[int] | None) -> IntArray:
        """The same; for some shards, each of them alone, it only matters which of them a node takes."""
        problem = self.question.problem
        cluster, bound = problem.cluster, {rule.id for rule in self.question.rules}
        size = len(cluster.nodes.ids)
        columns = node_columns(problem, self.question.rules, _by_node)
        limits: dict[tuple[int, int, int], LongArray] = {}
        for meter in problem.meters:
            if meter.rule in bound:
                wide = -1 if meter.site.key == NODE else meter.site.number
                column = limits.setdefault(
                    (meter.rule, meter.measure, wide), np.full(size, -1, dtype=np.int64)
                )
                column[meter.site.nodes] = meter.limit if wide < 0 else 1
        if alone is not None:
            for (_, measure, wide), column in limits.items():
                if wide < 0:
                    weights = np.union1d(problem.measures[measure].weights[list(alone)], 0)
                    column[:] = np.searchsorted(weights, column, side="right")
        return grouped([*columns, *limits.values()], size)

    @cached_property
    def shards(self) -> IntArray:
        """For each shard its kind: class, and the kinds of nodes it stands on where that matters."""
        problem = self.question.problem
        of = problem.requirements.classes.shards.of.astype(np.int64)
        if problem.pinned:  # asked about one by one
            return np.arange(len(of), dtype=np.int32)
        if not self.settled_matters:
            return grouped([of], len(of))
        settled, homes = problem.cluster.settled, [[] for _ in of]  # type: ignore[var-annotated]
        for shard, kind in zip(settled.shard.tolist(), self.nodes[settled.node].tolist(), strict=True):
            homes[shard].append(kind)
        known: dict[tuple[int, ...], int] = {}
        signature = [known.setdefault(tuple(sorted(home)), len(known)) for home in homes]
        return grouped([of, np.array(signature, dtype=np.int64)], len(of))

    def nodes_for(self, shards: Sequence[int], alone: bool = False) -> IntArray:
        """Nodes enough for some shards, together or each alone: of each kind no more than they can use, and
        their own."""
        problem = self.question.problem
        counts = problem.ceiling[list(shards)]
        most = int(counts.max(initial=0) if alone else counts.sum())
        nodes = self._nodes(shards) if alone else self.nodes
        order = np.argsort(nodes, kind="stable")
        kinds = nodes[order]
        rank = np.arange(len(order)) - np.searchsorted(kinds, kinds)
        kept = np.zeros(len(order), dtype=bool)
        kept[order[rank < most]] = True
        if self.settled_matters:
            settled = problem.cluster.settled
            kept[settled.node[np.isin(settled.shard, np.array(shards))]] = True
        kept[[node for _, node in problem.pinned]] = True
        return np.flatnonzero(kept).astype(np.int32)

    @cached_property
    def joining(self) -> frozenset[int]:
        """The binding rules under which one shard's place can be in another's way."""
        problem = self.question.problem
        bound = {rule.id: rule for rule in self.question.rules}
        found = {rule.id for rule in self.question.rules if isinstance(rule.kind, (Apart, Together))}
        once = {m.number: int(np.maximum(m.weights, 0).sum()) for m in problem.measures}
        often = {m.number: int(np.dot(np.maximum(m.weights, 0), problem.ceiling)) for m in problem.measures}
        for meter in problem.meters:
            most = once if meter.site.key == NODE else often
            if meter.rule in bound and most[meter.measure] > meter.limit:
                found.add(meter.rule)
        return frozenset(found)

    @cached_property
    def first_of_kind(self) -> IntArray:
        """One shard of each kind."""
        return np.unique(self.shards, return_index=True)[1].astype(np.int32)

    def one_each(self, rows: IntArray) -> list[int]:
        """Of some shards (rows, ascending) one of each kind."""
        found: list[int] = rows[np.unique(self.shards[rows], return_index=True)[1]].tolist()
        return found

    @cached_property
    def heaviest(self) -> list[int]:
        """Of each class the shard that adds most to a measure that joins shards."""
        problem = self.question.problem
        of = problem.requirements.classes.shards.of
        measures = sorted({meter.measure for meter in problem.meters if meter.rule in self.joining})
        found: list[int] = []
        for number in measures:
            order = np.lexsort((-problem.measures[number].weights, of))
            found += order[np.unique(of[order], return_index=True)[1]].tolist()
        return sorted(set(found))

    def relevant(self, shards: Sequence[int]) -> list[int]:
        """The binding rules that can be broken by these shards alone."""
        problem = self.question.problem
        classes = np.unique(problem.requirements.classes.shards.of[list(shards)])
        speaking: BoolArray = np.any(problem.requirements.speaks[:, classes], axis=1)
        weighing = {m.number for m in problem.measures if m.weights[list(shards)].any()}
        return [
            rule.id
            for rule in self.question.rules
            if (self._limited[rule.id] & weighing if rule.id in self._limited else speaking[rule.id])
        ]

    @cached_property
    def _limited(self) -> dict[int, set[int]]:
        """The measures that each rule limits."""
        found: dict[int, set[int]] = {}
        for meter in self.question.problem.meters:
            found.setdefault(meter.rule, set()).add(meter.measure)
        return found

    def groups(self) -> Iterator[list[int]]:
        """Groups that apart or together keep in mind: of each make the largest, and the heaviest."""
        problem = self.question.problem
        rules = [
            r
            for r in self.question.rules
            if isinstance(r.kind, (Apart, Together)) and r.kind.targets.same_group
        ]
        group = problem.cluster.shards.group.codes
        if not rules or not (group >= 0).any():
            return
        order = np.argsort(group, kind="stable")
        order = order[group[order] >= 0]
        groups = np.split(order, np.flatnonzero(np.diff(group[order])) + 1)
        of = problem.requirements.classes.shards.of
        minded = [
            rows for rows in groups if any(problem.requirements.speaks[r.id][of[rows]].any() for r in rules)
        ]
        best: dict[tuple[object, ...], tuple[int, list[int]]] = {}
        measures = sorted({meter.measure for meter in problem.meters if meter.rule in self.joining})
        for rows in minded:
            make: tuple[int, ...] = tuple(np.unique(of[rows]).tolist())
            sizes = {None: len(rows)} | {n: int(problem.measures[n].weights[rows].sum()) for n in measures}
            for number, size in sizes.items():
                if size > best.get((make, number), (-1, []))[0]:
                    best[make, number] = (size, rows.tolist())
        seen: set[tuple[int, ...]] = set()
        for _, members in best.values():
            if len(members) > 1 and tuple(members) not in seen:
                seen.add(tuple(members))
                yield members


def _by_node(rule: Rule) -> bool:
    """Whether a rule names nodes one by one, as if each were a label value; apart and together do not."""
    return NODE in node_keys(rule) and not isinstance(rule.kind, (Apart, Together))
