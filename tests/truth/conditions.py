"""Conditions that are told to be equal, or to imply one another, do so for all values that were tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from shardwright.differing import side
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.compare.forms import sides_of
from shardwright.solver.patterns.compare.pairing import implies, left_over
from tests.reference.compare import compare, value_of
from tests.truth.finding import SKIPPED, Finding

Json = dict[str, Any]
TEXTS = (
    None,
    "5",
    "5.0",
    "a",
    "ab",
    "b",
    "true",
    "false",
    "",
    "4.5",
    "10",
    "1e1",
    "-1",
    "0",
    "x5",
    "*",
    "a*",
)
NUMBERS = (None, 5, 4.5, 0, -1, 10, 7, 4.999, 5.001)
# A bare name is a metric if there is one, else a label.
VALUES: dict[str, tuple[Any, ...]] = {
    "node.labels.g": TEXTS,
    "node.metrics.m": NUMBERS,
    "node.x": (*TEXTS, *NUMBERS[1:]),
}
CONSTANTS = (5, "5", "5.0", "a", "ab", "true", True, 0, -1, "", 4.5, "1e1", 10, False, "*", "a*")
PATTERNS = ("a", "a*", "*5", "?", "[ab]", "5*", "*", "**", "e")
OPERATORS = (
    "lt",
    "gte",
    "eq",
    "neq",
    "in",
    "not_in",
    "between",
    "contains",
    "matches",
    "exists",
    "not_exists",
)


def look(seed: int) -> Finding:
    random = Random(seed)
    one = condition(random)
    other = edited(random, one) if random.random() < 0.7 else condition(random)
    try:
        old, new = (side([policy(item)]).policies for item in (one, other))
    except DiagnosticError:
        return SKIPPED  # some operators take no such constant
    space, before, after = sides_of(old, new, Reached())
    gone, come = left_over(space, before, after)
    truth = list(truths(one, other))
    looked, wrong = {"pairs": 1}, []
    if not gone and not come:
        looked["equal"] = 1
        wrong = [f"equal, but not for {values}" for values, first, second in truth if first != second]
    for strong, weak, at in ((gone, come, 1), (come, gone, 2)):
        if len(strong) == len(weak) == 1 and implies(strong[0], weak[0], space.everything):
            looked["implied"] = 1
            wrong += [f"implied, but not for {row[0]}" for row in truth if row[at] and not row[3 - at]]
    return Finding(looked, tuple(f"{fault}: {one} and {other}" for fault in wrong[:1]))


def policy(item: Json) -> Json:
    """One rule about nodes, whatever the condition is made of."""
    return {
        "name": "p",
        "type": "placement",
        "priority": 1,
        "enforcement": "required",
        "conditions": {"any": [item, {"metric": "node.never", "operator": "exists"}]},
        "actions": {"placement": {"constraints": {}}},
    }


def condition(random: Random, depth: int = 0) -> Json:
    kind = random.random()
    if depth > 1 or kind < 0.5:
        return comparison(random, random.choice(list(VALUES)))
    if kind < 0.85:
        return {random.choice(("any", "all")): [condition(random, depth + 1) for _ in range(2)]}
    return {"not": condition(random, depth + 1)}


def comparison(random: Random, metric: str) -> Json:
    operator = random.choice(OPERATORS)
    found: Json = {"metric": metric, "operator": operator}
    match operator:
        case "exists" | "not_exists":
            return found
        case "in" | "not_in":
            return found | {"value": [random.choice(CONSTANTS) for _ in range(random.randint(1, 3))]}
        case "between":
            return found | {"value": sorted(random.choice((-1, 0, 4.5, 5, 10)) for _ in range(2))}
        case "contains" | "matches":
            return found | {"value": random.choice(PATTERNS)}
        case "lt" | "gte":
            return found | {"value": random.choice((5, 4.5, 0, 10))}
    return found | {"value": random.choice(CONSTANTS)}


def edited(random: Random, item: Json) -> Json:
    """The same with one comparison drawn anew."""
    for key in ("any", "all"):
        if key in item:
            at = random.randrange(2)
            return {key: [edited(random, one) if at == n else one for n, one in enumerate(item[key])]}
    return {"not": edited(random, item["not"])} if "not" in item else comparison(random, item["metric"])


def truths(one: Json, other: Json) -> Iterator[tuple[Json, bool, bool]]:
    named = {*metrics(one), *metrics(other)}
    for values in product(*(VALUES[name] if name in named else (None,) for name in VALUES)):
        node = dict(zip(VALUES, values, strict=True))
        yield node, holds(one, node), holds(other, node)


def metrics(item: Json) -> Iterator[str]:
    if "metric" in item:
        yield item["metric"]
    for part in (*item.get("any", ()), *item.get("all", ()), *([item["not"]] if "not" in item else [])):
        yield from metrics(part)


def holds(item: Json, node: Json) -> bool:
    if "any" in item:
        return any(holds(part, node) for part in item["any"])
    if "all" in item:
        return all(holds(part, node) for part in item["all"])
    if "not" in item:
        return not holds(item["not"], node)
    value = item.get("value")
    right = [value_of(one) for one in value] if isinstance(value, list) else value_of(value)
    return compare(value_of(node[item["metric"]]), item["operator"], right)
