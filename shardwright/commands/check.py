"""`shardwright check`: everything that is wrong with policies, all at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes, options
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError

if TYPE_CHECKING:
    from shardwright.policies.policy import PolicySet


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--cluster", metavar="FILE", help="A snapshot: warn of names that it does not have.")
@options.shape("human", "plain", "json", "sarif", "junit", "github")
def command(paths: tuple[str, ...], cluster: str | None, shape: str) -> int:
    """Parse, validate and lint policies. PATH is a policy file, or a folder of them (*.json, recursive).

    Exit codes: 0 valid (warnings or not), 3 an error.
    """
    from shardwright.grammar.render import render
    from shardwright.policies.load import in_order, load_policies

    policies, problems = load_policies(paths)
    if cluster is not None:
        problems = in_order([*problems, *_strange(policies, cluster)])
    click.echo(render(problems, shape, colour=_wants_colour()), nl=False)
    if shape == "human":
        click.echo(("\n" if problems else "") + summary(len(policies), problems))
    return exit_codes.INVALID if _errors(problems) else exit_codes.OK


def _strange(policies: PolicySet, cluster: str) -> list[Diagnostic]:
    """What the policies name and the cluster does not have, or what is wrong with the snapshot."""
    from shardwright.cluster.load import load_cluster
    from shardwright.policies.checks.carried import unknown_names

    try:
        return unknown_names(policies, load_cluster(cluster))
    except DiagnosticError as error:
        return error.diagnostics


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
