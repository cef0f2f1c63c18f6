"""Conflicts that can be seen by counting and adding up, at any size and without a solver.

Four contradictions are looked for: a shard with fewer nodes than replicas; a shard heavier than every node
that it may use; shards that must stand together and are heavier than every site; shards whose load is more
than their nodes take together (Hall's condition, by a maximum flow). What is not seen may fail all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NodeState, Placed, Replicas, Rule, Stay, Together
from shardwright.solver.conflicts.buckets import buckets_of, site_codes, sites
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.sets import Answer, Count, Fails, Rules, minimal_sets
from shardwright.solver.quantities import LongArray

MANY_CLASSES = 2_000


@dataclass(frozen=True)
class Seen:
    """Rules that cannot hold together for these shards (rows)."""

    rules: Rules
    shards: tuple[int, ...]


@dataclass(frozen=True)
class Arithmetic:
    """Answers for sets of binding rules, by number; lenient where today's placement makes them so."""

    question: Question

    @cached_property
    def rooms(self) -> Rooms:
        return Rooms(self.question)

    @cached_property
    def rules(self) -> dict[int, Rule]:
        return {rule.id: rule for rule in self.question.rules}

    @cached_property
    def of(self) -> IntArray:
        return self.question.problem.requirements.classes.shards.of

    @cached_property
    def members(self) -> list[IntArray]:
        """The rows of each class of shards."""
        order = np.argsort(self.of, kind="stable").astype(np.int32)
        size = self.question.problem.requirements.classes.shards.size
        return np.split(order, np.searchsorted(self.of[order], np.arange(1, size)))

    @cached_property
    def present(self) -> list[int]:
        return [at for at, rows in enumerate(self.members) if len(rows)]

    @cached_property
    def settled_in(self) -> list[BoolArray]:
        """The nodes on which some shard of each class stands today."""
        settled = self.question.problem.cluster.settled
        table = np.zeros((len(self.members), self.rooms.size), dtype=bool)
        table[self.of[settled.shard], settled.node] = True
        return list(table)

    @cached_property
    def judging(self) -> list[Rule]:
        return [rule for rule in self.question.rules if self.rooms.judges_replicas(rule)]

    @cached_property
    def _rooms_of(self) -> dict[tuple[int, int], BoolArray]:
        return {}

    def room_of(self, rule: Rule, of: int) -> BoolArray:
        """The nodes that a rule leaves to some shard of a class."""
        if (rule.id, of) not in self._rooms_of:
            self._rooms_of[rule.id, of] = self.rooms.of_class(rule, of, self.settled_in[of])
        return self._rooms_of[rule.id, of]

    @cached_property
    def _judging(self) -> list[list[Rule]]:
        """The rules that judge replicas of each class."""
        speaks = self.question.problem.requirements.speaks
        return [[rule for rule in self.judging if speaks[rule.id, at]] for at in range(len(self.members))]

    @cached_property
    def _asking(self) -> list[list[tuple[int, int]]]:
        """The least counts that are asked for each class, by rule."""
        problem = self.question.problem
        found: list[list[tuple[int, int]]] = [[] for _ in self.members]
        for rule in self.question.rules:
            if isinstance(rule.kind, Placed):
                for at, rows in enumerate(found):
                    rows.append((rule.id, int(problem.requirements.floor[at])))
        for number, at, count in problem.requirements.least:
            if number in self.rules and self.rules[number].enforcement == "required":
                found[at].append((number, count))
        return found

    def speaking(self, chosen: set[int], of: int) -> list[Rule]:
        """The chosen rules that judge replicas of a class."""
        return [rule for rule in self._judging[of] if rule.id in chosen]

    def room(self, chosen: set[int], of: int) -> BoolArray:
        """The nodes that the chosen rules leave to a class."""
        room = np.ones(self.rooms.size, dtype=bool)
        for rule in self.speaking(chosen, of):
            room &= self.room_of(rule, of)
        return room

    def asking(self, chosen: set[int], of: int) -> tuple[int, list[int]]:
        """The least number of replicas that chosen rules ask for of a class, and the rule that does."""
        best, by = 0, []
        for number, count in self._asking[of]:
            if number in chosen and count > best:
                best, by = count, [number]
        return best, by

    # -- the four contradictions

    def see(self, chosen: Sequence[int]) -> Seen | None:
        """A contradiction among the chosen rules, if adding up shows one."""
        within = set(chosen)
        for look in (self._counted, self._weighed, self._together, self._added):
            for seen in look(within):
                return seen
        return None

    def check(self, chosen: Sequence[int]) -> Answer:
        seen = self.see(chosen)
        return True if seen is None else Fails(seen.rules)

    def _counted(self, chosen: set[int]) -> Iterator[Seen]:
        for of in self.present:
            wanted, by = self.asking(chosen, of)
            if int(self.room(chosen, of).sum()) < wanted:
                yield self._seen(chosen, of, by, self.members[of][:1])

    def _seen(self, chosen: set[int], of: int, more: Sequence[int], rows: IntArray) -> Seen:
        rules = {rule.id for rule in self.speaking(chosen, of)} | set(more)
        return Seen(tuple(sorted(rules)), tuple(rows.tolist()))

    def _weighed(self, chosen: set[int]) -> Iterator[Seen]:
        for (rule, measure), table in self.rooms.tables.items():
            if rule not in chosen:
                continue
            weights = self.question.problem.measures[measure].weights
            for of in self.present:
                wanted, by = self.asking(chosen, of)
                if not wanted:
                    continue
                row = self.members[of][int(np.argmax(weights[self.members[of]]))]
                fitting = self.room(chosen, of) & (table >= weights[row])
                if int(fitting.sum()) < wanted:
                    yield self._seen(chosen, of, [rule, *by], np.array([row]))

    def _together(self, chosen: set[int]) -> Iterator[Seen]:
        problem = self.question.problem
        for number in sorted(chosen):
            rule = self.rules[number]
            if rule.enforcement != "required" or not isinstance(rule.kind, Together):
                continue
            if rule.kind.targets.differing_in is not None:
                continue
            codes = site_codes(problem, rule.kind.by)
            for rows in buckets_of(problem, rule):
                if len(rows) > 1:
                    yield from self._too_heavy(chosen, number, rows, codes)

    def _too_heavy(self, chosen: set[int], rule: int, rows: IntArray, codes: IntArray) -> Iterator[Seen]:
        if int(codes.min(initial=0)) < 0:  # nodes without the label count nowhere
            return
        speaks = self.question.problem.requirements.speaks[rule]
        classes = np.unique(self.of[rows]).tolist()
        standing = [self.asking(chosen, of) for of in classes if speaks[of]]
        by = next((by for wanted, by in standing if wanted), None)
        if by is None:
            return
        takes = self._open(chosen, classes, codes)
        judging = {judge.id for of in classes for judge in self.speaking(chosen, of)}
        for (weigher, measure), table in self.rooms.tables.items():
            if weigher in chosen:
                needs = int(self.question.problem.measures[measure].weights[rows].sum())
                if needs > max((_sum(np.maximum(table[nodes], 0)) for nodes in takes), default=0):
                    rules = judging | {rule, weigher, *by}
                    yield Seen(tuple(sorted(rules)), tuple(rows.tolist()))

    def _open(self, chosen: set[int], classes: list[int], codes: IntArray) -> list[IntArray]:
        """The nodes of each site where every class has room, as far as some class may use them."""
        rooms = np.stack([self.room(chosen, of) for of in classes])
        found = []
        for nodes in sites(codes):
            if rooms[:, nodes].any(axis=1).all():
                found.append(nodes[rooms[:, nodes].any(axis=0)])
        return found

    def _added(self, chosen: set[int]) -> Iterator[Seen]:
        for (rule, measure), table in self.rooms.tables.items():
            if rule not in chosen:
                continue
            short = self._short(chosen, measure, table)
            if short:
                rules = {judge.id for of in short for judge in self.speaking(chosen, of)}
                rules |= {number for of in short for number in self.asking(chosen, of)[1]} | {rule}
                rows = np.sort(np.concatenate([self.members[of] for of in short]))
                yield Seen(tuple(sorted(rules)), tuple(rows.tolist()))

    def _short(self, chosen: set[int], measure: int, table: LongArray) -> list[int]:
        """Classes of shards that need more than their nodes take; none if all can be served."""
        needs: dict[bytes, int] = {}
        rooms: dict[bytes, BoolArray] = {}
        classes: dict[bytes, list[int]] = {}
        takes = np.maximum(table, 0)
        need_of = self._needs(chosen, measure)
        open_to = self._open_to_some(chosen)
        if sum(need_of.values()) > _sum(takes[open_to]):
            return list(need_of)
        for of, need in list(need_of.items())[:MANY_CLASSES]:
            room = self.room(chosen, of)
            key = room.tobytes()
            rooms[key] = room
            needs[key] = needs.get(key, 0) + need
            classes.setdefault(key, []).append(of)
        total = sum(needs.values())
        if all(total <= _sum(takes[room]) for room in rooms.values()):
            return []
        return [of for key in _unserved(needs, rooms, takes) for of in classes[key]]

    def _open_to_some(self, chosen: set[int]) -> BoolArray:
        """The nodes whose state lets some replica stand there."""
        open_to = np.ones(self.rooms.size, dtype=bool)
        for rule in self.judging:
            if rule.id in chosen and isinstance(rule.kind, NodeState):
                open_to &= np.any([self.room_of(rule, of) for of in self.present], axis=0)
        return open_to

    def _needs(self, chosen: set[int], measure: int) -> dict[int, int]:
        """What each class of shards needs of a measure; those that need none are left out."""
        weights = self._weights_of[measure]
        found = {of: weights[of] * self.asking(chosen, of)[0] for of in self.present}
        return {of: need for of, need in found.items() if need > 0}

    @cached_property
    def _weights_of(self) -> list[list[int]]:
        """For each measure what one replica of each shard of a class adds up to, by class."""
        measures = self.question.problem.measures
        return [[int(one.weights[rows].sum()) for rows in self.members] for one in measures]


