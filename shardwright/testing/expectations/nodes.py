"""What nodes hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shardwright.testing.expectations.words import between, count, within
from shardwright.testing.models import Expect
from shardwright.testing.names import hit
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet

SHOWN = 8


def nodes(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`nodes`: how many replicas a node holds, and how much load."""
    if outcome.placement is None:
        return
    for word, wanted in expect.nodes.items():
        here = spot.at("nodes", word)
        for node in hit(word, outcome.cluster.nodes.ids):
            held = outcome.held[node]
            if wanted.replicas is not None and not within(wanted.replicas, len(held)):
                expected = f"{count(wanted.replicas, 'replica')} on `{node}`"
                yield Unmet(here.at("replicas").place, expected, f"it holds {len(held)}", _some(held))
            for resource, bounds in wanted.load.items():
                load = _load(outcome, held, resource)
                if not within(bounds, load):
                    expected = f"{between(bounds)} {resource} on `{node}`"
                    yield Unmet(here.at("load", resource).place, expected, f"it is {load:f}", _some(held))


def _load(outcome: Outcome, held: list[str], resource: str) -> Decimal:
    """The sum of the numbers as they are written, without the noise of floats."""
    shards = outcome.cluster.shards
    column = outcome.cluster.resources.index(resource)
    loads = (float(shards.load[shards.ids.index(shard), column]) for shard in held)
    return sum((Decimal(repr(load)) for load in loads), Decimal(0)).normalize() + 0


def _some(held: list[str]) -> tuple[str, ...]:
    shown = ", ".join(f"`{shard}`" for shard in held[:SHOWN])
    return (f"it holds {shown}{', ...' if len(held) > SHOWN else ''}",) if held else ()
