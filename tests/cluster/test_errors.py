"""What a snapshot gets wrong is told by code, place and text, all of it at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shardwright.cluster.load import cluster_from, load_cluster
from tests.cluster.telling import helps, line, told, told_of

# One fault each: the snapshot, and the line about it.
SINGLE = {
    "an unknown key": (
        '{"nodes": [{"id": "a", "capcity": {"cpu": 1}}]}',
        'E1501 1:24 /nodes/0/capcity ["capcity"] `capcity` is not a key of a node',
    ),
    "an unknown key at the root": (
        '{"shard": []}',
        'E1501 1:2 /shard ["shard"] `shard` is not a key of a snapshot',
    ),
    "no id": (
        '{"shards": [{"replicas": 2}]}',
        'E1503 1:13 /shards/0 [{"replicas": 2}] a shard must have `id`',
    ),
    "a link to nowhere": (
        '{"links": [{"from": "a"}]}',
        'E1503 1:12 /links/0 [{"from": "a"}] a link must have `to`',
    ),
    "a text metric": (
        '{"nodes": [{"id": "a", "metrics": {"cpu": "42"}}]}',
        'E1502 1:43 /nodes/0/metrics/cpu ["42"] `metrics.cpu` must be a number, not `"42"`',
    ),
    "true for a number": (
        '{"nodes": [{"id": "a", "cost_per_hour": true}]}',
        "E1502 1:41 /nodes/0/cost_per_hour [true] `cost_per_hour` must be a number, not `true`",
    ),
    "half a replica": (
        '{"shards": [{"id": "s", "replicas": 1.5}]}',
        "E1502 1:37 /shards/0/replicas [1.5] `replicas` must be a whole number, not `1.5`",
    ),
    "a label that is a list": (
        '{"nodes": [{"id": "a", "labels": {"zone": ["a"]}}]}',
        'E1502 1:43 /nodes/0/labels/zone [["a"]] '
        "`labels.zone` must be a text, a number or true or false, not a list",
    ),
    "a replica that is a text": (
        '{"nodes": [{"id": "a"}], "shards": [{"id": "s", "placement": ["a"]}]}',
        'E1502 1:63 /shards/0/placement/0 ["a"] an item of `placement` must be an object, not `"a"`',
    ),
    "an unknown state": (
        '{"nodes": [{"id": "a", "state": "drainin"}]}',
        'E1502 1:33 /nodes/0/state ["drainin"] `state` is `drainin`; '
        "it must be one of `active`, `down`, `draining`, `maintenance`",
    ),
    "a list at the root": ("[]", "E1502 1:1 - [[]] the document must be an object, not a list"),
    "a time that is none": (
        '{"taken_at": "today"}',
        'E1502 1:14 /taken_at ["today"] '
        "`taken_at` must be a time such as `2026-11-01T00:00:00Z`, not `today`",
    ),
    "a time without a zone": (
        '{"taken_at": "2026-11-01T00:00:00"}',
        'E1502 1:14 /taken_at ["2026-11-01T00:00:00"] '
        "`taken_at` must be a time such as `2026-11-01T00:00:00Z`, not `2026-11-01T00:00:00`",
    ),
    "a negative load": (
        '{"shards": [{"id": "s", "load": {"cpu": -1}}]}',
        "E1504 1:41 /shards/0/load/cpu [-1] `load.cpu` must not be negative, but is -1",
    ),
    "a number beyond all numbers": (
        '{"shards": [{"id": "s", "load": {"cpu": 1e999}}]}',
        "E1504 1:41 /shards/0/load/cpu [1e999] `load.cpu` must be a finite number",
    ),
    "too many replicas": (
        '{"shards": [{"id": "s", "replicas": 3000000000}]}',
        "E1504 1:37 /shards/0/replicas [3000000000] `replicas` is too large: at most 1000000",
    ),
    "the same id twice": (
        '{"nodes": [{"id": "a"},\n {"id": "a"}]}',
        'E1505 2:9 /nodes/1/id ["a"] node `a` comes twice: the other is /nodes/0',
    ),
    "an empty id": (
        '{"shards": [{"id": ""}]}',
        'E1506 1:20 /shards/0/id [""] the id of a shard must not be empty',
    ),
    "a name with a NUL": (
        '{"shards": [{"id": "s", "group": "a\\u0000b"}]}',
        "E1506 1:34 /shards/0/group [\"a\\u0000b\"] 'a\\x00b' holds a character that a name cannot have",
    ),
    "an unknown node": (
        '{"nodes": [{"id": "node-1"}],\n "shards": [{"id": "s", "placement": [{"node": "node-2"}]}]}',
        'E2501 2:48 /shards/0/placement/0/node ["node-2"] '
        "shard `s` is placed on `node-2`, which is not a node of the snapshot",
    ),
    "an unknown resource": (
        '{"resources": {"memory": {}}, "shards": [{"id": "s", "load": {"memry": 1}}]}',
        'E2502 1:63 /shards/0/load/memry ["memry"] '
        "shard `s`: `load` names `memry`, which is not among `resources`",
    ),
    "a loaded resource without capacity": (
        '{"nodes": [{"id": "a", "capacity": {"disk": 1}}], "shards": [{"id": "s", "load": {"cpu": 1}}]}',
        'E4001 1:36 /nodes/0/capacity [{"disk": 1}] node `a` has no capacity for `cpu`, which shards load',
    ),
    "a loaded resource without any capacity": (
        '{"nodes": [{"id": "a"}], "shards": [{"id": "s", "load": {"cpu": 1}}]}',
        'E4001 1:12 /nodes/0/capacity [{"id": "a"}] node `a` has no capacity for `cpu`, which shards load',
    ),
    "a key twice": (
        '{"shards": [{"id": "s", "load": {"cpu": 1, "cpu": 2}}]}',
        'E0502 1:44 /shards/0/load/cpu ["cpu"] `cpu` comes twice in one object',
    ),
    "a comma too many": ('{"nodes": [],}', "E0501 1:13 - [,] broken JSON: a comma too many"),
    "a comma too many in a list": (
        '{"nodes": [\n{"id": "a"},\n]}',
        "E0501 2:12 - [,] broken JSON: a comma too many",
    ),
    "a text that ends early": ('{"nodes": [', "E0501 1:12 - [] broken JSON: the text ends too early"),
    "nothing at all": ("", "E0501 1:1 - [] broken JSON: the text is empty"),
    "no comma": ('{"name": "a"\n "nodes": []}', "E0501 2:2 - [\"] broken JSON: expecting ',' delimiter"),
    "NaN": ('{"name": "NaN", "metrics": {"a": NaN}}', "E0501 1:34 - [N] broken JSON: `NaN` is not a number"),
    "half a character": (
        '{"name": "\\ud800"}',
        "E0501 1:11 - [\\] broken JSON: `\\ud800` is half a character",
    ),
    "a tower of lists": ("[" * 100_000, "E0501 1:1 - [[] the document is nested too deeply"),
}


@pytest.mark.parametrize(("text", "expected"), SINGLE.values(), ids=SINGLE)
def test_one_fault(text: str, expected: str, tmp_path: Path) -> None:
    assert [line(diagnostic) for diagnostic in told_of(text, tmp_path)] == [expected]


MANY_SHAPES = """\
{"nodes": [{"id": "n1", "lables": {}, "state": 3}],
 "shards": [{"id": 7, "load": {"cpu": "1"}}],
 "topology": "zone"}
