"""The policies of a store at a moment, as texts, and who needs whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shardwright.policies.read import Text
from shardwright.store.moments import Moment
from shardwright.store.rows import PolicyRow, VersionRow
from shardwright.store.store import Store

Kept = PolicyRow | VersionRow
NEEDS = ("extends", "depends_on")


@dataclass(frozen=True)
class Catalog:
    """The policies by name. Each has a text named NAME@vVERSION: diagnostics and reasons point there.

    `find` finds deleted ones, too.
    """

    rows: Mapping[str, Kept] = field(repr=False)
    find: Callable[[str], Kept | None] = field(default=lambda _: None, repr=False)

    @classmethod
    def of(cls, store: Store, at: Moment | None = None) -> Catalog:
        return cls({row.name: row for row in store.policies(at)}, store.find)

    def only(self, names: Iterable[str]) -> Catalog:
        """The policies of these names, as far as they are there."""
        return Catalog({name: self.rows[name] for name in sorted(set(names) & set(self.rows))})

    def texts(self, names: Iterable[str]) -> list[Text]:
        return [text_of(self.rows[name]) for name in sorted(names)]

    def document(self, name: str) -> dict[str, Any]:
        """What a policy says itself, without what it inherits."""
        found: dict[str, Any] = json.loads(self.rows[name].definition)
        return found

    def closure(self, names: Iterable[str]) -> set[str]:
        """The policies of these names and all that they need, as far as they are there."""
        return _reached(names, self.needs, self.rows)

    def dependents(self, names: Iterable[str]) -> set[str]:
        """All that need one of these names, directly or not; the names too, as far as they are there."""
        return _reached(names, self._needed_by, self.rows)

    def needs(self, name: str) -> list[str]:
        return self._needs.get(name, [])

    @cached_property
    def _needs(self) -> dict[str, list[str]]:
        return {name: needs_of(self.document(name)) for name in self.rows}

    @cached_property
    def _dependents(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, needs in self._needs.items():
            for needed in needs:
                found.setdefault(needed, []).append(name)
        return found

    def _needed_by(self, name: str) -> list[str]:
        return self._dependents.get(name, [])


def text_of(row: Kept) -> Text:
    return Text(f"{row.name}@v{row.version}", row.definition)


def needs_of(document: Mapping[str, Any]) -> list[str]:
    """The names in `extends` and `depends_on`."""
    return [name for key in NEEDS for name in _names(document.get(key))]


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def _reached(names: Iterable[str], step: Any, rows: Mapping[str, Kept]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += step(name)
    return found & set(rows)
