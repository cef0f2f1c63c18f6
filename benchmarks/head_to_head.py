"""Shardwright, Rebalancer and CP-SAT on the same clusters, in one run.

    python benchmarks/head_to_head.py
    python benchmarks/head_to_head.py --instances 1000x50x20 --python /usr/bin/python3.12
    python benchmarks/head_to_head.py --saved FILE      # Rebalancer as an earlier run with --save found it

An instance is SHARDSxNODESxSECONDS. Rebalancer evens out the load within so many seconds, in each of its
settings. The best of them says how even is wanted; Shardwright gets parts of that time to be as even,
with few moves, and so does CP-SAT with all of it. Everything is judged by the same few lines.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import environments
import instance
import measure
from judge import TINY, Verdict, judge, start

HERE = Path(__file__).parent
SETTINGS = ("basic", "fast", "fast-largest-first", "sampled", "sampled-largest-first")
REBALANCER = "Rebalancer"
# Settings whose fullest node differs by less are called equally even; fewer moves decide among them.
EQUALLY_EVEN = 1e-3

Json = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """What one solver found on an instance, and what it took."""

    name: str
    verdict: Verdict
    run: measure.Run

    def document(self) -> Json:
        extra = {key: value for key, value in self.run.answer.items() if key != "placement"}
        run = {**asdict(self.run), "answer": extra}
        return {"name": self.name, "verdict": asdict(self.verdict), "run": run}

    @classmethod
    def of(cls, document: Json) -> Entry:
        """An entry of an earlier run."""
        return cls(document["name"], Verdict(**document["verdict"]), measure.Run(**document["run"]))


def main() -> int:
    given = options()
    documents = []
    with tempfile.TemporaryDirectory() as folder:
        for words in given.instances:
            documents.append(compare(given, words, Path(folder)))
            if given.save:
                given.save.write_text(json.dumps(documents, indent=1))
    return 0


def compare(given: argparse.Namespace, words: str, folder: Path) -> Json:
    """Run everyone on an instance and print as they end."""
    shards, nodes, seconds = words.split("x")
    case = instance.write(folder, int(shards), int(nodes), given.seed)
    print(
        f"\n{int(shards):,} shards x {instance.REPLICAS} on {nodes} nodes in {instance.ZONES} zones, "
        f"seed {given.seed}: {case.overloaded:.0%} of the nodes overloaded"
    )
    print(head(case))
    print(row("today", judge(case.document, start(case.document)), None), flush=True)
    peers = saved(given, words) or [
        rebalancer(given, case, setting, int(seconds), folder) for setting in given.settings
    ]
    best = best_of(peers)
    own = [shardwright(given, case, best.verdict, float(seconds) * part, folder) for part in given.parts]
    others = [*cp_sat(given, case, best.verdict, float(seconds), folder)]
    print(f"best of Rebalancer: {best.name}")
    for words_of_ratio in ratios(best, own):
        print(words_of_ratio, flush=True)
    entries = [entry.document() for entry in (*peers, *own, *others)]
    return {"instance": words, "seed": given.seed, "best": best.name, "entries": entries}


def saved(given: argparse.Namespace, words: str) -> list[Entry]:
    """Rebalancer's entries of an earlier run on the same instance."""
    if given.saved is None:
        return []
    found = [
        Entry.of(entry)
        for told in json.loads(given.saved.read_text())
        if (told["instance"], told["seed"]) == (words, given.seed)
        for entry in told["entries"]
        if entry["name"].startswith(REBALANCER)
    ]
    for entry in found:
        print(row(f"{entry.name}, saved", entry.verdict, entry.run))
    return found


def rebalancer(
    given: argparse.Namespace, case: instance.Case, setting: str, seconds: int, folder: Path
) -> Entry:
    python = environments.python_of(environments.REBALANCER, given.python)
    options = {"cluster": str(case.cluster), "setting": setting, "seconds": seconds}
    run = measure.run(HERE / "peers" / "run_rebalancer.py", options, folder, python)
    return told(f"{REBALANCER} {setting}", case, run)


def best_of(entries: list[Entry]) -> Entry:
    """The most even; among the equally even the one with the fewest moves."""
    right = [entry for entry in entries if entry.verdict.violations == 0] or entries
    least = min(entry.verdict.uneven for entry in right)
    even = [entry for entry in right if entry.verdict.uneven <= least + EQUALLY_EVEN]
    return min(even, key=lambda entry: (entry.verdict.moves, entry.name))


