"""Policies from a store, as a set that can be compiled: at the current state, or as of a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.keeping.catalog import Catalog, Kept, text_of
from shardwright.policies.load import load_texts
from shardwright.policies.policy import PolicySet
from shardwright.store.moments import Moment
from shardwright.store.open import read_store
from shardwright.store.store import Store
from shardwright.store.times import moment_of

# States that take part: those of others are there only where somebody needs their text or depends on them.
SHOWN = ("active", "suspended")
TIME = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)


@dataclass(frozen=True)
class Stored:
    """The policies of a store. `at` is the number of a change, or a time; None: as it is now."""

    folder: str
    at: str | int | None = None

    def load(self) -> tuple[PolicySet, list[Diagnostic]]:
        """The policies that were active or suspended, with all that they need; and what is to be said."""
        with read_store(self.folder) as store:
            rows = taking_part(Catalog.of(store, moment(store, self.at)))
        return policies_of(rows)


def moment(store: Store, at: str | int | None) -> Moment | None:
    """What `--at` means; raises ValueError for what is neither a number nor a time."""
    if at is None:
        return None
    if isinstance(at, int) or at.isdecimal():
        return store.moment(int(at))
    return Moment.at(time_of(at))


def checked_at(at: str) -> str:
    """`at`, if it is the number of a change or a time; raises ValueError."""
    if not at.isdecimal():
        time_of(at)
    return at


def shown_time(store: Store, moment: Moment | None, now: datetime) -> datetime:
    """The time to which a list of policies speaks: that of the moment, or now."""
    if moment is None:
        return now
    if moment.time is not None:
        return moment_of(moment.time)
    record = next(store.audit(moment.number or 0), None)
    return moment_of(record.at) if record is not None else now


def time_of(text: str) -> datetime:
    """A time, or a day; without a zone in UTC. Raises ValueError."""
    if not TIME.fullmatch(text):
        raise ValueError(
            f"`{text}` is neither the number of a change nor a time such as 2026-11-01T00:00:00Z"
        )
    found = moment_of(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def taking_part(catalog: Catalog, among: Set[str] | None = None) -> list[Kept]:
    """Those (of `among`) that are active or suspended, and whatever these need, by name."""
    shown = [
        name for name, row in catalog.rows.items() if row.state in SHOWN and (among is None or name in among)
    ]
    return [catalog.rows[name] for name in sorted(catalog.closure(shown))]


def policies_of(rows: Iterable[Kept]) -> tuple[PolicySet, list[Diagnostic]]:
    """Rows of a store as a set whose policies know their versions and states."""
    kept = {row.name: row for row in rows}
    found, problems = load_texts([text_of(row) for row in kept.values()])
    policies = [
        replace(policy, revision=kept[policy.name].version, standing=kept[policy.name].state)
        for policy in found
    ]
    return PolicySet(tuple(policies)), problems
