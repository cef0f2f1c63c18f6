"""The rows of the store; docs/store.md shows them beside the SQL schema that they mirror.

Times are RFC 3339 in UTC, with microseconds and a Z: their order as texts is their order in time.
"""

from __future__ import annotations

from typing import Any

import msgspec

DELETED = "deleted"


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row. Columns that a row of an older version of Shardwright lacks have their defaults."""


class PolicyRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A policy as it is now. `version` is its newest version, `state` that version's; `number` is the
    number of the audit record that made it. `type` and `priority` are what the policy had when this
    version was written, inherited values included.
    """

    id: int
    name: str
    type: str
    version: int
    priority: int
    definition: str
    created_at: str
    updated_at: str
    hash: str
    state: str
    number: int


class VersionRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A version that never changes. `hash` is the SHA-256 (hex) of the bytes of `definition`.

    `action` says what made it: created, updated, imported, rolled back, deleted, or a
    step of its life (activated, suspended, retired).
    """

    id: str
    policy_id: int
    version: int
    definition: str
    created_at: str
    name: str
    hash: str
    state: str
    type: str
    priority: int
    number: int
    action: str
    author: str
    reason: str = ""
    overrides: tuple[str, ...] = ()


class ExecutionRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """One evaluation or solve, with all that is needed to do it again.

    `policies` maps names to versions, `settings` are seed and limits as given, `taken` what was used up
    (steps) and is replayed. `result` is the name of its content (see `ContentRow`).
    """

    id: int
    kind: str
    status: str
    policies: dict[str, int]
    policies_hash: str
    cluster_hash: str
    snapshot: str
    settings: dict[str, Any]
    taken: dict[str, Any]
    result: str
    summary: dict[str, Any]
    program: str
    author: str
    started_at: str
    completed_at: str


class PolicyExecutionRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """What an execution said about one policy: `status` is applied, gave_up, in_conflict or not_applied."""

    id: str
    policy_id: int
    execution_id: int
    version: int
    status: str
    result: dict[str, Any]
    started_at: str
    completed_at: str


class ContentRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A large text (a snapshot, a result) under the SHA-256 (hex) of its bytes, compressed by zlib."""

    hash: str
    kind: str
    name: str
    size: int
    data: bytes


class AuditRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Who did what, when and why. `hash` covers all else, `previous` the record before it: a chain."""

    number: int
    at: str
    actor: str
    action: str
    subjects: tuple[dict[str, Any], ...]
    reason: str
    details: dict[str, Any]
    previous: str
    hash: str


class MetaRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """What the store says about itself: format, identity, head of the audit chain."""

    key: str
    value: Any
