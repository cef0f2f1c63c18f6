"""Executions: what was asked, of which policies and which cluster, and what was answered."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from shardwright.store import codes
from shardwright.store.chain import row_hash
from shardwright.store.changes import By
from shardwright.store.engine import (
    CONTENTS,
    EXECUTIONS,
    META,
    POLICIES,
    POLICY_EXECUTIONS,
    Batch,
    Reader,
)
from shardwright.store.faults import fault
from shardwright.store.rows import ContentRow, ExecutionRow, MetaRow, PolicyExecutionRow
from shardwright.store.times import stamp
from shardwright.store.writing import append

NEXT_EXECUTION = "next_execution_id"
FAST = 1  # zlib: most of the gain for a tenth of the time


@dataclass(frozen=True)
class Content:
    """Bytes that are kept once however often they are used: a snapshot, a result. `name` is a file's name."""

    kind: str
    name: str
    data: bytes = field(repr=False)

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class About:
    """What an execution said of one policy; `status` is applied, gave_up, in_conflict or not_applied."""

    version: int
    status: str
    result: dict[str, Any]


@dataclass(frozen=True)
class Execution:
    """See `ExecutionRow` for what the same names mean there."""

    kind: str
    status: str
    policies: dict[str, About]
    policies_hash: str
    cluster_hash: str
    snapshot: Content
    settings: dict[str, Any]
    taken: dict[str, Any]
    result: Content
    summary: dict[str, Any]
    program: str
    started_at: datetime
    completed_at: datetime


def record(reader: Reader, execution: Execution, by: By) -> tuple[Batch, ExecutionRow]:
    """The batch that keeps an execution, with its audit record."""
    batch = Batch()
    counter = reader.get(META, NEXT_EXECUTION)
    row = _row(execution, counter.value if counter else 1, by.actor)
    batch.put(META, MetaRow(key=NEXT_EXECUTION, value=row.id + 1))
    batch.put(EXECUTIONS, row)
    for content in (execution.snapshot, execution.result):
        if reader.get(CONTENTS, content.hash) is None:
            batch.put(CONTENTS, fold(content))
    for name, about in execution.policies.items():
        policy = reader.get(POLICIES, name)
        if policy is not None:
            batch.put(POLICY_EXECUTIONS, _about(about, policy.id, row))
    subject = {"execution": row.id, "snapshot": row.snapshot, "result": row.result, "status": row.status}
    subject["row"] = row_hash(row)
    append(reader, batch, by, execution.kind, subjects=[subject])
    return batch, row


def _row(execution: Execution, number: int, author: str) -> ExecutionRow:
    return ExecutionRow(
        id=number,
        kind=execution.kind,
        status=execution.status,
        policies={name: about.version for name, about in execution.policies.items()},
        policies_hash=execution.policies_hash,
        cluster_hash=execution.cluster_hash,
        snapshot=execution.snapshot.hash,
        settings=execution.settings,
        taken=execution.taken,
        result=execution.result.hash,
        summary=execution.summary,
        program=execution.program,
        author=author,
        started_at=stamp(execution.started_at),
        completed_at=stamp(execution.completed_at),
    )


def _about(about: About, policy_id: int, row: ExecutionRow) -> PolicyExecutionRow:
    return PolicyExecutionRow(
        id=f"{policy_id}.{row.id}",
        policy_id=policy_id,
        execution_id=row.id,
        version=about.version,
        status=about.status,
        result=about.result,
        started_at=row.started_at,
        completed_at=row.completed_at,
    )


def fold(content: Content) -> ContentRow:
    return ContentRow(
        hash=content.hash,
        kind=content.kind,
        name=content.name,
        size=len(content.data),
        data=zlib.compress(content.data, FAST),
    )


def unfold(row: ContentRow) -> Content:
    """The content of a row; raises where it does not have its hash."""
    try:
        content = Content(row.kind, row.name, zlib.decompress(row.data))
    except zlib.error:
        content = Content(row.kind, row.name, b"")
    if content.hash != row.hash:
        raise fault(codes.DAMAGED, f"a {row.kind} in the store does not have its hash {row.hash}")
    return content
