"""The commands check, fmt and explain, run as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shardwright.grammar.key_order import AFTER_LABELS, ORDERS
from shardwright.grammar.render import FORMATS
from shardwright.policies.checks.keys import keys_at
from shardwright.policies.models import CONSTRAINT_KEYS, PolicyModel
from tests.policies.making import placement, policy
from tests.policies.test_load import many, write
from tests.running import run

UNTIDY = '{"priority": 1, "type": "placement", "actions": {"placement": {}}, "name": "a", "version": "1.0"}'
TIDY = """{
  "version": "1.0",
  "name": "a",
  "type": "placement",
  "priority": 1,
  "actions": {"placement": {}}
}
"""


def test_check_says_how_many_policies_are_fine(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(name="a"), policy(name="b"))
    assert run("shardwright check a.json", tmp_path) == "2 valid policies\n"


def test_check_ends_well_with_warnings_only(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(description=None))
    assert run("shardwright check .", tmp_path).endswith("\n1 valid policy, 1 warning\n")


def test_check_tells_all_errors_of_all_files(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(name="a", priority=0, wieght=2))
    write(tmp_path / "b.json", policy(name="b", extends="zzz"))
    told = run("shardwright check . gone.json", tmp_path)
    assert [line[:12] for line in told.splitlines() if line.startswith("error")] == [
        "error[E1104]",
        "error[E1102]",
        "error[E2002]",
        "error[E2101]",
    ]
    assert told.endswith("\n4 errors\n[exit 3]\n")


def test_check_without_a_path_is_wrong_usage(tmp_path: Path) -> None:
    assert run("shardwright check", tmp_path).endswith("[exit 2]\n")


def test_check_in_json_is_one_document(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(name="a", priority=0))
    told = run("shardwright check a.json --format json", tmp_path)
    [found] = json.loads(told.removesuffix("[exit 3]\n"))["diagnostics"]
    assert (found["code"], found["policy"], found["spans"][0]["pointer"]) == ("E1104", "a", "/priority")
    write(tmp_path / "a.json", policy(name="a"))
    assert json.loads(run("shardwright check a.json --format json", tmp_path)) == {"diagnostics": []}


@pytest.mark.parametrize("shape", sorted(FORMATS))
def test_check_in_every_format_names_the_code_and_is_the_same_twice(shape: str, tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(priority=0))
    told = run(f"shardwright check a.json --format {shape}", tmp_path)
    assert "E1104" in told
    assert told == run(f"shardwright check a.json --format {shape}", tmp_path)


@pytest.mark.alone
def test_check_of_a_thousand_policies_takes_two_seconds_with_python(tmp_path: Path) -> None:
    many(tmp_path, 1000)
    begin = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-m", "shardwright", "check", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    # On a small machine it takes 1.1 s; other work may run at the same time.
    assert time.perf_counter() - begin < 4
    assert told.stdout == "1000 valid policies\n"


def test_fmt_writes_in_place_and_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(UNTIDY)
    file.chmod(0o640)
    assert run("shardwright fmt a.json", tmp_path) == "formatted a.json\n1 file changed, 0 left as they are\n"
    assert file.read_text() == TIDY
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("shardwright fmt a.json", tmp_path) == "0 files changed, 1 left as it is\n"
    assert os.listdir(tmp_path) == ["a.json"]


def test_fmt_check_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(UNTIDY)
    told = run("shardwright fmt --check .", tmp_path)
    assert told == "would format ./a.json\n1 file would change, 0 left as they are\n[exit 3]\n"
    assert (tmp_path / "a.json").read_text() == UNTIDY
    (tmp_path / "a.json").write_text(TIDY)
    assert run("shardwright fmt --check .", tmp_path) == "0 files would change, 1 left as it is\n"


def test_fmt_writes_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.json").write_text(UNTIDY)
    (tmp_path / "a.json").symlink_to(tmp_path / "real" / "a.json")
    run("shardwright fmt a.json", tmp_path)
    assert (tmp_path / "a.json").is_symlink()
    assert (tmp_path / "real" / "a.json").read_text() == TIDY


def test_fmt_of_a_list_file(tmp_path: Path) -> None:
    documents = [policy(name="b", actions=placement(zone="x")), policy(name="a")]
    file = write(tmp_path / "all.json", *documents)
    run("shardwright fmt all.json", tmp_path)
    assert json.loads(file.read_text()) == documents
    assert file.read_text().startswith('[\n  {\n    "version": "1.0",\n')


def test_fmt_respells_conditions_both_ways(tmp_path: Path) -> None:
    tree = {"all": [{"metric": "node.cpu_usage", "operator": "lt", "value": 80}, {"expr": "node.x exists"}]}
    file = write(tmp_path / "a.json", policy(conditions=tree))
    run("shardwright fmt --conditions expr a.json", tmp_path)
    assert json.loads(file.read_text())["conditions"] == {"expr": "node.cpu_usage < 80 and node.x exists"}
    run("shardwright fmt --conditions tree a.json", tmp_path)
    assert json.loads(file.read_text())["conditions"]["all"][0] == tree["all"][0]


def test_fmt_leaves_conditions_that_it_cannot_read_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(conditions={"expr": "node.x <"}))
    told = run("shardwright fmt --conditions tree a.json", tmp_path)
    assert "a.json: the conditions at line 1 are left as they are" in told


def test_fmt_leaves_files_with_errors_and_does_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"name": "x",}')
    (tmp_path / "good.json").write_text(UNTIDY)
    told = run("shardwright fmt .", tmp_path)
    assert "error[E0003]" in told
    assert told.endswith("[exit 3]\n")
    assert (tmp_path / "bad.json").read_text() == '{"name": "x",}'
    assert (tmp_path / "good.json").read_text() == TIDY


def test_fmt_leaves_what_is_no_policy(tmp_path: Path) -> None:
    text = '{"name": "prod", "nodes": [ ]}'
    (tmp_path / "cluster.json").write_text(text)
    told = run("shardwright fmt cluster.json", tmp_path)
    assert "cluster.json: holds no policy and is left as it is" in told
    assert (tmp_path / "cluster.json").read_text() == text


def test_the_order_of_keys_knows_every_key_of_the_models() -> None:
    for path, keys in ORDERS.items():
        assert sorted(keys_at([token for token in path if token != "*"], PolicyModel)) == sorted(keys), path
    assert sorted(AFTER_LABELS) == sorted(CONSTRAINT_KEYS)


def test_explain_prints_the_page_of_a_code(tmp_path: Path) -> None:
    told = run("shardwright explain e1102", tmp_path)
    assert told.startswith("# E1102: unknown key\n")


def test_explain_lists_all_codes(tmp_path: Path) -> None:
    told = run("shardwright explain", tmp_path).splitlines()
    assert "E1102: unknown key" in told
    assert told == sorted(told)


def test_explain_of_an_unknown_code_is_wrong_usage(tmp_path: Path) -> None:
    told = run("shardwright explain E1199", tmp_path)
    assert "there is no code `E1199`" in told
    assert told.endswith("[exit 2]\n")
