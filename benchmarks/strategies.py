"""What exact and search reach in the same time, few shards to a thousand: the rules of `auto` rest on it.

    python benchmarks/strategies.py                           # 10 s each, about 4 minutes

Two goals on the clusters of generate.py: fewest moves to repair, and even load before few moves. A line for
each size, kind of loads and goal: the costs of the last two levels, the status, and seconds.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from generate import generate, snapshot

import shardwright

SIZES = ((20, 5), (60, 8), (100, 10), (200, 20), (400, 30), (1000, 50))
SPREAD = {
    "name": "spread-zones",
    "type": "placement",
    "enforcement": "required",
    "actions": {"placement": {"constraints": {"spread": {"by": "zone", "max": 1}}}},
}
EVEN = {"name": "even", "type": "load_balancing", "actions": {"load_balancing": {"tolerance": 5}}}
GOALS = {"repair": [SPREAD], "even": [SPREAD, EVEN]}


def main() -> None:
    given = options()
    print(f"{'shards x nodes':>15} {'loads':>10} {'goal':>7} {'exact':>28} {'search':>28} {'better':>7}")
    for shards, nodes in SIZES:
        for loads in ("unit", "lognormal"):
            for goal, policies in GOALS.items():
                cluster = snapshot(generate(shards, 3, nodes, 5, loads, given.seed), "generated")
                found = [
                    answer(policies, cluster, strategy, given.time_limit) for strategy in ("exact", "search")
                ]
                print(row(f"{shards} x {nodes}", loads, goal, found), flush=True)


def answer(
    policies: list[dict[str, Any]], cluster: dict[str, Any], strategy: str, seconds: float
) -> dict[str, Any]:
    """Costs and bounds by level, status, and wall seconds."""
    started = time.monotonic()
    result = shardwright.compile(policies).solve(cluster, strategy=strategy, time_limit=seconds)
    spent = time.monotonic() - started
    costs = [level.cost for level in result.levels]
    bounds = [level.bound for level in result.levels]
    return {"costs": costs, "bounds": bounds, "status": result.status, "seconds": spent}


def row(size: str, loads: str, goal: str, found: list[dict[str, Any]]) -> str:
    exact, search = (one["costs"] or [float("inf")] for one in found)
    better = "equal" if exact == search else "exact" if exact < search else "search"
    return f"{size:>15} {loads:>10} {goal:>7} {told(found[0]):>28} {told(found[1]):>28} {better:>7}"


def told(one: dict[str, Any]) -> str:
    """Costs of all levels that cost anything, and how sure it is."""
    if not one["costs"]:
        return f"{one['status']} {one['seconds']:.1f} s"
    costs = "/".join(str(cost) for cost in one["costs"][-2:])
    return f"{costs} {one['status']} {one['seconds']:.1f} s"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--time-limit", type=float, default=10, help="seconds of each")
    parser.add_argument("--seed", type=int, default=1, help="of the clusters")
    return parser.parse_args()


if __name__ == "__main__":
    main()
