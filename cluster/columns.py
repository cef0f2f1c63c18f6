"""Attributes of nodes and shards as columns of distinct values, and comparisons on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from operator import ge, gt, le, lt

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, FloatArray, IntArray, Nodes, Shards, TextColumn
from shardwright.cluster.links import latency
from shardwright.grammar.syntax import Attribute, Scalar

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")  # as in JSON

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One attribute of every row: `codes` index the distinct numbers, the distinct texts, then "missing"."""

    codes: IntArray
    numbers: FloatArray
    texts: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of distinct values, "missing" included."""
        return len(self.numbers) + len(self.texts) + 1

    @cached_property
    def text_codes(self) -> dict[str, int]:
        return {text: len(self.numbers) + at for at, text in enumerate(self.texts)}

    @cached_property
    def as_numbers(self) -> FloatArray:
        """Every distinct value read as a number, NaN where it is none."""
        return np.array([*self.numbers, *(number_in(text) for text in self.texts), np.nan], dtype=float)

    def value(self, code: int) -> float | str | None:
        if code < len(self.numbers):
            return float(self.numbers[code])
        code -= len(self.numbers)
        return self.texts[code] if code < len(self.texts) else None


def number_in(text: str) -> float:
    """The finite number that a text spells, else NaN."""
    return float(text) if NUMBER.fullmatch(text) else float("nan")


def compare_column(column: Column, operator: str, value: Scalar | tuple[Scalar, ...] | None) -> BoolArray:
    """The truth of a comparison for each distinct value of a column."""
    if operator in NEGATED:
        return ~compare_column(column, NEGATED[operator], value)
    if operator == "exists":
        truth = np.ones(column.size, dtype=bool)
        truth[-1] = False
        return truth
    if operator in ("eq", "in"):
        return _equal(column, value if isinstance(value, tuple) else (value,))
    if operator in ("contains", "matches"):
        return _on_texts(column, operator, str(value))
    if operator == "between":
        assert isinstance(value, tuple)
        low, high = (float(bound) for bound in value)
        return _ordered(column, lambda numbers: (numbers >= low) & (numbers <= high))
    if isinstance(value, str):  # what a snapshot says of the cluster or the time, in place of an attribute
        values = (column.value(code) for code in range(column.size))
        return np.fromiter(
            (compare_values(one, operator, value) for one in values), dtype=bool, count=column.size
        )
    assert isinstance(value, (int, float))
    return _ordered(column, lambda numbers: ORDER[operator](numbers, float(value)))


NEGATED = {"neq": "eq", "not_in": "in", "not_exists": "exists"}
ORDER: dict[str, Callable[[FloatArray, float], BoolArray]] = {
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
}


def _ordered(column: Column, test: Callable[[FloatArray], BoolArray]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return test(column.as_numbers)


def _equal(column: Column, values: tuple[Scalar | None, ...]) -> BoolArray:
    truth = np.zeros(column.size, dtype=bool)
    for value in values:
        if isinstance(value, (bool, str)):
            text = str(value).lower() if isinstance(value, bool) else value
            code = column.text_codes.get(text)
            if code is not None:
                truth[code] = True
            if isinstance(value, str) and len(column.numbers):
                truth[: len(column.numbers)] |= column.numbers == number_in(value)
        elif value is not None:
            truth |= column.as_numbers == float(value)
    return truth


def _on_texts(column: Column, operator: str, pattern: str) -> BoolArray:
    truth = np.zeros(column.size, dtype=bool)
    for text, code in column.text_codes.items():
        truth[code] = pattern in text if operator == "contains" else fnmatchcase(text, pattern)
    return truth


def compare_values(left: float | str | None, operator: str, right: float | str | None) -> bool:
    """The truth of a comparison between two attributes' values."""
    if operator in NEGATED:
        return not compare_values(left, NEGATED[operator], right)
    if left is None or right is None:
        return False
    if isinstance(left, str) and isinstance(right, str):
        if operator == "eq":
            return left == right
        if operator in ("contains", "matches"):
            return right in left if operator == "contains" else fnmatchcase(left, right)
        return TEXT_ORDER[operator](left, right)
    numbers = [number_in(side) if isinstance(side, str) else side for side in (left, right)]
    if operator == "eq":
        return numbers[0] == numbers[1]
    return operator in ORDER and bool(ORDER[operator](np.array(numbers[0]), numbers[1]))


