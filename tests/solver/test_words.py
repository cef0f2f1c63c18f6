"""Every kind of the vocabulary can be said: what it asks for, and what is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import shardwright
from shardwright.grammar.demands import DEMANDS
from shardwright.grammar.rules import Kind
from shardwright.solver.facts import KINDS, METER_NAMES
from shardwright.solver.words import SAYINGS
from tests.solver.making import cluster, node, policy, shard


def names(kind: type[Kind] = Kind) -> Iterator[str]:
    """The names of all subclasses."""
    for below in kind.__subclasses__():
        yield below.name
        yield from names(below)


def named(table: dict[type, Any]) -> set[str]:
    return {kind.name for kind in table}


ALL = set(names())


@pytest.mark.parametrize("table", [DEMANDS, SAYINGS, KINDS | METER_NAMES], ids=["demands", "words", "facts"])
def test_a_table_has_every_kind_and_nothing_else(table: dict[type, Any]) -> None:
    """Kinds about numbers have meters instead of facts of their own."""
    assert named(table) == ALL


@pytest.mark.parametrize(("held", "told"), [(1, "1 replica too few"), (3, "1 replica too many")])
def test_a_wrong_count_says_which_way(held: int, told: str) -> None:
    two = policy("two", "replication", {"replicas": 2}, enforcement="required")
    snapshot = cluster([node(f"n{at}") for at in range(4)], [shard("s", replicas=2)])
    placement = {"s": [{"node": f"n{at}"} for at in range(held)]}
    found = shardwright.compile([two]).certify(snapshot, {"placement": placement})
    assert {violation.policy for violation in found.violations} == {"placed", "two"}
    assert all(told in violation.what for violation in found.violations)
