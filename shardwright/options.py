"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from shardwright.endings import Manner
from shardwright.streams import speak_utf8

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored

FOR_PEOPLE = ("human", "plain", "text")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def policies(command: Callable[..., Any]) -> Callable[..., Any]:
    """--policies PATH, or --store DIR with --at. The command gets one `policies`: a path, or a `Stored`."""

    @wraps(command)
    def chosen(
        *arguments: Any, policies: str | None, store: str | None, at: str | None, **others: Any
    ) -> Any:
        return command(*arguments, policies=_source(policies, store, at), **others)

    for option in (_AT, _STORE, _POLICIES):
        chosen = option(chosen)
    return chosen


def _source(policies: str | None, store: str | None, at: str | None) -> str | Stored:
    if (policies is None) == (store is None):
        raise click.UsageError("say where the policies are: --policies PATH, or --store DIR")
    if policies is not None:
        if at is not None:
            raise click.UsageError("--at speaks of a store: use it with --store DIR")
        return policies
    assert store is not None
    return stored(store, at)


def stored(store: str, at: str | None, option: str = "--at") -> Stored:
    """The policies of a store at a moment, which an option gave; a usage error where it means nothing."""
    from shardwright.keeping.source import Stored, checked_at

    try:
        return Stored(store, None if at is None else checked_at(at))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=f"'{option}'") from None


_POLICIES = click.option(
    "--policies", metavar="PATH", help="A policy file, or a folder of them (*.json, recursive)."
)
_STORE = click.option("--store", metavar="DIR", help="A store, instead of --policies.")
_AT = click.option(
    "--at", metavar="CHANGE|TIME", help="The store as it was after a change of this number, or at this time."
)
cluster = click.option("--cluster", required=True, metavar="FILE", help="The cluster snapshot.")


def shape(*choices: str) -> Decorator:
    """`--format`, first choice the default; errors are then told in the same format."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        callback=_remember_format,
        is_eager=True,
        help="How to print the answer.",
    )


class _Seconds(click.FloatRange):
    """A number of seconds above 0. NaN passes every comparison of a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


SECONDS = _Seconds(min=0, min_open=True)


def limit(
    name: str, metavar: str, text: str, default: int | None = None, least: int = 1, most: int | None = None
) -> Decorator:
    """An option that takes a whole number."""
    return click.option(
        name,
        type=click.IntRange(min=least, max=most),
        metavar=metavar,
        default=default,
        show_default=default is not None,
        help=text,
    )


def _remember_format(ctx: click.Context, param: click.Parameter, value: str) -> str:
    manner = ctx.find_object(Manner)
    if manner is not None:
        manner.format = value
    if value not in FOR_PEOPLE:
        speak_utf8()
    return value
