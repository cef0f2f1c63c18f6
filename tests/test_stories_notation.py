"""The notation of stories says what its README says."""

from __future__ import annotations

from pathlib import Path

from shardwright.cluster.notation import snapshot
from tests import stories
from tests.running import masked

FILE = """\
# Files for all.
file policies/a.json
    {"a":

     1}
====
# The version is told.
shardwright --version
----
old
====
# A wrong command is told.
shardwright nonsense
----
"""


def test_a_block_without_a_command_hands_its_files_on(tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text(FILE)
    first, second = stories.read(path)
    assert first.files == second.files == {"policies/a.json": '{"a":\n\n 1}\n'}
    assert (first.why, first.answer) == ("The version is told.", "old\n")


def test_rewriting_replaces_one_answer_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text(FILE)
    stories.rewrite(path, stories.read(path)[0], "new\n")
    assert path.read_text() == FILE.replace("----\nold", "----\nnew")


def test_the_answer_ends_with_an_exit_code_that_is_not_0(tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text(FILE)
    assert stories.read(path)[1].answer == ""
    assert stories.read(path)[1].tell(tmp_path).endswith("No such command 'nonsense'.\n[exit 2]\n")


def test_durations_read_the_same_everywhere() -> None:
    assert (
        masked("1,234 ground rules in 0.04 s\ntime: parse 0.01 s\n") == "N ground rules in N s\ntime: N s\n"
    )
    assert masked('{"timings": {"parse": 1.5e-05}, "seconds": 0.1}') == '{"timings": {}, "seconds": 0}'


def test_a_cluster_in_a_few_lines() -> None:
    document = snapshot(
        """
        resources cpu disk*
        node n1..n2 zone=a cpu=10 safe.cpu=8 metrics.heat=1.5 state=draining
        shard s1 group=g tier=gold replicas=2 cpu=3 on n1 n2
        link eu us latency_ms=62
        """
    )
    assert document["resources"] == {"cpu": {}, "disk": {"transient": True}}
    assert [node["id"] for node in document["nodes"]] == ["n1", "n2"]
    assert document["nodes"][0] == {
        "id": "n1",
        "labels": {"zone": "a"},
        "capacity": {"cpu": 10},
        "safe": {"cpu": 8},
        "metrics": {"heat": 1.5},
        "state": "draining",
    }
    assert document["shards"][0]["placement"] == [{"node": "n1"}, {"node": "n2"}]
    assert document["shards"][0]["labels"] == {"tier": "gold"}
    assert document["links"] == [{"from": "eu", "to": "us", "latency_ms": 62}]
