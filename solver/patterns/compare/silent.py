"""Policies that say nothing on a small cluster, by their guards: of a thousand, few are left to judge."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.columns import BoolArray, Column, column_of, compare_column
from shardwright.grammar.rules import Apart, Balance, Capacity, Headroom, Statement, Together
from shardwright.grammar.syntax import Attribute, Comparison, Condition

# These weigh or mind shards that they do not govern, too.
WEIGHING = (Apart, Together, Capacity, Balance, Headroom)


def governing_nothing(statements: Iterable[Statement], cluster: Cluster) -> frozenset[str]:
    """The names of policies that govern no shard of a cluster, as far as that is plain to see."""
    columns: dict[Attribute, Column] = {}
    return frozenset(
        statement.policy
        for statement in statements
        if not any(isinstance(rule.kind, WEIGHING) for rule in statement.rules)
        and not _may_govern(statement, cluster, columns).any()
    )


def _may_govern(statement: Statement, cluster: Cluster, columns: dict[Attribute, Column]) -> BoolArray:
    kept = np.ones(len(cluster.shards.ids), dtype=bool)
    for guard in statement.guards:
        if isinstance(guard, Comparison) and _is_plain(guard):
            if guard.attribute not in columns:
                columns[guard.attribute] = column_of(cluster, guard.attribute)
            column = columns[guard.attribute]
            assert not isinstance(guard.value, Attribute)
            kept &= compare_column(column, guard.operator, guard.value)[column.codes]
        if not kept.any():
            break
    return kept


def _is_plain(condition: Condition) -> bool:
    """A comparison of a shard's own attribute with a value. How many replicas it has, policies decide."""
    return (
        isinstance(condition, Comparison)
        and condition.attribute.subject == "shard"
        and condition.attribute.name != "replicas"
        and not isinstance(condition.value, Attribute)
    )
