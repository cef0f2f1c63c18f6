"""The store as its users see it: policies with all their versions, executions, audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TypeVar

from shardwright.store import codes
from shardwright.store.chain import Break, Link
from shardwright.store.changes import By, Request, Written, exists
from shardwright.store.engine import (
    AUDIT,
    CONTENTS,
    EXECUTIONS,
    POLICIES,
    POLICY_EXECUTIONS,
    VERSIONS,
    Batch,
    Engine,
    Reader,
)
from shardwright.store.executions import Content, Execution, record, unfold
from shardwright.store.faults import fault
from shardwright.store.moments import Moment
from shardwright.store.retention import let_go_audit, let_go_executions
from shardwright.store.rows import AuditRow, ExecutionRow, PolicyExecutionRow, PolicyRow, VersionRow
from shardwright.store.verify import verify
from shardwright.store.writing import head_of, unknown_policy, write

T = TypeVar("T")


class Store:
    """Any number of threads may use one. Raises StoreError (an E6 code) where something cannot be done."""

    def __init__(self, engine: Engine, before_close: Callable[[], None] = lambda: None) -> None:
        self.engine = engine
        self._before_close = before_close
        self._closed = False

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the store to others."""
        if not self._closed:
            self._closed = True
            self._before_close()
            self.engine.close()

    @property
    def number(self) -> int:
        """The number of the last change."""
        return head_of(self.engine)[0].number

    @property
    def head(self) -> Link:
        """Number and hash of the last audit record."""
        return head_of(self.engine)[0]

    def write(self, request: Request) -> Written:
        """Make changes, all or none; returns when they are durable."""
        return self._commit(lambda reader: write(reader, request))

    def preview(self, request: Request) -> Written:
        """What `write` would make now; raises as it would, and changes nothing."""
        return write(self.engine, request)[1]

    def find(self, name: str) -> PolicyRow | None:
        """A policy as it is now, deleted ones too; None where there never was one."""
        return self.engine.get(POLICIES, name)

    def policy(self, name: str) -> PolicyRow:
        """A policy as it is now; deleted ones are not there."""
        row = self.find(name)
        if row is None or not exists(row):
            raise unknown_policy(name, self.names(), row)
        return row

    def names(self) -> list[str]:
        """The names of all policies that are not deleted, sorted."""
        return [row.name for row in self.policies()]

    def policies(self, at: Moment | None = None, after: str = "") -> Iterator[PolicyRow | VersionRow]:
        """The policies that are not deleted, by name, now or at a moment; only names after `after`."""
        for row in self.engine.scan(POLICIES, start=(after,) if after else ()):
            found = row if at is None else self._then(row, at)
            if found is not None and exists(found) and row.name != after:
                yield found

    def policy_at(self, name: str, at: Moment) -> PolicyRow | VersionRow | None:
        """A policy as it was at a moment, deleted ones too; None where there was none yet."""
        row = self.find(name)
        return None if row is None else self._then(row, at)

    def policy_then(self, name: str, at: Moment) -> PolicyRow | VersionRow:
        """A policy as it was at a moment; raises where it was not there."""
        row = self.policy_at(name, at)
        if row is None or not exists(row):
            raise unknown_policy(name, [found.name for found in self.policies(at)])
        return row

    def all_names(self) -> list[str]:
        """The names of all policies that there ever were, sorted."""
        return [row.name for row in self.engine.scan(POLICIES)]

    def version(self, name: str, number: int) -> VersionRow:
        """One version of a policy, also of a deleted one."""
        row = self.find(name)
        if row is None:
            raise unknown_policy(name, self.names())
        found = self.engine.get(VERSIONS, row.id, number) if number >= 0 else None
        if found is None:
            raise fault(
                codes.UNKNOWN_VERSION,
                f"`{name}` has no version {number}: its versions are 1 to {row.version}",
                policy=name,
                version=row.version,
            )
        return found

    def history(self, name: str) -> list[VersionRow]:
        """All versions of a policy, the oldest first, also of a deleted one."""
        row = self.find(name)
        if row is None:
            raise unknown_policy(name, self.names())
        return list(self.engine.scan(VERSIONS, row.id))

    def moment(self, number: int) -> Moment:
        """The moment after a change; raises where there was none of this number yet."""
        last = self.number
        if not 0 <= number <= last:
            raise fault(
                codes.UNKNOWN_VERSION, f"the store is at change {last}; there is no change {number} yet"
            )
        return Moment(number)

    def record(self, execution: Execution, by: By) -> ExecutionRow:
        """Keep what was asked and answered; returns when it is durable."""
        return self._commit(lambda reader: record(reader, execution, by))

    def execution(self, number: int) -> ExecutionRow:
        row = self.engine.get(EXECUTIONS, number) if number >= 0 else None
        if row is None:
            raise fault(codes.UNKNOWN_EXECUTION, f"the store has no execution {number}")
        return row

    def executions(self, policy: str | None = None) -> Iterator[ExecutionRow | PolicyExecutionRow]:
        """The executions, the last first; of a policy, what each said about it."""
        if policy is None:
            yield from self.engine.scan(EXECUTIONS, reverse=True)
            return
        row = self.find(policy)
        if row is None:
            raise unknown_policy(policy, self.names())
        yield from self.engine.scan(POLICY_EXECUTIONS, row.id, reverse=True)

    def content(self, hash: str) -> Content | None:
        """A snapshot or a result by its hash; None where it was let go."""
        row = self.engine.get(CONTENTS, hash)
        return None if row is None else unfold(row)

    def audit(self, start: int = 0, reverse: bool = False) -> Iterator[AuditRow]:
        """The audit records from a number on, in their order; with `reverse` the last first."""
        return self.engine.scan(AUDIT, start=(start,) if start else (), reverse=reverse)

    def let_go_audit(self, through: int, by: By) -> int:
        """Take away the audit records up to a number; how many. The chain goes on from there."""
        return self._commit(lambda reader: let_go_audit(reader, through, by))

    def let_go_executions(self, before: str, by: By) -> int:
        """Take away the executions that were completed before a time; how many."""
        return self._commit(lambda reader: let_go_executions(reader, before, by))

    def _commit(self, work: Callable[[Reader], tuple[Batch, T]]) -> T:
        """Commit what some work wants, and give what it says besides."""
        made: list[T] = []

        def noting(reader: Reader) -> Batch:
            batch, told = work(reader)
            made.append(told)
            return batch

        self.engine.commit(noting)
        return made[-1]

    def verify(self, expected: Link | None = None) -> Break | None:
        """The first thing that is not as it was written; None where all is. `expected` is a record that
        somebody noted elsewhere: it must still be there.
        """
        return verify(self.engine, expected)

    def _then(self, row: PolicyRow, at: Moment) -> PolicyRow | VersionRow | None:
        if at.has_seen(row):
            return row
        found, first, last = None, 1, row.version - 1
        while first <= last:
            middle = (first + last) // 2
            version = self.engine.get(VERSIONS, row.id, middle)
            if version is not None and at.has_seen(version):
                found, first = version, middle + 1
            else:
                last = middle - 1
        return found
