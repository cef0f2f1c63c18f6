"""The condition tree: its conjuncts, what they mention, and whether they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.attributes import Lookup
from tests.reference.compare import compare, value_of
from tests.reference.expr import parse

Json = dict[str, Any]


@dataclass(frozen=True)
class Conjunct:
    """One condition at the root that must hold, and its JSON pointer."""

    pointer: str
    condition: Json


def conjuncts(condition: Json | None, pointer: str = "/conditions") -> list[Conjunct]:
    """The conditions at the root, with `all` and `and` flattened."""
    if condition is None:
        return []
    if "expr" in condition:
        return expr_conjuncts(condition["expr"], pointer + "/expr")
    if "all" not in condition:
        return [Conjunct(pointer, condition)]
    parts = enumerate(condition["all"])
    return [found for i, part in parts for found in conjuncts(part, f"{pointer}/all/{i}")]


def expr_conjuncts(text: str, pointer: str) -> list[Conjunct]:
    """One conjunct stands at the text itself, several are numbered."""
    found = [part.condition for part in conjuncts(parse(text))]
    if len(found) == 1:
        return [Conjunct(pointer, found[0])]
    return [Conjunct(f"{pointer}/{i}", condition) for i, condition in enumerate(found)]


def subjects(condition: Json) -> set[str]:
    """What a condition mentions: shard, node, current, cluster, time."""
    if "expr" in condition:
        return subjects(parse(condition["expr"]))
    inside = [part for key in ("all", "any", "none") for part in condition.get(key, [])]
    inside += [condition["not"]] if "not" in condition else []
    found = {name for part in inside for name in subjects(part)}
    return found | {attribute.partition(".")[0] for attribute in attributes(condition)}


def attributes(condition: Json) -> list[str]:
    """The attributes on both sides of a comparison."""
    value = condition.get("value")
    right = [value["attribute"]] if isinstance(value, dict) else []
    return ([condition["metric"]] if "metric" in condition else []) + right


def holds(condition: Json, lookup: Lookup) -> bool:
    match condition:
        case {"expr": text}:
            return holds(parse(text), lookup)
        case {"all": parts}:
            return all(holds(part, lookup) for part in parts)
        case {"any": parts}:
            return any(holds(part, lookup) for part in parts)
        case {"none": parts}:
            return not any(holds(part, lookup) for part in parts)
        case {"not": part}:
            return not holds(part, lookup)
    return compare(lookup(condition["metric"]), condition["operator"], right_side(condition, lookup))


def right_side(condition: Json, lookup: Lookup) -> Any:
    value = condition.get("value")
    if isinstance(value, dict):
        return lookup(value["attribute"])
    return [value_of(item) for item in value] if isinstance(value, list) else value_of(value)
