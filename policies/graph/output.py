"""The dependency graph for people and programs; the same policies give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shardwright.policies.graph.build import HUB, Edge, edges
from shardwright.policies.graph.order import order
from shardwright.policies.policy import Policy

WORDS = {"depends_on": "depends on", "extends": "extends", "reads": "reads", "decides": "decides"}


def graph_text(policies: Iterable[Policy]) -> str:
    """One line for each policy, in order, with what it needs below it."""
    policies = list(policies)
    needs = _needs(edges(policies))
    lines = []
    for policy in order(policies):
        lines.append(f"{policy.name} ({policy.model.type}, priority {policy.model.priority})")
        lines += [f"  {line}" for line in needs.get(policy.name, [])]
    return "\n".join(lines) + "\n" if lines else ""


def graph_dot(policies: Iterable[Policy]) -> str:
    """Graphviz; arrows lead from what is needed to who needs it."""
    policies = list(policies)
    found = edges(policies)
    lines = [f"  {_dot_name(policy.name)} [shape=box];" for policy in order(policies)]
    if any(HUB in edge for edge in found):
        lines.append(f"  {_dot_name(HUB.name, hub=True)} [label={_quoted(HUB.name)}, shape=ellipse];")
    for source, target, why in found:
        ends = f"{_dot_name(source.name, source.is_hub)} -> {_dot_name(target.name, target.is_hub)}"
        lines.append(f"  {ends} [label={_quoted(WORDS[why])}];")
    return "\n".join(["digraph policies {", *lines, "}"]) + "\n"


def graph_json(policies: Iterable[Policy]) -> str:
    """{"order": [names], "policies": [...], "hubs": [...], "edges": [{"from", "to", "why"}]}."""
    policies = list(policies)
    found = edges(policies)
    document = {
        "order": [policy.name for policy in order(policies)],
        "policies": [_about(policy) for policy in sorted(policies, key=lambda policy: policy.name)],
        "hubs": [HUB.name] if any(HUB in edge for edge in found) else [],
        "edges": [_edge(edge) for edge in found],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _needs(found: list[Edge]) -> dict[str, list[str]]:
    needs: dict[str, list[str]] = {}
    for source, target, why in found:
        if target.is_hub:
            needs.setdefault(source.name, []).append(f"decides the {target.name}")
        else:
            needs.setdefault(target.name, []).append(
                f"reads the {source.name}" if source.is_hub else f"{WORDS[why]} {source.name}"
            )
    return needs


def _about(policy: Policy) -> dict[str, object]:
    model = policy.model
    return {"name": policy.name, "type": model.type, "priority": model.priority, "enabled": model.enabled}


def _edge(edge: Edge) -> dict[str, str]:
    source, target, why = edge
    return {"from": source.name, "to": target.name, "why": WORDS[why]}


def _dot_name(name: str, hub: bool = False) -> str:
    # A policy may have the name of a hub.
    return _quoted(f"hub: {name}" if hub else f"policy: {name}") if hub else _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
