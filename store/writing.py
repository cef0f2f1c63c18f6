"""From a request to one batch: the rows of every changed policy, its new version, and one audit record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shardwright.store import codes
from shardwright.store.chain import Link, seal
from shardwright.store.changes import FOLLOWING, NOT_THERE, By, Change, Request, Written, exists
from shardwright.store.differences import differences
from shardwright.store.engine import AUDIT, META, POLICIES, VERSIONS, Batch, Reader
from shardwright.store.faults import StoreError, fault
from shardwright.store.rows import DELETED, AuditRow, MetaRow, PolicyRow, VersionRow
from shardwright.store.times import spoken, stamp

HEAD = "head"
NEXT_ID = "next_policy_id"
SHOWN = 10


def hash_of(definition: str) -> str:
    """SHA-256 (hex) of a definition's bytes."""
    return hashlib.sha256(definition.encode("utf-8")).hexdigest()


def head_of(reader: Reader) -> tuple[Link, str]:
    """The last audit record, and its time ("" where there is none)."""
    row = reader.get(META, HEAD)
    return (Link(row.value["number"], row.value["hash"]), row.value["at"]) if row else (Link(), "")


@dataclass(frozen=True)
class Place:
    """Where the next audit record goes: its number, its time, and the hash of the one before it."""

    number: int
    at: str
    previous: str


def next_place(reader: Reader, by: By) -> Place:
    """Time never runs backwards: a clock that was set back waits."""
    head, latest = head_of(reader)
    return Place(head.number + 1, max(stamp(by.at), latest), head.hash)


def append(
    reader: Reader, batch: Batch, by: By, action: str, place: Place | None = None, **columns: Any
) -> AuditRow:
    """The next audit record in a batch; `place` is where, if the caller has asked already."""
    place = place or next_place(reader, by)
    record = seal(
        {
            "number": place.number,
            "at": place.at,
            "actor": by.actor,
            "action": action,
            "subjects": columns.get("subjects", []),
            "reason": by.reason,
            "details": columns.get("details", {}),
            "previous": place.previous,
        }
    )
    batch.put(AUDIT, record)
    value = {"number": record.number, "hash": record.hash, "at": record.at}
    batch.put(META, MetaRow(key=HEAD, value=value))
    return record


def write(reader: Reader, request: Request) -> tuple[Batch, Written]:
    """The batch of a request; raises StoreError where it does not fit what is there."""
    _refuse_moved(reader, request)
    batch = Batch()
    place = next_place(reader, request.by)
    versions = _versions(reader, batch, request, place)
    subjects = [
        {"policy": row.name, "version": row.version, "hash": row.hash, "state": row.state} for row in versions
    ]
    details = {**request.details, **({"overrides": list(request.overrides)} if request.overrides else {})}
    record = append(reader, batch, request.by, request.action, place, subjects=subjects, details=details)
    return batch, Written(record.number, tuple(versions))


def _versions(reader: Reader, batch: Batch, request: Request, place: Place) -> list[VersionRow]:
    next_id: int | None = None  # read only where a policy is new
    versions: list[VersionRow] = []
    for change in request.changes:
        current = reader.get(POLICIES, change.name)
        _refuse_stale(reader, change, current)
        state = _next_state(change, current)
        if current is None:
            policy_id, count = (next_id or _next_id(reader)), 1
            next_id = policy_id + 1
        else:
            policy_id, count = current.id, current.version + 1
        version = _version(change, state, current, policy_id, count, request, place)
        batch.put(VERSIONS, version)
        batch.put(POLICIES, _policy(version, current))
        versions.append(version)
    if next_id is not None:
        batch.put(META, MetaRow(key=NEXT_ID, value=next_id))
    return versions


def _next_id(reader: Reader) -> int:
    row = reader.get(META, NEXT_ID)
    return row.value if row else 1


def _next_state(change: Change, current: PolicyRow | None) -> str:
    """The state of a change's version; raises where a policy's life does not go that way."""
    now = current.state if current is not None and exists(current) else None
    if change.state is None:
        return now or "active"
    if (
        change.definition is None
        and change.state != DELETED
        and change.state not in FOLLOWING[now or DELETED]
    ):
        raise wrong_state(change.name, now or DELETED, change.state)
    return change.state


def _version(
    change: Change,
    state: str,
    current: PolicyRow | None,
    policy_id: int,
    version: int,
    request: Request,
    place: Place,
) -> VersionRow:
    definition = change.definition
    if definition is None:
        assert current is not None, "only what is there can stay as it is"
        definition = current.definition
    return VersionRow(
        id=f"{policy_id}.{version}",
        policy_id=policy_id,
        version=version,
        definition=definition,
        created_at=place.at,
        name=change.name,
        hash=hash_of(definition),
        state=state,
        type=change.type or (current.type if current else ""),
        priority=change.priority or (current.priority if current else 0),
        number=place.number,
        action=change.action,
        author=request.by.actor,
        reason=request.by.reason,
        overrides=request.overrides,
    )