def _sum(numbers: LongArray) -> int:
    return sum(numbers.tolist())


def _unserved(
    needs: dict[bytes, int],
    rooms: dict[bytes, BoolArray],
    takes: LongArray,
) -> list[bytes]:
    """A set of needs beyond what their rooms take together, from a minimum cut; empty if all are served."""
    import networkx as nx  # takes a while, and most programs never get here

    keys = sorted(needs)
    cells = np.stack([rooms[key] for key in keys], axis=1)
    kinds, kind_of = np.unique(cells, axis=0, return_inverse=True)
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for at, key in enumerate(keys):
        graph.add_edge("source", ("need", at), capacity=needs[key])
    for number, kind in enumerate(kinds):
        graph.add_edge(("cell", number), "sink", capacity=_sum(takes[kind_of.reshape(-1) == number]))
        for at in np.flatnonzero(kind).tolist():
            graph.add_edge(("need", at), ("cell", number))
    served, (reached, _) = nx.minimum_cut(graph, "source", "sink")
    if served >= sum(needs.values()):
        return []
    return [key for at, key in enumerate(keys) if ("need", at) in reached]


def seen_by_arithmetic(arithmetic: Arithmetic, most_checks: int) -> list[Seen]:
    """Every set of rules, minimal as far as adding up tells, that adding up shows to fail."""
    found = []
    members = _members(arithmetic)
    for rules, _ in minimal_sets(members, arithmetic.check, (), most_checks, Count()):
        seen = arithmetic.see(rules)
        assert seen is not None
        found.append(seen)
    return found


def _members(arithmetic: Arithmetic) -> list[int]:
    """The rules that adding up knows about."""
    limits = {rule for rule, _ in arithmetic.rooms.tables}
    return [
        rule.id
        for rule in arithmetic.question.rules
        if arithmetic.rooms.judges_replicas(rule)
        or rule.id in limits
        or isinstance(rule.kind, (Placed, Replicas, Together))
    ]


def standing(rules: Sequence[Rule]) -> bool:
    """Whether the empty placement keeps all of these rules, whatever the cluster."""
    return not any(_asks(rule) for rule in rules)


def _asks(rule: Rule) -> bool:
    kind = rule.kind
    if isinstance(kind, Replicas):
        return bool(kind.least)
    return isinstance(kind, (Placed, Stay)) or getattr(kind, "limit", None) in ("min_values", "max_skew")
