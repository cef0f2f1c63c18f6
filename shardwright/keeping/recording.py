"""One solve of a command line, kept in the store where it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shardwright.store.executions import Content

if TYPE_CHECKING:
    from shardwright.keeping.runs import Asked
    from shardwright.policies.policy import PolicySet
    from shardwright.solver.result import Result


@dataclass
class Recording:
    """What is asked is taken down first; `number` is that of the execution, None where it was not kept."""

    folder: str
    asked: Asked
    number: int | None = None

    @classmethod
    def begin(cls, folder: str, settings: Mapping[str, Any], cluster: str) -> Recording:
        from shardwright.cluster.reading import read_bytes
        from shardwright.keeping.runs import Asked

        snapshot = Content("snapshot", Path(cluster).name, read_bytes(Path(cluster)))
        return cls(folder, Asked(snapshot, dict(settings), datetime.now(UTC)))

    @property
    def snapshot(self) -> Content:
        return self.asked.snapshot

    def finish(self, policies: PolicySet, result: Result) -> None:
        """Keep the execution; where the store cannot be written, a warning says so: the answer is good."""
        from shardwright.keeping.runs import execution_of
        from shardwright.store.faults import StoreError
        from shardwright.store.open import write_store
        from shardwright.store_options import current_author, now

        by = now(current_author(), "")
        execution = execution_of(self.asked, policies, result, by.at)
        try:
            with write_store(self.folder, doing="solve") as store:
                self.number = store.record(execution, by).id
        except StoreError as error:
            _warn(error)


def _warn(error: Exception) -> None:
    import click

    click.echo(f"warning: this execution is not recorded: {error}", err=True)
