"""The obvious engine: dictionaries and one lock. What RocksDB does must look the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from shardwright.store.engine import Key, R, Row, Table, Work


class MemoryEngine:
    read_only = False

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Key, ...], Row]] = {}
        self._lock = threading.RLock()

    def get(self, table: Table[R], *key: Key) -> Any:
        return self._rows.get(table.name, {}).get(key)

    def scan(
        self, table: Table[R], *prefix: Key, start: Sequence[Key] = (), reverse: bool = False
    ) -> Iterator[Any]:
        with self._lock:
            rows = dict(self._rows.get(table.name, {}))
        first = (*prefix, *start)
        keys = [key for key in sorted(rows, reverse=reverse) if key[: len(prefix)] == prefix]
        kept = [key for key in keys if (key[: len(first)] <= first if reverse else key >= first) or not start]
        return iter([rows[key] for key in kept])

    def commit(self, work: Work) -> None:
        with self._lock:
            for table, key, row in work(self).changes:
                rows = self._rows.setdefault(table.name, {})
                if row is None:
                    rows.pop(key, None)
                else:
                    rows[key] = row

    def close(self) -> None:
        self._rows.clear()
