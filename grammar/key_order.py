"""The order of keys in a policy, as docs/language.md lists them."""

from __future__ import annotations

from collections.abc import Sequence

from shardwright.grammar.tree import Member, Object

# A path of keys; `*` is any key or index. What is not listed (labels, selectors, parameters, ...) belongs to
# the author, and so does its order.
ORDERS: dict[tuple[str, ...], tuple[str, ...]] = {
    (): (
        *("version", "name", "description", "owner", "labels", "type", "priority", "enforcement", "weight"),
        *("enabled", "valid_from", "valid_until", "schedule", "scope", "depends_on", "extends", "template"),
        *("parameters", "conditions", "actions"),
    ),
    ("scope",): ("shards", "groups", "ids"),
    ("schedule", "*"): ("days", "from", "to", "timezone"),
    ("actions",): ("placement", "migration", "replication", "load_balancing", "cost_optimization"),
    ("actions", "placement"): ("applies_to", "strategy", "constraints", "preferences"),
    ("actions", "placement", "preferences", "*"): ("labels", "weight"),
    ("actions", "replication"): (
        *("replicas", "min_replicas", "max_replicas", "per", "spread", "consistency", "survive"),
        *("cross_region", "leader"),
    ),
    ("actions", "migration"): (
        *("leave", "stay", "target", "max_moves", "max_concurrent", "max_moves_per_node"),
        *("max_moves_per_group", "max_bytes", "bandwidth", "cooldown", "window", "minimize"),
    ),
    ("actions", "load_balancing"): (
        *("resources", "tolerance", "max_utilization", "safe", "capacity", "headroom", "over"),
    ),
    ("actions", "load_balancing", "headroom", "*"): ("of", "per", "target", "weight"),
    ("actions", "cost_optimization"): ("budget", "minimize", "consolidate", "prefer", "max_cost_per_shard"),
    ("actions", "cost_optimization", "prefer", "*"): ("labels", "weight"),
}
CONSTRAINTS = ("actions", "placement", "constraints")
# Labels come first, in the author's order.
AFTER_LABELS = (
    *("labels", "node", "min_replicas", "max_replicas", "spread", "apart_from", "together_with", "exclusive"),
    *("max_per_node", "latency"),
)
COMPARISON = ("metric", "function", "args", "operator", "value")


def in_order(node: Object, path: Sequence[str]) -> list[Member]:
    """The members of an object of a policy (at this path of keys) in canonical order."""
    if tuple(path) == CONSTRAINTS:
        return sorted(node, key=lambda member: _rank(member.key, AFTER_LABELS, unknown=-1))
    known = COMPARISON if path and path[0] == "conditions" else _order_of(tuple(path))
    return sorted(node, key=lambda member: _rank(member.key, known, unknown=len(known)))


def _rank(key: str, known: Sequence[str], unknown: int) -> int:
    return known.index(key) if key in known else unknown


def _order_of(path: tuple[str, ...]) -> tuple[str, ...]:
    return ORDERS.get(path) or ORDERS.get((*path[:-1], "*"), ())
