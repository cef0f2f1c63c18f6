"""A recorded execution, done again: the same policies, the same snapshot, the same steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shardwright.api import Program
from shardwright.cluster.load import read_cluster
from shardwright.keeping.runs import differing, plain, program_version
from shardwright.keeping.source import policies_of
from shardwright.store import codes
from shardwright.store.faults import StoreError, fault
from shardwright.store.rows import ExecutionRow
from shardwright.store.store import Store

if TYPE_CHECKING:
    from shardwright.cluster.cluster import Cluster
    from shardwright.solver.result import Result


CLOCKS = ("time_limit", "interrupt")
FOLLOWED = ("search", "instead", "race")  # statistics that a replay follows instead of the clock


@dataclass(frozen=True)
class Recorded:
    """Everything that a replay needs, read from the store."""

    row: ExecutionRow
    program: Program
    cluster: Cluster
    result: dict[str, Any]


def recorded(store: Store, number: int) -> Recorded:
    """An execution with its policies, snapshot and result; raises with all that is missing."""
    row = store.execution(number)
    snapshot, result = store.content(row.snapshot), store.content(row.result)
    missing = [
        *(["the snapshot of the cluster"] if snapshot is None else []),
        *(["the result"] if result is None else []),
    ]
    if snapshot is None or result is None:
        raise _cannot(row, [f"{what} was let go" for what in missing])
    policies, _ = policies_of(store.version(name, version) for name, version in row.policies.items())
    if policies.hash != row.policies_hash:
        raise _cannot(row, ["the policies do not say today what they said then", *_program(row)])
    cluster = read_cluster(snapshot.data, snapshot.name)
    if cluster.hash != row.cluster_hash:
        raise _cannot(row, ["the snapshot does not say today what it said then", *_program(row)])
    return Recorded(row, Program(policies), cluster, json.loads(result.data))


def again(known: Recorded) -> Result:
    """Solve once more, with the steps that were taken instead of the clock."""
    settings = {**known.row.settings, "time_limit": None, "strategy": known.result["strategy"]}
    return known.program.solve(known.cluster, replay=known.row.taken, **settings)


def refuse_clocked(known: Recorded) -> None:
    """Raises where the clock alone decided: then the steps do not lead to the same place."""
    clocks = [name for name in known.result["limits"] if name in CLOCKS]
    listed = known.result["status"] == "conflict"
    followed = ("conflicts",) if listed else FOLLOWED
    if not clocks or any(key in known.row.taken for key in followed):
        return
    limits = ", ".join(f"`{name}`" for name in clocks)
    what = "the list of its conflicts" if listed else "it"
    raise _cannot(
        known.row,
        [f"{what} was ended by {limits}, and the steps to there are not on record"],
        [
            f"what was answered is kept: `shardwright policy executions --id {known.row.id}`",
            "with more time (`solve --time-limit S`) the answer can be replayed",
        ],
    )


def compare(known: Recorded, result: Result) -> list[str]:
    """The keys of the result that differ from the recorded one; empty where it is the same to the letter."""
    found = plain(result.to_json())
    # The strategy was given this time; why it was chosen then is on record.
    found["reason_for_strategy"] = known.result["reason_for_strategy"]
    return differing(known.result, found)


def different(known: Recorded, keys: list[str]) -> StoreError:
    return fault(
        codes.REPLAY,
        f"the replay of execution {known.row.id} came to another answer",
        notes=[f"different: {', '.join(f'`{key}`' for key in keys)}", *_program(known.row)],
    )


def _cannot(row: ExecutionRow, notes: list[str], helps: list[str] | None = None) -> StoreError:
    return fault(
        codes.REPLAY,
        f"execution {row.id} cannot be replayed",
        notes=notes,
        helps=helps or [],
        execution=row.id,
    )


def _program(row: ExecutionRow) -> list[str]:
    now = program_version()
    return [f"it was made by Shardwright {row.program}, this is {now}"] if row.program != now else []
