"""`shardwright test`: stories that state a cluster and what the policies must make of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options

if TYPE_CHECKING:
    from shardwright.grammar.diagnostics import Diagnostic
    from shardwright.testing.coverage import Covered
    from shardwright.testing.running import Verdict
    from shardwright.testing.stories import Story


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-k",
    "words",
    multiple=True,
    metavar="TEXT",
    help="Only stories with TEXT in their name; may be repeated.",
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a JUnit report to FILE, too.",
)
@click.option(
    "--time-limit",
    type=options.SECONDS,
    default=60,
    show_default=True,
    metavar="S",
    help="Seconds for each story that sets no limit of its own.",
)
@click.option(
    "--coverage", is_flag=True, help="Also say which policies were decisive in any story, and which in none."
)
@options.shape("human", "plain", "json", "junit", "github")
def command(
    paths: tuple[str, ...],
    words: tuple[str, ...],
    junit: Path | None,
    time_limit: float,
    coverage: bool,
    shape: str,
) -> int:
    """Run stories: files (JSON or YAML) that state a cluster and what must hold. PATH is a file or a folder.

    Exit codes: 0 all stories pass, 3 a story, its policies or its cluster are invalid, 4 a story fails,
    6 a limit came before an answer.
    """
    from shardwright.output import refuse_unwritable, save_text
    from shardwright.report.console import page_width
    from shardwright.report.stories import Report, render_stories
    from shardwright.testing.stories import read_stories

    if junit is not None:
        refuse_unwritable(junit)
    stories, problems = read_stories(paths)
    chosen = _chosen(stories, words)
    if not chosen and not problems:
        raise click.UsageError(f"no story has {' or '.join(repr(word) for word in words)} in its name")
    report = Report(*_run(chosen, {"time_limit": time_limit}, coverage), problems)
    if junit is not None:
        save_text(render_stories(report, "junit"), junit)
    width = page_width() if sys.stdout.isatty() else None
    click.echo(render_stories(report, shape, width), nl=False)
    return exit_code(report.verdicts, problems)


def _chosen(stories: Sequence[Story], words: Sequence[str]) -> list[Story]:
    wanted = [word.casefold() for word in words]
    return [story for story in stories if not wanted or any(word in story.name.casefold() for word in wanted)]


def _run(
    stories: Sequence[Story], limits: dict[str, Any], covered: bool
) -> tuple[list[Verdict], list[Covered] | None]:
    from shardwright.report.progress import progress
    from shardwright.testing.coverage import coverage
    from shardwright.testing.outcome import Answers
    from shardwright.testing.running import run_stories

    answers = Answers()
    with progress("running stories") as tell:
        verdicts = run_stories(stories, limits, answers, lambda story: tell(f"running {story.name}"))
        return verdicts, coverage(verdicts, answers, tell) if covered else None


def exit_code(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic]) -> int:
    """Invalid input before failures, failures before limits."""
    codes = {verdict.exit_code for verdict in verdicts}
    if problems or exit_codes.INVALID in codes:
        return exit_codes.INVALID
    if any(verdict.state == "failed" for verdict in verdicts):
        return exit_codes.TESTS_FAILED
    return max(codes, default=exit_codes.OK)
