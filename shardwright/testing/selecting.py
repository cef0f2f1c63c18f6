"""Which shards a scope has, which nodes a selector matches: as policies mean it."""

from __future__ import annotations

from shardwright.cluster.cluster import Cluster, TextColumn, Things
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.selectors import Selector, parse_selector
from shardwright.grammar.tree import Node
from shardwright.policies.models import Scope
from shardwright.policies.selectors import matches
from shardwright.testing.spot import Spot


def in_scope(cluster: Cluster, scope: Scope, here: Spot) -> list[str]:
    """The shards of a scope in the order of names; `here` is the value that has the scope."""
    selector = selector_of(here.at("scope", "shards").node) if scope.shards is not None else ()
    labels = labels_of(cluster.shards)
    return [
        shard
        for row, shard in enumerate(cluster.shards.ids)
        if (scope.ids is None or shard in scope.ids)
        and (scope.groups is None or text_of(cluster.shards.group, row) in scope.groups)
        and matches(selector, labels[shard])
    ]


def matching(cluster: Cluster, selector: Selector) -> set[str]:
    """The nodes whose labels a selector matches."""
    return {name for name, labels in labels_of(cluster.nodes).items() if matches(selector, labels)}


def selector_of(node: Node) -> Selector:
    """Raises DiagnosticError."""
    selector, problems = parse_selector(node)
    if problems:
        raise DiagnosticError(problems)
    return selector


def labels_of(things: Things) -> dict[str, dict[str, str]]:
    """The labels of every node or shard."""
    found: dict[str, dict[str, str]] = {name: {} for name in things.ids}
    for key, column in things.labels.items():
        for row, name in enumerate(things.ids):
            text = text_of(column, row)
            if text is not None:
                found[name][key] = text
    return found


def text_of(column: TextColumn, row: int) -> str | None:
    code = int(column.codes[row])
    return column.values[code] if code >= 0 else None
