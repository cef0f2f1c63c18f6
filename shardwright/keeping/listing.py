"""Which policies a store has: chosen by type, state, label and scope, with what they inherit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import orjson

from shardwright.grammar.places import Place, Source
from shardwright.grammar.selectors import PRESENCE, LabelTest
from shardwright.keeping.catalog import Kept
from shardwright.policies.selectors import matches
from shardwright.store.moments import Moment
from shardwright.store.store import Store

NOWHERE = Place(Source("", ""), 0, 0)
OWN = ("name", "extends", "description")  # never inherited


@dataclass(frozen=True)
class Filter:
    """What a policy must be to be listed; None: anything. `label` and `scope` are (key, value) pairs, the
    value of a label None: any.
    """

    type: str | None = None
    state: str | None = None
    label: tuple[str, str | None] | None = None
    scope: tuple[str, str] | None = None
    after: str = ""
    limit: int | None = None


@dataclass(frozen=True)
class Listed:
    """A policy of a list: its row, and its document with what it inherits (objects merged key by key)."""

    row: Kept
    document: Mapping[str, Any]

    def remark(self, now: datetime) -> str:
        """Why an active policy is not in force at a time, as far as its own text tells."""
        if self.row.state != "active":
            return ""
        if self.document.get("enabled", True) is False:
            return "disabled"
        first, end = (self.document.get(key) for key in ("valid_from", "valid_until"))
        if first is not None and now < datetime.fromisoformat(first.upper()):
            return f"from {first}"
        if end is not None and now >= datetime.fromisoformat(end.upper()):
            return f"ended {end}"
        return ""


def listed(store: Store, wanted: Filter, at: Moment | None = None) -> Iterator[Listed]:
    """The policies that a filter lets through, by name."""
    found = 0
    documents: dict[str, Mapping[str, Any]] = {}
    for row in store.policies(at, wanted.after):
        if wanted.limit is not None and found >= wanted.limit:
            return
        if wanted.state is not None and row.state != wanted.state:
            continue
        item = Listed(row, _document(store, row, at, documents))
        if _is_wanted(item.document, wanted):
            found += 1
            yield item


def _document(
    store: Store, row: Kept, at: Moment | None, known: dict[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A policy's document over those that it extends."""
    chain: list[dict[str, Any]] = []
    above: Kept | None = row
    base: Mapping[str, Any] = {}
    seen: set[str] = set()
    while above is not None and above.name not in seen:
        seen.add(above.name)
        if above.name in known and above.name != row.name:
            base = known[above.name]
            break
        own = _parsed(above.definition)
        parent = own.get("extends")
        if above is row and not isinstance(parent, str):
            return own
        chain.append(own)
        if not isinstance(parent, str):
            break
        above = store.find(parent) if at is None else store.policy_at(parent, at)
    for own in reversed(chain):
        inherited = {key: value for key, value in base.items() if key not in OWN}
        base = cast(Mapping[str, Any], _merged(inherited, own))
        known[own["name"]] = base
    return base


def _parsed(definition: str) -> dict[str, Any]:
    """A checked definition as data. orjson knows no numbers beyond 64 bits."""
    try:
        found: dict[str, Any] = orjson.loads(definition)
    except orjson.JSONDecodeError:
        found = json.loads(definition)
    return found


def _merged(base: Any, own: Any) -> Any:
    if not isinstance(base, Mapping) or not isinstance(own, Mapping):
        return own
    merged = {key: _merged(base.get(key), value) for key, value in own.items() if value is not None}
    return {**{key: value for key, value in base.items() if key not in own}, **merged}


def _is_wanted(document: Mapping[str, Any], wanted: Filter) -> bool:
    if wanted.type is not None and document.get("type") != wanted.type:
        return False
    if wanted.label is not None:
        key, value = wanted.label
        labels = document.get("labels", {})
        if key not in labels or value not in (None, labels[key]):
            return False
    return wanted.scope is None or may_select(document.get("scope", {}), *wanted.scope)


def may_select(scope: Mapping[str, Any], key: str, value: str) -> bool:
    """May the scope select a shard with this label, or this `group` or `id`? Other keys are not asked."""
    for name, lists in (("group", "groups"), ("id", "ids")):
        if key == name:
            chosen = scope.get(lists)
            return chosen is None or value in ([chosen] if isinstance(chosen, str) else chosen)
    selector = scope.get("shards") or {}
    return key not in selector or matches(tuple(_tests(key, selector[key])), {key: value})


def _tests(key: str, test: Any) -> Iterator[LabelTest]:
    """The tests of one key of a checked selector."""
    if isinstance(test, list):
        yield LabelTest(key, "in", tuple(test), NOWHERE)
    elif not isinstance(test, Mapping):
        yield LabelTest(key, "eq", test, NOWHERE)
    else:
        for operator, value in test.items():
            if operator in PRESENCE:
                yield LabelTest(key, operator if value else PRESENCE[operator], None, NOWHERE)
            else:
                operand = tuple(value) if isinstance(value, list) else value
                yield LabelTest(key, operator, operand, NOWHERE)
