"""`shardwright compile`: what policies become on their way to the solver."""

from __future__ import annotations

import sys

import click

from shardwright import options

KINDS = ("tree", "asp", "classes", "requirements", "graph")
NEEDS_CLUSTER = ("classes", "requirements")


@click.command("compile")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--cluster", metavar="FILE", help="The cluster snapshot; classes and requirements need one.")
@click.option("--show", "kind", type=click.Choice(KINDS), required=True, help="The stage to print.")
@options.shape("text", "dot", "json")
def command(paths: tuple[str, ...], cluster: str | None, kind: str, shape: str) -> None:
    """Print what policies become: tree, ASP rules, classes, ground requirements, dependency graph.

    --format dot and json are for the graph.
    """
    if shape != "text" and kind != "graph":
        raise click.UsageError(f"--format {shape} goes with --show graph only")
    if kind in NEEDS_CLUSTER and cluster is None:
        raise click.UsageError(f"--show {kind} needs --cluster FILE")
    shown = _graph(paths, shape) if kind == "graph" else _stage(paths, kind, cluster)
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")


def _graph(paths: tuple[str, ...], shape: str) -> str:
    from shardwright.grammar.diagnostics import DiagnosticError
    from shardwright.policies.graph import graph_dot, graph_json, graph_text
    from shardwright.policies.load import load_policies

    policies, problems = load_policies(paths)
    if any(problem.severity == "error" for problem in problems):
        raise DiagnosticError(problems)
    return {"text": graph_text, "dot": graph_dot, "json": graph_json}[shape](policies.policies)


def _stage(paths: tuple[str, ...], kind: str, cluster: str | None) -> str:
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster

    program = compile(list(paths))
    return str(program.show(kind, load_cluster(cluster) if cluster is not None else None))
