"""Bad input gets a clear message at its place and the right exit code; it is never a bug of Shardwright."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from shardwright import exit_codes
from tests.cli.bad import POLICY, SOLVE, large, put, run, shell, small

# The computers that run the tests do other things, too.
SLACK = 0.7
NAMES = [
    "two\nlines",
    'quote"d',
    "%s%n{0}",
    "long" * 2000,
    "日本語🎉",
    "a). place(1,1",
    '#include "/etc/passwd".\nplace(1,1).',
    "\x1b[31mred\x1b[0m\x07",
    "[bold]x[/]",
    "\u202eevil",
    "tab\tand\rreturn",
]


def named() -> tuple[dict[str, object], dict[str, object]]:
    """A policy and a cluster in which every odd name stands wherever a name can stand."""
    odd = {name: name for name in NAMES}
    nodes = [{"id": name, "labels": {**odd, "zone": name}, "capacity": {"cpu": 9}} for name in NAMES]
    shards = [{"id": name, "group": name, "labels": odd, "load": {"cpu": 1}} for name in NAMES]
    rule = {"labels": odd, "zone": NAMES, "spread": [{"by": name, "max": 1} for name in NAMES]}
    scope = {"shards": odd, "groups": NAMES}
    policy = {**POLICY, "type": "placement", "scope": scope, "actions": {"placement": {"constraints": rule}}}
    return policy, {"resources": {"cpu": {}}, "nodes": nodes, "shards": shards}


def test_a_name_reaches_neither_the_logic_nor_the_terminal(tmp_path: Path) -> None:
    """The JSON has the names as they are; no page has a character that a terminal obeys."""
    put(tmp_path, *named())
    answer = run(tmp_path, *SOLVE, "--format", "json")
    assert (answer.returncode, answer.stderr) == (exit_codes.OK, "")
    assert set(json.loads(answer.stdout)["placement"]) == set(NAMES)
    stage = ("compile", "policy.json", "--cluster", "cluster.json", "--show")
    for arguments in (SOLVE, (*stage, "classes"), (*stage, "requirements"), (*stage, "asp")):
        page = run(tmp_path, *arguments).stdout
        assert [char for char in page if char != "\n" and not char.isprintable()] == []
    # The last page is the program: names stand in its comments only.
    assert all("place(1,1" not in line.partition("%")[0] for line in page.splitlines())


@pytest.mark.parametrize("name", ["two\nlines", "nul\0", "\x1b[2J", "\u202eevil", " ", "", "x" * 201])
def test_a_policy_s_name_is_a_line_of_text(name: str, tmp_path: Path) -> None:
    put(tmp_path, {**POLICY, "name": name})
    answer = run(tmp_path, "check", "policy.json")
    assert (answer.returncode, answer.stderr) == (exit_codes.INVALID, "")
    assert "policy.json:1:10  (/name)" in answer.stdout


@pytest.mark.parametrize(("text", "place"), [("a\\u0000b", "1:19"), ("\\ud800", "1:20")])
def test_a_name_that_cannot_be_written_is_refused_with_its_place(
    text: str, place: str, tmp_path: Path
) -> None:
    put(tmp_path)
    (tmp_path / "cluster.json").write_text(f'{{"nodes": [{{"id": "{text}"}}]}}')
    answer = run(tmp_path, *SOLVE)
    assert answer.returncode == exit_codes.INVALID
    assert answer.stderr.startswith(("error[E1506]", "error[E0501]"))
    assert f" --> cluster.json:{place}" in answer.stderr


@pytest.mark.parametrize("number", ["1" * 400, "1" * 5000, "1e400", "NaN", "-Infinity", "-1", '"1"'])
def test_a_number_that_is_none_is_refused_with_its_place(number: str, tmp_path: Path) -> None:
    put(tmp_path)
    text = json.dumps(small()).replace('"cpu": 10', f'"cpu": {number}', 1)
    (tmp_path / "cluster.json").write_text(text)
    answer = run(tmp_path, *SOLVE)
    assert (answer.returncode, answer.stdout) == (exit_codes.INVALID, "")
    assert f" --> cluster.json:1:{text.index(number) + 1}" in answer.stderr


@pytest.mark.parametrize(("capacity", "load", "fits"), [
    (0, 0, True), (0, 1, False), (1e300, 1, True), (1e300, 5e299, True), (1e-300, 0, True),
    (1e-300, 1, False), (1e18, 1e18, True), (2**31 - 1, 1, True), (2**31, 1, True), (2**32, 2**31, True),
    (2**63, 1, True),
])  # fmt: skip
def test_numbers_of_every_size_are_answered(capacity: float, load: float, fits: bool, tmp_path: Path) -> None:
    nodes = [{"id": f"n{at}", "capacity": {"cpu": capacity}} for at in range(2)]
    cluster = {"resources": {"cpu": {}}, "nodes": nodes, "shards": [{"id": "s", "load": {"cpu": load}}]}
    put(tmp_path, {**POLICY, "actions": {"replication": {"replicas": 1}}}, cluster)
    answer = run(tmp_path, *SOLVE)
    assert answer.returncode == (exit_codes.OK if fits else exit_codes.CONFLICT), answer.stdout
    assert answer.stderr == ""


def test_a_document_of_two_megabytes_names_the_setting(tmp_path: Path) -> None:
    put(tmp_path, {**POLICY, "description": "x" * 2_000_000})
    answer = run(tmp_path, "check", "policy.json")
    assert answer.returncode == exit_codes.INVALID
    assert "error[E5001]" in answer.stdout
    assert "max_document_bytes" in answer.stdout


def test_a_thousand_policies_are_checked_together(tmp_path: Path) -> None:
    for at in range(1000):
        (tmp_path / f"p{at}.json").write_text(json.dumps({**POLICY, "name": f"p{at}"}))
    assert run(tmp_path, "check", ".").stdout == "1000 valid policies\n"


@pytest.mark.parametrize("file", ["policy.json", "cluster.json"])
def test_what_is_not_utf_8_is_shown_where_it_stands(file: str, tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / file).write_bytes(b'{"name": "caf\xe9"}')
    answer = run(tmp_path, *SOLVE)
    assert answer.returncode == exit_codes.INVALID
    assert f" --> {file}:1:14" in answer.stderr
    assert "UTF-8" in answer.stderr


@pytest.mark.parametrize("file", ["policy.json", "cluster.json"])
def test_a_folder_in_the_place_of_a_file(file: str, tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / file).unlink()
    (tmp_path / file).mkdir()
    answer = run(tmp_path, *SOLVE)
    assert answer.returncode == exit_codes.INVALID
    assert f" --> {file}\n" in answer.stderr


def test_a_pipe_is_read_like_a_file_and_skipped_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path)
    told = shell(tmp_path, "$SW solve --policies policy.json --cluster <(cat cluster.json) | head -1")
    assert told.stdout.startswith("optimal: ")
    (tmp_path / "folder").mkdir()
    (tmp_path / "policy.json").rename(tmp_path / "folder" / "policy.json")
    os.mkfifo(tmp_path / "folder" / "pipe.json")
    assert run(tmp_path, "check", "folder", timeout=20).stdout == "1 valid policy\n"


def test_a_file_that_somebody_holds_is_read_all_the_same(tmp_path: Path) -> None:
    """Locks on Linux are advice; the file that `fmt` writes is another one, under the same name."""
    put(tmp_path)
    told = shell(tmp_path, "exec 9<policy.json; flock 9; $SW fmt policy.json; $SW check policy.json")
    assert told.stdout == "formatted policy.json\n1 file changed, 0 left as they are\n1 valid policy\n"


@pytest.mark.parametrize(
    ("setting", "value"), [("memory_limit", "1"), ("memory_limit", "40"), ("rule_limit", "40")]
)
def test_a_limit_that_is_too_small_names_itself(setting: str, value: str, tmp_path: Path) -> None:
    put(tmp_path)
    option = f"--{setting.replace('_', '-')}"
    answer = run(tmp_path, *SOLVE, option, value)
    assert (answer.returncode, answer.stdout) == (exit_codes.LIMIT, "")
    assert setting in answer.stderr
    assert option in answer.stderr


@pytest.mark.alone
@pytest.mark.parametrize("limit", [0.01, 0.5, 2.0])
def test_a_time_limit_is_wall_time(limit: float, tmp_path: Path) -> None:
    """What the command needs to start and to say so is all that comes on top."""
    put(tmp_path, cluster=large())
    before = time.monotonic()
    run(tmp_path, "check", "policy.json", "--cluster", "cluster.json")
    start = time.monotonic() - before
    before = time.monotonic()
    answer = run(tmp_path, *SOLVE, "--time-limit", str(limit))
    seconds = time.monotonic() - before
    assert answer.returncode in (exit_codes.OK, exit_codes.LIMIT)
    assert answer.returncode == exit_codes.OK or "--time-limit" in answer.stdout + answer.stderr
    assert seconds < max(limit, start) + max(0.1 * limit, 0.3) + SLACK


def test_what_search_cannot_hold_is_said(tmp_path: Path) -> None:
    """It is never left out silently."""
    apart = {"placement": {"constraints": {"apart_from": {"group": "same", "by": "node"}}}}
    nodes = [{"id": f"n{at}"} for at in range(10_100)]
    shards = [{"id": f"s{at}", "group": f"g{at}"} for at in range(10_000)]
    put(tmp_path, {**POLICY, "type": "placement", "actions": apart}, {"nodes": nodes, "shards": shards})
    answer = run(tmp_path, *SOLVE, "--strategy", "search")
    assert (answer.returncode, answer.stdout) == (exit_codes.INVALID, "")
    told = "the strategy `search` cannot hold this: `spread-zones` (apart) looks at more than 100000000"
    assert f"error[E5104]: {told} groups and values" in answer.stderr
