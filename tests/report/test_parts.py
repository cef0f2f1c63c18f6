"""The small parts of a report."""

from __future__ import annotations

import math

import pytest
from rich.console import RenderableType

from shardwright.cluster.load import cluster_from
from shardwright.report.bars import bar, cell, percent
from shardwright.report.conflicts import conflicts_page
from shardwright.report.console import console
from shardwright.report.gave_up import gave_up_section
from shardwright.report.map import fullest, load_map
from shardwright.report.moves import moves_section
from shardwright.report.usage import shares, usage
from shardwright.report.words import count, line, listing, seconds, some
from shardwright.solver.conflicts.answer import Conflicts
from shardwright.solver.result import Cause, Conflict, GaveUp, Move
from tests.report.examples import large_cluster, placed, small_cluster


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "  0 %"), (0.29, " 29 %"), (0.999, " 99 %"), (1.0, "100 %"), (1.001, "101 %"), (math.nan, "   -")],
)
def test_full_is_exactly_100_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "░░░░"), (0.01, "█░░░"), (0.5, "██░░"), (0.99, "███░"), (1, "████"), (2, "████")]
)
def test_a_bar_looks_empty_or_full_only_if_it_is(share: float, text: str) -> None:
    assert bar(share, 4) == text


def test_adding_floats_does_not_overload_a_node() -> None:
    assert "!" not in cell(0.1 + 0.2 + 0.7 + 1e-16, 0.5, 4).plain
    assert "!" in cell(1.01, 0.5, 4).plain


def test_what_did_not_change_is_not_told_twice() -> None:
    assert cell(0.5, 0.501, 0).plain.strip() == "50 %"
    assert cell(0.5, 0.6, 0).plain.split() == ["50", "%", "was", "60"]


def test_usage_adds_up_loads_before_and_after() -> None:
    used = usage(small_cluster(), placed(s1="n1", s2="n2", s3="n2"))
    assert used.was[:, 0].tolist() == [11, 0, 0]
    assert used.load[:, 0].tolist() == [6, 7, 0]
    assert (used.had.tolist(), used.replicas.tolist()) == ([2, 0, 0], [1, 2, 0])


def test_usage_knows_an_empty_placement() -> None:
    assert usage(small_cluster(), {}).load.sum() == 0


def test_no_capacity_is_no_share() -> None:
    cluster = small_cluster()
    assert math.isnan(shares(cluster.nodes.capacity, cluster.nodes.capacity * 0)[0, 0])


def test_the_fullest_resources_keep_their_order() -> None:
    import numpy as np

    assert fullest(np.array([[0.1, 0.9, np.nan, 0.5, 0.4, 0.8]]), 4) == [1, 3, 4, 5]


def test_words() -> None:
    assert [count(0, "move"), count(1, "move"), count(1200, "move")] == ["no moves", "1 move", "1,200 moves"]
    assert [seconds(0.042), seconds(12.34), seconds(95.4)] == ["0.04 s", "12.3 s", "95 s"]
    assert [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert some(["a", "b", "c"], 2) == "a, b and 1 more"


def test_a_name_cannot_write_on_the_terminal() -> None:
    assert line("n1\x1b[2J\x9b[bold]").plain == "n1\\u001b[2J\\u009b[bold]"
    assert line("a\nb\t\u202ec").plain == "a\\nb\\t\\u202ec"


def test_a_large_cluster_has_a_map_of_a_screen() -> None:
    for nodes, zones in ((1000, 3), (1000, 100), (41, 41)):
        cluster = large_cluster(nodes, zones)
        assert printed(load_map(cluster, {})).count("\n") < 50


def printed(part: RenderableType | None) -> str:
    target = console()
    with target.capture() as captured:
        target.print(part)
    return captured.get()


def test_what_is_not_proven_minimal_is_not_counted_as_minimal() -> None:
    causes = [
        Cause("apart", None, "", None, None, None, "apart"),
        Cause("placed", None, "", None, None, None, ""),
    ]
    found = Conflicts((Conflict(True, causes, []), Conflict(False, causes, [])), False, ("max_pairs",))
    page = printed(conflicts_page(found))
    assert "2 conflicts, 1 of them proven minimal; there may be others: stopped by `max_pairs`" in page
    assert page.count("not proven minimal: fewer of these rules may be enough") == 1


@pytest.mark.parametrize("is_compiled", [True, False])
def test_where_the_time_went_into_compiling_that_is_said(
    is_compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shardwright.report.conflicts.is_compiled", lambda: is_compiled)
    cause = Cause("placed", None, "", None, None, None, "")
    untried = Conflict(
        True, [cause], [], repairs=[{"kind": "drop", "text": "drop it", "limit": "time_limit"}]
    )
    for found in (Conflicts((), False, ("time_limit",)), Conflicts((untried,), True, ())):
        assert ("compile its kernels first" in printed(conflicts_page(found))) is not is_compiled
    assert "kernels" not in printed(conflicts_page(Conflicts((), False, ("max_pairs",))))


def test_moves_are_listed_while_their_routes_are_few() -> None:
    """Forty shards on one way are one line; one shard on each of forty ways are counted by node."""
    one_way = [Move(f"s{at:02}", "n1", "n2") for at in range(40)]
    many_ways = [Move(f"s{at:02}", f"a{at:02}", f"b{at % 9}") for at in range(40)]
    assert "n1 → n2 s00, s01" in " ".join(printed(moves_section(one_way)).split())
    assert "b0 (5), b1 (5)" in printed(moves_section(many_ways))
    assert "b7 (4) and 1 more node " in printed(moves_section(many_ways))


def test_a_rule_that_was_given_up_has_its_place() -> None:
    stated = GaveUp("near", None, "/actions", "shard `s1` on `n2`", 1, [], "policies/near.json", 6, 40)
    assert "    --> policies/near.json:6:40\n" in printed(gave_up_section([stated]))


def test_without_nodes_there_is_no_map() -> None:
    assert load_map(cluster_from({}), {}) is None
