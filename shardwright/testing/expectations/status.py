"""Whether there is an answer, and which."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.testing.expectations.words import names
from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet
from shardwright.testing.why import conflict_notes, policy_spans

ANSWERS = ("optimal", "feasible")


def status(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`status`; a story that says nothing of it expects an answer, or the conflict that it names."""
    if outcome.result is None:
        return
    wanted = expect.status or _implied(expect)
    actual = outcome.result.status
    if actual in wanted:
        return
    stated = [key for key in ("status", "conflict", "conflicts") if getattr(expect, key) is not None]
    place = spot.at(stated[0]).place if stated else outcome.story.place
    spans = policy_spans(outcome) if actual == "conflict" else ()
    word = "an answer" if wanted == ANSWERS else f"the status {' or '.join(f'`{it}`' for it in wanted)}"
    yield Unmet(place, word, f"it is `{actual}`", _why(outcome), spans)


def _implied(expect: Expect) -> tuple[str, ...]:
    return ("conflict",) if expect.conflict is not None or expect.conflicts is not None else ANSWERS


def _why(outcome: Outcome) -> tuple[str, ...]:
    assert outcome.result is not None
    if outcome.result.status == "conflict":
        return conflict_notes(outcome)
    if outcome.result.limits:
        reached = names(outcome.result.limits)
        return (f"the limit {reached} came first; `solve` in the story, or `--time-limit`, gives more",)
    unproven = [level for level in outcome.result.levels if level.cost > level.bound]
    return tuple(
        f"not proven: {level.goal} of {level.policy} costs {level.cost}, the bound is {level.bound}"
        for level in unproven[:1]
    )


def broken(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`broken`, of a placement that the story gives: exactly these policies and built-in rules."""
    if outcome.certification is None:
        return
    violations = outcome.certification.violations
    actual = {item.policy for item in violations}
    wanted = expect.broken or ()
    here = spot.at("broken")
    for at, name in enumerate(wanted):
        if name not in actual:
            yield Unmet(here.item(at).place, f"`{name}` to be broken", "it holds")
    place = here.place if expect.broken is not None else outcome.story.place
    for name in sorted(actual - set(wanted)):
        why = tuple(item.what for item in violations if item.policy == name)
        yield Unmet(place, f"`{name}` to hold", "it is broken", why[:3], policy_spans(outcome, {name}))
