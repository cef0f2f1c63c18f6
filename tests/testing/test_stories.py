"""Story files: where they are found, what they may say, and what is said to those that are wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from shardwright.testing.outcome import Answers
from shardwright.testing.running import run_story
from shardwright.testing.setting import Shelf
from shardwright.testing.stories import read_stories
from tests.testing.telling import CLUSTER, POLICIES, SPREAD, told, verdicts

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_policies_and_cluster_of_the_file_hold_for_stories_that_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "spread.json").write_text(json.dumps(SPREAD))
    (tmp_path / "cluster.json").write_text(json.dumps({"nodes": [{"id": "n1"}], "shards": [{"id": "s1"}]}))
    stories = [
        {"name": "file", "expect": {"placed": {"s1": "n1"}}},
        {"name": "own", "cluster": CLUSTER, "expect": {"placed": {"s3": {"replicas": 1}}}},
    ]
    document = {"policies": "policies", "cluster": "cluster.json", "stories": stories}
    assert [verdict.state for verdict in verdicts(tmp_path, document)] == ["passed", "passed"]


def test_paths_and_policies_may_be_mixed(tmp_path: Path) -> None:
    (tmp_path / "spread.json").write_text(json.dumps(POLICIES[:2]))
    verdict = told(tmp_path, {"gave_up": ["ssd"]}, policies=["spread.json", POLICIES[2]])
    assert verdict.state == "passed"


def test_of_a_folder_the_story_files_are_run_in_order(tmp_path: Path) -> None:
    story = {"policies": [], "cluster": "node n1\n", "stories": [{"name": "x", "expect": {}}]}
    for name in ("b.json", "a.yml", "deep/c.yaml", ".hidden.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(story))
    (tmp_path / "cluster.json").write_text('{"nodes": []}')
    (tmp_path / "policies.json").write_text("[]")
    stories, problems = read_stories([str(tmp_path)])
    assert [Path(story.file).name for story in stories] == ["a.yml", "b.json", "c.yaml"]
    assert not problems


def test_a_file_with_a_slip_in_its_main_key_is_not_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"storys": []}')
    _, problems = read_stories([str(tmp_path)])
    assert [problem.code for problem in problems] == ["E1101", "E1102"]


WRONG: list[tuple[dict[str, Any], list[str], str]] = [
    ({"policies": "nowhere"}, ["E2101"], "nowhere"),
    ({"cluster": "nowhere.json"}, ["E2101"], "nowhere.json"),
    ({"cluster": 3}, ["E1103"], "3"),
    ({"policies": [3]}, ["E1107"], "3"),
    ({"policies": [{**SPREAD, "priority": "x"}]}, ["E1103"], "x"),
    ({"cluster": {"nodes": [{"id": "n1", "weight": 3}]}}, ["E1501"], "weight"),
    ({"cluster": {"nodes": [{"id": "n1"}, {"id": "n1"}]}}, ["E1505"], "n1"),
    ({"cluster": "node n1 cpu\nshard s1\n"}, ["E1202"], "node n1 cpu"),
    ({"cluster": "node n1\nshard s1..s999999999\n"}, ["E1202"], "shard s1..s999999999"),
    ({"change": {"nodes": {"n9": {}}}}, ["E2601"], "n9"),
    ({"change": {"nodes": {"n1": 3}}}, ["E1103"], "3"),
    ({"change": {"nodes": {"n1": {"state": "away"}}}}, ["E1502"], "nodes:\n      n1:\n        state: away"),
    ({"placement": {"s9": ["n1"]}}, ["E2503"], "s9"),
    ({"placement": {"s1": ["n9"]}}, ["E2501"], "n9"),
    ({"placement": [3]}, ["E1502"], "- 3"),
    ({"expect": {"placed": {"s9": "n1"}}}, ["E2601"], "s9"),
    ({"expect": {"placed": {"s1": {"on": ["n1", "n9"]}}}}, ["E2601"], "n9"),
    ({"expect": {"placed": {"s1": {}}}}, ["E1203"], "{}"),
    ({"expect": {"placed": {"s1": {"in": {"zone": {"like": "a"}}}}}}, ["E1071"], "like"),
    ({"expect": {"each": {"scope": {"ids": ["s9"]}, "moved": False}}}, ["E2601", "E1203"], "s9"),
    ({"expect": {"each": {"scope": {"ids": ["s1"]}}}}, ["E1203"], "scope:\n        ids:\n        - s1"),
    ({"expect": {"nodes": {"n1": {"load": {"gpu": 1}}}}}, ["E2601"], "gpu"),
    ({"expect": {"moves": {}}}, ["E1203"], "{}"),
    ({"expect": {"cost": {"policy": "spread"}}}, ["E1203"], "policy: spread"),
    ({"expect": {"cost": {"policy": "sprad", "is": 0}}}, ["E2601"], "sprad"),
    ({"expect": {"gave_up": ["sprad"]}}, ["E2601"], "sprad"),
    ({"expect": {"conflict": ["spread", "x"]}}, ["E2601"], "x"),
    ({"expect": {"conflicts": [["x"]]}}, ["E2601"], "x"),
    ({"expect": {"broken": ["spread"]}}, ["E1203"], "- spread"),
    ({"placement": {}, "expect": {"status": "optimal"}}, ["E1203"], "optimal"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "codes", "marked"), WRONG, ids=[str(keys)[:70] for keys, _, _ in WRONG])
def test_what_cannot_be_used_is_an_error_at_its_place(
    keys: dict[str, Any], codes: list[str], marked: str, tmp_path: Path
) -> None:
    verdict = told(tmp_path, keys.pop("expect", {}), **keys)
    assert (verdict.state, verdict.exit_code) == ("error", 3)
    assert [problem.code for problem in verdict.problems if problem.severity == "error"] == codes
    place = verdict.problems[0].spans[0].place
    assert place.source.text[place.start : place.end].strip("'\"") == marked


SHAPES: list[tuple[str, list[str]]] = [
    ("stories: []", ["E1103"]),
    ("stories: [{name: x}]", ["E1101"]),
    ("stories: [{expect: {}}]", ["E1101"]),
    ("stories: [{name: x, expect: {placd: {}}}]", ["E1102"]),
    ("stories: [{name: x, expect: {moves: -1}}]", ["E1104"]),
    ("stories: [{name: x, expect: {moves: many}}]", ["E1103"]),
    ("stories: [{name: x, expect: {status: fine}}]", ["E1105"]),
    ("stories: [{name: x, expect: {}, solve: {strategy: fast}}]", ["E1105"]),
    ("stories: [{name: x, expect: {}}, {name: x, expect: {}}]", ["E2602"]),
    ("3", ["E1201"]),
    ("", ["E0019"]),
]


@pytest.mark.parametrize(("text", "codes"), SHAPES, ids=[text for text, _ in SHAPES])
def test_the_shape_of_a_file_is_checked(text: str, codes: list[str], tmp_path: Path) -> None:
    path = tmp_path / "stories.yaml"
    path.write_text(text)
    _, problems = read_stories([str(path)])
    assert [problem.code for problem in problems] == codes


def test_one_bad_story_hides_no_other(tmp_path: Path) -> None:
    stories = [
        {"name": "bad", "cluster": "nodes\nn1\n", "policies": [], "expect": {}},
        {"name": "good", "cluster": CLUSTER, "policies": [], "expect": {"moves": 1}},
    ]
    assert [verdict.state for verdict in verdicts(tmp_path, {"stories": stories})] == ["error", "passed"]


def test_one_character_changed_never_crashes(tmp_path: Path) -> None:
    """Every near-miss of a story file is a verdict or a placed error."""
    chance = random.Random(5)
    text = (EXAMPLES / "stories" / "shop.yaml").read_text()
    small = "\n".join(["policies: []", "cluster: |", "  node us-west-2", text[text.index("\nstories") :]])
    path = tmp_path / "stories.yaml"
    for _ in range(150):
        at = chance.randrange(len(small))
        path.write_text(small[:at] + chance.choice("{}[]:,-&*!|>'\"#% \n\tx0") + small[at + 1 :])
        stories, problems = read_stories([str(path)])
        assert stories or problems
        assert all(problem.spans for problem in problems)
        for story in stories[:1]:
            verdict = run_story(story, Shelf(), Answers(), {"time_limit": 60})
            assert verdict.state in ("passed", "failed", "error")
