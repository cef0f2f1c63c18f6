"""What the language reserves and this release does not do yet: answered by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.tree import Leaf, Object
from shardwright.policies.checks.say import problem

ENVELOPE = ("schedule", "template", "parameters")
ACTIONS = {
    "replication": ("consistency", "survive", "leader"),
    "migration": (
        "max_moves",
        "max_concurrent",
        "max_moves_per_node",
        "max_moves_per_group",
        "max_bytes",
        "bandwidth",
        "cooldown",
        "window",
    ),
    "cost_optimization": ("budget", "max_cost_per_shard"),
}


def not_yet(tree: Object, policy: str | None) -> list[Diagnostic]:
    """One error for each key that has to wait."""
    return [_answer(key, tree, pointer, policy) for key, pointer in _reserved(tree)]


def _reserved(tree: Object) -> Iterator[tuple[str, str]]:
    """The key to name and the pointer of its value."""
    for key in ENVELOPE:
        if tree.child(key) is not None:
            yield key, f"/{key}"
    for action, keys in ACTIONS.items():
        values = tree.find(f"/actions/{action}")
        for key in keys:
            if values.place.pointer.endswith(f"/actions/{action}") and values.child(key) is not None:
                yield f"{action}.{key}", f"/actions/{action}/{key}"
    if _minimizes_traffic(tree):
        yield 'cost_optimization.minimize "traffic"', "/actions/cost_optimization/minimize"


def _minimizes_traffic(tree: Object) -> bool:
    node = tree.find("/actions/cost_optimization/minimize")
    return isinstance(node, Leaf) and node.value == "traffic"


def _answer(key: str, tree: Object, pointer: str, policy: str | None) -> Diagnostic:
    above, _, last = pointer.rpartition("/")
    parent = tree.find(above)
    member = parent.member(last) if isinstance(parent, Object) else None
    place = tree.find(pointer).place if last == "minimize" or member is None else member.key_place
    message = f"`{key}` is not supported yet"
    notes = ["Shardwright would have to ignore it, and does not ignore what a policy says"]
    return problem("E1090", message, place, "not yet", policy=policy, notes=notes)