def _policy(version: VersionRow, current: PolicyRow | None) -> PolicyRow:
    return PolicyRow(
        id=version.policy_id,
        name=version.name,
        type=version.type,
        version=version.version,
        priority=version.priority,
        definition=version.definition,
        created_at=current.created_at if current else version.created_at,
        updated_at=version.created_at,
        hash=version.hash,
        state=version.state,
        number=version.number,
    )


def _refuse_stale(reader: Reader, change: Change, current: PolicyRow | None) -> None:
    if change.seen is None:
        return
    if change.seen == NOT_THERE:
        if exists(current):
            assert current is not None
            raise name_taken(current)
        return
    if not exists(current):
        raise _gone(change.name, change.seen, current, reader)
    assert current is not None
    if current.version != change.seen:
        raise stale(change.name, change.seen, current, since(reader, current.id, change.seen))


def _refuse_moved(reader: Reader, request: Request) -> None:
    for name, seen in sorted(request.relying.items()):
        current = reader.get(POLICIES, name)
        now = current.version if current is not None else NOT_THERE
        if now == seen:
            continue
        assert current is not None, "policies are never taken away"
        raise stale(name, seen, current, since(reader, current.id, seen))


def since(reader: Reader, policy_id: int, seen: int) -> list[VersionRow]:
    """The versions from the one that was seen on."""
    return list(reader.scan(VERSIONS, policy_id, start=(max(seen, 1),)))


def name_taken(current: PolicyRow | VersionRow) -> StoreError:
    return fault(
        codes.NAME_TAKEN,
        f"there is a policy `{current.name}` in the store already (version {current.version})",
        helps=[
            "`shardwright policy update FILE` makes its next version",
            "or give the new policy another name",
        ],
        policy=current.name,
        version=current.version,
    )


def wrong_state(name: str, now: str, then: str) -> StoreError:
    ways = ", ".join(f"`{state}`" for state in FOLLOWING[now])
    return fault(
        codes.WRONG_STATE,
        f"`{name}` is {_a(now)} and cannot become {_a(then)}",
        helps=[f"from there it can become {ways}"] if ways else [],
        policy=name,
    )


def _a(state: str) -> str:
    return "a draft" if state == "draft" else state


def stale(name: str, seen: int, current: PolicyRow, versions: Sequence[VersionRow]) -> StoreError:
    """What somebody else made of a policy since a writer saw it."""
    if seen > current.version:
        return fault(
            codes.STALE,
            f"`{name}` is at version {current.version}: there is no version {seen} yet",
            helps=[f"look at it (`shardwright policy history {name}`), and say which version you saw"],
            policy=name,
            version=current.version,
            seen=seen,
            current=current.version,
        )
    notes = [_made(before, row) for before, row in zip([None, *versions], versions, strict=False)]
    changed = notes if seen == NOT_THERE else notes[1:]
    return fault(
        codes.STALE,
        f"`{name}` is at version {current.version} by now; this change was made for version {seen}",
        notes=changed[:SHOWN] + ([f"and {len(changed) - SHOWN} more"] if len(changed) > SHOWN else []),
        helps=[f"look at it (`shardwright policy get {name}`), and make the change anew from there"],
        policy=name,
        version=current.version,
        seen=seen,
        current=current.version,
    )


def _made(before: VersionRow | None, row: VersionRow) -> str:
    why = f" ({row.reason})" if row.reason else ""
    head = f"version {row.version}, {row.action} by {row.author} at {spoken(row.created_at)}{why}"
    found = [str(item) for item in differences(before.definition if before else None, row.definition)]
    if before is not None and before.state != row.state:
        found.insert(0, f"state: {before.state} -> {row.state}")
    return "\n".join([head, *(f"  {text}" for text in found[:SHOWN])])


def _gone(name: str, seen: int, current: PolicyRow | None, reader: Reader) -> StoreError:
    if current is None:
        return unknown_policy(name, [row.name for row in reader.scan(POLICIES) if exists(row)])
    return stale(name, seen, current, since(reader, current.id, seen))


def unknown_policy(
    name: str, others: Sequence[str], gone: PolicyRow | VersionRow | None = None
) -> StoreError:
    """`others` are the names that there are; `gone` is the policy's last row, if it was deleted."""
    from shardwright.grammar.spelling import did_you_mean

    if gone is not None and gone.state == DELETED:
        return fault(
            codes.UNKNOWN_POLICY,
            f"there is no policy `{name}` in the store any more: version {gone.version} deleted it",
            helps=[f"`shardwright policy rollback {name} --to {gone.version - 1}` brings it back"],
            policy=name,
            version=gone.version,
        )
    near = did_you_mean(name, list(others))
    return fault(
        codes.UNKNOWN_POLICY,
        f"there is no policy `{name}` in the store",
        helps=[f"did you mean `{near}`?"] if near else [],
        policy=name,
    )
