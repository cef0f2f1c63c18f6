"""What a writer asks for: changes of policies that happen together, by somebody, for a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shardwright.store.rows import DELETED, PolicyRow, VersionRow

State = Literal["draft", "active", "suspended", "retired", "deleted"]
STATES = ("draft", "active", "suspended", "retired")

# From a state to those that may follow it. What is deleted comes back by creating or by rolling back.
FOLLOWING: dict[str, tuple[str, ...]] = {
    "draft": ("active", "retired"),
    "active": ("suspended", "retired"),
    "suspended": ("active", "retired"),
    "retired": ("active",),
    DELETED: (),
}

NOT_THERE = 0


@dataclass(frozen=True)
class By:
    """Who changes something, when (the only clock that the store knows), and why."""

    actor: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """One policy's next version.

    `definition` None: as it is. `state` None: as it is, or active where there was none. `seen` is the version
    that the writer saw (NOT_THERE: no such policy); None: whatever is there. `type` and `priority` are those
    after inheritance.
    """

    name: str
    action: str
    state: State | None = None
    definition: str | None = None
    seen: int | None = None
    type: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Request:
    """Changes that happen together or not at all.

    `relying` are versions of other policies that the writer's checks relied on: they must not have changed.
    `overrides` are findings in spite of which the change is made. `details` go into the audit record.
    """

    action: str
    changes: tuple[Change, ...]
    by: By
    relying: dict[str, int] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What a request made: the number of its audit record, and the new versions in the request's order."""

    number: int
    versions: tuple[VersionRow, ...]


def exists(row: PolicyRow | VersionRow | None) -> bool:
    return row is not None and row.state != DELETED
