"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import click

from shardwright.endings import Manner
from shardwright.streams import speak_utf8

FOR_PEOPLE = ("human", "plain", "text")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

policies = click.option(
    "--policies",
    required=True,
    metavar="PATH",
    help="A policy file, or a folder of them (*.json, recursive).",
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
