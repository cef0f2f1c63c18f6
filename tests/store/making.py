"""Stores for tests, with a clock that tests wind."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from shardwright.store.changes import By, Change, Request
from shardwright.store.executions import About, Content, Execution
from shardwright.store.store import Store

START = datetime(2026, 11, 1, tzinfo=UTC)


def by(minute: int = 0, actor: str = "ann", reason: str = "") -> By:
    return By(actor, START + timedelta(minutes=minute), reason)


def text(**keys: Any) -> str:
    return json.dumps({"name": "p", "type": "placement", **keys}) + "\n"


def change(name: str = "p", action: str = "updated", **keys: Any) -> Change:
    """A change; `priority` also goes into the definition."""
    state = keys.pop("state", "active")
    seen = keys.pop("seen", None)
    definition = keys.pop("definition", text(name=name, **keys))
    return Change(name, action, state, definition, seen, "placement", keys.get("priority", 1))


def create(store: Store, name: str = "p", minute: int = 0, **keys: Any) -> int:
    made = store.write(Request("create", (change(name, "created", seen=0, **keys),), by(minute)))
    return made.number


def update(store: Store, name: str = "p", minute: int = 0, seen: int | None = None, **keys: Any) -> int:
    made = store.write(Request("update", (change(name, "updated", seen=seen, **keys),), by(minute)))
    return made.number


def remove(store: Store, name: str = "p", minute: int = 0) -> int:
    gone = Change(name, "deleted", "deleted")
    return store.write(Request("delete", (gone,), by(minute))).number


def execution(minute: int, snapshot: bytes = b"{}", result: bytes = b'{"x": 1}') -> Execution:
    """A solve of one second that ended at a minute, of policy `p`."""
    end = by(minute).at
    return Execution(
        kind="solve",
        status="optimal",
        policies={"p": About(2, "applied", {})},
        policies_hash="p" * 64,
        cluster_hash="c" * 64,
        snapshot=Content("snapshot", "cluster.json", snapshot),
        settings={"seed": 1},
        taken={},
        result=Content("result", "result.json", result + str(minute).encode() if minute < 5 else result),
        summary={"shards": 1, "moves": 0},
        program="0",
        started_at=end - timedelta(seconds=1),
        completed_at=end,
    )
