"""What the store asks of an engine: tables of rows in the order of their keys, and atomic, durable commits.

The engine that ships is RocksDB (`store.rocks`). One on a SQL server would make a table of each `Table`,
a column of each column of its row, and run `commit` as a serializable transaction.
tests/store/test_engines.py holds for every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from shardwright.store.rows import (
    AuditRow,
    ContentRow,
    ExecutionRow,
    MetaRow,
    PolicyExecutionRow,
    PolicyRow,
    Row,
    VersionRow,
)

R = TypeVar("R", bound=Row)
Key = str | int


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table: the type of its rows, and the columns of its primary key, in the order of scans."""

    name: str
    row: type[R]
    key: tuple[str, ...]

    def key_of(self, row: R) -> tuple[Key, ...]:
        return tuple(getattr(row, column) for column in self.key)


META = Table("meta", MetaRow, ("key",))
POLICIES = Table("policies", PolicyRow, ("name",))
VERSIONS = Table("policy_versions", VersionRow, ("policy_id", "version"))
EXECUTIONS = Table("executions", ExecutionRow, ("id",))
POLICY_EXECUTIONS = Table("policy_executions", PolicyExecutionRow, ("policy_id", "execution_id"))
CONTENTS = Table("contents", ContentRow, ("hash",))
AUDIT = Table("audit", AuditRow, ("number",))

TABLES: tuple[Table[Any], ...] = (
    META,
    POLICIES,
    VERSIONS,
    EXECUTIONS,
    POLICY_EXECUTIONS,
    CONTENTS,
    AUDIT,
)


@dataclass
class Batch:
    """Changes that happen together or not at all. Of two changes to one key the later counts."""

    changes: list[tuple[Table[Any], tuple[Key, ...], Row | None]] = field(default_factory=list)

    def put(self, table: Table[R], row: R) -> None:
        """Insert a row, or replace the one with its key."""
        self.changes.append((table, table.key_of(row), row))

    def delete(self, table: Table[R], *key: Key) -> None:
        """Take a row away; one that is not there is no error."""
        self.changes.append((table, key, None))


class Reader(Protocol):
    """Reads what is committed."""

    def get(self, table: Table[R], *key: Key) -> R | None:
        """The row with a whole key, or None."""
        ...

    def scan(
        self, table: Table[R], *prefix: Key, start: Sequence[Key] = (), reverse: bool = False
    ) -> Iterator[R]:
        """The rows whose keys begin with `prefix`, in the order of their keys, as of one moment.

        `start` is the rest of the key (or its beginning) of the first row: rows before it are left out; with
        `reverse`, rows after it (those that begin with it are in).
        """
        ...


Work = Callable[[Reader], Batch]


class Engine(Reader, Protocol):
    """Any number of threads may call it. Raises DiagnosticError with a code of E6 where it cannot."""

    @property
    def read_only(self) -> bool: ...

    def commit(self, work: Work) -> None:
        """Let `work` read and say what changes, with no other commit in between, and make it so.

        Returns when the changes would survive the loss of power. Nothing has changed where `work` raises.
        """
        ...

    def close(self) -> None:
        """Give the store to others. Nothing may be called any more."""
        ...
