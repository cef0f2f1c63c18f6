"""Fewest moves that repair a skewed cluster, beside what CP-SAT finds in longer time.

    python benchmarks/repair.py                               # ten seeds, 10 s each; CP-SAT as saved
    python benchmarks/repair.py --cp-sat 120                  # CP-SAT in the same run, 120 s each

A line for each seed: moves and their lower bound, the gap between them, what an independent judge finds
wrong, and the ratio to CP-SAT's moves. `--save` keeps the figures, `--saved` reads CP-SAT's from there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import environments
import instance
import measure
from judge import judge

HERE = Path(__file__).parent
SAVED = HERE / "results" / "repair-cp-sat.json"
HEAD = (
    f"{'seed':>5} {'moves':>6} {'bound':>6} {'gap':>6} {'status':>9} {'wrong':>6} {'seconds':>8} "
    f"{'CP-SAT':>7} {'bound':>6} {'ratio':>6}"
)

Json = dict[str, Any]


def main() -> int:
    given = options()
    rows = []
    print(f"{given.shards} shards x {instance.REPLICAS} on {given.nodes} nodes, {given.time_limit:g} s each")
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for seed in given.seeds:
            rows.append(row(given, seed, Path(folder)))
            print(line(rows[-1]), flush=True)
    print(summary(rows))
    if given.save:
        given.save.write_text(json.dumps(rows, indent=1))
    return 0 if all(each["wrong"] == 0 for each in rows) else 1


def row(given: argparse.Namespace, seed: int, folder: Path) -> Json:
    """Solve the cluster of a seed and judge the answer."""
    case = instance.write(folder, given.shards, given.nodes, seed, given.loads)
    options = {
        "cluster": str(case.cluster),
        "policies": str(instance.policies(folder)),
        "time_limit": given.time_limit,
        "strategy": given.strategy,
        "seed": given.solver_seed,
    }
    run = measure.run(HERE / "run_shardwright.py", options, folder)
    verdict = judge(case.document, run.answer["placement"])
    level = next((each for each in run.answer["levels"] if each["goal"] == "fewest_moves"), {"bound": 0})
    return {
        "seed": seed,
        "moves": verdict.moves,
        "bound": level["bound"],
        "status": run.answer["status"],
        "wrong": verdict.violations,
        "seconds": run.seconds,
        "peer": cp_sat(given, seed, case, folder),
    }


def cp_sat(given: argparse.Namespace, seed: int, case: instance.Case, folder: Path) -> Json:
    """CP-SAT's moves and bound: run now, or from a file; empty where there are none."""
    if given.cp_sat is None:
        return saved(given, seed)
    python = environments.python_of(environments.CP_SAT, given.python)
    options = {"cluster": str(case.cluster), "seconds": given.cp_sat, "workers": given.workers}
    run = measure.run(HERE / "peers" / "run_cp_sat.py", options, folder, python)
    verdict = judge(case.document, run.answer["placement"])
    found = verdict.moves if verdict.violations == 0 else None
    return {"moves": found, "bound": run.answer["bound"], "seconds": run.seconds}


def saved(given: argparse.Namespace, seed: int) -> Json:
    told = json.loads(given.saved.read_text())
    rows = told["rows"] if isinstance(told, dict) else told
    is_same = isinstance(told, list) or [told["shards"], told["nodes"]] == [given.shards, given.nodes]
    found = [each["peer"] for each in rows if each["seed"] == seed]
    return dict(found[0]) if found and is_same and given.loads == "lognormal" else {}


def line(row: Json) -> str:
    peer = row["peer"]
    own = f"{row['seed']:>5} {row['moves']:>6} {row['bound']:>6} {gap(row):>6.1%} {row['status']:>9}"
    judged = f"{row['wrong']:>6} {row['seconds']:>8.1f}"
    if not peer.get("moves"):
        return f"{own} {judged} {'-':>7} {'-':>6} {'-':>6}"
    bound = "-" if peer.get("bound") is None else peer["bound"]
    return f"{own} {judged} {peer['moves']:>7} {bound:>6} {row['moves'] / peer['moves']:>6.3f}"


def gap(row: Json) -> float:
    """How far the moves are above their bound, as a part of the moves."""
    return 1 - row["bound"] / row["moves"] if row["moves"] else 0.0


def summary(rows: list[Json]) -> str:
    ratios = [row["moves"] / row["peer"]["moves"] for row in rows if row["peer"].get("moves")]
    told = [f"largest gap {max(map(gap, rows)):.1%}", f"proven {sum(gap(row) == 0 for row in rows)}"]
    if ratios:
        told.append(f"ratio to CP-SAT at most {max(ratios):.3f}, mean {sum(ratios) / len(ratios):.3f}")
    return f"of {len(rows)}: {', '.join(told)}; with mistakes {sum(row['wrong'] > 0 for row in rows)}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--loads", choices=("unit", "lognormal"), default="lognormal")
    parser.add_argument("--seeds", type=int, nargs="+", default=range(1, 11))
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds for each seed")
    parser.add_argument("--strategy", choices=("auto", "exact", "search"), default="auto")
    parser.add_argument("--solver-seed", type=int, default=1)
    parser.add_argument("--cp-sat", type=float, metavar="SECONDS", help="run CP-SAT too, so long each")
    parser.add_argument("--workers", type=int, default=0, help="of CP-SAT (0: one for each core)")
    parser.add_argument("--saved", type=Path, default=SAVED, help="CP-SAT's figures from an earlier run")
    parser.add_argument("--save", type=Path, help="write all figures there")
    parser.add_argument("--python", help="the interpreter to make CP-SAT's environment with")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
