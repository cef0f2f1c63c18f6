"""One node of many is lost: how long a certified repair takes on a warm process, and what it moves.

    python benchmarks/failure.py    # 100,000 shards x 3 on 1,000 nodes, 2 minutes

The cluster of generate.py is solved first, so that it starts in order. Then nodes fail, one at a time, each
from the same start. A line for each: replicas that were there, moves, seconds, and whether the certificate of
only what was touched equals that of everything (`--whole`, which takes as long as any certificate).
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from generate import generate, policies, snapshot

import shardwright
from shardwright.cluster.load import cluster_from


def main() -> int:
    given = options()
    document = snapshot(generate(given.shards, 3, given.nodes, 5, "lognormal", given.seed), "generated")
    program = shardwright.compile(policies())
    solved = program.solve(document, strategy="search", time_limit=given.time_limit)
    for shard in document["shards"]:
        shard["placement"] = (solved.placement or {})[shard["id"]]
    cluster = cluster_from(document)
    began = time.perf_counter()
    session = program.session(cluster)
    opened = time.perf_counter() - began
    print(f"{given.shards} shards x 3 on {given.nodes} nodes; session opened in {opened:.1f} s")
    print(f"{'lost':>10} {'replicas':>8} {'moves':>6} {'seconds':>8} {'certified':>9} {'as the whole':>12}")
    lost = np.random.default_rng(given.seed).choice(given.nodes, given.failures, replace=False)
    right = True
    for node in sorted(lost.tolist()):
        right &= fail(given, program, session, cluster, node)
    lost_for_good = {cluster.nodes.ids[max(lost.tolist())]: "down"}
    repair = session.change(lost_for_good)
    began = time.perf_counter()
    session.adopt(lost_for_good, repair)
    print(f"the last one carried out and judged in {time.perf_counter() - began:.2f} s")
    return 0 if right else 1


def fail(given: argparse.Namespace, program: Any, session: Any, cluster: Any, node: int) -> bool:
    """One failure, a line about it, and whether it is certified and moves nothing else."""
    name = cluster.nodes.ids[node]
    held = int((cluster.settled.node == node).sum())
    began = time.perf_counter()
    result = session.change({name: "down"})
    spent = time.perf_counter() - began
    alike = "-"
    if given.whole:
        alike = "yes" if same(program, session.after({name: "down"}), result) else "NO"
    certified = result.certificate is not None and result.certificate.certified
    print(
        f"{name:>10} {held:>8} {len(result.moves):>6} {spent:>8.2f} {certified!s:>9} {alike:>12}", flush=True
    )
    return bool(certified) and len(result.moves) == held and alike != "NO"


def same(program: Any, cluster: Any, result: Any) -> bool:
    """Whether a certificate from nothing says the same."""
    whole = program.certify(cluster, result.to_json())
    return bool(
        whole.certified == result.certificate.certified
        and whole.certificate.terms == result.certificate.terms
        and [level.cost for level in whole.levels] == [level.cost for level in result.levels]
    )


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shards", type=int, default=100_000)
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--failures", type=int, default=5, help="nodes that fail, one at a time")
    parser.add_argument("--time-limit", type=float, default=60, help="seconds to bring the cluster in order")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="compare with the certificate of everything")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
