"""How long policies take from text to ground requirements, and what clingo grounds for them.

    python benchmarks/compile.py [--policies 1000] [--shards 1000 10000 100000] [--nodes 1000]

Policies of all kinds over a few labels and metrics. Twice as many shards in the same classes must not
change what is grounded: the column `atoms` shows it.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import Any

REGIONS = ("us-west", "us-east", "eu-central", "ap-south")
TIERS = ("gold", "silver", "bronze")
KINDS = ("ssd", "hdd", "nvme")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policies", type=int, default=1000)
    parser.add_argument("--shards", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    policies = [
        policy(number, random.Random(f"{arguments.seed}/{number}")) for number in range(arguments.policies)
    ]
    print(f"{'shards':>8} {'parse s':>8} {'cluster s':>10} {'ground s':>9} {'classes':>14} {'atoms':>9}")
    for shards in arguments.shards:
        print(line(policies, cluster(shards, arguments.nodes, arguments.seed)), flush=True)


def line(policies: list[dict[str, Any]], snapshot: dict[str, Any]) -> str:
    """Compile for one cluster; seconds for each stage."""
    import shardwright
    from shardwright.cluster.load import cluster_from
    from shardwright.policies.lower import built_in_rules
    from shardwright.solver.requirements import require

    started = time.monotonic()
    program = shardwright.compile(policies)
    parsed = time.monotonic()
    loaded = cluster_from(snapshot)
    read = time.monotonic()
    case = program.on(loaded)
    requirements = require(built_in_rules(), case.statements, case.program, loaded)
    ground = time.monotonic()
    classes = f"{requirements.classes.shards.size} x {requirements.classes.nodes.size}"
    seconds = f"{parsed - started:>8.1f} {read - parsed:>10.1f} {ground - read:>9.1f}"
    return f"{len(snapshot['shards']):>8} {seconds} {classes:>14} {requirements.ground_atoms:>9}"


def policy(number: int, pick: random.Random) -> dict[str, Any]:
    """One of five shapes, each over a few values, so that policies overlap as they do in real sets."""
    shapes = (pin, hot, count, drain, even)
    head = {
        "version": "1.0",
        "name": f"policy-{number:04}",
        "description": "made for a measurement",
        "priority": 1 + number % 20,
    }
    tenant = f"tenant-{pick.randrange(40):02}"
    return {
        **head,
        "scope": {"shards": {"tier": pick.choice(TIERS), "tenant": tenant}},
        **shapes[number % 5](pick),
    }


def pin(pick: random.Random) -> dict[str, Any]:
    regions = pick.sample(REGIONS, 2)
    return {"type": "placement", "actions": {"placement": {"constraints": {"region": regions}}}}


def hot(pick: random.Random) -> dict[str, Any]:
    limit = pick.randrange(50, 96, 5)
    conditions = {
        "all": [{"metric": "node.cpu_usage", "operator": "lt", "value": limit}, {"expr": "shard.qps > 100"}]
    }
    return {
        "type": "placement",
        "conditions": conditions,
        "actions": {
            "placement": {"constraints": {"disk": pick.choice(KINDS), "spread": {"by": "zone", "max": 1}}}
        },
    }


def count(pick: random.Random) -> dict[str, Any]:
    return {"type": "replication", "actions": {"replication": {"min_replicas": pick.randrange(1, 4)}}}


def drain(pick: random.Random) -> dict[str, Any]:
    trigger = {"metric": "current.cpu_usage", "operator": "gt", "value": pick.randrange(85, 100, 5)}
    return {"type": "migration", "conditions": trigger, "actions": {"migration": {"leave": True}}}


def even(pick: random.Random) -> dict[str, Any]:
    return {
        "type": "load_balancing",
        "actions": {"load_balancing": {"max_utilization": pick.randrange(70, 96, 5)}},
    }


def cluster(shards: int, nodes: int, seed: int) -> dict[str, Any]:
    """A snapshot whose labels and metrics fall into a few hundred classes of shards."""
    pick = random.Random(seed)
    return {
        "nodes": [_node(number, pick) for number in range(nodes)],
        "shards": [_shard(number, pick) for number in range(shards)],
    }


def _node(number: int, pick: random.Random) -> dict[str, Any]:
    region = REGIONS[number % len(REGIONS)]
    labels = {"region": region, "zone": f"{region}-{number % 12}", "disk": pick.choice(KINDS)}
    usage = {"cpu_usage": round(pick.uniform(10, 100), 1)}
    return {"id": f"n{number:05}", "labels": labels, "capacity": {"cpu": 1000}, "metrics": usage}


def _shard(number: int, pick: random.Random) -> dict[str, Any]:
    labels = {"tier": pick.choice(TIERS), "tenant": f"tenant-{number % 40:02}"}
    return {
        "id": f"s{number:06}",
        "labels": labels,
        "metrics": {"qps": pick.randrange(400)},
        "load": {"cpu": 1},
    }


if __name__ == "__main__":
    main()
