"""What a store holds, in numbers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from shardwright.store.engine import AUDIT, CONTENTS, EXECUTIONS, POLICIES, VERSIONS
from shardwright.store.formats import format_of
from shardwright.store.store import Store


def info(store: Store, folder: str) -> dict[str, Any]:
    """Counts of rows, the head of the audit chain, the size of the folder in bytes."""
    engine, head = store.engine, store.head
    states = Counter(row.state for row in engine.scan(POLICIES))
    return {
        "format": format_of(engine),
        "policies": dict(sorted(states.items())),
        "versions": sum(1 for _ in engine.scan(VERSIONS)),
        "executions": sum(1 for _ in engine.scan(EXECUTIONS)),
        "contents": sum(1 for _ in engine.scan(CONTENTS)),
        "audit": sum(1 for _ in engine.scan(AUDIT)),
        "change": head.number,
        "head": f"{head.number}:{head.hash}",
        "bytes": sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()),
    }
