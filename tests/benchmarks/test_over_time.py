"""Cost over time becomes a picture that shows every solver, and only what breaks nothing."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path(__file__).parents[2] / "benchmarks"

chart = importlib.import_module("chart")
over_time = importlib.import_module("over_time")


def test_a_line_steps_down_where_a_better_value_comes() -> None:
    fast, slow = [(1.0, 200.0), (10.0, 100.0)], [(2.0, 400.0)]
    series = [chart.Series("fast & good", fast, 20.0), chart.Series("slow", slow, 20.0)]
    picture = chart.chart("moves", "replicas", [*series, chart.Series("none", [], 20.0)], 90)
    root = ElementTree.fromstring(picture)
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"fast & good: 100", "slow: 400", "proven: no fewer than 90"} <= set(words)
    assert not any("none" in (word or "") for word in words)
    thick = [each for each in root.iter() if each.get("stroke-width") == "2.5"]
    assert [len(re.findall("V", each.get("d") or "")) for each in thick] == [1, 0]


def test_twice_the_value_is_the_same_way_everywhere() -> None:
    scale = chart.Scale(1.0, 16.0, 100.0, -80.0)
    assert [scale.at(value) for value in (1, 2, 4, 8, 16)] == [100, 80, 60, 40, 20]
    assert scale.ticks() == [1, 1.5, 2, 3, 5, 7, 10, 15]


def test_only_better_reports_count() -> None:
    reports = [(1.0, 9), (2.0, 9), (3.0, 12), (4.0, 7), (5.0, 7)]
    assert over_time.falling(reports) == [(1.0, 9), (4.0, 7)]
    assert over_time.falling([]) == []


def test_the_command_draws_without_peers(tmp_path: Path) -> None:
    picture = tmp_path / "picture.svg"
    size = ["--shards", "40", "--nodes", "10", "--seconds", "4", "--peers"]
    run = [sys.executable, str(FOLDER / "over_time.py"), *size, "--picture", str(picture)]
    out = subprocess.run(run, check=True, capture_output=True, text=True, timeout=120).stdout
    assert re.search(r"^exact +first \d+ after", out, re.MULTILINE)
    assert "exact: " in picture.read_text()
