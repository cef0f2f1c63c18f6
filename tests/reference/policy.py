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


def listed(said: Any) -> list[Any]:
    """One of something may stand without its list."""
    return list(said) if isinstance(said, list | tuple) else [said]


def items(said: Any, pointer: str) -> list[tuple[str, Any]]:
    """One object, or each of a list of them, with its pointer."""
    if not isinstance(said, list):
        return [(pointer, said)]
    return [(f"{pointer}/{at}", item) for at, item in enumerate(said)]


def read_policy(document: Json) -> Policy:
    parts = conjuncts(document.get("conditions"))
    return Policy(
        name=document["name"],
        type=document["type"],
        priority=document.get("priority", 100),
        enforcement=document.get("enforcement", "yielding"),
        weight=document.get("weight", 1),
        scope=document.get("scope", {}),
        guards=tuple(part for part in parts if not mentions_node(part)),
        node_conditions=tuple(part for part in parts if mentions_node(part)),
        actions=document.get("actions", {}),
    )


def mentions_node(part: Conjunct) -> bool:
    return bool(subjects(part.condition) & {"node", "current"})
