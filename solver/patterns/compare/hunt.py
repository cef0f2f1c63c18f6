"""The search for clusters that show what a change of rules does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.bounds import Bounds
from shardwright.solver.patterns.compare.beside import Choice, beside, choices, made_up_for, weighed
from shardwright.solver.patterns.compare.between import between, choosing
from shardwright.solver.patterns.compare.clusters import Trial
from shardwright.solver.patterns.compare.drawn import drawn
from shardwright.solver.patterns.compare.fitting import fitting
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.compare.left import Lefts
from shardwright.solver.patterns.compare.made import made_for
from shardwright.solver.patterns.compare.near import near
from shardwright.solver.patterns.compare.possible import Possible
from shardwright.solver.patterns.compare.rivals import passed, rivals, shown
from shardwright.solver.patterns.compare.trial import Judged, Placing, court
from shardwright.solver.patterns.compare.witness import LOOSER, PREFERS, STRICTER, Witness
from shardwright.solver.patterns.space import Space

# One cluster in so many is drawn without regard to what rules allow.
OTHERS = 4
MOST_BESIDE = 8  # clusters beside each other
MOST_RIVALS = 8  # rules that have not changed, and are weighed against those that have
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
    _choices: list[Choice] = field(default_factory=list)
    _weighed: set[str] = field(default_factory=set)

    @property
    def forms(self) -> list[Form]:
        return [*self.left.told.gone, *self.left.told.come]

    def run(self) -> None:
        old, new = self._near
        seen = self.left.seen
        come, gone = seen[STRICTER].come, seen[LOOSER].gone
        made = [
            (STRICTER, made_for(self.space, come, new, old)),
            (LOOSER, made_for(self.space, gone, old, new)),
            # What takes the place of something else allows as well as forbids.
            (STRICTER, made_for(self.space, [form for form in gone if form.replaces], old, new)),
            (LOOSER, made_for(self.space, [form for form in come if form.replaces], new, old)),
        ]
        for shows, trials in made:
            for trial in trials:
                done = shows in self.found or shows not in self.possible.shows
                if done or self.trials >= self.bounds.most_trials:
                    break
                self._try(trial)
        for trial in between(self.space, self.left.told, self._near):
            if self.trials < self.bounds.most_trials:
                self._try(trial)
        self._weigh()
        for seed in range(self.bounds.most_trials // 2):
            if not self._wanted() or self.trials >= self.bounds.most_trials:
                return
            fit = fitting(self.space, self.forms, self._near, seed) if seed % OTHERS else None
            self._try(fit or drawn(self.space, self.forms, self._near, seed))
        self._beside()

    def _weigh(self) -> None:
        """Clusters for what changes in rank only: what is broken of a rule beside what is of another."""
        if self.found or PREFERS not in self.possible.shows:
            return
        changed = self.left.seen[PREFERS]
        sides = near(self.old, self.forms), near(self.new, self.forms)
        for form in changed.gone:
            for trial in shown(self.space, form, (sides[1], sides[0])):
                self._try(trial)
        goals = [form for form in passed(self.old, changed) if form.is_goal]
        for trial in choosing(self.space, changed, goals, self._near):
            if PREFERS in self.found:
                return
            self._try(trial)
        # What a changed rule costs at more important levels has to be made up for there.
        more = {
            level for one in self._choices if one.old != one.new for level in (min(one.old), min(one.new))
        }
        tried = 0
        for form in rivals(self.old, changed, more):
            if self._beside() or tried >= MOST_RIVALS:
                return
            forms = [*self.forms, form]
            sides = near(self.old, forms), near(self.new, forms)
            trials = list(shown(self.space, form, (sides[1], sides[0])))
            tried += bool(trials)
            for trial in trials:
                self._try(trial, sides)
        self._beside()

    def _beside(self) -> bool:
        """Tries clusters beside each other that should show another rank; whether they do."""
        known = [*self._choices, *made_up_for(self.space, self._choices)]
        for one, times, other, others in weighed(known):
            if PREFERS in self.found or len(self._weighed) >= MOST_BESIDE:
                break
            key = repr((one.key, times, other.key, others))
            if key in self._weighed:
                continue
            self._weighed.add(key)
            trial = beside(self.space, one, times, other, others)
            if trial is not None:
                self.trials += 1
                self._keep(PREFERS, trial, trial.placings)
        return PREFERS in self.found

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

    def _try(self, trial: Trial, sides: tuple[Side, Side] | None = None) -> None:
        self.trials += 1
        rulings = list(self._rulings(trial, trial.placings, sides or self._near))
        for placing, before, after in rulings:
            shows = _shows(before, after)
            if shows is not None and shows not in self.found:
                self._keep(shows, trial, (placing,))
        if PREFERS not in self.found:
            if (pair := self._ranked(rulings)) is not None:
                self._keep(PREFERS, trial, pair)
            self._choices += choices(trial, self._fit(rulings))

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
        for one, two in combinations(self._fit(rulings), 2):
            before, after = _ranks(one, two)
            if before != after:
                return one[0], two[0]
        return None

    def _fit(self, rulings: Sequence[Ruling]) -> list[Ruling]:
        """Placements whose rank counts: where goals have changed, those that give nothing up."""
        goals = any(form.is_goal for form in self.forms)
        return [
            ruling
            for ruling in rulings
            if all(judged.admissible and (judged.kept or not goals) for judged in ruling[1:])
        ]

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
