"""A problem as facts of whole numbers for placement.lp."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from shardwright.cluster.cluster import IntArray, TextColumn
from shardwright.cluster.links import latency, longest
from shardwright.grammar.rules import (
    NODE,
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Headroom,
    Leave,
    Nearness,
    NodeState,
    OnePerNode,
    Pack,
    Placed,
    Prefer,
    Replicas,
    Rule,
    Spread,
    Stay,
    Targets,
    Together,
)
from shardwright.solver.logic import facts
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray, nearest

Facts = Iterator[str]
NOWHERE = 2**30  # the number of what is not there
METER_NAMES: dict[type, str] = {Capacity: "capacity", Balance: "balance", Headroom: "headroom"}


@dataclass(frozen=True)
class Numbers:
    """The numbers that keys, label values and traits have in the facts. Key 0 is the node itself."""

    problem: Problem

    @cached_property
    def keys(self) -> dict[str, int]:
        """Label keys of nodes that some rule looks at."""
        named = {key for rule in self.problem.rules for key in node_keys(rule)} - {NODE}
        return {NODE: 0, **{key: at for at, key in enumerate(sorted(named), start=1)}}

    @cached_property
    def by_node(self) -> bool:
        """Whether some rule counts replicas by node, as if the node were a label value."""
        return any(
            NODE in node_keys(rule)
            for rule in self.problem.rules
            if isinstance(rule.kind, (Spread, Replicas))
        )

    def value(self, key: str, value: str) -> int:
        """The number of a label value; one that nothing reaches if no node carries it."""
        if key == NODE:
            ids = self.problem.cluster.nodes.ids
            return ids.index(value) if value in ids else NOWHERE
        return self.value_numbers.get((key, value), NOWHERE)

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """(key, value) of each label value's number; values come behind the nodes."""
        labels = self.problem.cluster.nodes.labels
        return [(key, value) for key in self.keys if key in labels for value in labels[key].values]

    @cached_property
    def value_numbers(self) -> dict[tuple[str, str], int]:
        first = len(self.problem.cluster.nodes.ids)
        return {pair: first + at for at, pair in enumerate(self.values)}

    @cached_property
    def traits(self) -> dict[str, int]:
        """Labels of shards that apart or together compare."""
        named = {
            rule.kind.targets.differing_in
            for rule in self.problem.rules
            if isinstance(rule.kind, (Apart, Together))
        }
        return {key: at for at, key in enumerate(sorted(key for key in named if key is not None))}


def node_keys(rule: Rule) -> Iterable[str]:
    """Label keys of nodes that a rule looks at, `node` itself among them."""
    match rule.kind:
        case Spread(by=key) | Apart(by=key) | Together(by=key):
            return (key,)
        case Replicas(key=str(key)):
            return (key,)
    return ()


def problem_facts(problem: Problem, rules: Sequence[Rule]) -> Facts:
    """Everything but the placement and the enforcement, for some of the rules."""
    numbers = Numbers(problem)
    yield from _things(problem, numbers, rules)
    used = {rule.id for rule in rules}
    yield from _tables(problem, used)
    for rule in rules:
        yield from _kind_facts(problem, numbers, rule)
    yield from _meters(problem, used)


def _things(problem: Problem, numbers: Numbers, rules: Sequence[Rule]) -> Facts:
    cluster, classes = problem.cluster, problem.requirements.classes
    yield facts("shard", enumerate(classes.shards.of.tolist()))
    yield facts("node", enumerate(classes.nodes.of.tolist()))
    yield facts("shard_class", ((at,) for at in range(classes.shards.size)))
    yield facts("node_class", ((at,) for at in range(classes.nodes.size)))
    yield facts("settled", zip(cluster.settled.shard.tolist(), cluster.settled.node.tolist(), strict=True))
    yield facts("pinned", problem.pinned)
    states = [cluster.nodes.state.values[code] for code in cluster.nodes.state.codes.tolist()]
    yield facts("down", ((at,) for at, state in enumerate(states) if state == "down"))
    yield facts("closed", ((at,) for at, state in enumerate(states) if state in ("draining", "maintenance")))
    for key, number in numbers.keys.items():
        yield facts("label", _labels(numbers, key, number))
    if any(isinstance(rule.kind, (Apart, Together)) and rule.kind.targets.same_group for rule in rules):
        yield facts("group", _coded(cluster.shards.group))
    for key, number in numbers.traits.items():
        if key in cluster.shards.labels:
            yield facts("trait", ((row, number, code) for row, code in _coded(cluster.shards.labels[key])))


