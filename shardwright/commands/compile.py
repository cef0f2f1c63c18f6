"""`shardwright compile`: what policies become on their way to the solver."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from shardwright import options

if TYPE_CHECKING:
    from shardwright.api import Case
    from shardwright.policies.policy import Policy

KINDS = ("tree", "asp", "classes", "requirements", "graph")
NEEDS_CLUSTER = ("classes", "requirements")
TYPES = ("placement", "migration", "replication", "load_balancing", "cost_optimization")
OPERATIONS = ("place", "move", "replicate", "balance", "cost")


@click.command("compile")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--cluster", metavar="FILE", help="The cluster snapshot; classes and requirements need one.")
@click.option("--show", "kind", type=click.Choice(KINDS), required=True, help="The stage to print.")
@click.option("--type", "type_", type=click.Choice(TYPES), help="Graph: only policies of a type.")
@click.option("--operation", type=click.Choice(OPERATIONS), help="Graph: only what an operation has to ask.")
@click.option("--shard", metavar="ID", help="Graph: only policies in force for a shard of the cluster.")
@options.shape("text", "dot", "json")
def command(paths: tuple[str, ...], cluster: str | None, kind: str, shape: str, **choice: str | None) -> None:
    """Print what policies become: tree, ASP rules, classes, ground requirements, dependency graph.

    The graph is in the order of evaluation; --type, --operation and --shard choose from it. --format dot and
    json are for the graph.
    """
    _refuse_what_does_not_fit(kind, shape, cluster, choice)
    shown = _graph(paths, cluster, shape, choice) if kind == "graph" else _stage(paths, kind, cluster)
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")


def _refuse_what_does_not_fit(
    kind: str, shape: str, cluster: str | None, choice: dict[str, str | None]
) -> None:
    if shape != "text" and kind != "graph":
        raise click.UsageError(f"--format {shape} goes with --show graph only")
    if kind != "graph" and any(choice.values()):
        raise click.UsageError("--type, --operation and --shard go with --show graph only")
    if kind in NEEDS_CLUSTER and cluster is None:
        raise click.UsageError(f"--show {kind} needs --cluster FILE")
    if choice["shard"] is not None and cluster is None:
        raise click.UsageError("--shard needs --cluster FILE")


def _graph(paths: tuple[str, ...], cluster: str | None, shape: str, choice: dict[str, str | None]) -> str:
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.policies.graph import graph_dot, graph_json, graph_text, select

    program = compile(list(paths))
    policies: Iterable[Policy] = program.policies
    governs = None
    if cluster is not None:
        case = program.on(load_cluster(cluster))
        policies = case.policies
        governs = _governing(case, choice["shard"]) if choice["shard"] is not None else None
    chosen = select(policies, type=choice["type_"], operation=choice["operation"], shard=governs)
    return {"text": graph_text, "dot": graph_dot, "json": graph_json}[shape](chosen)


def _governing(case: Case, shard: str) -> Callable[[Policy], bool]:
    """Whether a policy governs a shard: its scope and every guard of its conditions hold."""
    from shardwright.solver.governed import governing

    names = governing(case.problem, shard)
    return lambda policy: policy.name in names


def _stage(paths: tuple[str, ...], kind: str, cluster: str | None) -> str:
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster

    program = compile(list(paths))
    return str(program.show(kind, load_cluster(cluster) if cluster is not None else None))
