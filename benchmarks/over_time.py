"""How few moves repair a cluster after how long, for exact, search and peers; as a table and a picture.

    python benchmarks/over_time.py --picture docs/over-time.svg

CP-SAT and Shardwright tell of each better placement. Rebalancer does not, so it is started anew for each
of its times. A placement counts when it breaks nothing: no node overloaded, zones apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import Any

import environments
import instance
import measure
from chart import Series, chart
from judge import judge

HERE = Path(__file__).parent
PEERS = ("cp-sat", "rebalancer")
REBALANCER_TIMES = (1, 2, 5, 10, 20, 60, 120)

Json = dict[str, Any]


def main() -> int:
    given = options()
    with tempfile.TemporaryDirectory() as folder:
        case = instance.write(Path(folder), given.shards, given.nodes, given.seed)
        found = list(runs(given, case, Path(folder)))
    bound = max((bound for _, bound in found), default=0)
    for series, _ in found:
        print(line(series), flush=True)
    print(f"proven: no fewer than {bound}")
    title = f"Fewest moves to repair {given.shards:,} shards x {instance.REPLICAS} on {given.nodes} nodes"
    if given.picture:
        given.picture.write_text(chart(title, "replicas moved", [series for series, _ in found], bound))
    if given.save:
        given.save.write_text(json.dumps([[each.name, each.points, each.until] for each, _ in found]))
    return 0


def runs(given: argparse.Namespace, case: instance.Case, folder: Path) -> Any:
    """Everyone's line and the bound that they have proven."""
    for strategy in ("search", "exact"):
        yield shardwright(given, case, strategy, folder)
    if "cp-sat" in given.peers:
        yield cp_sat(given, case, folder)
    if "rebalancer" in given.peers:
        yield rebalancer(given, case, folder)


def shardwright(
    given: argparse.Namespace, case: instance.Case, strategy: str, folder: Path
) -> tuple[Series, int]:
    """The reports of a solve, then its certified end."""
    options = {
        "cluster": str(case.cluster),
        "policies": str(instance.policies(folder)),
        "time_limit": given.seconds,
        "strategy": strategy,
    }
    run = measure.run(HERE / "run_shardwright.py", options, folder)
    names = [level["goal"] for level in run.answer["levels"]]
    moves = names.index("fewest_moves") if names else 0
    reports = [
        (seconds, cost[moves])
        for seconds, cost, _ in run.answer["progress"]
        if names and not any(cost[:moves])
    ]
    bound = run.answer["levels"][moves]["bound"] if names else 0
    return Series(strategy, falling([*reports, *ended(case, run)]), run.seconds), bound


def cp_sat(given: argparse.Namespace, case: instance.Case, folder: Path) -> tuple[Series, int]:
    python = environments.python_of(environments.CP_SAT, given.python)
    options = {"cluster": str(case.cluster), "seconds": given.seconds}
    run = measure.run(HERE / "peers" / "run_cp_sat.py", options, folder, python)
    reports = [(seconds, moves) for seconds, moves, _ in run.answer["progress"]]
    return Series("CP-SAT", falling([*reports, *ended(case, run)]), run.seconds), run.answer["bound"]


def rebalancer(given: argparse.Namespace, case: instance.Case, folder: Path) -> tuple[Series, int]:
    """The same setting with more and more time; it proves nothing."""
    python = environments.python_of(environments.REBALANCER, given.python)
    points, longest = [], 0.0
    for seconds in [each for each in REBALANCER_TIMES if each <= given.seconds]:
        options = {"cluster": str(case.cluster), "setting": "basic", "seconds": seconds, "even": False}
        run = measure.run(HERE / "peers" / "run_rebalancer.py", options, folder, python)
        points += ended(case, run)
        longest = run.seconds
    return Series("Rebalancer", falling(points), longest), 0


def ended(case: instance.Case, run: measure.Run) -> list[tuple[float, int]]:
    """What the answer is worth, when it was there; nothing if something is wrong with it."""
    verdict = judge(case.document, run.answer["placement"])
    return [] if verdict.violations else [(run.seconds, verdict.moves)]


def falling(reports: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The reports that are better than all before."""
    best = list(accumulate((moves for _, moves in reports), min))
    return [
        report
        for at, report in enumerate(reports)
        if report[1] == best[at] and (at == 0 or report[1] < best[at - 1])
    ]


def line(series: Series) -> str:
    if not series.points:
        return f"{series.name:12} nothing that breaks no rule in {series.until:.1f} s"
    told = ", ".join(f"{moves:g} after {seconds:.1f} s" for seconds, moves in series.points[-4:])
    return f"{series.name:12} first {series.points[0][1]:g} after {series.points[0][0]:.1f} s; last {told}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1, help="of the cluster")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--python", help="the interpreter to make the peers' environments with")
    parser.add_argument("--picture", type=Path, help="draw it there, as SVG")
    parser.add_argument("--save", type=Path, help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
