"""What of the taxes of many policies is proven in time.

    python benchmarks/tax.py [--shards 1000] [--nodes 50] [--policies 100] [--seconds 60] [--seed 1]

A skewed cluster (generate.py) whose shards belong to tenants and whose nodes have disks. The policies are
those of tenants: zones and disks that they must or would rather have, and replicas that are kept apart, some
required, most of them yielding. Prints how many taxes have which verdict, and how many are proven.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import generate

from shardwright.api import compile
from shardwright.cluster.load import cluster_from

Json = dict[str, Any]
REPLICAS, ZONES, TENANTS = 3, 5, 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--policies", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--loads", choices=("unit", "lognormal"), default="lognormal")
    given = parser.parse_args()
    cluster, random = cluster_of(given), Random(given.seed)
    policies = [*generate.policies(), *(policy(random, at) for at in range(1, given.policies))]
    program = compile(policies)
    started = time.monotonic()
    found = program.tax(cluster_from(cluster), time_limit=given.seconds)
    took = time.monotonic() - started
    told = Counter(
        (tax.verdict, "proven" if tax.proven else "verdict proven" if tax.sure else "not proven")
        for tax in found.taxes
    )
    print(f"the answer with all of them: {found.best.status}, {found.best.moves} moves; {took:.1f} s in all")
    for (verdict, proven), many in sorted(told.items()):
        print(f"{verdict:<8} {proven:<15} {many:>4}")
    print(f"verdicts proven: {sum(tax.sure for tax in found.taxes)} of {len(found.taxes)}")


def cluster_of(given: argparse.Namespace) -> Json:
    """The snapshot of a seed, with labels."""
    made = generate.generate(given.shards, REPLICAS, given.nodes, ZONES, given.loads, given.seed)
    cluster = generate.snapshot(made, "taxed")
    for at, node in enumerate(cluster["nodes"]):
        node["labels"]["disk"] = ("ssd", "ssd", "hdd")[at // ZONES % 3]
    for at, shard in enumerate(cluster["shards"]):
        shard["labels"] = {"tenant": f"t{at % TENANTS}"}
    return cluster


def policy(random: Random, number: int) -> Json:
    """One tenant's."""
    return {
        "version": "1.0",
        "name": f"policy-{number:03}",
        "type": "placement",
        "priority": random.randint(1, 9),
        "enforcement": random.choice(("required", "yielding", "yielding", "yielding")),
        "scope": {"shards": {"tenant": f"t{random.randrange(TENANTS)}"}},
        "actions": {"placement": random.choice(ACTIONS)(random)},
    }


ACTIONS: tuple[Callable[[Random], Json], ...] = (
    lambda random: {"constraints": {"disk": random.choice(("ssd", ["ssd", "hdd"]))}},
    lambda random: {"constraints": {"zone": {"not_in": [f"zone-{random.randrange(ZONES)}"]}}},
    lambda random: {"constraints": {"spread": {"by": "zone", "max": random.choice((1, 2))}}},
    lambda random: {"preferences": [{"labels": {"disk": "ssd"}, "weight": random.randint(1, 9)}]},
)


if __name__ == "__main__":
    main()
