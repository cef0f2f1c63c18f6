"""Each kind of expectation holds when it should, and says what is when it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from shardwright.testing.models import Each, Expect, Where
from tests.testing.telling import NEW_ON_B, SPREAD, SSD, told

REQUIRED_SSD = {**SSD, "enforcement": "required", "name": "must-ssd", "priority": 1}
REQUIRED_B = {**NEW_ON_B, "enforcement": "required", "name": "must-b", "priority": 1}
CLASH = {"policies": [REQUIRED_SSD, REQUIRED_B]}

SPLIT = ["n1", "n3"]

HOLD: list[tuple[Any, dict[str, Any]]] = [
    ({}, {}),
    ({"status": "optimal"}, {}),
    ({"status": ["feasible", "optimal"]}, {}),
    ({"placed": {"s3": "n3"}}, {}),
    ({"placed": {"s1": ["n3", "n1"]}}, {}),
    ({"placed": {"s[12]": {"nodes": ["n1", "n3"], "on": "n1", "not_on": ["n2"], "moved": False}}}, {}),
    ({"placed": {"s1": {"in": {"zone": ["a", "b"]}, "not_in": {"zone": "c"}, "values": {"zone": 2}}}}, {}),
    ({"placed": {"s3": {"leader": "n3", "replicas": 1}}}, {}),
    ({"each": {"scope": {"groups": ["orders"]}, "replicas": {"min": 2}, "values": {"zone": {"max": 2}}}}, {}),
    (
        {
            "each": [
                {"scope": {"shards": {"tier": "gold"}}, "moved": False},
                {"scope": {"ids": ["s3"]}, "on": "n3"},
            ]
        },
        {},
    ),
    ({"must": {"s3": "n3", "s[12]": ["n1", "n3"]}, "never": {"s3": ["n1", "n2"]}}, {}),
    ({"may": {"s3": ["n1", "n2"]}, "never": {"s3": "n3"}}, {"policies": [SSD]}),
    ({"nodes": {"n3": {"replicas": 3, "load": {"cpu": 5.5}}, "n2": {"replicas": 0}}}, {}),
    ({"nodes": {"n*": {"replicas": {"max": 3}}}}, {}),
    ({"moves": 1}, {}),
    ({"cost": {"priority": 3, "is": 1}}, {}),
    ({"cost": [{"policy": "new-on-b", "is": 0}, {"goal": "fewest_moves", "max": 0}, {"min": 1}]}, {}),
    ({"gave_up": ["ssd"]}, {}),
    ({"gave_up": [{"policy": "ssd", "shard": "s3", "amount": 1, "because": ["new-on-b"]}]}, {}),
    ({"not_applied": []}, {}),
    ({"not_applied": ["ssd"], "gave_up": []}, {"policies": [NEW_ON_B, {**SSD, "enabled": False}]}),
    ({"decisive": "new-on-b", "not_decisive": ["ssd"]}, {}),
    ({"not_decisive": "spread"}, {"placement": {"s1": ["n1", "n3"], "s2": ["n1", "n3"], "s3": ["n3"]}}),
    ({"not_decisive": ["must-b", "new-on-b"]}, {"policies": [REQUIRED_B, NEW_ON_B]}),
    ({"conflict": ["must-ssd", "must-b"], "decisive": ["must-b", "must-ssd"]}, CLASH),
    ({"conflict": ["must-ssd", "must-b"]}, CLASH),
    ({"conflict": ["must-ssd", "must-b", "placed"]}, CLASH),
    ({"conflicts": [["must-b", "must-ssd"]]}, CLASH),
    ({"status": "conflict"}, CLASH),
    ({"broken": ["placed", "spread"]}, {"placement": {"s1": ["n1", "n2"], "s2": ["n1", "n3"]}}),
    (
        {"gave_up": ["new-on-b"], "moves": 1},
        {"placement": {"s1": ["n1", "n3"], "s2": ["n1", "n3"], "s3": ["n2"]}},
    ),
    ({"placed": {"s3": "n1"}}, {"change": {"nodes": {"n3": {"labels": {"zone": None}}}}, "policies": [SSD]}),
    ({"nodes": {"n1": {"replicas": 2}}}, {"change": {"shards": {"s3": None}}}),
    ({"placed": {"s1": ["n2", "n3"]}}, {"change": {"nodes": {"n1": None}}}),
    ({"each": {"replicas": 2}}, {"change": {"shards": {"*": {"replicas": 2}}}}),
]


@pytest.mark.parametrize(("expect", "keys"), HOLD, ids=[str(expect)[:70] for expect, _ in HOLD])
def test_what_holds_passes(expect: Any, keys: dict[str, Any], tmp_path: Path) -> None:
    verdict = told(tmp_path, expect, **keys)
    assert (verdict.state, [item.message for item in verdict.problems]) == ("passed", [])


FAIL = yaml.safe_load((Path(__file__).parent / "failing.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FAIL, ids=[case["message"][:70] for case in FAIL])
def test_what_does_not_hold_says_what_is(case: dict[str, Any], tmp_path: Path) -> None:
    """With the very text of the expectation underlined."""
    verdict = told(tmp_path, case["expect"], **case.get("keys", {}))
    assert verdict.state == "failed"
    assert case["message"] in [item.message for item in verdict.problems]
    problem = next(item for item in verdict.problems if item.message == case["message"])
    place = problem.spans[0].place
    assert " ".join(place.source.text[place.start : place.end].split()) == case["marked"]


def test_every_key_of_expect_is_tried_both_ways() -> None:
    for cases in ([expect for expect, _ in HOLD], [case["expect"] for case in FAIL]):
        tried = {key for expect in cases for key in expect}
        assert tried == set(Expect.model_fields)


def test_every_key_of_a_place_is_tried_both_ways() -> None:
    keys = {field.alias or name for name, field in Where.model_fields.items()}
    for cases in ([expect for expect, _ in HOLD], [case["expect"] for case in FAIL]):
        wheres = [where for expect in cases for where in expect.get("placed", {}).values()]
        tried = {key for where in wheres for key in (where if isinstance(where, dict) else ["nodes"])}
        assert tried == keys
    assert set(Each.model_fields) - set(Where.model_fields) == {"scope"}


def test_a_required_rule_against_what_was_expected_is_named_with_its_line(tmp_path: Path) -> None:
    problem = told(tmp_path, {"placed": {"s1": ["n1", "n2"]}}).problems[0]
    note = "there `spread` would be broken: shard `s1` has 2 replicas in zone `a`, 1 allowed"
    assert problem.notes == (note,)
    assert [span.place.pointer.rpartition("/")[2] for span in problem.spans] == ["s1", "max"]


def test_the_price_of_what_was_expected_is_told(tmp_path: Path) -> None:
    problem = told(tmp_path, {"placed": {"s1": ["n2", "n3"]}}).problems[0]
    price = "fewest_moves of `fewest_moves` would cost 1 instead of 0"
    assert problem.notes == (f"that keeps every required rule and is worse: {price}",)


def test_what_is_just_as_good_is_called_so(tmp_path: Path) -> None:
    """A story that names one of many equally good placements is fragile, and is told."""
    verdict = told(tmp_path, {"placed": {"s3": "n3"}}, policies=[SPREAD])
    other = told(tmp_path, {"placed": {"s3": "n2"}}, policies=[SPREAD])
    failed = next(item for item in (verdict, other) if item.state == "failed")
    assert failed.problems[0].notes[0].startswith("that is exactly as good")


def test_many_shards_that_fail_alike_are_told_in_short(tmp_path: Path) -> None:
    cluster = "node n1\nshard s1..s9 on n1\n"
    verdict = told(tmp_path, {"placed": {"s*": {"moved": True}}}, cluster=cluster, policies=[])
    assert [item.message.split("`")[1] for item in verdict.problems] == ["s1", "s2", "s3"]
    assert verdict.problems[-1].notes == ("6 more like this are not shown",)
