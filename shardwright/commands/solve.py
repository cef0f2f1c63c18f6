"""`shardwright solve`: the best placement that the policies allow, certified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner
from shardwright.remarks import remark

if TYPE_CHECKING:
    from shardwright.api import Program
    from shardwright.cluster.cluster import Cluster
    from shardwright.keeping.recording import Recording
    from shardwright.keeping.source import Stored
    from shardwright.solver.result import Result

EXIT_CODES = {
    "optimal": exit_codes.OK,
    "feasible": exit_codes.OK,
    "conflict": exit_codes.CONFLICT,
    "unknown": exit_codes.LIMIT,
}


@click.command("solve")
@options.policies
@options.cluster
@click.option(
    "--strategy",
    type=click.Choice(["auto", "exact", "search"]),
    default="auto",
    show_default=True,
    help="How to look: prove the optimum, search from today's placement, or let Shardwright choose.",
)
@click.option(
    "--time-limit",
    type=options.SECONDS,
    default=60,
    show_default=True,
    metavar="S",
    help="Seconds from start to answer, loading and certificate included.",
)
@options.limit("--steps", "N", "Steps of search; unlike a time limit, the same answer on every computer.")
@options.limit("--workers", "N", "Processes that solve.", default=2)
@options.limit("--seed", "N", "Where the random choices start.", default=1, least=0)
@options.limit("--memory-limit", "MB", "Memory of each of these processes.", most=2**32)
@options.limit("--rule-limit", "N", "Ground rules at most.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the result to FILE as JSON, too.",
)
@click.option("--no-record", is_flag=True, help="With --store: keep no record of this execution.")
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    policies: str | Stored,
    cluster: str,
    output: Path | None,
    no_record: bool,
    shape: str,
    **limits: Any,
) -> int:
    """Find the best placement that the policies allow, certified by the logic.

    Exit codes: 0 an answer, 3 invalid input, 5 the required rules cannot all hold, 6 a limit came before
    any certified answer.
    """
    from shardwright.solver.ahead import expect

    if output is not None:
        _refuse_output(output, policies, cluster)
    limits["memory_limit_mb"] = limits.pop("memory_limit")
    recording = None if no_record else _recording(policies, limits, cluster)
    expect(cluster, limits["strategy"], limits["workers"])
    program, snapshot = _load(policies, cluster, recording)
    remark(program, snapshot)
    result = _solve(manner, program, snapshot, dict(limits))
    if recording is not None:
        recording.finish(program.policies, result)
    _tell(result, snapshot, output, shape, recording)
    return EXIT_CODES[result.status]


def _recording(policies: str | Stored, limits: dict[str, Any], cluster: str) -> Recording | None:
    """With a store, what is asked is taken down before anything else."""
    if isinstance(policies, str):
        return None
    from shardwright.keeping.recording import Recording

    return Recording.begin(policies.folder, limits, cluster)


def _refuse_output(output: Path, policies: str | Stored, cluster: str) -> None:
    """Before a minute of solving, not after it."""
    from shardwright.output import refuse_unwritable

    place = policies if isinstance(policies, str) else policies.folder
    target, source = output.resolve(), Path(place).resolve()
    if target in (source, Path(cluster).resolve()):
        raise click.UsageError(f"--output would overwrite the input `{output}`")
    if source in target.parents and (target.suffix == ".json" or not isinstance(policies, str)):
        what = "one of the policies" if isinstance(policies, str) else "in the store"
        raise click.UsageError(f"--output `{output}` would be {what}")
    refuse_unwritable(output)


def _load(policies: str | Stored, cluster: str, recording: Recording | None) -> tuple[Program, Cluster]:
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster, read_cluster
    from shardwright.report.progress import progress

    with progress("reading policies and snapshot"):
        program = compile(policies)
        if recording is None:
            return program, load_cluster(cluster)
        # What is kept is what was read, whatever becomes of the file meanwhile.
        return program, read_cluster(recording.snapshot.data, cluster)


def _solve(manner: Manner, program: Program, cluster: Cluster, limits: dict[str, Any]) -> Result:
    from shardwright.report.progress import progress

    limits["time_limit"] = manner.time_left(limits["time_limit"])
    given = {name: limit for name, limit in limits.items() if limit is not None}
    with progress("solving") as tell:
        return program.solve(cluster, on_progress=lambda told: tell(str(told)), **given)


def _tell(
    result: Result, cluster: Cluster, output: Path | None, shape: str, recording: Recording | None
) -> None:
    """The file first: the reader of stdout may go away. If the file fails, the answer is still printed."""
    from shardwright.output import save_json

    document = result.to_json()
    if recording is not None:
        document["execution"] = recording.number
    try:
        if output is not None:
            save_json(document, output)
    finally:
        _print(result, document, cluster, shape)


def _print(result: Result, document: dict[str, Any], cluster: Cluster, shape: str) -> None:
    from shardwright.output import print_json
    from shardwright.report.console import page_width, show
    from shardwright.report.page import solve_page

    if shape == "json":
        print_json(document)
        return
    show(solve_page(result, cluster, page_width()))
    if document.get("execution") is not None:
        click.echo(f"execution {document['execution']} of the store")
