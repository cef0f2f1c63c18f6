"""Classes: shards (and nodes) that no comparison of any policy can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.cluster.columns import (
    BoolArray,
    Column,
    column_of,
    compare_column,
    compare_values,
    take,
)
from shardwright.cluster.constants import constant
from shardwright.grammar.syntax import Attribute, Comparison, Scalar, subjects

HashArray = NDArray[np.uint64]


@dataclass(frozen=True)
class ClassTable:
    """`of[row]` is the class of a row, `representative[class]` one of its rows.

    `truth[comparison number]` holds, for each class, whether the comparison is true.
    """

    of: IntArray
    representative: IntArray
    truth: dict[int, BoolArray]

    @property
    def size(self) -> int:
        return len(self.representative)


@dataclass(frozen=True)
class Classes:
    """The classes of a cluster under a policy set's comparisons.

    `both[number]` is a table (shard classes, node classes); `given` are the comparisons about the
    cluster or the time that are true; `own` is the replica count that shards of a class ask for themselves.
    """

    shards: ClassTable
    nodes: ClassTable
    both: dict[int, BoolArray]
    given: frozenset[int]
    own: IntArray


def classify(comparisons: Sequence[Comparison], cluster: Cluster) -> Classes:
    """Sort the rows of a cluster into classes; linear in rows for each attribute that policies mention."""
    settled = {at: _with_constants(item, cluster) for at, item in enumerate(comparisons)}
    about = {at: subjects(item) & {"shard", "node"} for at, item in settled.items()}
    both = [at for at, sides in about.items() if len(sides) == 2]
    shard_side = [at for at, sides in about.items() if sides == {"shard"}]
    node_side = [at for at, sides in about.items() if sides == {"node"}]
    shards = _table(cluster, "shard", settled, shard_side, both)
    nodes = _table(cluster, "node", settled, node_side, both)
    return Classes(
        shards,
        nodes,
        {at: _pairs(cluster, settled[at], shards, nodes) for at in both},
        frozenset(at for at, sides in about.items() if not sides and _given(settled[at])),
        cluster.shards.replicas[shards.representative],
    )


def _with_constants(comparison: Comparison, cluster: Cluster) -> Comparison:
    """Values of `cluster.` and `time.` become constants; a comparison between constants becomes its truth."""
    right = comparison.value
    if isinstance(right, Attribute) and right.subject in CONSTANT:
        value = constant(cluster, right)
        operator = comparison.operator if value is not None else NEVER.get(comparison.operator, "in")
        comparison = replace(comparison, operator=operator, value=() if value is None else value)
    left = comparison.attribute
    if left.subject not in CONSTANT:
        return comparison
    if isinstance(comparison.value, Attribute):
        flipped = replace(
            comparison,
            attribute=comparison.value,
            operator=MIRRORED[comparison.operator],
            value=left,
        )
        return _with_constants(flipped, cluster)
    column = _single(constant(cluster, left))
    return replace(comparison, value=bool(compare_column(column, comparison.operator, comparison.value)[0]))


CONSTANT = ("cluster", "time")
# A missing value equals nothing, and so differs from everything.
NEVER = {"neq": "not_in"}
MIRRORED = {"lt": "gt", "gt": "lt", "lte": "gte", "gte": "lte", "eq": "eq", "neq": "neq"}


def _single(value: float | str | None) -> Column:
    """A column of one row; its first distinct value is that row's."""
    numbers = np.array([value] if isinstance(value, (int, float)) else [], dtype=float)
    return Column(np.zeros(1, dtype=np.int32), numbers, (value,) if isinstance(value, str) else ())


def _given(comparison: Comparison) -> bool:
    return comparison.value is True


def _table(
    cluster: Cluster, side: str, items: dict[int, Comparison], own: list[int], both: list[int]
) -> ClassTable:
    """Rows with equal truth for all comparisons, equal values of mixed ones, and equal built-in columns."""
    columns = _Columns(cluster)
    rows = len(cluster.shards.ids if side == "shard" else cluster.nodes.ids)
    built_in = Attribute(side, "", "replicas" if side == "shard" else "state")
    mixed = {attribute for at in both for attribute in _attributes(items[at]) if attribute.subject == side}
    parts = [columns[attribute].codes for attribute in [built_in, *sorted(mixed, key=str)]]
    by_attribute: dict[Attribute, list[int]] = {}
    for at in own:
        if isinstance(items[at].value, Attribute):
            parts.append(_two_columns(columns, items[at]).astype(np.int32))
        else:
            by_attribute.setdefault(items[at].attribute, []).append(at)
    parts += [
        _signature(columns[attribute], [items[at] for at in ats]) for attribute, ats in by_attribute.items()
    ]
    of, representative = _group(parts, rows)
    truth = {at: _truth(columns, items[at], representative) for at in own}
    return ClassTable(of, representative, truth)


