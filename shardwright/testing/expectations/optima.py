"""What holds in every, in some and in no optimal placement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from shardwright.testing.expectations.words import nodes
from shardwright.testing.models import Expect
from shardwright.testing.names import hit
from shardwright.testing.optima import Optima, optima_of
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet
from shardwright.testing.why import why_not_on

KEYS = ("must", "may", "never")


def optima(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`must`, `may` and `never`: nodes that a shard has in every, some, no optimal placement."""
    stated = [key for key in KEYS if getattr(expect, key)]
    if not stated or outcome.placement is None:
        return
    shards = {shard for key in stated for word in getattr(expect, key) for shard in _shards(outcome, word)}
    found = optima_of(outcome, sorted(shards))
    for key in stated:
        if isinstance(found, str):
            yield Unmet(spot.at(key).place, "to know all optimal placements", found)
            continue
        for word, wanted in getattr(expect, key).items():
            for shard in _shards(outcome, word):
                yield from CHECKS[key](outcome, found, shard, wanted, spot.at(key, word))


def _shards(outcome: Outcome, word: str) -> list[str]:
    return hit(word, outcome.cluster.shards.ids)


def _must(outcome: Outcome, found: Optima, shard: str, wanted: Sequence[str], here: Spot) -> Iterator[Unmet]:
    missing = [node for node in wanted if (shard, node) not in found.every]
    if missing:
        actual = "there are optimal placements without that"
        yield Unmet(here.place, f"`{shard}` {nodes(missing)} in every optimal placement", actual)


def _may(outcome: Outcome, found: Optima, shard: str, wanted: Sequence[str], here: Spot) -> Iterator[Unmet]:
    for node in wanted:
        if (shard, node) not in found.some:
            others = [other for other in outcome.nodes_of(shard) if other != node]
            ask = partial(why_not_on, outcome, shard, sorted([node, *others[1:]]))
            expected = f"`{shard}` on `{node}` in some optimal placement"
            yield Unmet(here.place, expected, "there is no such placement", ask=ask)


def _never(outcome: Outcome, found: Optima, shard: str, wanted: Sequence[str], here: Spot) -> Iterator[Unmet]:
    there = [node for node in wanted if (shard, node) in found.some]
    if there:
        actual = "there are optimal placements with that"
        yield Unmet(here.place, f"`{shard}` {nodes(there)} in no optimal placement", actual)


CHECKS = {"must": _must, "may": _may, "never": _never}