def _labels(numbers: Numbers, key: str, number: int) -> Iterator[tuple[int, int, int]]:
    label = numbers.problem.cluster.nodes.labels.get(key)
    if number == numbers.keys[NODE]:
        yield from (
            (row, number, row) for row in range(len(numbers.problem.cluster.nodes.ids)) if numbers.by_node
        )
    elif label is not None:
        for row, code in _coded(label):
            yield row, number, numbers.value_numbers[key, label.values[code]]


def _coded(column: TextColumn) -> Iterator[tuple[int, int]]:
    return ((row, code) for row, code in enumerate(column.codes.tolist()) if code >= 0)


def _tables(problem: Problem, used: set[int]) -> Facts:
    requirements = problem.requirements
    yield facts("speaks", ((r, c) for r, c in np.argwhere(requirements.speaks).tolist() if r in used))
    for rule, table in sorted(requirements.admits.items()):
        if rule in used:
            yield facts("admits", ((rule, *index) for index in np.argwhere(table).tolist()))
    yield facts("by_pair", ((rule,) for rule in sorted(used) if requirements.by_pair(rule)))
    for rule, table in sorted(requirements.targets.items()):
        if rule in used:
            yield facts("targets", ((rule, at) for at in np.flatnonzero(table).tolist()))
    yield facts("least", (row for row in requirements.least if row[0] in used))
    yield facts("most", (row for row in requirements.most if row[0] in used))
    yield facts("floor", enumerate(requirements.floor.tolist()))
    yield facts("ceiling", enumerate(requirements.ceiling.tolist()))


def _meters(problem: Problem, used: set[int]) -> Facts:
    meters = [meter for meter in problem.meters if meter.rule in used]
    for meter in meters:
        name = METER_NAMES[type(problem.rules[meter.rule].kind)]
        yield facts(name, [(meter.rule, meter.site.number, meter.measure, meter.limit)])
    moved = {measure for rule, measure in problem.move_measures.items() if rule in used}
    for number in sorted({meter.measure for meter in meters} | moved):
        weights = problem.measures[number].weights
        rows = np.flatnonzero(weights)
        yield facts("weight", zip([number] * len(rows), rows.tolist(), weights[rows].tolist(), strict=True))
    nodes = len(problem.cluster.nodes.ids)
    for site in {meter.site.number: meter.site for meter in meters}.values():
        if site.number >= nodes:
            yield facts("within", ((node, site.number) for node in site.nodes.tolist()))


def _kind_facts(problem: Problem, numbers: Numbers, rule: Rule) -> Facts:
    yield from KINDS.get(type(rule.kind), _nothing)(problem, numbers, rule, rule.kind)


def _nothing(problem: Problem, numbers: Numbers, rule: Rule, kind: Any) -> Facts:
    return iter(())


def _named(name: str) -> Callable[[Problem, Numbers, Rule, Any], Facts]:
    def named(problem: Problem, numbers: Numbers, rule: Rule, kind: Any) -> Facts:
        yield facts(name, [(rule.id,)])

    return named


def _allow(problem: Problem, numbers: Numbers, rule: Rule, kind: Allow) -> Facts:
    yield facts("allow_arrivals" if kind.arrivals else "allow_always", [(rule.id,)])


def _replicas(problem: Problem, numbers: Numbers, rule: Rule, kind: Replicas) -> Facts:
    if kind.key is None or kind.value is None:
        return
    key, value = numbers.keys[kind.key], numbers.value(kind.key, kind.value)
    for name, count in (("least_on", kind.least), ("most_on", kind.most)):
        if count is not None:
            yield facts(name, [(rule.id, key, value, count)])


def _spread(problem: Problem, numbers: Numbers, rule: Rule, kind: Spread) -> Facts:
    yield facts(f"spread_{kind.limit}", [(rule.id, numbers.keys[kind.by], kind.amount)])


