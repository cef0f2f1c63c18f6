"""From cluster file to certificate: seconds of every phase, memory, evenness and moves, by size.

    python benchmarks/scale.py
    python benchmarks/scale.py --sizes 10000x200x15

A size is SHARDSxNODESxSECONDS. The clusters are skewed, zones stay apart, and each resource shall be even
within `--tolerance` percent. `wrong` and max/mean are what an independent judge finds; `floor` is its own
count of the replicas that have to leave nodes above that limit.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import instance
import measure
from judge import judge, removal_bound

HERE = Path(__file__).parent
SIZES = ["1000x50x5", "3000x100x8", "10000x200x15", "30000x400x30", "100000x1000x60"]
PHASES = ("load", "compile", "search", "certify", "rest", "total")
HEAD = (
    f"{'shards':>7} {'nodes':>5} {'limit':>5} | {' '.join(f'{phase:>7}' for phase in PHASES)} | {'MiB':>5} | "
    f"{'wrong':>5} {'max/mean':>15} | {'moves':>6} {'floor':>6} {'ratio':>5} {'bound':>6} {'gap':>6}"
)

Json = dict[str, Any]


def main() -> int:
    given = options()
    rows = []
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for words in given.sizes:
            rows.append(row(given, words, Path(folder)))
            print(line(rows[-1]), flush=True)
    if len(rows) > 1:
        print(growth(rows[0], rows[-1]))
    if given.save:
        given.save.write_text(json.dumps(rows, indent=1))
    return 0 if all(each["wrong"] == 0 for each in rows) else 1


def row(given: argparse.Namespace, words: str, folder: Path) -> Json:
    """Solve the cluster of a size and judge the answer."""
    shards, nodes, limit = words.split("x")
    case = instance.write(folder, int(shards), int(nodes), given.seed)
    resources = case.document["resources"]
    options = {
        "cluster": str(case.cluster),
        "policies": str(instance.policies(folder, dict.fromkeys(resources, given.tolerance))),
        "time_limit": float(limit),
        "strategy": given.strategy,
    }
    run = measure.run(HERE / "run_shardwright.py", options, folder)
    verdict = judge(case.document, run.answer["placement"])
    level = next((each for each in run.answer["levels"] if each["goal"] == "fewest_moves"), {"bound": 0})
    return {
        "shards": int(shards),
        "nodes": int(nodes),
        "limit": float(limit),
        "phases": phases(run),
        "mebibytes": run.mebibytes,
        "wrong": verdict.violations,
        "balance": verdict.balance,
        "moves": verdict.moves,
        "bound": level["bound"],
        "floor": removal_bound(case.document, dict.fromkeys(resources, 1 + given.tolerance / 100)),
        "status": run.answer["status"],
    }


def phases(run: measure.Run) -> dict[str, float]:
    """Seconds by phase. `search` as told holds the certificate of what it found; here each stands alone."""
    told = run.answer["timings"]
    named = {
        "load": told["parse"],
        "compile": told["compile"],
        "search": max(0.0, told["search"] - told["certify"]),
        "certify": told["certify"],
    }
    return {**named, "rest": run.seconds - sum(named.values()), "total": run.seconds}


def line(row: Json) -> str:
    spent = " ".join(f"{row['phases'][phase]:>7.2f}" for phase in PHASES)
    balance = " ".join(f"{most:.4f}" for most in row["balance"].values())
    is_answer = row["status"] in ("optimal", "feasible")
    ratio = row["moves"] / row["floor"] if is_answer and row["floor"] else math.nan
    gap = 1 - row["bound"] / row["moves"] if is_answer and row["moves"] else math.nan
    return (
        f"{row['shards']:>7} {row['nodes']:>5} {row['limit']:>5g} | {spent} | {row['mebibytes'] or '-':>5} | "
        f"{row['wrong']:>5} {balance:>15} | "
        f"{row['moves']:>6} {row['floor']:>6} {ratio:>5.2f} {row['bound']:>6} {gap:>6.1%}"
    )


def growth(first: Json, last: Json) -> str:
    """The power of the number of shards with which each phase grows."""
    times = math.log(last["shards"] / first["shards"])
    powers = [
        f"{phase} {math.log(last['phases'][phase] / first['phases'][phase]) / times:.2f}"
        for phase in PHASES
        if min(first["phases"][phase], last["phases"][phase]) > 0
    ]
    return f"growth with the shards (1 is linear): {', '.join(powers)}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--tolerance", type=float, default=2.0, help="percent above the mean")
    parser.add_argument("--strategy", choices=("auto", "exact", "search"), default="auto")
    parser.add_argument("--seed", type=int, default=1, help="of the clusters")
    parser.add_argument("--save", type=Path, help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
