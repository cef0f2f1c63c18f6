"""`shardwright check`: everything that is wrong with policies, all at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from shardwright import exit_codes, options
from shardwright.grammar.diagnostics import Diagnostic


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.shape("human", "plain", "json", "sarif", "junit", "github")
def command(paths: tuple[str, ...], shape: str) -> int:
    """Parse, validate and lint policies. PATH is a policy file, or a folder of them (*.json, recursive).

    Exit codes: 0 valid (warnings or not), 3 an error.
    """
    from shardwright.grammar.render import render
    from shardwright.policies.load import load_policies

    policies, problems = load_policies(paths)
    click.echo(render(problems, shape, colour=_wants_colour()), nl=False)
    if shape == "human":
        click.echo(("\n" if problems else "") + summary(len(policies), problems))
    return exit_codes.INVALID if _errors(problems) else exit_codes.OK


def summary(valid: int, problems: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or `12 valid policies`."""
    errors = _errors(problems)
    counted = [_count(errors, "error") if errors else _count(valid, "valid policy", "valid policies")]
    warnings = len(problems) - errors
    return ", ".join([*counted, _count(warnings, "warning")] if warnings else counted)


def _errors(problems: Sequence[Diagnostic]) -> int:
    return sum(problem.severity == "error" for problem in problems)


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _wants_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