"""

MANY_FACTS = """\
{"resources": {"cpu": {}},
 "nodes": [{"id": "n1"}, {"id": "n1", "safe": {"cpu": 1, "gpu": 1}}],
 "shards": [{"id": "s1", "load": {"cpu": 1}, "placement": [{"node": "n3"}]}]}
"""


def test_all_faults_of_shape_are_told_at_once_sorted_by_place(tmp_path: Path) -> None:
    assert [line(diagnostic) for diagnostic in told_of(MANY_SHAPES, tmp_path)] == [
        'E1501 1:25 /nodes/0/lables ["lables"] `lables` is not a key of a node',
        "E1502 1:48 /nodes/0/state [3] `state` must be a text, not `3`",
        "E1502 2:20 /shards/0/id [7] `id` must be a text, not `7`",
        'E1502 2:39 /shards/0/load/cpu ["1"] `load.cpu` must be a number, not `"1"`',
        'E1502 3:14 /topology ["zone"] `topology` must be a list or null, not `"zone"`',
    ]


def test_all_faults_of_fact_are_told_at_once_sorted_by_place(tmp_path: Path) -> None:
    assert [line(diagnostic)[:40] for diagnostic in told_of(MANY_FACTS, tmp_path)] == [
        'E4001 2:12 /nodes/0/capacity [{"id": "n1',
        'E4001 2:26 /nodes/1/capacity [{"id": "n1',
        'E1505 2:33 /nodes/1/id ["n1"] node `n1` ',
        'E2502 2:58 /nodes/1/safe/gpu ["gpu"] nod',
        'E2501 3:69 /shards/0/placement/0/node ["',
    ]


def test_a_node_that_is_gone_is_no_misspelling_of_its_neighbour(tmp_path: Path) -> None:
    text = """{"nodes": [{"id": "west-1"}, {"id": "east-2"}], "shards": [
        {"id": "s1", "placement": [{"node": "west-2"}]}, {"id": "s2", "placement": [{"node": "west-2"}]},
        {"id": "s3", "placement": [{"node": "wets-1"}]}]}"""
    gone, again, misspelt = (helps(diagnostic) for diagnostic in told_of(text, tmp_path))
    advice = 'if the node is gone, keep it in `nodes` with `"state": "down"`, and its replicas go elsewhere'
    assert gone == [advice]
    assert again == []
    assert misspelt == ["did you mean `west-1`?", *gone]


def test_twenty_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    nodes = [{"id": f"n{at}", "x": 1} for at in range(33)]
    diagnostics = told_of(json.dumps({"nodes": nodes}), tmp_path)
    assert len(diagnostics) == 20
    assert diagnostics[-1].notes == ("13 more errors are not shown",)
    assert all(not diagnostic.notes for diagnostic in diagnostics[:-1])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (SINGLE["an unknown key"][0], "capacity"),
        (SINGLE["an unknown key at the root"][0], "shards"),
        (SINGLE["an unknown state"][0], "draining"),
        (SINGLE["an unknown resource"][0], "memory"),
    ],
)
def test_the_word_that_was_meant_is_offered(text: str, meant: str, tmp_path: Path) -> None:
    (diagnostic,) = told_of(text, tmp_path)
    assert helps(diagnostic) == [f"did you mean `{meant}`?"]
    assert diagnostic.helps[0].patch


def test_a_patch_mends_the_snapshot(tmp_path: Path) -> None:
    (diagnostic,) = told_of(SINGLE["an unknown key"][0], tmp_path)
    patch = {"op": "move", "from": "/nodes/0/capcity", "path": "/nodes/0/capacity"}
    assert diagnostic.helps[0].patch == (patch,)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("key", ["cost_per_hour", "metrics"])
def test_python_numbers_that_are_none_are_refused(number: float, key: str) -> None:
    value: Any = {"m": number} if key == "metrics" else number
    (diagnostic,) = told(lambda: cluster_from({"nodes": [{"id": "a", key: value}]}))
    assert diagnostic.code == "E1504"
    assert diagnostic.message.endswith("must be a finite number")


def test_faults_in_python_data_point_into_its_json() -> None:
    (diagnostic,) = told(lambda: cluster_from({"nodes": [{"id": "a", "capcity": {}}]}))
    assert line(diagnostic) == 'E1501 5:7 /nodes/0/capcity ["capcity"] `capcity` is not a key of a node'
    assert diagnostic.spans[0].place.file == "<snapshot>"


def test_python_data_that_is_no_json_is_refused() -> None:
    document: Any = {"nodes": [{1: 2}], "links": object()}
    messages = [diagnostic.message for diagnostic in told(lambda: cluster_from(document))]
    assert "`1` is not a key of a node" in messages
    assert "`links` must be a list, not a Python `object`" in messages


def test_half_a_character_in_python_data_is_refused() -> None:
    (diagnostic,) = told(lambda: cluster_from({"nodes": [{"id": "a", "labels": {"zone": "\ud800"}}]}))
    assert diagnostic.message == "'\\ud800' holds a character that a name cannot have"


LINES = """\
{"name": "x"}
{"node": {"id": "n1", "lables": {}}}

