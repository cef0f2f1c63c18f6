"""What scripts rely on is in the JSON of the commands that give reasons, with its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shardwright.cli import main
from tests.solver.making import cluster, constrained, node, shard

Json = dict[str, Any]
Types = dict[str, Any]

TEXT, NUMBER = (str, type(None)), (int, type(None))
CONFLICT = {"minimal": bool, "causes": list, "facts": list, "repairs": list}
CAUSE = {"policy": str, "version": NUMBER, "pointer": str, "file": TEXT, "line": NUMBER, "column": NUMBER}
REASON = {"policy": TEXT, "pointer": TEXT, "line": NUMBER, "text": str}
TIMINGS = {"parse": float, "compile": float, "ground": float, "search": float, "certify": float}


def fits(document: Json, types: Types) -> None:
    assert {key for key in types if key not in document} == set()
    assert {key: document[key] for key, kind in types.items() if not isinstance(document[key], kind)} == {}


@pytest.fixture
def given(tmp_path: Path) -> tuple[str, ...]:
    """A policy with a misspelt region, and a cluster on which it leaves no node."""
    (tmp_path / "policy.json").write_text(json.dumps(constrained("west", region="wets")))
    (tmp_path / "other.json").write_text(json.dumps(constrained("east", region="east") | {"priority": 2}))
    snapshot = cluster([node("n1", "west"), node("n2", "east")], [shard("s1")])
    (tmp_path / "cluster.json").write_text(json.dumps(snapshot))
    return "--cluster", str(tmp_path / "cluster.json"), "--format", "json"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Json:
    main(list(words))
    document: Json = json.loads(capsys.readouterr().out)
    return document


def test_conflicts(given: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "conflicts", "--policies", str(tmp_path / "policy.json"), *given)
    fits(found, {"conflicts": list, "lints": list, "complete": bool, "limits": list})
    assert [one["code"] for one in found["lints"]] == ["W2006"]
    (conflict,) = found["conflicts"]
    fits(conflict, CONFLICT)
    for cause in conflict["causes"]:
        fits(cause, CAUSE)
    for repair in conflict["repairs"]:
        fits(repair, {"text": str, "patch": list})


def test_solve_that_ends_in_a_conflict(
    given: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "solve", "--policies", str(tmp_path / "policy.json"), *given)
    assert (found["status"], found["placement"], type(found["best_effort"])) == ("conflict", None, dict)
    fits(found["timings"], TIMINGS)
    fits(found["conflicts"][0], CONFLICT)


def test_reasons(given: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = "--policies", str(tmp_path / "other.json")
    asked = [("why", "s1"), ("why-not", "s1", "n1"), ("why-not", "s1", "n2")]
    for found in (answer(capsys, *words, *policies, *given) for words in asked):
        fits(found, {"shard": str, "nodes": list})
        for group in found["nodes"]:
            assert group["verdict"] == ("yes" if group["node"] == "n2" else "no")
            for reason in group["reasons"]:
                fits(reason, REASON)
