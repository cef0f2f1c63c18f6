"""Which policies were decisive in any story, and which in none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.policies.checks.say import warning
from shardwright.testing.decisive import Deciding
from shardwright.testing.outcome import Answers, Outcome
from shardwright.testing.running import Verdict

Key = tuple[str, str, int]


@dataclass(frozen=True)
class Covered:
    """A policy; the first story in which it decided something, and what, or why it never did."""

    policy: str
    place: Place
    story: str | None
    why: str

    def warning(self) -> Diagnostic:
        """Of a policy that is never decisive."""
        message = f"`{self.policy}` is never decisive in these stories"
        help_text = "write a story whose answer would be different without it, or delete the policy"
        return warning("W2601", message, self.place, self.why, policy=self.policy, helps=[help_text])


def coverage(
    verdicts: Sequence[Verdict], answers: Answers, tell: Callable[[str], None] = lambda text: None
) -> list[Covered]:
    """Every policy of the stories that could be told, by name."""
    open_ = dict(_policies(verdicts))
    covered: list[Covered] = []
    for verdict in verdicts:
        if verdict.outcome is None:
            continue
        deciding = Deciding(verdict.outcome, answers)
        for key, (name, place) in _applied(verdict.outcome):
            if key in open_:
                tell(f"{verdict.story.name} without {name}")
                why = deciding.why(name)
                if why is not None:
                    covered.append(Covered(name, place, verdict.story.name, why))
                    del open_[key]
    missed = [Covered(name, place, None, _never(key, verdicts)) for key, (name, place) in open_.items()]
    return sorted([*covered, *missed], key=lambda item: (item.policy, item.place.file, item.place.start))


def _policies(verdicts: Sequence[Verdict]) -> Iterator[tuple[Key, tuple[str, Place]]]:
    for verdict in verdicts:
        if verdict.outcome is not None:
            for policy in verdict.outcome.program.policies:
                yield _entry(policy.name, policy.place("/name"))


def _applied(outcome: Outcome) -> Iterator[tuple[Key, tuple[str, Place]]]:
    for policy in outcome.program.on(outcome.cluster).policies:
        yield _entry(policy.name, policy.place("/name"))


def _entry(name: str, place: Place) -> tuple[Key, tuple[str, Place]]:
    return (name, place.file, place.start), (name, place)


def _never(key: Key, verdicts: Sequence[Verdict]) -> str:
    """Why a policy was not decisive: where it never took part, that is the reason."""
    outcomes = [verdict.outcome for verdict in verdicts if verdict.outcome is not None]
    if any(key == applied for outcome in outcomes for applied, _ in _applied(outcome)):
        return "without it every story has the same answer"
    left_out = [item for it in outcomes for item in it.program.on(it.cluster).not_applied]
    return next((f"never applied: {item.why}" for item in left_out if item.policy == key[0]), "never applied")
