"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from shardwright.endings import Manner

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


def limit(name: str, metavar: str, text: str, default: int | None = None, least: int = 1) -> Decorator:
    """An option that takes a whole number."""
    return click.option(
        name,
        type=click.IntRange(min=least),
        metavar=metavar,
        default=default,
        show_default=default is not None,
        help=text,
    )


def _remember_format(ctx: click.Context, param: click.Parameter, value: str) -> str:
    manner = ctx.find_object(Manner)
    if manner is not None:
        manner.format = value
    return value
