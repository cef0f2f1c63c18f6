"""Shardwright on a snapshot, in a process of its own, as its peers run.

    python benchmarks/run_shardwright.py '{"cluster": ..., "policies": ..., "answer": ..., "time_limit": 10}'

Writes {"placement": {shard: [nodes]}, "status", "strategy", "levels", "timings", "progress"}; progress is
[seconds since the start, cost by level, bound by level] for each placement that breaks no required rule.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shardwright.solver.progress import Progress

STARTED = time.monotonic()


def main() -> None:
    import shardwright
    from shardwright.solver.processes import stop_idle

    given = json.loads(sys.argv[1])
    cluster, policies, answer = given.pop("cluster"), given.pop("policies"), Path(given.pop("answer"))
    progress: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = []

    def note(report: Progress) -> None:
        if report.cost is not None and not report.faults:
            progress.append((time.monotonic() - STARTED, report.cost, report.bound))

    result = shardwright.compile(policies).solve(cluster, on_progress=note, **given)
    answer.write_text(json.dumps(document(result, progress)))
    stop_idle()  # so that their processor time is counted


def document(result: Any, progress: list[Any]) -> dict[str, Any]:
    where = {shard: [replica["node"] for replica in some] for shard, some in (result.placement or {}).items()}
    return {
        "placement": where,
        "status": result.status,
        "strategy": result.strategy,
        "levels": [asdict(level) for level in result.levels],
        "timings": {**result.timings, "inside": round(time.monotonic() - STARTED, 3)},
        "progress": progress,
    }


if __name__ == "__main__":
    main()
