"""`extends`: what a policy takes from its parent."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
SELECTORS = {"eq", "neq", "in", "not_in", "exists", "not_exists", "matches", "contains"}
MISSING = object()
OWN = ("name", "extends", "description")


def inherited(documents: list[Json]) -> list[Json]:
    """Every policy with what it takes from its parents."""
    named = {document["name"]: document for document in documents}
    return [complete(document, named) for document in documents]


def complete(document: Json, named: dict[str, Json]) -> Json:
    if "extends" not in document:
        return document
    parent = complete(named[document["extends"]], named)
    base = {key: value for key, value in parent.items() if key not in OWN}
    merged = merge({k: v for k, v in base.items() if k != "conditions"}, without_conditions(document))
    own = document.get("conditions", MISSING)
    return merged | conditions(base.get("conditions"), own)


def without_conditions(document: Json) -> Json:
    return {key: value for key, value in document.items() if key != "conditions"}


def conditions(parent: Json | None, child: Any) -> Json:
    """Two `all` lists are joined, parent first; any other shape of the child replaces the parent's."""
    child = parent if child is MISSING else child
    if child is None:
        return {}
    if child is parent:
        return {"conditions": parent}
    if parent and child and set(parent) == set(child) == {"all"}:
        return {"conditions": {"all": parent["all"] + child["all"]}}
    return {"conditions": child}


def merge(parent: Json, child: Json) -> Json:
    """Objects are merged member by member; null takes a key away.

    What else the child has, selectors too, replaces the parent's.
    """
    merged = dict(parent)
    for key, value in child.items():
        if value is None:
            merged.pop(key, None)
            continue
        both = is_object(value) and is_object(parent.get(key))
        merged[key] = merge(parent[key], value) if both else value
    return merged


def is_object(value: Any) -> bool:
    """Whether it is an object that is not one value, as {"in": [...]} is."""
    return isinstance(value, dict) and not (value and set(value) <= SELECTORS)
