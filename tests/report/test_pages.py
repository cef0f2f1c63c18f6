"""Whole answers as a person reads them; the expected texts stand in pages/*.txt (`--rewrite` renews them)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from shardwright.report.console import show
from shardwright.report.page import solve_page
from shardwright.solver.result import Conflict, GaveUp, Level, Move, Result
from tests.report.examples import answer, cause, large_cluster, placed, small_cluster

PAGES = Path(__file__).parent / "pages"


def given_up() -> Result:
    """A feasible answer that gave rules up and is not proven at every level."""
    because = ["`spread-zones` /actions/replication/spread/max: one replica of a shard in a zone"]
    what = [GaveUp("cheap", None, "/conditions", f"shard `s{at}` on `n2`", 1, because) for at in range(4)]
    return answer(
        status="feasible",
        gave_up=[*what, GaveUp("own", 3, "/actions/placement/constraints/disk", "shard `s1` on `n1`", 2, [])],
        not_applied=[{"policy": "at-night", "why": "its schedule starts at 01:00"}],
        levels=[
            Level(1, 2, "cheap, own", "allow", 6, 6),
            Level(2, 3, "even", "balance", 1200, 1000),
            Level(3, 0, "fewest_moves", "fewest_moves", 9, 0),
            Level(4, 3, "near", "nearness", 1003, 1000),
        ],
        limits=["time_limit"],
        strategy="search",
        reason_for_strategy="",
    )


def conflict() -> Result:
    """Two rules in a file, a built-in, a fact, a repair, and a best effort."""
    return answer(
        status="conflict",
        placement=None,
        moves=[],
        levels=[],
        certificate=None,
        best_effort=placed(s1="n1", s2="n2"),
        conflicts=[
            Conflict(
                minimal=True,
                causes=[cause("pin", 3, 55, "keeps `s3` on n3"), cause("capacity", None, None, "n1 is full")],
                facts=["n3 is draining"],
                repairs=[{"text": "make `pin` yielding"}],
            )
        ],
    )


def unknown() -> Result:
    limits = ["rule_limit", "something else"]
    return answer(status="unknown", placement=None, moves=[], levels=[], certificate=None, limits=limits)


def nothing_to_do() -> Result:
    return answer(moves=[], levels=[], timings={})


@pytest.mark.parametrize("result", [answer, given_up, conflict, unknown, nothing_to_do])
def test_small(result: Callable[[], Result], rewrite: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    compare(result.__name__, page_of(result(), small_cluster()), rewrite)


def test_large(rewrite: bool) -> None:
    """Sites with extremes instead of 60 nodes, busy nodes instead of 48 moves."""
    cluster = large_cluster()
    nodes = {shard: f"n{at % 12:02}" for at, shard in enumerate(cluster.shards.ids)}
    moves = [
        Move(shard, f"n{at:02}", nodes[shard]) for at, shard in enumerate(cluster.shards.ids) if at >= 12
    ]
    result = answer(placement=placed(**nodes), moves=moves)
    compare("large", page_of(result, cluster), rewrite)


def page_of(result: Result, cluster: object) -> str:
    out = io.StringIO()
    show(solve_page(result, cluster), out)  # type: ignore[arg-type]
    return out.getvalue()


def compare(name: str, text: str, rewrite: bool) -> None:
    path = PAGES / f"{name}.txt"
    if rewrite:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
