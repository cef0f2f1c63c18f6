"""How long the reasons of a whole cluster take, on a warm process.

    python benchmarks/why_all.py [--shards 100000] [--nodes 1000] [--replicas 3] [--seed 1]

Prints the seconds (and processor seconds) for all shards, for one shard, and for what forbids one on a node.
The snapshot's own placement is questioned.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    import shardwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("shards", 100_000), ("nodes", 1_000), ("replicas", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cluster, policies = Path(folder) / "cluster.json", Path(folder) / "policies.json"
        options = [f"--{name}={value}" for name, value in vars(arguments).items()]
        files = ["--zones=5", f"--output={cluster}", f"--policies={policies}"]
        run = [sys.executable, str(HERE / "generate.py"), *options, *files]
        subprocess.run(run, check=True, stderr=subprocess.DEVNULL)
        explainer = shardwright.compile(policies).explain(cluster, solve=False)
    shards, nodes = explainer.problem.cluster.shards.ids, explainer.problem.cluster.nodes.ids
    explainer.why(shards[0])
    told("why --all", explainer.why_all)
    told("why SHARD", lambda: explainer.why(shards[-1]))
    told("why-not, local", lambda: explainer.forbidden(shards[-1], nodes[-1]))


def told(name: str, question: Callable[[], object]) -> None:
    started, busy = time.monotonic(), time.process_time()
    question()
    seconds, processor = time.monotonic() - started, time.process_time() - busy
    print(f"{name:<16} {seconds:>9.4f} s {processor:>9.4f} s of a processor", flush=True)


if __name__ == "__main__":
    main()
