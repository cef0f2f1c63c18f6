"""`shardwright test`: what it prints, writes and returns."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from shardwright.testing.codes import TITLES
from tests.running import masked, run

ROOT = Path(__file__).parents[2]

GOOD = """\
policies: []
cluster: |
  node n1..n2
  shard s1 on n1
stories:
  - name: nothing moves
    expect: {moves: 0}
"""
BAD = GOOD.replace("nothing moves", "all moves").replace("moves: 0", "moves: 1")
BROKEN = GOOD.replace("node n1..n2", "nod n1").replace("nothing moves", "<b>&")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("a.yaml", GOOD), ("b.yaml", BAD), ("c.yaml", BROKEN)):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_examples_pass() -> None:
    answer = run("shardwright test examples/stories", ROOT)
    assert answer.endswith(" passed\n"), answer


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("a.yaml", 0),
        ("a.yaml b.yaml", 4),
        ("a.yaml b.yaml c.yaml", 3),
        (". -k nothing", 0),
        (". -k ALL -k nothing", 4),
        (". -k nobody", 2),
        ("nowhere", 3),
        ("", 2),
    ],
)
def test_exit_codes(arguments: str, code: int, folder: Path) -> None:
    answer = run(f"shardwright test {arguments}", folder)
    assert answer.endswith(f"[exit {code}]\n") == (code != 0), answer


def test_a_limit_before_an_answer_is_told(folder: Path) -> None:
    """A story that gets no answer in time fails: it expects one."""
    (folder / "a.yaml").write_text(GOOD.replace("stories:", "solve: {time_limit: 0.000001}\nstories:", 1))
    answer = run("shardwright test a.yaml", folder)
    assert "E8001" in answer or "E5103" in answer
    assert answer.endswith(("[exit 4]\n", "[exit 6]\n"))


def test_junit_is_written_beside_what_is_printed(folder: Path) -> None:
    answer = run("shardwright test . --junit report.xml", folder)
    assert "3 stories: 1 passed, 1 failed, 1 error" in answer
    root = ET.parse(folder / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {"nothing moves": [], "all moves": ["failure"], "<b>&": ["error"]}


def test_json_has_every_story_with_its_state(folder: Path) -> None:
    answer = run("shardwright test . --format json", folder).removesuffix("[exit 3]\n")
    document = json.loads(answer)
    assert document["summary"] == {"stories": 3, "passed": 1, "failed": 1, "error": 1}
    assert [story["state"] for story in document["stories"]] == ["passed", "failed", "error"]
    assert document["stories"][1]["diagnostics"][0]["spans"][0]["line"] == 7


@pytest.mark.parametrize("format", ["human", "plain", "json", "junit", "github"])
def test_the_same_stories_give_the_same_words(format: str, folder: Path) -> None:
    answers = [masked(run(f"shardwright test . --format {format}", folder)) for _ in range(2)]
    plain = [answer.replace("0.0", "") if format not in ("json", "junit") else "" for answer in answers]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("code", TITLES)
def test_a_code_has_its_page(code: str) -> None:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text()
    assert page.startswith(f"# {code}: {TITLES[code]}\n")
    assert f"[{code}]: " in page
