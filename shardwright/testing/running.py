"""Stories one after the other, each with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError
from shardwright.testing.expectations import unmet
from shardwright.testing.fits import misfits
from shardwright.testing.outcome import Answers, Outcome, outcome_of
from shardwright.testing.setting import Shelf
from shardwright.testing.spot import diagnostics
from shardwright.testing.stories import Story

State = Literal["passed", "failed", "error"]


@dataclass(frozen=True)
class Verdict:
    """`problems` are the expectations that do not hold, or (state "error") why the story cannot be told.

    `exit_code` of an error is that of the same mistake elsewhere: 3 invalid input, 6 a limit.
    """

    story: Story
    state: State
    problems: tuple[Diagnostic, ...] = ()
    outcome: Outcome | None = field(default=None, repr=False)
    exit_code: int = 0

    @property
    def seconds(self) -> float:
        return self.outcome.seconds if self.outcome is not None else 0.0


def run_stories(
    stories: Iterable[Story],
    limits: dict[str, Any],
    answers: Answers,
    tell: Callable[[Story], None] = lambda story: None,
) -> list[Verdict]:
    """The verdicts in the order of the stories; `limits` are arguments of `Program.solve`."""
    shelf = Shelf()
    verdicts = []
    for story in stories:
        tell(story)
        verdicts.append(run_story(story, shelf, answers, limits))
    return verdicts


def run_story(story: Story, shelf: Shelf, answers: Answers, limits: dict[str, Any]) -> Verdict:
    """What became of one story. Never raises for what the story says."""
    try:
        setting = shelf.setting(story)
        wrong = misfits(story, setting)
        if wrong:
            return Verdict(story, "error", tuple(wrong), exit_code=3)
        outcome = outcome_of(story, setting, limits, answers)
        failures = tuple(diagnostics(unmet(outcome)))
    except DiagnosticError as error:
        return Verdict(story, "error", tuple(error.diagnostics), exit_code=error.exit_code)
    return Verdict(story, "failed" if failures else "passed", failures, outcome)
