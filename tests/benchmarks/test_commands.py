"""The benchmark commands run, small, without any peer installed."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import shardwright

FOLDER = Path(__file__).parents[2] / "benchmarks"


def told(script: str, *words: str) -> str:
    command = [sys.executable, str(FOLDER / script), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def test_repair_prints_moves_bound_and_ratio(tmp_path: Path) -> None:
    saved = {"shards": 40, "nodes": 10, "rows": [{"seed": 2, "peer": {"moves": 100}}]}
    (tmp_path / "saved.json").write_text(json.dumps(saved))
    words = "--shards 40 --nodes 10 --seeds 1 2 --time-limit 3 --strategy exact"
    files = ["--saved", str(tmp_path / "saved.json"), "--save", str(tmp_path / "figures.json")]
    out = told("repair.py", *words.split(), *files)
    first, second = json.loads((tmp_path / "figures.json").read_text())
    assert first["wrong"] == second["wrong"] == 0
    assert 0 < second["bound"] <= second["moves"]
    assert first["peer"] == {}
    assert f"{second['moves'] / 100:.3f}" in out
    assert out.splitlines()[-1].startswith("of 2: largest gap ")


def test_scale_tells_the_time_of_every_phase_and_what_the_judge_finds(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    size = ["--sizes", "40x10x4", "--strategy", "exact", "--tolerance", "40"]
    out = told("scale.py", *size, "--save", str(figures))
    (row,) = json.loads(figures.read_text())
    assert row["wrong"] == 0
    assert max(row["floor"], row["bound"]) <= row["moves"]
    assert max(row["balance"].values()) <= 1.4 + 1e-6
    *parts, total = row["phases"].values()
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(total)
    assert len(out.splitlines()) == 2


def test_a_run_is_measured_with_its_children(tmp_path: Path) -> None:
    """A process that fills 64 MiB in a child of its own is seen to do so."""
    measure = importlib.import_module("measure")
    child = "import time; held = bytearray(64 << 20); time.sleep(0.6); sum(range(5_000_000))"
    script = tmp_path / "script.py"
    script.write_text(
        "import json, pathlib, subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {child!r}], check=True)\n"
        "given = json.loads(sys.argv[1])\n"
        "pathlib.Path(given['answer']).write_text(json.dumps({'seen': given['word']}))\n"
    )
    run = measure.run(script, {"word": "hello"}, tmp_path)
    assert run.answer == {"seen": "hello"}
    assert run.seconds >= 0.6
    assert 0.05 < run.cpu_seconds < 10
    assert run.mebibytes is None or 64 <= run.mebibytes < 300


def test_a_run_that_fails_says_what_it_said(tmp_path: Path) -> None:
    measure = importlib.import_module("measure")
    script = tmp_path / "script.py"
    script.write_text("import sys; sys.exit('no such thing')\n")
    with pytest.raises(measure.Failed, match=r"script\.py ended with 1: no such thing"):
        measure.run(script, {}, tmp_path)


def test_an_interpreter_that_is_too_old_or_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    environments = importlib.import_module("environments")
    this = sys.version_info[:2]
    assert environments.version(sys.executable) == this
    assert environments.version("/nowhere/python3") == (0, 0)
    newer = environments.Peer("newer", "newer==1", (this[0], this[1] + 1))
    with pytest.raises(environments.NoPython, match=rf"newer==1 needs Python 3\.{this[1] + 1} or newer"):
        environments.interpreter(newer, sys.executable)
    assert environments.interpreter(environments.Peer("same", "same==1", this), None) == sys.executable


def test_the_best_peer_is_even_first_and_then_moves_little() -> None:
    head_to_head, judge = importlib.import_module("head_to_head"), importlib.import_module("judge")

    def entry(name: str, most: float, moves: int, misplaced: int = 0) -> Any:
        return head_to_head.Entry(name, judge.Verdict(misplaced, 0, {"cpu": most}, moves), None)

    many, few, uneven = entry("many", 1.0005, 90), entry("few", 1.001, 60), entry("uneven", 1.2, 10)
    wrong = entry("wrong", 1.0001, 5, misplaced=1)
    assert head_to_head.best_of([many, few, uneven, wrong]) is few
    assert not head_to_head.is_as_even(few, many)
    assert head_to_head.is_as_even(many, few)
    assert not head_to_head.is_as_even(wrong, few)


def test_saved_entries_read_back_the_same_for_their_instance_only(tmp_path: Path) -> None:
    head_to_head, judge = importlib.import_module("head_to_head"), importlib.import_module("judge")
    measure = importlib.import_module("measure")
    run = measure.Run(61.5, 100.0, 300, {"placement": {"s": ["a"]}, "timings": {"solve": 60.0}})
    entry = head_to_head.Entry("Rebalancer fast", judge.Verdict(0, 0, {"cpu": 1.1}, 9), run)
    told = {"instance": "9x6x2", "seed": 1, "entries": [entry.document()]}
    (tmp_path / "saved.json").write_text(json.dumps([told]))
    given = argparse.Namespace(saved=tmp_path / "saved.json", seed=1)
    (back,) = head_to_head.saved(given, "9x6x2")
    assert (back.name, back.verdict, back.run.seconds) == (entry.name, entry.verdict, 61.5)
    assert "placement" not in back.run.answer
    assert head_to_head.saved(given, "9x7x2") == []
    given.seed = 2
    assert head_to_head.saved(given, "9x6x2") == []


def test_patterns_times_conflicts_of_all_policies_and_of_one() -> None:
    out = told("patterns.py", "--policies", "30", "--changed", "2").splitlines()
    heads = ("compile 30 policies", "all conflicts and", "one changed policy", "diff of one changed policy")
    assert all(line.startswith(head) for line, head in zip(out, heads, strict=True))


def test_why_all_times_the_reasons_of_all_shards_and_of_one() -> None:
    out = told("why_all.py", "--shards", "200", "--nodes", "10").splitlines()
    heads = ("why --all", "why SHARD", "why-not, local")
    assert all(line.startswith(head) for line, head in zip(out, heads, strict=True))


def test_openb_writes_a_conflict_of_two_policies(tmp_path: Path) -> None:
    """A pod that accepts P100 only, and a policy that retires these nodes."""
    nodes = "sn,cpu_milli,memory_mib,gpu,model\nn1,8000,1024,2,P100\nn2,8000,1024,2,T4\n"
    head = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec"
    pods = f"{head}\np1,1000,10,1,500,P100\np2,1000,10,1,1000,T4|P100\n"
    (tmp_path / "openb_node_list_all_node.csv").write_text(nodes)
    (tmp_path / "openb_pod_list_gpuspec33.csv").write_text(pods)
    told("openb.py", "--tables", str(tmp_path), "--write", str(tmp_path / "out"))
    program = shardwright.compile(tmp_path / "out" / "policies.json")
    (conflict,) = program.conflicts(tmp_path / "out" / "cluster.json").conflicts
    stated = {cause.policy for cause in conflict.causes if cause.file}
    assert stated == {"accepts-p100", "retire-p100"}
    assert conflict.shards == {"count": 1, "examples": ["p1"]}


def test_tax_counts_the_verdicts_that_are_proven() -> None:
    out = told("tax.py", *["--shards", "12", "--nodes", "6", "--policies", "6", "--seconds", "10"])
    assert out.splitlines()[0].startswith("the answer with all of them: optimal")
    assert out.splitlines()[-1] == "verdicts proven: 6 of 6"


def test_prices_are_counted_by_what_is_proven() -> None:
    words = [
        "--shards",
        "12",
        "--nodes",
        "6",
        "--pairs",
        "1",
        "--seconds",
        "5",
        "--seeds",
        "1",
        "--loads",
        "unit",
    ]
    lines = told("price.py", *words).splitlines()
    assert len(lines) == 2
    assert all("proven 1 of 1 (the cost there 1), widest range 0" in line for line in lines)
