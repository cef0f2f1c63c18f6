"""What a replica elsewhere would cost: seconds, and how many prices are proven.

    python benchmarks/price.py [--shards 1000] [--nodes 50] [--pairs 20] [--seconds 20] [--seeds 1 2 3]
                               [--loads unit lognormal]

For each seed a skewed cluster (generate.py), with even loads and with loads of all sizes, for fewest moves
and for balance before few moves. It is solved once; then `why-not` is asked of shards and nodes drawn at
random where the placement is allowed, on the process that has solved it. Prints how long these answers took,
how many prices are proven, and the widest range of those that are not.
"""

from __future__ import annotations

import argparse
import statistics
import time
from random import Random
from typing import Any

from generate import generate, policies, snapshot

from shardwright.api import compile
from shardwright.cluster.load import cluster_from
from shardwright.solver.why.explainer import Explainer
from shardwright.solver.why.price import Price

REPLICAS, ZONES = 3, 5
EVEN = {
    "name": "even",
    "type": "load_balancing",
    "priority": 2,
    "actions": {"load_balancing": {"tolerance": 5}},
}
GOALS: dict[str, list[dict[str, Any]]] = {"repair": policies(), "even": [*policies(), EVEN]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20, help="for the placement that is questioned")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--loads", nargs="+", choices=("unit", "lognormal"), default=["unit", "lognormal"])
    given = parser.parse_args()
    for seed in given.seeds:
        for loads in given.loads:
            made = generate(given.shards, REPLICAS, given.nodes, ZONES, loads, seed)
            cluster = cluster_from(snapshot(made, "priced"))
            for goal, asked in GOALS.items():
                explainer = compile(asked).explain(cluster, time_limit=given.seconds)
                print(f"seed {seed} {loads:<9} {goal:<6} {line(explainer, given.pairs, seed)}", flush=True)


def line(explainer: Explainer, pairs: int, seed: int) -> str:
    """What is told of one cluster."""
    assert explainer.result is not None
    took, prices = asked_of(explainer, pairs, Random(seed))
    proven = sum(price.proven for price in prices)
    there = sum(price.bound == price.there for price in prices)
    widest = max((width(price) for price in prices), default=0)
    return (
        f"answer {explainer.result.status:<8} price median {statistics.median(took):.2f} s, "
        f"worst {max(took):.2f} s; proven {proven} of {len(prices)} (the cost there {there}), "
        f"widest range {widest}"
    )


def asked_of(explainer: Explainer, pairs: int, random: Random) -> tuple[list[float], list[Price]]:
    """Seconds and prices of pairs where the placement is allowed."""
    cluster, held = explainer.problem.cluster, set(explainer.placement)
    took, prices = [], []
    while len(took) < pairs:
        row, at = random.randrange(len(cluster.shards.ids)), random.randrange(len(cluster.nodes.ids))
        shard, node = cluster.shards.ids[row], cluster.nodes.ids[at]
        if (row, at) in held or explainer.forbidden(shard, node) is not None:
            continue
        started = time.monotonic()
        found = explainer.why_not(shard, node)
        took.append(time.monotonic() - started)
        prices += [found.price] if found.price is not None else []
    return took, prices


def width(price: Price) -> int:
    """Of the first level that is not proven: what was found beyond what bounds exclude."""
    return next((cost - price.bound[at] for at, cost in price.there.items() if price.bound[at] < cost), 0)


if __name__ == "__main__":
    main()
