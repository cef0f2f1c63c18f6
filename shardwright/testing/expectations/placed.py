"""Where shards are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from shardwright.testing.expectations.words import count, counted, names, nodes, within
from shardwright.testing.models import Expect, Where
from shardwright.testing.names import hit
from shardwright.testing.outcome import Outcome
from shardwright.testing.selecting import in_scope, matching, selector_of
from shardwright.testing.spot import Spot, Unmet
from shardwright.testing.why import why_not_on


def placed(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`placed`: by the ids of shards, or by globs."""
    if outcome.placement is None:
        return
    for word, where in expect.placed.items():
        here = spot.at("placed", word)
        for shard in hit(word, outcome.placement):
            yield from _where(outcome, shard, where, here)


def each(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`each`: every shard of a scope."""
    if outcome.placement is None:
        return
    for at, where in enumerate(expect.each):
        here = spot.at("each").item(at)
        for shard in in_scope(outcome.cluster, where.scope, here):
            yield from _where(outcome, shard, where, here)


def _where(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    for check in (_nodes, _on, _not_on, _inside, _outside, _replicas, _leader, _values, _moved):
        yield from check(outcome, shard, where, here)


def _nodes(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    if where.nodes is None:
        return
    actual, wanted = outcome.nodes_of(shard), sorted(where.nodes)
    if actual != wanted:
        yield _elsewhere(outcome, shard, wanted, here.at("nodes"), wanted)


def _on(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    actual = outcome.nodes_of(shard)
    missing = [node for node in where.on if node not in actual]
    if missing:
        kept = [node for node in actual if node in where.on]
        others = [node for node in actual if node not in where.on]
        wanted = sorted([*kept, *missing, *others[len(missing) :]])
        yield _elsewhere(outcome, shard, missing, here.at("on"), wanted)


def _elsewhere(outcome: Outcome, shard: str, missing: list[str], here: Spot, wanted: list[str]) -> Unmet:
    """The reason is asked of the same answer with the shard on the nodes that are wanted."""
    actual = f"it is {nodes(outcome.nodes_of(shard))}"
    ask = partial(why_not_on, outcome, shard, wanted)
    return Unmet(here.place, f"`{shard}` {nodes(missing)}", actual, ask=ask)


def _not_on(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    wrong = [node for node in outcome.nodes_of(shard) if node in where.not_on]
    if wrong:
        yield Unmet(here.at("not_on").place, f"`{shard}` not {nodes(wrong)}", "it is there")


def _inside(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    if where.inside is None:
        return
    spot = here.at("in")
    fitting = matching(outcome.cluster, selector_of(spot.node))
    wrong = [node for node in outcome.nodes_of(shard) if node not in fitting]
    if wrong:
        expected = f"`{shard}` on nodes with these labels only"
        yield Unmet(spot.place, expected, f"it is {nodes(wrong)}", _carried(outcome, wrong, where.inside))


def _outside(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    if where.outside is None:
        return
    spot = here.at("not_in")
    fitting = matching(outcome.cluster, selector_of(spot.node))
    wrong = [node for node in outcome.nodes_of(shard) if node in fitting]
    if wrong:
        expected = f"`{shard}` on no node with these labels"
        yield Unmet(spot.place, expected, f"it is {nodes(wrong)}", _carried(outcome, wrong, where.outside))


def _carried(outcome: Outcome, wrong: Iterable[str], keys: Iterable[str]) -> tuple[str, ...]:
    """What the nodes carry of the labels that were asked for."""
    told = []
    for node in wrong:
        labels = outcome.node_labels[node]
        carried = [f"{key} `{labels[key]}`" if key in labels else f"no {key}" for key in keys]
        told.append(f"`{node}` has {' and '.join(carried)}")
    return tuple(told)


def _replicas(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    actual = outcome.nodes_of(shard)
    if where.replicas is not None and not within(where.replicas, len(actual)):
        expected = f"{count(where.replicas, 'replica')} of `{shard}`"
        there = f"it has {len(actual)}, {nodes(actual)}" if actual else "it has none"
        yield Unmet(here.at("replicas").place, expected, there)


def _leader(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    actual = outcome.leader_of(shard)
    if where.leader is not None and actual != where.leader:
        there = f"it is on `{actual}`" if actual else "it has none"
        yield Unmet(here.at("leader").place, f"the leader of `{shard}` on `{where.leader}`", there)


def _values(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    for key, bounds in where.values.items():
        labels = [outcome.node_labels[node].get(key) for node in outcome.nodes_of(shard)]
        found = sorted({label for label in labels if label is not None})
        if not within(bounds, len(found)):
            expected = f"`{shard}` in {count(bounds, 'value')} of {key}"
            actual = f"it is in {counted(len(found), 'value')}: {names(found)}"
            yield Unmet(here.at("values", key).place, expected, actual)


def _moved(outcome: Outcome, shard: str, where: Where, here: Spot) -> Iterator[Unmet]:
    if where.moved is None:
        return
    left = sorted(outcome.settled[shard] - set(outcome.nodes_of(shard)))
    if bool(left) != where.moved:
        expected = f"`{shard}` to move" if where.moved else f"`{shard}` to stay where it is"
        actual = f"it leaves {names(left)}" if left else "it stays where it is"
        yield Unmet(here.at("moved").place, expected, actual)
