"""Shardwright on a snapshot, in a process of its own, as its peers run.

    python benchmarks/run_shardwright.py '{"cluster": ..., "policies": ..., "answer": ..., "time_limit": 10}'

Writes {"placement": {shard: [nodes]}, "status", "strategy", "levels", "timings", "progress"}; progress is
[seconds since the start, cost by level, bound by level] for each report.
"""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

STARTED = time.monotonic()
REPORT = re.compile(r"best cost by level ([\d /]+), bound ([\d /]+)")


def main() -> None:
    import shardwright
    from shardwright.solver.processes import stop_idle

    given = json.loads(sys.argv[1])
    cluster, policies, answer = given.pop("cluster"), given.pop("policies"), Path(given.pop("answer"))
    progress: list[tuple[float, list[int], list[int]]] = []

    def note(report: str) -> None:
        if told := REPORT.search(report):
            progress.append((time.monotonic() - STARTED, numbers(told[1]), numbers(told[2])))

    result = shardwright.compile(policies).solve(cluster, on_progress=note, **given)
    answer.write_text(json.dumps(document(result, progress)))
    stop_idle()  # so that their processor time is counted


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split("/")]


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