{"shard": {"id": "s1", "load": {"a": 1, "a": 2}}}
[]
"""


def test_json_lines_are_told_by_line_and_as_one_document(tmp_path: Path) -> None:
    assert [line(diagnostic) for diagnostic in told_of(LINES, tmp_path, "cluster.jsonl")] == [
        'E1501 2:23 /nodes/0/lables ["lables"] `lables` is not a key of a node',
        'E0502 4:41 /shards/0/load/a ["a"] `a` comes twice in one object',
        'E1502 5:1 /lines/3 [[]] a line must be {"node": ...} or {"shard": ...}',
    ]


def test_facts_in_json_lines_have_their_line_too(tmp_path: Path) -> None:
    text = '{}\n{"node": {"id": "n1"}}\n{"shard": {"id": "s1", "placement": [{"node": "n2"}]}}\n'
    (diagnostic,) = told_of(text, tmp_path, "cluster.jsonl")
    assert line(diagnostic).startswith('E2501 3:47 /shards/0/placement/0/node ["n2"]')


def test_a_broken_line_has_its_place(tmp_path: Path) -> None:
    (diagnostic,) = told_of('{}\n{"node": }\n', tmp_path, "cluster.jsonl")
    assert line(diagnostic) == "E0501 2:10 - [}] broken JSON: expecting value"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    (diagnostic,) = told(lambda: load_cluster(path))
    assert diagnostic.code == "E0503"
    assert diagnostic.message == f"cannot read `{path}`: no such file or directory"


def test_parquet_is_for_later(tmp_path: Path) -> None:
    (diagnostic,) = told(lambda: load_cluster(tmp_path / "cluster.parquet"))
    assert diagnostic.message.endswith("Parquet is not read yet; write JSON or JSON Lines")


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_bytes(b'{"name": "\xff"}')
    (diagnostic,) = told(lambda: load_cluster(path))
    assert (diagnostic.code, diagnostic.message) == ("E0503", f"byte 10 of `{path}` is not UTF-8")
    assert diagnostic.spans[0].place.column == 11
