"""Reasons against brute force, on as many small random cases as you like.

    python benchmarks/truth.py [--of answers conflicts repairs prices reach changes conditions taxes]
                               [--seed 0] [--cases 100] [--odd]

`answers`: the best placement, and the certificates of others. `conflicts`: all minimal conflicts and no
others. `repairs`: what is left when a way out is applied. `prices`: what `why-not` says a replica would
cost. `reach`: must, may and never, among the admissible and among the optimal placements. `changes`:
verdicts of `diff` and their witnesses, on random clusters. `conditions`: those that `diff` takes for equal,
or for implied. `taxes`: what each policy costs the others. The reference in tests/reference looks at every
placement. `--odd` makes odd cases, of those kinds that look at cases: second action objects, closed and
empty clusters, nodes without room, shards without load, conditions of any shape. Every difference is printed
with its seed; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMPARISONS = ("answers", "conflicts", "repairs", "prices", "reach", "changes", "conditions", "taxes")
OF_CASES = (
    "answers",
    "conflicts",
    "repairs",
    "prices",
    "reach",
    "taxes",
)  # the others make policies of their own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--of", nargs="+", choices=COMPARISONS, default=COMPARISONS)
    parser.add_argument("--seed", type=int, default=0, help="of the first case")
    parser.add_argument("--cases", type=int, default=100, help="of each comparison")
    parser.add_argument("--odd", action="store_true", help="on odd cases")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the reference is among the tests
    seeds = range(options.seed, options.seed + options.cases)
    names = [name for name in options.of if name in OF_CASES or not options.odd]
    wrong = [compared(name, seeds, odd=options.odd) for name in names]
    raise SystemExit(1 if any(wrong) else 0)


def compared(name: str, seeds: range, *, odd: bool = False) -> int:
    """One line of counts; how many cases differ."""
    look: Callable[..., Any] = importlib.import_module(f"tests.truth.{name}").look
    made = {"made": importlib.import_module("tests.strategies").odd_case} if odd else {}
    started = time.monotonic()
    looked: Counter[str] = Counter()
    skipped = wrong = 0
    for seed in seeds:
        try:
            found = look(seed, **made)
        except Exception as error:
            print(f"{name} {seed}: {type(error).__name__}: {error}", flush=True)
            wrong += 1
            continue
        looked.update(found.looked)
        skipped += found.skipped
        wrong += bool(found.wrong)
        for fault in found.wrong:
            print(f"{name} {seed}: {fault}", flush=True)
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(looked.items()))
    cases = f"{len(seeds) - skipped:,} cases from {seeds.start}" + (f" ({skipped} too large)" * bool(skipped))
    print(f"{name:<10} {cases}: {told}; {wrong} differ; {time.monotonic() - started:.0f} s", flush=True)
    return wrong


if __name__ == "__main__":
    main()