class _Columns:
    """Columns of one cluster, each built once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.built: dict[Attribute, Column] = {}

    def __getitem__(self, attribute: Attribute) -> Column:
        if attribute not in self.built:
            self.built[attribute] = column_of(self.cluster, attribute)
        return self.built[attribute]


def _attributes(comparison: Comparison) -> list[Attribute]:
    return [side for side in (comparison.attribute, comparison.value) if isinstance(side, Attribute)]


def _signature(column: Column, comparisons: Iterable[Comparison]) -> IntArray:
    """For each row a number that is equal where all comparisons of this column come out equal."""
    signatures = np.zeros((column.size, 2), dtype=np.uint64)
    for at, comparison in enumerate(comparisons):
        truth = compare_column(column, comparison.operator, _plain(comparison))
        signatures[truth] ^= _noise(at)
    _, inverse = np.unique(signatures, axis=0, return_inverse=True)
    return inverse.reshape(-1)[column.codes].astype(np.int32)


def _plain(comparison: Comparison) -> Scalar | tuple[Scalar, ...] | None:
    assert not isinstance(comparison.value, Attribute)
    return comparison.value


def _noise(index: int) -> HashArray:
    """128 fixed pseudo-random bits for an index; sums of them collide with probability 2^-128."""
    return np.random.Generator(np.random.PCG64(index)).integers(0, 2**64, size=2, dtype=np.uint64)


def _group(parts: list[IntArray], rows: int) -> tuple[IntArray, IntArray]:
    """Class of each row and first row of each class; classes are numbered by their first row."""
    combined = np.zeros(rows, dtype=np.int64)
    for part in parts:
        _, combined = np.unique(combined * (int(part.max(initial=0)) + 1) + part, return_inverse=True)
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[inverse] if rows else np.empty(0, np.int32), first[order].astype(np.int32)


def _truth(columns: _Columns, comparison: Comparison, rows: IntArray) -> BoolArray:
    if isinstance(comparison.value, Attribute):
        return _two_columns(columns, comparison)[rows]
    column = columns[comparison.attribute]
    return compare_column(column, comparison.operator, _plain(comparison))[take(column, rows).codes]


def _two_columns(columns: _Columns, comparison: Comparison) -> BoolArray:
    """A comparison between two attributes of the same thing, for every row."""
    assert isinstance(comparison.value, Attribute)
    left, right = columns[comparison.attribute], columns[comparison.value]
    pairs, inverse = np.unique(left.codes.astype(np.int64) * right.size + right.codes, return_inverse=True)
    truth = [
        compare_values(left.value(pair // right.size), comparison.operator, right.value(pair % right.size))
        for pair in pairs.tolist()
    ]
    return np.array(truth, dtype=bool)[inverse] if truth else np.zeros(len(left.codes), dtype=bool)


def _pairs(cluster: Cluster, comparison: Comparison, shards: ClassTable, nodes: ClassTable) -> BoolArray:
    """A comparison between a shard's and a node's attribute, for every pair of classes."""
    assert isinstance(comparison.value, Attribute)
    left, right = column_of(cluster, comparison.attribute), column_of(cluster, comparison.value)
    tables = {"shard": shards, "node": nodes}
    left_codes = left.codes[tables[comparison.attribute.subject].representative]
    right_codes = right.codes[tables[comparison.value.subject].representative]
    left_used, left_at = np.unique(left_codes, return_inverse=True)
    right_used, right_at = np.unique(right_codes, return_inverse=True)
    truth = np.array(
        [
            [compare_values(left.value(a), comparison.operator, right.value(b)) for b in right_used.tolist()]
            for a in left_used.tolist()
        ],
        dtype=bool,
    ).reshape(len(left_used), len(right_used))
    table = truth[np.ix_(left_at, right_at)]
    return table if comparison.attribute.subject == "shard" else table.T
