"""Changes to the cluster that could remove a conflict, by its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shardwright.cluster.cluster import FloatArray
from shardwright.grammar.rules import NODE, Allow, Capacity, NodeState, Rule, Spread
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.tree import pointer_tokens
from shardwright.solver.conflicts.caps import MAX_ADDED, MAX_OPTIONS
from shardwright.solver.conflicts.homes import Homes
from shardwright.solver.conflicts.reasons import (
    Crowd,
    FewPlaces,
    GroupTooHeavy,
    NoNode,
    Reason,
    Shortage,
    TooFewNodes,
    TooFewValues,
    TooHeavy,
)
from shardwright.solver.conflicts.repairs.groups import splits
from shardwright.solver.conflicts.repairs.kinds import (
    AddNodes,
    Larger,
    RaiseCapacity,
    Relabel,
    Reopen,
)
from shardwright.solver.conflicts.repairs.ladders import Ladder
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.words import quantity

if TYPE_CHECKING:
    from shardwright.policies.policy import Policy

Json = dict[str, Any]
Sizes = dict[str, float]  # by resource


@dataclass(frozen=True)
class OfCluster:
    """`nodes` are in the snapshot's order; `shards` are rows the reason is about."""

    rooms: Rooms
    rules: Sequence[Rule]
    shards: tuple[int, ...]
    nodes: list[Json]
    policies: dict[str, Policy]

    def ladders(self, reason: Reason) -> Iterator[Ladder]:
        attempts: dict[type, Callable[[Any], Iterator[Ladder]]] = {
            NoNode: self._no_node,
            TooFewNodes: self._too_few_nodes,
            TooFewValues: self._too_few_values,
            TooHeavy: self._too_heavy,
            GroupTooHeavy: self._group_too_heavy,
            Shortage: self._shortage,
            FewPlaces: self._few_places,
            Crowd: self._crowd,
        }
        yield from self._reopened(reason)
        if type(reason) in attempts:
            yield from attempts[type(reason)](reason)

    def _room(self, without: Rule | None = None) -> list[int]:
        """Places of the nodes that the rules (one left out) leave to the shard, by their names."""
        rules = [rule for rule in self.rules if rule is not without and self.rooms.judges_replicas(rule)]
        ids = self.rooms.problem.cluster.nodes.ids
        inside = {ids[row] for row in np.flatnonzero(self.rooms.of(rules, self.shards[0])).tolist()}
        found = (at for at, node in enumerate(self.nodes) if node["id"] in inside)
        return sorted(found, key=lambda at: str(self.nodes[at]["id"]))

    def _closed(self) -> list[int]:
        """Places of the nodes that all but their state leaves to the shard."""
        kept = set(self._room())
        states = (rule for rule in self.rules if isinstance(rule.kind, NodeState))
        return [at for rule in states for at in self._room(without=rule) if at not in kept]

    def _reopened(self, reason: Reason) -> Iterator[Ladder]:
        """Ever more of the closed nodes; of very many some, or all."""
        closed = self._closed()
        least = reason.wanted - reason.left if isinstance(reason, TooFewNodes) else 1
        counts = [*range(max(1, least), min(len(closed), MAX_ADDED + 1)), len(closed)]
        nodes = [(self.nodes[at]["id"], at, self.nodes[at]["state"]) for at in closed]
        if closed:
            yield Ladder([Reopen(tuple(nodes[:count])) for count in counts], True)

    def _in_place_of(self, at: int, count: int) -> Ladder:
        """New nodes like a closed one, which leaves its place free."""
        key = next(iter(self._spread_by()), None) if count > 1 else None
        return self._added(self.nodes[at], count, key=key)

    def _unlike(self, places: Sequence[int]) -> list[int]:
        """Some of the nodes, no two alike to the rules: what one will not do, its like will not."""
        kinds = Homes(self.rooms.problem, self.rooms.question.rules).nodes
        row = {name: at for at, name in enumerate(self.rooms.problem.cluster.nodes.ids)}
        kind = {at: int(kinds[row[self.nodes[at]["id"]]]) for at in places}
        firsts = {kind: at for at, kind in reversed(kind.items())}
        return sorted(firsts.values(), key=places.index)[:MAX_OPTIONS]

    def _no_node(self, reason: NoNode | TooFewNodes) -> Iterator[Ladder]:
        """Label a node that the other rules leave as a selector wants it."""
        for rule in self.rules:
            if rule.policy is None or not isinstance(rule.kind, Allow):
                continue
            key = pointer_tokens(rule.pointer)[-1]
            wanted = self.policies[rule.policy].tree.find(rule.pointer).plain()
            value = wanted[0] if isinstance(wanted, list) and wanted else wanted
            column = self.rooms.problem.cluster.nodes.labels.get(key)
            if not isinstance(value, str) or column is None or _is_misspelt(value, column.values):
                continue
            kept = set(self._room())
            others = [at for at in self._room(without=rule) if at not in kept]
            steps = [self._labelled(at, key, value) for at in self._unlike(others)]
            if steps:
                yield Ladder(steps, False)
        closed = self._closed()
        if closed and isinstance(reason, NoNode):
            yield self._in_place_of(closed[0], 1)

    def _labelled(self, at: int, key: str, value: str, new: bool = False) -> Relabel:
        """A label that says where a node is cannot just be written anew."""
        is_place = key in self.rooms.problem.cluster.topology and key in self.nodes[at].get("labels", {})
        return Relabel(self.nodes[at]["id"], at, key, value, is_place, new)

    def _too_few_nodes(self, reason: TooFewNodes) -> Iterator[Ladder]:
        yield from self._no_node(reason)
        room, closed = self._room(), self._closed()
        if closed:
            yield self._in_place_of(closed[0], reason.wanted - reason.left)
        elif room:
            key = next(
                (key for key in self._spread_by() if key in self.nodes[room[0]].get("labels", {})), None
            )
            yield self._added(self.nodes[room[0]], reason.wanted - reason.left, key=key)

    def _spread_by(self) -> list[str]:
        """The labels over which replicas must spread: nodes that share one would not do."""
        kinds = [rule.kind for rule in self.rooms.question.rules if rule.enforcement == "required"]
        return sorted({kind.by for kind in kinds if isinstance(kind, Spread) and kind.by != NODE})

    def _too_few_values(self, reason: TooFewValues) -> Iterator[Ladder]:
        room = self._room()
        if reason.key == NODE or not room:
            return
        new = self._unused(reason.key)
        steps = [self._labelled(at, reason.key, new, True) for at in self._unlike(room)]
        yield Ladder(steps, False)
        missing, closed = reason.wanted - reason.values.count, self._closed()
        if closed and missing == 1:
            yield self._in_place_of(closed[0], 1)
        else:
            yield self._added(self.nodes[room[0]], missing, key=reason.key)

    def _crowd(self, reason: Crowd) -> Iterator[Ladder]:
        room = self._room()
        if room:
            key = None if reason.by == NODE else reason.by
            yield self._added(self.nodes[room[0]], reason.needed - reason.places, key=key)

    def _too_heavy(self, reason: TooHeavy) -> Iterator[Ladder]:
        """As many nodes as the heaviest shard lacks; more where not all of the shards fit on those."""
        if reason.node is None:
            return
        heaviest = self._loads.max(axis=0)
        sets = max(1, int((self._loads > heaviest / 2).any(axis=1).sum()))
        missing = reason.wanted - reason.fitting
        if missing * sets == 1:
            yield from self._larger(reason.node, reason.measure, _factor(reason), heaviest)
            return
        at = self._some_apart(missing, reason.measure)
        if len(at) < missing:
            return
        sizes = self._sizes(self.nodes[at[0]], reason.measure, _factor(reason), heaviest)
        if not sizes:  # no capacity is enough where the limit is a share of nothing
            return
        if sets == 1:
            raised = [
                tuple(Larger(self.nodes[one]["id"], one, self._grown(self.nodes[one], step)) for one in at)
                for step in sizes
            ]
            yield Ladder([RaiseCapacity(nodes) for nodes in raised], True)
        yield Ladder([self._sized([self.nodes[one] for one in at] * sets, step) for step in sizes], True)

    def _few_places(self, reason: FewPlaces) -> Iterator[Ladder]:
        """A node more for each place that is missing; for each of the replicas, where they must spread."""
        wanted = max(self.rooms.wanted(self.rules, shard) for shard in self.shards)
        at = self._some_apart(wanted, reason.measure)
        sizes = self._sizes(self.nodes[at[0]], reason.measure, 1.0, self._loads.max(axis=0)) if at else []
        counts = dict.fromkeys((reason.replicas - reason.places, reason.replicas))
        like = [[self.nodes[at[one % len(at)]] for one in range(count)] for count in counts if at]
        if sizes:
            yield Ladder([self._sized(nodes, sizes[0]) for nodes in like], True)
        elif like:  # large enough as it is
            yield Ladder([AddNodes((nodes[0]["id"],), "", self._new(nodes)) for nodes in like], True)

    def _some_apart(self, count: int, measure: str) -> list[int]:
        """Places of nodes that the shard may use, the largest first, not two where it must spread."""
        room = [at for at in self._room() if measure in self.nodes[at].get("capacity", {})]
        room.sort(key=lambda at: -self.nodes[at]["capacity"][measure])
        keys = self._spread_by()
        taken: set[tuple[str, str]] = set()
        found: list[int] = []
        for at in room:
            labels = self.nodes[at].get("labels", {})
            values = {(key, labels[key]) for key in keys if key in labels}
            if len(found) < count and not values & taken:
                taken |= values
                found.append(at)
        return found

    def _group_too_heavy(self, reason: GroupTooHeavy) -> Iterator[Ladder]:
        if reason.by == NODE and reason.site is not None:
            together = self._loads.sum(axis=0)
            yield from self._larger(reason.site, reason.measure, _factor(reason), together)
        if reason.by == NODE and reason.group is not None and not reason.alike:
            steps = list(splits(self.rooms, self.rules, self.shards, reason.group))
            if steps:
                yield Ladder(steps, True)

    @property
    def _loads(self) -> FloatArray:
        return self.rooms.problem.cluster.shards.load[list(self.shards)]

    def _larger(self, name: str, measure: str, factor: float, needs: FloatArray) -> Iterator[Ladder]:
        """This node takes all that is needed; or one more node does. A limit may be a share of the capacity,
        then as much more is needed."""
        at = next(at for at, node in enumerate(self.nodes) if node["id"] == name)
        node = self.nodes[at]
        sizes = self._sizes(node, measure, factor, needs)
        if sizes:
            raised = [(Larger(name, at, self._grown(node, step)),) for step in sizes]
            yield Ladder([RaiseCapacity(nodes) for nodes in raised], True)
            yield Ladder([self._sized([node], step) for step in sizes], True)

    def _sizes(self, node: Json, measure: str, factor: float, needs: FloatArray) -> list[Sizes]:
        """What a node must take: just that, or as much more of all as it lacks of one."""
        own = node.get("capacity", {})
        if measure not in own:
            return []
        wanted = dict(zip(self.rooms.problem.cluster.resources, needs.tolist(), strict=True))
        more = {key: max(amount, own.get(key, 0.0) * factor) for key, amount in wanted.items()}
        return [step for step in (wanted, more) if self._grown(node, step)]

    def _grown(self, node: Json, sizes: Sizes) -> tuple[tuple[str, float, float], ...]:
        """What a node takes less of than it must: resource, old, new."""
        own = node["capacity"]
        return tuple(
            (key, own[key], _plain(new)) for key, new in sizes.items() if key in own and new > own[key]
        )

    def _sized(self, nodes: Sequence[Json], sizes: Sizes) -> AddNodes:
        """A node more like each of these, but larger."""
        grown = [self._grown(node, sizes) for node in nodes]
        told = " and ".join(f"{quantity(new)} {key}" for key, _, new in grown[0])
        larger = [
            node | {"capacity": node["capacity"] | {key: new for key, _, new in more}}
            for node, more in zip(nodes, grown, strict=True)
        ]
        each = " each" if len(nodes) > 1 else ""
        like = tuple(dict.fromkeys(node["id"] for node in nodes))
        return AddNodes(like, f" with {told}{each}", self._new(larger))

    def _shortage(self, reason: Shortage) -> Iterator[Ladder]:
        room = [self.nodes[at] for at in self._room()]
        takes = [self._takes(node, reason.measure) for node in room]
        if any(takes):
            largest = int(np.argmax(takes))
            yield self._added(room[largest], int(-(-(reason.needs - reason.takes) // takes[largest])))

    def _takes(self, node: Json, measure: str) -> float:
        """The most of a measure that the node takes: a resource, or a number of replicas."""
        if measure in self.rooms.problem.cluster.resources:
            return float(node.get("capacity", {}).get(measure, 0))
        counted = [rule.kind.replicas for rule in self.rules if isinstance(rule.kind, Capacity)]
        return min((count for count in counted if count is not None), default=0)

    def _added(self, node: Json, least: int, key: str | None = None) -> Ladder:
        """From `least` nodes more; with a label `key`, each with a value of its own."""
        least = max(1, least)
        changed = (
            f", each with a {key} of its own" if key and least > 1 else f" in another {key}" if key else ""
        )
        counts = range(least, least + MAX_ADDED + 1)
        like = (node["id"],)
        return Ladder([AddNodes(like, changed, self._new([node] * count, key)) for count in counts], True)

    def _new(self, nodes: Sequence[Json], key: str | None = None) -> tuple[Json, ...]:
        """Copies of nodes under names of their own; with a label `key`, each with a value of its own."""
        taken = {other["id"] for other in self.nodes}
        made = []
        for at, node in enumerate(nodes):
            name = next(
                name for more in range(1, 10**9) if (name := f"{node['id']}-more-{more}") not in taken
            )
            taken.add(name)
            copy = deepcopy(node) | {"id": name, "state": "active"}
            if key is not None:
                copy["labels"] = copy.get("labels", {}) | {key: self._unused(key, at)}
            made.append(copy)
        return tuple(made)

    def _unused(self, key: str, at: int = 0) -> str:
        column = self.rooms.problem.cluster.nodes.labels.get(key)
        taken = set(column.values) if column is not None else set()
        free = [
            name for number in range(1, at + len(taken) + 2) if (name := f"{key}-more-{number}") not in taken
        ]
        return free[at]


def _is_misspelt(value: str, known: Sequence[str]) -> bool:
    """What no node has, and looks like something that one has, is not to be made true."""
    return value not in known and did_you_mean(value, known) is not None


def _plain(size: float) -> float:
    return int(size) if float(size).is_integer() else size


def _factor(reason: TooHeavy | GroupTooHeavy) -> float:
    return reason.needs / reason.takes if reason.takes else 1.0
