"""How long certifying takes and how much memory, from cluster file to certificate.

    python benchmarks/certify.py [--shards 10000 30000 100000] [--replicas 3] [--seed 1]

One line for each size (a hundred shards for each node, zone spread required, two resources): the seconds
from start to certificate, those of the certificate alone, and the largest memory of any process of the run.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SHARDS_PER_NODE = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{'shards':>8} {'nodes':>6} {'total s':>8} {'logic s':>8} {'atoms':>9} {'MiB of a process':>17}")
    with tempfile.TemporaryDirectory() as folder:
        for shards in arguments.shards:
            print(line(shards, arguments.replicas, arguments.seed, Path(folder)), flush=True)


def line(shards: int, replicas: int, seed: int, folder: Path) -> str:
    """Generate a cluster of a size and certify its own placement."""
    nodes = max(10, shards // SHARDS_PER_NODE)
    cluster, policies, placement = (
        folder / "cluster.json",
        folder / "policies.json",
        folder / "placement.json",
    )
    command = f"--shards {shards} --replicas {replicas} --nodes {nodes} --zones 5 --seed {seed}".split()
    files = ["--output", str(cluster), "--policies", str(policies)]
    subprocess.run(
        [sys.executable, HERE / "generate.py", *command, *files], check=True, stderr=subprocess.DEVNULL
    )
    shard_rows = json.loads(cluster.read_text())["shards"]
    placement.write_text(
        json.dumps({"placement": {row["id"]: row.get("placement", []) for row in shard_rows}})
    )
    started = time.monotonic()
    run = [sys.executable, __file__, "--one", str(policies), str(cluster), str(placement)]
    told = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    seconds = time.monotonic() - started
    logic = f"{told['seconds']:>8.1f} {told['atoms']:>9} {told['mebibytes']:>17}"
    return f"{shards:>8} {nodes:>6} {seconds:>8.1f} {logic}"


def one(policies: str, cluster: str, placement: str) -> None:
    """Certify in this process and say what it took."""
    import shardwright

    certificate = shardwright.compile(policies).certify(cluster, placement).certificate
    told = {"seconds": certificate.seconds, "atoms": certificate.ground_rules, "mebibytes": _peak()}
    print(json.dumps(told))


def _peak() -> int:
    """The largest memory of this process and of the workers that it has ended (ru_maxrss, in MiB)."""
    import resource

    from shardwright.solver.processes import stop_idle

    stop_idle()
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(each).ru_maxrss for each in who) // unit


if __name__ == "__main__":
    if re.fullmatch("--one", ([*sys.argv, ""])[1]):
        one(*sys.argv[2:5])
    else:
        main()