TEXT_ORDER: dict[str, Callable[[str, str], bool]] = {"lt": lt, "lte": le, "gt": gt, "gte": ge}


def _of_numbers(numbers: FloatArray) -> Column:
    known = ~np.isnan(numbers)
    distinct, inverse = np.unique(numbers[known], return_inverse=True)
    codes = np.full(len(numbers), len(distinct), dtype=np.int32)
    codes[known] = inverse
    return Column(codes, distinct, ())


def _of_texts(texts: TextColumn) -> Column:
    codes = np.where(texts.codes < 0, len(texts.values), texts.codes).astype(np.int32)
    return Column(codes, np.empty(0), texts.values)


def _metric_else_label(metric: Column, label: Column) -> Column:
    """The metric where there is one, else the label."""
    first_text, missing = len(metric.numbers), len(metric.numbers) + len(label.texts)
    label_codes = np.where(label.codes == label.size - 1, missing, label.codes + first_text)
    codes = np.where(metric.codes == metric.size - 1, label_codes, metric.codes)
    return Column(codes.astype(np.int32), metric.numbers, label.texts)


def _absent(rows: int) -> Column:
    return Column(np.zeros(rows, dtype=np.int32), np.empty(0), ())


def column_of(cluster: Cluster, attribute: Attribute) -> Column:
    """The column of an attribute of `node.` or `shard.`; all missing if nothing carries it."""
    things: Nodes | Shards = cluster.nodes if attribute.subject == "node" else cluster.shards
    if attribute.space in ("capacity", "safe", "load"):
        return _resource(cluster, things, attribute)
    if attribute.space == "labels":
        return _label(things, attribute.name)
    if attribute.space == "metrics":
        return _metric(things, attribute.name)
    if attribute.space == "latency":
        return _of_numbers(latency(cluster, attribute.name))
    known = _well_known(things, attribute.name)
    return (
        known
        if known is not None
        else _metric_else_label(_metric(things, attribute.name), _label(things, attribute.name))
    )


def _metric(things: Nodes | Shards, name: str) -> Column:
    metric = things.metrics.get(name)
    return _absent(len(things.ids)) if metric is None else _of_numbers(metric)


def _label(things: Nodes | Shards, name: str) -> Column:
    label = things.labels.get(name)
    return _absent(len(things.ids)) if label is None else _of_texts(label)


def _resource(cluster: Cluster, things: Nodes | Shards, attribute: Attribute) -> Column:
    table: FloatArray | None = getattr(things, attribute.space, None)
    if table is None or attribute.name not in cluster.resources:
        return _absent(len(things.ids))
    return _of_numbers(table[:, cluster.resources.index(attribute.name)])


def _well_known(things: Nodes | Shards, name: str) -> Column | None:
    if name == "id":
        return Column(np.arange(len(things.ids), dtype=np.int32), np.empty(0), things.ids)
    if isinstance(things, Nodes):
        if name == "state":
            return _of_texts(things.state)
        return _of_numbers(things.cost_per_hour) if name == "cost_per_hour" else None
    if name == "group":
        return _of_texts(things.group)
    if name == "move_cost":
        return _of_numbers(things.move_cost)
    return _of_numbers(things.replicas.astype(float)) if name == "replicas" else None


def take(column: Column, rows: IntArray) -> Column:
    """The column of some rows only."""
    return replace(column, codes=column.codes[rows])
