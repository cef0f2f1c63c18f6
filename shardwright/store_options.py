"""Options of the commands that use a store, and what they stand for: who, when, why."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from shardwright.options import SECONDS, Decorator

if TYPE_CHECKING:
    from shardwright.store.chain import Break, Link
    from shardwright.store.changes import By
    from shardwright.store.moments import Moment
    from shardwright.store.store import Store

    Noted = Link | None
    Verdict = tuple[Break | None, Link]

AUTHOR = "SHARDWRIGHT_AUTHOR"

store = click.option("--store", required=True, metavar="DIR", help="The folder of the store.")
at = click.option(
    "--at", metavar="CHANGE|TIME", help="As it was after a change of this number, or at this time."
)
reason = click.option("--reason", default="", metavar="TEXT", help="Why; kept with the change.")
wait = click.option(
    "--wait",
    type=SECONDS,
    default=5.0,
    show_default=True,
    metavar="S",
    help="Seconds to wait for another writer.",
)


def _author(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    return value or current_author()


def current_author() -> str:
    """Who runs this command, where no option says it."""
    if named := os.environ.get(AUTHOR):
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, in a container
        return f"user {os.getuid()}"


author = click.option(
    "--author",
    metavar="NAME",
    callback=_author,
    help=f"Who does it; default: the variable {AUTHOR}, or the user of this computer.",
)


def writing(command: Callable[..., Any]) -> Callable[..., Any]:
    """All options of a command that changes a store: --store, --author, --reason, --wait."""
    decorators: tuple[Decorator, ...] = (store, author, reason, wait)
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@dataclass(frozen=True)
class DryRun:
    """Look, and change nothing; `cluster` is a snapshot on which the change is tried, too."""

    cluster: str | None = None


def dry_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """--dry-run, and --cluster with it. The command gets one `dry_run`, None without."""

    @wraps(command)
    def chosen(*arguments: Any, dry_run: bool, cluster: str | None, **others: Any) -> Any:
        if cluster is not None and not dry_run:
            raise click.UsageError("--cluster FILE goes with --dry-run: what would move there")
        return command(*arguments, dry_run=DryRun(cluster) if dry_run else None, **others)

    for option in (_CLUSTER, _DRY_RUN):
        chosen = option(chosen)
    return chosen


_DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Show what would happen and what it means; change nothing."
)
_CLUSTER = click.option(
    "--cluster", metavar="FILE", help="With --dry-run: also what would move on this cluster."
)


def override(command: Callable[..., Any]) -> Callable[..., Any]:
    """--override, for changes that the checks speak against."""
    return click.option(
        "--override",
        is_flag=True,
        help="Make the change in spite of conflicts; needs --reason, and both are kept.",
    )(command)


def now(author: str, reason: str) -> By:
    """Somebody, at this moment: the only place where the clock is read."""
    from shardwright.store.changes import By

    return By(author, datetime.now(UTC), reason)


def moment_of(store: Store, at: str | None) -> Moment | None:
    """What --at means; a usage error where it means nothing."""
    from shardwright.keeping.source import moment

    try:
        return moment(store, at)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--at'") from None


def stamp_of(text: str) -> str:
    """A time of the command line as the store's text."""
    from shardwright.keeping.source import time_of
    from shardwright.store.times import stamp

    try:
        return stamp(time_of(text))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def link_of(head: str | None) -> Noted:
    """What --head means: NUMBER:HASH."""
    from shardwright.store.chain import Link

    if head is None:
        return None
    number, _, hash = head.partition(":")
    if not number.isdecimal() or len(hash) != 64:
        raise click.BadParameter("write NUMBER:HASH, as `audit verify` prints it", param_hint="'--head'")
    return Link(int(number), hash)


@contextmanager
def planning(folder: str, *, dry_run: DryRun | None, wait: float, doing: str) -> Iterator[Store | None]:
    """The store in which a change is planned, and then made; None where there is none yet.

    Whoever plans to write holds the writer's lock from the checks to the change.
    """
    from shardwright.store.codes import MISSING
    from shardwright.store.faults import StoreError
    from shardwright.store.open import read_store, write_store

    try:
        store = read_store(folder) if dry_run else write_store(folder, wait_seconds=wait, doing=doing)
    except StoreError as error:
        if error.code != MISSING:
            raise
        store = None
    if store is None:
        yield None
        return
    with store:
        yield store
