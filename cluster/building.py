"""From the rows of a snapshot to sorted columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from shardwright.cluster.cluster import FloatArray, IntArray, Nodes, Shards, TextColumn
from shardwright.cluster.snapshot import NodeRow, Scalar, ShardRow

Word = TypeVar("Word")


def row_order(rows: Sequence[NodeRow] | Sequence[ShardRow]) -> list[int]:
    """The places of the rows in the document, sorted by id."""
    ids = [row.id for row in rows]
    return sorted(range(len(ids)), key=ids.__getitem__)


def names_in(tables: Iterable[dict[str, Any]]) -> list[str]:
    """Every key of some dictionaries, sorted."""
    return sorted(set().union(*tables))


def text_column(values: Sequence[Scalar | None]) -> TextColumn:
    """Texts as codes; numbers and booleans in their JSON spelling."""
    texts = [value if isinstance(value, str) else _spelled(value) for value in values]
    known = sorted({text for text in texts if text is not None})
    code: dict[str | None, int] = {text: at for at, text in enumerate(known)}
    return TextColumn(code_column(texts, lambda text: code.get(text, -1)), tuple(known))


def _spelled(value: float | None) -> str | None:
    if value is None:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # 3 and 3.0 are the same JSON number.
    return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)


def number_table(tables: Sequence[dict[str, float]], names: Sequence[str], missing: float) -> FloatArray:
    """One row for each dictionary, one column for each name."""
    table = np.empty((len(tables), len(names)), dtype=np.float64)
    for at, name in enumerate(names):
        table[:, at] = number_column([row.get(name, missing) for row in tables])
    return table


def number_column(values: Sequence[float]) -> FloatArray:
    """Floats; -0.0 becomes 0.0, so that equal clusters have equal bytes."""
    return np.fromiter(values, dtype=np.float64, count=len(values)) + 0.0


def _labels(tables: Sequence[dict[str, Scalar]]) -> dict[str, TextColumn]:
    return {name: text_column([row.get(name) for row in tables]) for name in names_in(tables)}


def _metrics(tables: Sequence[dict[str, float]]) -> dict[str, FloatArray]:
    missing = float("nan")
    return {name: number_column([row.get(name, missing) for row in tables]) for name in names_in(tables)}


def build_nodes(rows: Sequence[NodeRow], resources: Sequence[str]) -> Nodes:
    """The columns of nodes; the rows come sorted."""
    missing = float("nan")
    return Nodes(
        ids=tuple(row.id for row in rows),
        labels=_labels([row.labels for row in rows]),
        metrics=_metrics([row.metrics for row in rows]),
        state=text_column([row.state for row in rows]),
        capacity=number_table([row.capacity for row in rows], resources, missing),
        safe=number_table([row.safe for row in rows], resources, missing),
        cost_per_hour=number_column([row.cost_per_hour for row in rows]),
    )


def build_shards(rows: Sequence[ShardRow], resources: Sequence[str]) -> Shards:
    """The columns of shards; the rows come sorted."""
    return Shards(
        ids=tuple(row.id for row in rows),
        labels=_labels([row.labels for row in rows]),
        metrics=_metrics([row.metrics for row in rows]),
        group=text_column([row.group for row in rows]),
        replicas=np.fromiter((row.replicas for row in rows), dtype=np.int32, count=len(rows)),
        load=number_table([row.load for row in rows], resources, 0.0),
        move_cost=number_column([row.move_cost for row in rows]),
    )


def role_names(given: Iterable[str]) -> tuple[str, ...]:
    """The roles of a placement: none, the two that everybody has, then the others by name."""
    return ("", "leader", "follower", *sorted(set(given) - {"", "leader", "follower"}))


def code_column(words: Sequence[Word], code: Callable[[Word], int]) -> IntArray:
    """The code of every word."""
    return np.fromiter((code(word) for word in words), dtype=np.int32, count=len(words))