def _company(problem: Problem, numbers: Numbers, rule: Rule, kind: Apart | Together) -> Facts:
    yield facts(kind.name, [(rule.id, numbers.keys[kind.by])])
    targets: Targets = kind.targets
    if targets.same_group:
        yield facts("same_group", [(rule.id,)])
    if targets.differing_in is not None:
        yield facts("differing_in", [(rule.id, numbers.traits[targets.differing_in])])


def _moves(problem: Problem, numbers: Numbers, rule: Rule, kind: FewestMoves) -> Facts:
    measure = problem.move_measures.get(rule.id)
    yield facts("moves", [(rule.id,) if measure is None else (rule.id, measure)])


def _prefer(problem: Problem, numbers: Numbers, rule: Rule, kind: Prefer) -> Facts:
    yield facts("prefer", [(rule.id, kind.weight)])


def _nodes(problem: Problem, rule: Rule) -> IntArray:
    """The nodes that a rule admits."""
    admits = problem.requirements.admits.get(rule.id)
    of = problem.requirements.classes.nodes.of
    return np.flatnonzero(admits[of]).astype(np.int32) if admits is not None else np.empty(0, np.int32)


def _pack(problem: Problem, numbers: Numbers, rule: Rule, kind: Pack) -> Facts:
    yield facts("pack", ((rule.id, node) for node in _nodes(problem, rule).tolist()))


def _cost(problem: Problem, numbers: Numbers, rule: Rule, kind: Cost) -> Facts:
    price = problem.quantities.price
    rows = [node for node in _nodes(problem, rule).tolist() if price[node]]
    yield facts("toll" if kind.per_replica else "price", ((rule.id, node, price[node]) for node in rows))


def _nearness(problem: Problem, numbers: Numbers, rule: Rule, kind: Nearness) -> Facts:
    home = homes(problem, kind)
    nowhere = len(home.values)  # a shard without a home is as far from everything as can be
    governed = problem.requirements.speaks[rule.id][problem.requirements.classes.shards.of]
    rows = np.flatnonzero(governed).tolist()
    yield facts(
        "home",
        ((rule.id, row, at if at >= 0 else nowhere) for row in rows for at in [int(home.codes[row])]),
    )
    for at, row in enumerate(distances(problem, kind).tolist()):
        yield facts("distance", ((rule.id, at, node, amount) for node, amount in enumerate(row) if amount))


def distances(problem: Problem, kind: Nearness) -> LongArray:
    """How far each node is from each home, the last of which is nowhere: shape (homes, nodes)."""
    cluster = problem.cluster
    replicas = int(np.maximum(problem.ceiling, problem.settled_count).sum())
    far = longest(cluster)
    rows = [np.nan_to_num(latency(cluster, place), nan=far) for place in homes(problem, kind).values]
    rows.append(np.full(len(cluster.nodes.ids), far))
    known = np.array([link.latency_ms or 0.0 for link in cluster.links])
    scale, _ = nearest(known, max(1, replicas))
    whole: LongArray = np.rint(np.stack(rows) * float(scale)).astype(np.int64)
    return whole


def homes(problem: Problem, kind: Nearness) -> TextColumn:
    """Where each shard wants to be near: the named place, else its own label of the first topology key."""
    shards, topology = problem.cluster.shards, problem.cluster.topology
    if kind.source is not None:
        return TextColumn(np.zeros(len(shards.ids), dtype=np.int32), (kind.source,))
    label = shards.labels.get(topology[0]) if topology else None
    return label if label is not None else TextColumn(np.full(len(shards.ids), -1, dtype=np.int32), ())


KINDS: dict[type, Callable[[Problem, Numbers, Rule, Any], Facts]] = {
    Allow: _allow,
    Apart: _company,
    Cost: _cost,
    FewestMoves: _moves,
    Leave: _named("leave"),
    Nearness: _nearness,
    NodeState: _named("node_state"),
    OnePerNode: _named("one_per_node"),
    Pack: _pack,
    Placed: _named("placed"),
    Prefer: _prefer,
    Replicas: _replicas,
    Spread: _spread,
    Stay: _named("stay"),
    Together: _company,
}
