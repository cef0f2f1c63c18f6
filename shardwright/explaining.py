"""What the commands that question a placement share: their options, and the placement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from shardwright import options
from shardwright.endings import Manner
from shardwright.remarks import remark

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored
    from shardwright.solver.why.explainer import Explainer

_OPTIONS = (
    options.policies,
    options.cluster,
    click.option(
        "--placement",
        metavar="FILE",
        help='Question this one: a result of solve, or {"placement": {...}}. Default: the best one.',
    ),
    click.option(
        "--strategy",
        type=click.Choice(["auto", "exact", "search"]),
        default="auto",
        show_default=True,
        help="How to look for the best placement.",
    ),
    click.option(
        "--time-limit",
        type=options.SECONDS,
        default=60,
        show_default=True,
        metavar="S",
        help="Seconds from start to answer, loading included.",
    ),
    options.limit("--steps", "N", "Steps of search."),
    options.limit("--workers", "N", "Processes that solve.", default=2),
    options.limit("--seed", "N", "Where the random choices start.", default=1, least=0),
    options.limit("--memory-limit", "MB", "Memory of each of these processes.", most=2**32),
    options.limit("--rule-limit", "N", "Ground rules at most."),
)


def explaining(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that questions a placement."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reaching(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that asks about all placements, not about one."""
    for option in reversed((*_OPTIONS[:2], *_OPTIONS[3:])):
        command = option(command)
    return command


def explained(
    manner: Manner,
    policies: str | Stored,
    cluster: str,
    placement: str | None,
    limits: dict[str, Any],
    enough: Callable[[Explainer], bool] = lambda explainer: False,
) -> Explainer:
    """The placement that is asked about: the given one, or the best one.

    `enough`: whether the snapshot's own placement will do, so that nothing has to be solved.
    """
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.report.progress import progress

    limits["memory_limit_mb"] = limits.pop("memory_limit")
    with progress("reading policies and snapshot"):
        program, snapshot = compile(policies), load_cluster(cluster)
    remark(program, snapshot)
    with progress("looking at the placement") as tell:
        limits["time_limit"] = manner.time_left(limits["time_limit"])
        given = {name: limit for name, limit in limits.items() if limit is not None}
        explainer = program.explain(
            snapshot, placement, on_progress=lambda told: tell(str(told)), solve=False, **given
        )
        if placement is not None or enough(explainer):
            return explainer
        tell("solving")
        return explainer.solved()
