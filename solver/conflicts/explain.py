"""From a minimal set of rules to the reason that numbers show, and the few facts beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Apart, Capacity, Replicas, Rule, Spread, Together
from shardwright.solver.conflicts.buckets import buckets_of, site_codes, sites
from shardwright.solver.conflicts.reasons import (
    Alone,
    Clash,
    Counts,
    Crowd,
    Fact,
    GroupTooHeavy,
    Largest,
    Leaves,
    NoNode,
    Reason,
    Shortage,
    Some,
    TooFewNodes,
    TooFewValues,
    TooHeavy,
    Wants,
)
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.quantities import LongArray

FEW = 2  # examples by name
MOST_FACTS = 8


@dataclass(frozen=True)
class Explained:
    """The reason first; `shards` are the rows that it speaks of, all of them."""

    reason: Reason
    facts: tuple[Fact, ...]
    shards: tuple[int, ...]


def explain(rooms: Rooms, rules: Sequence[Rule], shards: Sequence[int]) -> Explained:
    """Why the rules cannot hold for these shards."""
    case = _Case(rooms, tuple(rules), tuple(shards))
    for attempt in (case.counts, case.alone, case.group, case.crowd, case.shortage):
        found = attempt()
        if found is not None:
            reason, rows = found
            return Explained(reason, tuple(case.facts()), tuple(rows))
    return Explained(Clash(case.owners(case.rules), case.some(shards)), tuple(case.facts()), tuple(shards))


Found = tuple[Reason, Sequence[int]] | None


@dataclass(frozen=True)
class _Case:
    rooms: Rooms
    rules: tuple[Rule, ...]
    shards: tuple[int, ...]

    # -- naming

    def owners(self, rules: Sequence[Rule]) -> tuple[str, ...]:
        """Policies first; built-in rules only where no policy is among them."""
        stated = tuple(dict.fromkeys(rule.owner for rule in rules if rule.policy is not None))
        return stated or tuple(dict.fromkeys(rule.owner for rule in rules))

    def stated(self, rules: Sequence[Rule]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.owner for rule in rules if rule.policy is not None))

    def some(self, rows: Sequence[int]) -> Some:
        ids = self.rooms.problem.cluster.shards.ids
        return Some("shard", tuple(ids[row] for row in rows[:FEW]), len(rows))

    def nodes(self, room: BoolArray) -> Some:
        ids = self.rooms.problem.cluster.nodes.ids
        rows = np.flatnonzero(room)
        return Some("node", tuple(ids[row] for row in rows[:FEW].tolist()), len(rows))

    # -- parts of the set

    @cached_property
    def judging(self) -> list[Rule]:
        """The rules that judge single replicas of these shards."""
        return [rule for rule in self.rules if self.rooms.judges_replicas(rule)]

    @cached_property
    def weighing(self) -> list[Rule]:
        return [rule for rule in self.rules if isinstance(rule.kind, Capacity)]

    @cached_property
    def counting(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.kind.name in ("placed", "replicas")]

    def _class(self, row: int) -> int:
        return int(self.rooms.problem.requirements.classes.shards.of[row])

    @cached_property
    def alike(self) -> list[int]:
        """Shards of which every rule of the set speaks that speaks of the first one, on the same terms."""
        requirements = self.rooms.problem.requirements
        first = self._class(self.shards[0])
        numbers = [
            rule.id for rule in self.rules if rule.policy is not None and requirements.speaks[rule.id, first]
        ]
        classes: BoolArray = np.all(requirements.speaks[numbers], axis=0)
        return np.flatnonzero(classes[requirements.classes.shards.of]).tolist()

    # -- reasons

    def counts(self) -> Found:
        asking = [rule for rule in self.rules if isinstance(rule.kind, Replicas) and rule.kind.key is None]
        if len(asking) < 1 or len(asking) < len([r for r in self.rules if r.kind.name != "placed"]):
            return None
        of = self._class(self.shards[0])
        numbers = {rule.id for rule in asking}
        requirements = self.rooms.problem.requirements
        least = max(
            (count for rule, at, count in requirements.least if at == of and rule in numbers), default=0
        )
        most = min(
            (count for rule, at, count in requirements.most if at == of and rule in numbers), default=2**30
        )
        if least <= most:
            return None
        rows = [row for row in self.alike if self._clashes(row, numbers)]
        return Counts(self.owners(asking), self.some(rows), least, most), rows

    def _clashes(self, row: int, numbers: set[int]) -> bool:
        of, requirements = self._class(row), self.rooms.problem.requirements
        least = max(
            (count for rule, at, count in requirements.least if at == of and rule in numbers), default=0
        )
        most = min(
            (count for rule, at, count in requirements.most if at == of and rule in numbers), default=2**30
        )
        return least > most

    def alone(self) -> Found:
        """A single shard is enough to see it."""
        if len(self.shards) != 1:
            return None
        for attempt in (self.no_node, self.too_heavy, self.too_few_values):
            found = attempt()
            if found is not None:
                return found
        return None

    def _short(self, row: int) -> tuple[int, int]:
        """Replicas wanted and nodes left, limits aside."""
        return self.rooms.wanted(self.rules, row), int(self.rooms.of(self.judging, row).sum())

    def no_node(self) -> Found:
        wanted, left = self._short(self.shards[0])
        if left >= wanted:
            return None
        rows = self._first([row for row in self.alike if self._kept(row) == (wanted, left)])
        if left == 0 and self.judging:
            return NoNode(self.owners(self.judging), self.some(rows)), rows
        return TooFewNodes(self.stated(self.judging) or self._judges(), self.some(rows), wanted, left), rows

    def _judges(self) -> tuple[str, ...]:
        return self.owners(self.judging)

    def _first(self, rows: list[int]) -> list[int]:
        return rows or [self.shards[0]]

    def _kept(self, row: int) -> tuple[int, int]:
        """`_short`, looked up once for shards that are told apart by nothing that matters here."""
        key = self._told_apart(row)
        if key not in self._known:
            self._known[key] = self._short(row)
        return self._known[key]

    def _told_apart(self, row: int) -> tuple[int, int | None]:
        """Shards of one class are told apart by where they stand today only where that leaves them more."""
        is_home = self.rooms.problem.settled_count[row] > 0 and any(map(self.rooms.is_lenient, self.judging))
        return self._class(row), row if is_home else None

    @cached_property
    def _known(self) -> dict[tuple[int, int | None], tuple[int, int]]:
        return {}

    def too_heavy(self) -> Found:
        row = self.shards[0]
        room = self.rooms.of(self.judging, row)
        for rule, measure, table in self._tables():
            weights = self.rooms.problem.measures[measure].weights
            if (table[room] >= weights[row]).sum() >= max(1, self.rooms.wanted(self.rules, row)):
                continue
            rows = self._heavy(table, weights)
            first = max(rows, key=lambda at: (int(weights[at]), -at))
            open_to = self.rooms.of(self.judging, first)
            fitting = int((table[open_to] >= weights[first]).sum())
            small = np.flatnonzero(open_to & (table < weights[first]))
            best = int(small[np.argmax(table[small])]) if len(small) else None
            scale = self._scale(rule, measure)
            return (
                TooHeavy(
                    self.stated([*self.judging, rule]),
                    self.some(rows),
                    self.rooms.problem.cluster.shards.ids[first],
                    float(weights[first] / scale),
                    self.rooms.problem.measures[measure].name,
                    None if best is None else self.rooms.problem.cluster.nodes.ids[best],
                    0.0 if best is None else float(max(0, int(table[best])) / scale),
                    max(1, self.rooms.wanted(self.rules, first)),
                    fitting,
                    best is not None and self._is_borne(rule, best, measure),
                ),
                rows,
            )
        return None

    def _tables(self) -> Iterator[tuple[Rule, int, LongArray]]:
        for rule in self.weighing:
            for (number, measure), table in self.rooms.tables.items():
                if number == rule.id:
                    yield rule, measure, table

    def _is_borne(self, rule: Rule, node: int, measure: int) -> bool:
        return (rule.id, ("site", (node, measure))) in self.rooms.question.tolerated

    def _scale(self, rule: Rule, measure: int) -> Fraction:
        return next(m.scale for m in self.rooms.limits[rule.id] if m.measure == measure)

    def _heavy(self, table: LongArray, weights: LongArray) -> list[int]:
        """The shards likewise: too few of the nodes left to them take one."""
        found: list[int] = []
        takes: dict[tuple[int, int | None], int] = {}
        for row in self.alike:
            key = self._told_apart(row)
            if key not in takes:
                room = table[self.rooms.of(self.judging, row)]
                wanted = max(1, self.rooms.wanted(self.rules, row))
                takes[key] = int(np.sort(room)[-wanted]) if len(room) >= wanted else -1
            if int(weights[row]) > takes[key]:
                found.append(row)
        return self._first(found)

    def too_few_values(self) -> Found:
        row = self.shards[0]
        room = self.rooms.of(self.judging, row)
        for rule in self.rules:
            if not isinstance(rule.kind, Spread) or not self.rooms.speaks(rule, row):
                continue
            codes = site_codes(self.rooms.problem, rule.kind.by)
            inside = codes[room & (codes >= 0)]
            values = np.unique(inside)
            wanted = self._values_wanted(rule.kind, row, int((room & (codes < 0)).sum()))
            if wanted is None or len(values) >= wanted:
                continue
            label = self.rooms.problem.cluster.nodes.labels.get(rule.kind.by)
            names = tuple(label.values[code] for code in values.tolist()[:FEW]) if label is not None else ()
            rows = [at for at in self.alike if self._same_room(at, row)]
            owners = self.stated(self.judging) or ("the cluster",)
            return (
                (
                    TooFewValues(
                        self.stated(self.judging),
                        self.some(rows),
                        wanted,
                        rule.kind.by,
                        Some(rule.kind.by, names, len(values)),
                    ),
                    rows,
                )
                if owners
                else None
            )
        return None

    def _same_room(self, at: int, row: int) -> bool:
        if at == row:
            return True
        if self._told_apart(at) == self._told_apart(row):
            return True
        same = self.rooms.of(self.judging, at) == self.rooms.of(self.judging, row)
        wants = self.rooms.wanted(self.rules, at) == self.rooms.wanted(self.rules, row)
        return bool(same.all()) and wants

    def _values_wanted(self, kind: Spread, row: int, beside: int) -> int | None:
        """How many values a spread rule needs; `beside` nodes have none and count nowhere."""
        if kind.limit == "min_values":
            return kind.amount
        if kind.limit == "max" and kind.amount > 0:
            return -(-(self.rooms.wanted(self.rules, row) - beside) // kind.amount)
        return None

    def group(self) -> Found:
        """Shards that must stand together weigh more than any one site takes."""
        for rule in self.rules:
            if not isinstance(rule.kind, Together) or rule.kind.targets.differing_in is not None:
                continue
            buckets = [rows.tolist() for rows in buckets_of(self.rooms.problem, rule)]
            own = next((rows for rows in buckets if set(rows) & set(self.shards)), None)
            if own is None:
                continue
            for weigher, measure, table in self._tables():
                heavy = [(rows, self._site(rule.kind.by, rows, table)) for rows in buckets]
                weights = self.rooms.problem.measures[measure].weights
                over = [(rows, site) for rows, site in heavy if int(weights[rows].sum()) > site[1]]
                mine = next((item for item in over if item[0] == own), None)
                if mine is None:
                    continue
                rows, (site, takes) = mine
                scale = self._scale(weigher, measure)
                return (
                    GroupTooHeavy(
                        self.stated(self.rules),
                        self._group_name(rows) if rule.kind.targets.same_group else None,
                        len(rows),
                        float(int(weights[rows].sum()) / scale),
                        self.rooms.problem.measures[measure].name,
                        rule.kind.by,
                        site,
                        float(max(0, takes) / scale),
                        len(over) - 1,
                    ),
                    rows,
                )
        return None

    def _group_name(self, rows: Sequence[int]) -> str | None:
        group = self.rooms.problem.cluster.shards.group
        code = int(group.codes[rows[0]])
        return group.values[code] if code >= 0 else None

    def _site(self, by: str, rows: Sequence[int], table: LongArray) -> tuple[str | None, int]:
        """The site that takes most, where all of the shards have room."""
        classes = {self._class(row): row for row in rows}.values()
        room = np.stack([self.rooms.of(self.judging, row) for row in classes])
        label = self.rooms.problem.cluster.nodes.labels.get(by)
        names = self.rooms.problem.cluster.nodes.ids if by == NODE else label.values if label else ()
        codes = site_codes(self.rooms.problem, by)
        best: tuple[str | None, int] = (None, -1)
        for nodes in sites(codes):
            if room[:, nodes].any(axis=1).all():
                takes = sum(max(0, limit) for limit in table[nodes[room[:, nodes].any(axis=0)]].tolist())
                if takes > best[1]:
                    best = (names[codes[nodes[0]]], takes)
        return best

    def crowd(self) -> Found:
        """Shards that all stand apart from each other need a place each."""
        for rule in self.rules:
            if not isinstance(rule.kind, Apart) or rule.kind.targets.differing_in is not None:
                continue
            requirements = self.rooms.problem.requirements
            of = requirements.classes.shards.of[list(self.shards)]
            targets = requirements.targets.get(rule.id)
            if targets is None or not targets[of].all() or not requirements.speaks[rule.id][of].all():
                continue
            groups = self.rooms.problem.cluster.shards.group.codes[list(self.shards)]
            if rule.kind.targets.same_group and (groups.min() < 0 or groups.min() != groups.max()):
                continue
            codes = site_codes(self.rooms.problem, rule.kind.by)
            room = np.zeros(self.rooms.size, dtype=bool)
            needed = 0
            for row in self.shards:
                room |= self.rooms.of(self.judging, row)
                needed += 1 if rule.kind.by != NODE else self.rooms.wanted(self.rules, row)
            if (room & (codes < 0)).any():
                continue
            places = len(np.unique(codes[room]))
            if needed > places:
                return Crowd(
                    self.stated(self.rules), self.some(self.shards), rule.kind.by, places, needed
                ), self.shards
        return None

    def shortage(self) -> Found:
        """More load than the nodes that the shards may use take together."""
        rows = list(self.shards)
        room = np.zeros(self.rooms.size, dtype=bool)
        for row in {self._class(row): row for row in rows}.values() if len(rows) > 200 else rows:
            room |= self.rooms.of(self.judging, row)
        wanted = np.array([self.rooms.wanted(self.rules, row) for row in rows], dtype=np.int64)
        for rule, measure, table in self._tables():
            weights = self.rooms.problem.measures[measure].weights[rows]
            needs, takes = int(np.dot(weights, wanted)), sum(max(0, limit) for limit in table[room].tolist())
            if needs > takes:
                scale = self._scale(rule, measure)
                name = self.rooms.problem.measures[measure].name
                return (
                    Shortage(
                        self.stated([*self.judging, rule]),
                        self.some(rows),
                        name,
                        float(needs / scale),
                        self.nodes(room),
                        float(takes / scale),
                    ),
                    rows,
                )
        return None

    # -- facts

    def facts(self) -> Iterator[Fact]:
        """Few: what each judging rule leaves to the first shard, what it wants, the largest node."""
        if all(rule.policy is None for rule in self.rules):
            yield Alone()
        first = self.shards[0]
        name = self.rooms.problem.cluster.shards.ids[first]
        for rule in self.judging[:MOST_FACTS]:
            yield Leaves(rule.owner, name, self.nodes(self.rooms.of_rule(rule, first)), self.rooms.size)
        wanted = self.rooms.wanted(self.rules, first)
        if wanted > 1:
            yield Wants(name, wanted)
        for rule, measure, table in self._tables():
            weights = self.rooms.problem.measures[measure].weights
            if len(self.shards) == 1 and int(weights[first]) <= int(table.max(initial=0)):
                continue
            best = int(np.argmax(table)) if len(table) else None
            if best is not None and table[best] < 2**61:
                scale = self._scale(rule, measure)
                yield Largest(
                    rule.owner,
                    self.rooms.problem.cluster.nodes.ids[best],
                    float(max(0, int(table[best])) / scale),
                    self.rooms.problem.measures[measure].name,
                    self._is_borne(rule, best, measure),
                )
