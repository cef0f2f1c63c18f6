"""Reasons as JSON documents; docs/result.md has the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shardwright.grammar.rules import Rule
from shardwright.solver.problem import LevelKey
from shardwright.solver.why.everybody import SameReasons
from shardwright.solver.why.explainer import Explainer
from shardwright.solver.why.price import Price
from shardwright.solver.why.reasons import Binding, Decided, NodeGroup, Reason, ShardReasons
from shardwright.solver.why.where import Where
from shardwright.solver.why.why_not import WhyNot
from shardwright.solver.why.wording import text

Document = dict[str, Any]


def shard_document(explainer: Explainer, reasons: ShardReasons) -> Document:
    """What `why` says about a shard."""
    return {
        "shard": explainer.shard(reasons.shard),
        "status": explainer.status,
        "placement": explainer.origin,
        "replicas": [
            {"node": explainer.node(node), "settled": node in reasons.settled} for node in reasons.held
        ],
        "nodes": [group_document(explainer, group) for group in reasons.groups],
        "decided": [_decided(explainer, one) for one in reasons.decided],
        "binding": [_binding(explainer, one) for one in reasons.binding],
    }


def group_document(explainer: Explainer, group: NodeGroup) -> Document:
    """Nodes about which the same is to be said: `node` is the only one, `class` names several."""
    names = [explainer.node(node) for node in group.nodes]
    who = {"node": names[0]} if len(names) == 1 else {"class": class_name(explainer, group.nodes)}
    return {
        **who,
        "nodes": names,
        "verdict": "yes" if group.allowed else "no",
        "held": group.held,
        "instead_of": None if group.leaves is None else explainer.node(group.leaves),
        "reasons": [reason_document(explainer, reason) for reason in group.reasons],
    }


def where_document(explainer: Explainer, found: Where, optimal: bool) -> Document:
    """What `where` says about a shard."""
    nodes: Document = {
        str(verdict): [explainer.node(row) for row in rows] for verdict, rows in found.nodes.items()
    }
    return {
        "shard": explainer.shard(found.shard),
        "among": "optimal" if optimal else "admissible",
        **nodes,
        "impossible": found.impossible,
        "limits": list(found.limits),
    }


def all_document(explainer: Explainer, groups: Sequence[SameReasons]) -> Document:
    """What `why --all` says: shards with equal reasons, the largest groups first."""
    return {
        "status": explainer.status,
        "placement": explainer.origin,
        "shards": sum(len(group.shards) for group in groups),
        "groups": [
            {
                "count": len(group.shards),
                "examples": [explainer.shard(row) for row in group.shards[:2]],
                "replicas": group.replicas,
                "against": [rule_document(explainer, rule) for rule in group.against],
                "decided": [rule_document(explainer, rule) for rule in group.decided],
            }
            for group in groups
        ],
    }


def why_not_document(explainer: Explainer, found: WhyNot) -> Document:
    """What `why-not` says about a shard and a node."""
    conflicts = found.conflicts
    node, reasons = (
        explainer.node(found.node),
        [reason_document(explainer, reason) for reason in found.reasons],
    )
    return {
        "shard": explainer.shard(found.shard),
        "node": node,
        "verdict": found.verdict,
        "nodes": _in_short(node, found.verdict, reasons),
        "status": explainer.status,
        "placement": explainer.origin,
        "reasons": reasons,
        "price": None if found.price is None else _price(explainer, found.price),
        "conflicts": [asdict(one) for one in conflicts.conflicts] if conflicts is not None else [],
        "conflicts_complete": conflicts is None or conflicts.complete,
        "limits": list(found.limits),
    }


def _in_short(node: str, verdict: str, reasons: list[Document]) -> list[Document]:
    """The one node in the shape of `why`; nothing where it is not known whether it may be."""
    if verdict == "unknown":
        return []
    short = "yes" if verdict in ("here", "price") else "no"
    return [{"node": node, "nodes": [node], "verdict": short, "reasons": reasons}]


def _price(explainer: Explainer, price: Price) -> Document:
    moves = [{"shard": move.shard, "from": move.source, "to": move.target} for move in price.moves]
    levels = [_difference(explainer, price, level) for level in explainer.problem.levels]
    return {"proven": price.proven, "levels": levels, "moves": moves}


def _difference(explainer: Explainer, price: Price, level: LevelKey) -> Document:
    rules = [rule for rule in explainer.problem.rules if rule.level == level]
    now, there = price.now[level], price.there[level]
    return {
        "block": level[0],
        "priority": level[1],
        "policy": ", ".join(dict.fromkeys(rule.owner for rule in rules)),
        "goal": ", ".join(dict.fromkeys(rule.kind.name for rule in rules)),
        "now": now,
        "there": there,
        "difference": there - now,
        "bound": price.bound[level],
    }


def class_name(explainer: Explainer, nodes: tuple[int, ...]) -> str:
    """`8 nodes`, with the topology labels that they share: `8 nodes, region us-east`."""
    cluster = explainer.problem.cluster
    shared = []
    for key in cluster.topology:
        label = cluster.nodes.labels.get(key)
        codes = set(label.codes[list(nodes)].tolist()) if label is not None else set()
        if label is not None and len(codes) == 1 and -1 not in codes:
            shared.append(f"{key} {label.values[codes.pop()]}")
    count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
    return ", ".join([count, *shared])


def reason_document(explainer: Explainer, reason: Reason) -> Document:
    return {
        **rule_document(explainer, reason.rule),
        "says": reason.say,
        "text": text(reason, explainer.scene),
    }


def rule_document(explainer: Explainer, rule: Rule | None) -> Document:
    """The policy (or built-in), rule and place that speak; all null where no rule does."""
    place = explainer.place(rule) if rule is not None else None
    file, line, column = place if place is not None else (None, None, None)
    level = rule.level if rule is not None and rule.level is not None else (None, None)
    return {
        "policy": rule.owner if rule is not None else None,
        "pointer": rule.pointer if rule is not None else None,
        "kind": rule.kind.name if rule is not None else None,
        "enforcement": rule.enforcement if rule is not None else None,
        "block": level[0],
        "priority": level[1],
        "file": file,
        "line": line,
        "column": column,
    }


def _decided(explainer: Explainer, one: Decided) -> Document:
    return {**rule_document(explainer, one.rule), "nodes": [explainer.node(node) for node in one.nodes]}


def _binding(explainer: Explainer, one: Binding) -> Document:
    return {
        "policy": one.owner,
        "tie": one.tie,
        "nodes": [explainer.node(node) for node in one.nodes],
    }
