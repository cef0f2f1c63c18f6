"""The search for clusters that show what a change of rules does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.bounds import Bounds
from shardwright.solver.patterns.compare.clusters import Trial
from shardwright.solver.patterns.compare.drawn import drawn, fitting
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.compare.left import Lefts
from shardwright.solver.patterns.compare.made import made_for
from shardwright.solver.patterns.compare.near import near
from shardwright.solver.patterns.compare.possible import Possible
from shardwright.solver.patterns.compare.trial import Judged, Placing, court
from shardwright.solver.patterns.compare.witness import LOOSER, PREFERS, STRICTER, Witness
from shardwright.solver.patterns.space import Space

# One cluster in so many is drawn without regard to what rules allow.
OTHERS, OTHERS_OF_SINGLE = 2, 4
Ruling = tuple[Placing, Judged, Judged]  # a placement, and what the old and the new side say of it


@dataclass
class Hunt:
    """Looks for clusters that show what each rule without an equal may change."""

    space: Space
    old: Side
    new: Side
    left: Lefts
    possible: Possible
    bounds: Bounds
    found: dict[str, Witness] = field(default_factory=dict)
    trials: int = 0

    @property
    def forms(self) -> list[Form]:
        return [*self.left.told.gone, *self.left.told.come]

    def run(self) -> None:
        old, new = self._near
        seen = self.left.seen
        made = [
            (STRICTER, made_for(self.space, seen[STRICTER].come, new, old)),
            (LOOSER, made_for(self.space, seen[LOOSER].gone, old, new)),
        ]
        for shows, trials in made:
            for trial in trials:
                if shows in self.found or self.trials >= self.bounds.most_trials:
                    break
                self._try(trial)
        # Where every rule judges shards one by one, clusters that fit show most, and half as many will do.
        single = all(form.is_single for form in self.forms)
        others = OTHERS_OF_SINGLE if single else OTHERS
        for seed in range(self.bounds.most_trials // (2 if single else 1)):
            if not self._wanted():
                return
            fit = fitting(self.space, self.forms, self._near, seed) if seed % others else None
            self._try(fit or drawn(self.space, self.forms, self._near, seed))

    def _wanted(self) -> bool:
        """Is there anything that some cluster might still show?"""
        if not self.found:
            return bool(self.possible.shows)
        if {STRICTER, LOOSER} <= self.found.keys():
            return False
        return any(shows not in self.found for shows in self.possible.shows)

    @cached_property
    def _near(self) -> tuple[Side, Side]:
        return near(self.old, self.forms), near(self.new, self.forms)

    def _try(self, trial: Trial) -> None:
        self.trials += 1
        rulings = list(self._rulings(trial, trial.placings, self._near))
        for placing, before, after in rulings:
            shows = _shows(before, after)
            if shows is not None and shows not in self.found:
                self._keep(shows, trial, (placing,))
        if PREFERS not in self.found and (pair := self._ranked(rulings)) is not None:
            self._keep(PREFERS, trial, pair)

    def _keep(self, shows: str, trial: Trial, placings: Sequence[Placing]) -> None:
        """A witness is what all policies of both sides say, not only those that are near the change."""
        rulings = list(self._rulings(trial, placings, (self.old, self.new)))
        if len(rulings) != len(placings):
            return
        placing, before, after = rulings[0]
        if shows == PREFERS:
            if self._ranked(rulings) is not None:
                ranks = _ranks(*rulings)
                self.found[shows] = Witness(shows, trial.snapshot, placing, placings[1], before, after, ranks)
        elif _shows(before, after) == shows:
            self.found[shows] = Witness(shows, trial.snapshot, placing, None, before, after)

    def _rulings(
        self, trial: Trial, placings: Sequence[Placing], sides: tuple[Side, Side]
    ) -> Iterator[Ruling]:
        old, new = (court(side.policies, trial.snapshot, side.statements) for side in sides)
        if old is None or new is None:
            return
        for placing in placings:
            try:
                yield placing, old.judge(placing), new.judge(placing)
            except DiagnosticError:
                continue

    def _ranked(self, rulings: Sequence[Ruling]) -> tuple[Placing, Placing] | None:
        """Two placements that both sides allow, and rank differently."""
        goals = any(form.is_goal for form in self.forms)
        fit = [
            ruling
            for ruling in rulings
            if all(judged.admissible and (judged.kept or not goals) for judged in ruling[1:])
        ]
        for one, two in combinations(fit, 2):
            before, after = _ranks(one, two)
            if before != after:
                return one[0], two[0]
        return None

    def tells(self, shows: str) -> bool:
        """Is a witness part of the answer? A rank that follows from what is broken is none."""
        if shows not in self.found:
            return False
        if shows != PREFERS:
            return True
        goals = any(form.is_goal for form in self.forms)
        return goals or not self.found.keys() & {STRICTER, LOOSER}


def _shows(before: Judged, after: Judged) -> str | None:
    if before.admissible != after.admissible:
        return STRICTER if before.admissible else LOOSER
    if before.kept != after.kept:
        return STRICTER if before.kept else LOOSER
    return None


def _ranks(one: Ruling, two: Ruling) -> tuple[str, str]:
    return _rank(one[1], two[1]), _rank(one[2], two[2])


def _rank(one: Judged, two: Judged) -> str:
    if one.goals == two.goals:
        return "equal"
    return "first" if one.goals < two.goals else "second"
