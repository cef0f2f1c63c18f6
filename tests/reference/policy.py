"""A policy document with its guards and its node conditions told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.conditions import Conjunct, conjuncts, subjects

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Policy:
    name: str
    type: str
    priority: int
    enforcement: str
    weight: int
    scope: Json
    guards: tuple[Conjunct, ...]
    node_conditions: tuple[Conjunct, ...]
    actions: Json

    def action(self, kind: str) -> Json:
        return self.actions.get(kind, {})

    @property
    def constraints(self) -> Json:
        return self.action("placement").get("constraints", {})


def read_policy(document: Json) -> Policy:
    parts = conjuncts(document.get("conditions"))
    return Policy(
        name=document["name"],
        type=document["type"],
        priority=document["priority"],
        enforcement=document.get("enforcement", "yielding"),
        weight=document.get("weight", 1),
        scope=document.get("scope", {}),
        guards=tuple(part for part in parts if not mentions_node(part)),
        node_conditions=tuple(part for part in parts if mentions_node(part)),
        actions=document.get("actions", {}),
    )


def mentions_node(part: Conjunct) -> bool:
    return bool(subjects(part.condition) & {"node", "current"})
