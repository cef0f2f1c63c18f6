"""Every selector of a document, judged by the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.selectors import parse_selector
from shardwright.grammar.tree import Array, Node, Object
from shardwright.policies.models import CONSTRAINT_KEYS

# "*" stands for every item of a list, or for the one thing that stands there without a list.
SELECTORS = (
    ("scope", "shards"),
    ("actions", "placement", "constraints", "labels"),
    ("actions", "placement", "constraints", "apart_from", "*", "shards"),
    ("actions", "placement", "constraints", "together_with", "*", "shards"),
    ("actions", "placement", "preferences", "*", "labels"),
    ("actions", "replication", "leader", "in"),
    ("actions", "replication", "leader", "prefer"),
    ("actions", "migration", "leave"),
    ("actions", "migration", "target"),
    ("actions", "cost_optimization", "prefer", "*", "labels"),
)


def selector_errors(tree: Object) -> list[Diagnostic]:
    """What is wrong with the document's selectors. A selector that is no object is the models' to refuse."""
    return [problem for node in _selectors(tree) for problem in parse_selector(node)[1]]


def _selectors(tree: Object) -> Iterator[Object]:
    for path in SELECTORS:
        for node in _walk(tree, path):
            if isinstance(node, Object):
                yield node
    constraints = next(_walk(tree, ("actions", "placement", "constraints")), None)
    if isinstance(constraints, Object):
        labels = tuple(member for member in constraints.members if member.key not in CONSTRAINT_KEYS)
        if labels:
            yield Object(constraints.place, labels)


def _walk(node: Node | None, path: Sequence[str]) -> Iterator[Node]:
    if node is None:
        return
    if not path:
        yield node
    elif path[0] != "*":
        yield from _walk(node.child(path[0]), path[1:])
    else:
        for item in node.items if isinstance(node, Array) else (node,):
            yield from _walk(item, path[1:])