def shardwright(
    given: argparse.Namespace, case: instance.Case, wanted: Verdict, seconds: float, folder: Path
) -> Entry:
    # A little less than what is to be reached, as policies have it: percent above the mean.
    even = {name: max(0.0, round((most - 1) * 100 - 5e-5, 4)) for name, most in wanted.balance.items()}
    options = {
        "cluster": str(case.cluster),
        "policies": str(instance.policies(folder, even)),
        "time_limit": seconds,
        "seed": given.solver_seed,
    }
    run = measure.run(HERE / "run_shardwright.py", options, folder)
    return told(f"Shardwright, {seconds:g} s", case, run)


def cp_sat(
    given: argparse.Namespace, case: instance.Case, wanted: Verdict, seconds: float, folder: Path
) -> list[Entry]:
    """CP-SAT where the model is not hopelessly large."""
    variables = len(case.document["shards"]) * len(case.document["nodes"])
    if variables > given.cp_sat_variables:
        print(f"CP-SAT: not run, {variables:,} variables (--cp-sat-variables {given.cp_sat_variables:,})")
        return []
    python = environments.python_of(environments.CP_SAT, given.python)
    options = {"cluster": str(case.cluster), "seconds": seconds, "limits": wanted.balance}
    run = measure.run(HERE / "peers" / "run_cp_sat.py", options, folder, python)
    if not run.answer["placement"]:
        print(f"CP-SAT: no placement in {run.seconds:.0f} s; at least {run.answer['bound']} moves")
        return []
    return [told("CP-SAT", case, run)]


def told(name: str, case: instance.Case, run: measure.Run) -> Entry:
    entry = Entry(name, judge(case.document, run.answer["placement"]), run)
    print(row(name, entry.verdict, run), flush=True)
    return entry


def head(case: instance.Case) -> str:
    balance = " ".join(f"{resource:>8}" for resource in case.document["resources"])
    return f"{'':34} {'seconds':>8} {'cpu s':>7} {'MiB':>6} {'wrong':>6} {'moves':>6} max/mean: {balance}"


def row(name: str, verdict: Verdict, run: measure.Run | None) -> str:
    took = f"{'':8} {'':7} {'':6}"
    if run is not None:
        took = f"{run.seconds:>8.1f} {run.cpu_seconds:>7.1f} {run.mebibytes or '-':>6}"
    balance = " ".join(f"{most:>8.4f}" for most in verdict.balance.values())
    return f"{name:34} {took} {verdict.violations:>6} {verdict.moves:>6} {'':9} {balance}"


def ratios(best: Entry, own: list[Entry]) -> list[str]:
    """For each run of Shardwright how it stands to the best; last the first that is as even."""
    lines = [
        f"{entry.name}: {'as even' if is_as_even(entry, best) else 'NOT as even'}, "
        f"{entry.verdict.moves / max(1, best.verdict.moves):.2f} of its moves "
        f"in {entry.run.seconds / best.run.seconds:.3f} of its time"
        for entry in own
    ]
    even = [entry for entry in own if is_as_even(entry, best)]
    fewer = [entry for entry in even if entry.verdict.moves <= best.verdict.moves]
    time_of = [(name, some[0]) for name, some in (("as even", even), ("with no more moves", fewer)) if some]
    return [
        *lines,
        *(
            f"{entry.name}: none that is as even has fewer than {fewest(entry)} moves "
            f"({fewest(entry) / max(1, best.verdict.moves):.2f} of its)"
            for entry in even
        ),
        *(
            f"{name} after {entry.run.seconds:.1f} s against {best.run.seconds:.1f} s"
            for name, entry in time_of
        ),
    ]


def fewest(entry: Entry) -> int:
    """The moves that Shardwright has proven to be needed for the evenness that it has reached."""
    levels = entry.run.answer["levels"]
    return int(next(level["bound"] for level in levels if level["goal"] == "fewest_moves"))


def is_as_even(entry: Entry, best: Entry) -> bool:
    """No violation, and no resource less even."""
    return entry.verdict.violations == 0 and all(
        entry.verdict.balance[name] <= most + TINY for name, most in best.verdict.balance.items()
    )


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", nargs="+", default=["1000x50x20", "10000x200x60", "33000x1000x120"])
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=SETTINGS)
    parser.add_argument("--parts", nargs="+", type=float, default=[0.05, 0.1], help="of the time")
    parser.add_argument("--cp-sat-variables", type=int, default=1_000_000, help="run CP-SAT up to so many")
    parser.add_argument("--seed", type=int, default=1, help="of the clusters")
    parser.add_argument("--solver-seed", type=int, default=1)
    parser.add_argument("--python", help="the interpreter to make the peers' environments with")
    parser.add_argument("--saved", type=Path, help="Rebalancer's figures from an earlier run with --save")
    parser.add_argument("--save", type=Path, help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
