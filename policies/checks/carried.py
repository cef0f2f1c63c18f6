"""Names in policies that nothing in a cluster has: a slip of the pen, or a policy for another cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shardwright.cluster.cluster import Cluster, Things
from shardwright.cluster.columns import column_of
from shardwright.cluster.constants import CLUSTER, constant
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.rules import NODE, Kind, Rule, Statement
from shardwright.grammar.syntax import Attribute, Comparison, Condition, comparisons
from shardwright.grammar.wording import quoted
from shardwright.policies.checks.say import meant, warning
from shardwright.policies.lower import lower
from shardwright.policies.policy import Policy

WELL_KNOWN = {
    "node": ("id", "state", "cost_per_hour"),
    "shard": ("id", "group", "replicas", "move_cost"),
    "cluster": tuple(CLUSTER),
}
NODE_KEYS = ("by", "over", "key")  # the fields of rules that name a label of nodes


@dataclass(frozen=True)
class _Use:
    """An attribute as a policy uses it, with the texts that it is compared with."""

    policy: str
    attribute: Attribute
    place: Place
    texts: tuple[str, ...] = ()


def unknown_names(policies: Iterable[Policy], cluster: Cluster) -> list[Diagnostic]:
    """One warning for each label, metric or value that nothing in the cluster has."""
    found = []
    given = tuple(policies)
    for policy, statement in zip(given, lower(given), strict=True):
        for use in _uses(policy, statement):
            if _speaks_of_something(use.attribute, cluster):
                found += _attribute(use, cluster) or _values(use, cluster)
    return found


def _uses(policy: Policy, statement: Statement) -> Iterator[_Use]:
    conditions = [*statement.guards, *statement.node_tests]
    for rule in statement.rules:
        conditions += _conditions(rule.kind)
        yield from _keys(policy, rule)
    for leaf in (leaf for condition in conditions for leaf in comparisons(condition)):
        yield from _sides(policy.name, leaf)


def _conditions(kind: Kind) -> list[Condition]:
    tests = (getattr(kind, "test", None), getattr(getattr(kind, "targets", None), "test", None))
    return [test for test in tests if test is not None]


def _keys(policy: Policy, rule: Rule) -> Iterator[_Use]:
    """The labels that rules count by. They stand beside the number that gives the rule its pointer."""
    for field in NODE_KEYS:
        name = getattr(rule.kind, field, None)
        if name is not None and name != NODE:
            at = _key_place(policy, rule.pointer, field)
            value = getattr(rule.kind, "value", None)
            texts = (value,) if field == "key" and isinstance(value, str) else ()
            yield _Use(policy.name, Attribute("node", "labels", name), at, texts)


def _key_place(policy: Policy, pointer: str, field: str) -> Place:
    """Where the label is named: in the rule's object, or in the one around the rule's number."""
    around = (f"{pointer}/{field}", f"{pointer.rpartition('/')[0]}/{field}")
    places = (policy.place(at) for at in around)
    return next((place for place in places if place.pointer.endswith(f"/{field}")), policy.place(pointer))


def _sides(policy: str, leaf: Comparison) -> Iterator[_Use]:
    if leaf.operator in ("exists", "not_exists"):
        return  # the policy asks for it
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    texts = (
        tuple(value for value in values if isinstance(value, str)) if leaf.operator in ("eq", "in") else ()
    )
    yield _Use(policy, leaf.attribute, leaf.place, texts if len(texts) == len(values) else ())
    if isinstance(leaf.value, Attribute):
        yield _Use(policy, leaf.value, leaf.place)


def _speaks_of_something(attribute: Attribute, cluster: Cluster) -> bool:
    """In a cluster without nodes (or shards) every name of theirs would be unknown."""
    things = _things(attribute, cluster)
    return things is None or bool(things.ids)


def _things(attribute: Attribute, cluster: Cluster) -> Things | None:
    return {"node": cluster.nodes, "shard": cluster.shards}.get(attribute.subject)


def _attribute(use: _Use, cluster: Cluster) -> list[Diagnostic]:
    attribute = use.attribute
    if _things(attribute, cluster) is None:
        missing = constant(cluster, attribute) is None
    else:
        missing = column_of(cluster, attribute).size == 1
    if not missing:
        return []
    helps = [meant(attribute.name, _candidates(attribute, cluster))]
    return [
        warning("W2006", _missing(attribute), use.place, "asked for here", policy=use.policy, helps=helps)
    ]


def _missing(attribute: Attribute) -> str:
    if attribute.subject == "time":
        return f"the snapshot has no `taken_at`, so {quoted(attribute)} is unknown"
    if attribute.subject == "cluster":
        return f"the snapshot has no {quoted(attribute)}"
    if attribute.space == "latency":
        return f"no link or node of the cluster knows the place {quoted(attribute.name)}"
    if attribute.space == "labels":
        return f"no {attribute.subject} of the cluster has the label {quoted(attribute.name)}"
    return f"no {attribute.subject} of the cluster has {quoted(attribute)}"


def _candidates(attribute: Attribute, cluster: Cluster) -> list[str]:
    things = _things(attribute, cluster)
    if things is None:
        return [*cluster.metrics, *WELL_KNOWN.get(attribute.subject, ())]
    if attribute.space in ("capacity", "safe", "load"):
        return list(cluster.resources)
    if attribute.space == "latency":
        return [place for link in cluster.links for place in (link.source, link.target)]
    found = [] if attribute.space == "metrics" else list(things.labels)
    found += [] if attribute.space == "labels" else list(things.metrics)
    return found + ([] if attribute.space else list(WELL_KNOWN[attribute.subject]))


def _values(use: _Use, cluster: Cluster) -> list[Diagnostic]:
    """Nodes only: which shards there are changes from day to day, and policies are ready for all of them."""
    if use.attribute.subject != "node" or not use.texts or use.attribute.name == "state":
        return []
    column = column_of(cluster, use.attribute)
    if any(text in column.text_codes for text in use.texts) or column.size > 1 + len(column.texts):
        return []
    wanted = " or ".join(quoted(text) for text in use.texts)
    message = f"no node of the cluster has {quoted(use.attribute)} = {wanted}"
    helps = [meant(text, column.texts) for text in use.texts]
    return [warning("W2006", message, use.place, "asked for here", policy=use.policy, helps=helps)]
