"""The verdict on a change: equivalent, stricter, looser, different, undecided; and clusters to show it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.rules import Allow, Capacity, Replicas, Spread
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.bounds import DEFAULT_BOUNDS, Bounds, Reached
from shardwright.solver.patterns.compare.changes import Change, changes_of
from shardwright.solver.patterns.compare.clusters import Trial, drawn, made_for
from shardwright.solver.patterns.compare.forms import Form, Side, sides_of
from shardwright.solver.patterns.compare.pairing import implies, left_over
from shardwright.solver.patterns.compare.trial import Court, Judged, Placing, court
from shardwright.solver.patterns.space import Space

Json = dict[str, Any]
STRICTER, LOOSER, PREFERS = "stricter", "looser", "prefers"


@dataclass(frozen=True)
class Witness:
    """A cluster on which the two sides differ, as the logic has found.

    `shows`: "stricter" (the old side allows the placement and the new one does not), "looser" (the reverse)
    or "prefers" (they rank `placing` and `second` differently). `old` and `new` are the sides' judgements.
    """

    shows: str
    snapshot: Json
    placing: Placing
    second: Placing | None
    old: Judged
    new: Judged
    ranks: tuple[str, str] | None = None

    def to_json(self) -> Json:
        return {
            "shows": self.shows,
            "cluster": self.snapshot,
            "placement": _document(self.placing),
            "second": None if self.second is None else _document(self.second),
            "old": _judged(self.old),
            "new": _judged(self.new),
            "ranks": None if self.ranks is None else {"old": self.ranks[0], "new": self.ranks[1]},
        }


def _document(placing: Placing) -> Json:
    return {shard: [{"node": node} for node in nodes] for shard, nodes in placing.items()}


def _judged(judged: Judged) -> Json:
    return {"admissible": judged.admissible, "gives_up": list(judged.words)}


@dataclass(frozen=True)
class Comparison:
    """`proof`: "forms" (the rules say the same: true of every cluster), "witness", or "bounded".

    "bounded" marks what was not proven: no cluster that was looked at shows more (`trials` of them).
    "undecided" is a change for which none of them shows any difference.
    """

    verdict: str
    proof: str
    changes: tuple[Change, ...]
    witnesses: tuple[Witness, ...]
    trials: int
    seconds: float

    def to_json(self) -> Json:
        return {
            "verdict": self.verdict,
            "proof": self.proof,
            "changes": [change.to_json() for change in self.changes],
            "witnesses": [witness.to_json() for witness in self.witnesses],
            "trials": self.trials,
            "timings": {"compare": round(self.seconds, 4)},
        }


def compare(old: Iterable[Policy], new: Iterable[Policy], bounds: Bounds = DEFAULT_BOUNDS) -> Comparison:
    """What changes on some cluster when the new policies replace the old ones."""
    started = time.monotonic()
    space, first, second = sides_of(old, new, Reached(bounds))
    gone, come = left_over(space, first, second)
    changes = tuple(changes_of(gone, come))
    hunt = _Hunt(space, first, second, gone, come, bounds)
    if gone or come:
        hunt.run()
    verdict, proof = hunt.verdict()
    kept = tuple(hunt.found[shows] for shows in (STRICTER, LOOSER, PREFERS) if hunt.tells(shows))
    return Comparison(verdict, proof, changes, kept, hunt.trials, time.monotonic() - started)


@dataclass
class _Hunt:
    """Looks for clusters that show what each rule without an equal may change."""

    space: Space
    old: Side
    new: Side
    gone: Sequence[Form]
    come: Sequence[Form]
    bounds: Bounds
    found: dict[str, Witness] = field(default_factory=dict)
    trials: int = 0

    def run(self) -> None:
        for trial in self._made(self.come, self.new, self.old, STRICTER):
            self._try(trial)
        for trial in self._made(self.gone, self.old, self.new, LOOSER):
            self._try(trial)
        forms = [*self.gone, *self.come]
        for seed in range(self.bounds.most_trials):
            if not self._wanted():
                return
            self._try(drawn(self.space, forms, (self.old, self.new), seed))

    def _made(self, forms: Sequence[Form], mine: Side, other: Side, shows: str) -> Iterator[Trial]:
        for form in forms:
            for trial in made_for(self.space, form, mine, other):
                if shows in self.found or self.trials >= self.bounds.most_trials:
                    return
                yield trial

    def _wanted(self) -> bool:
        """Is there anything that some cluster might still show?"""
        if {STRICTER, LOOSER} <= self.found.keys():
            return False
        if not self.found and not self._required_only:
            return True
        return any(shows not in self.found for shows in self.possible)

    @property
    def _required_only(self) -> bool:
        """Rules that may be given up also have a cost, and another cost may rank placements differently."""
        return all(form.rule.enforcement == "required" for form in (*self.gone, *self.come))

    @property
    def possible(self) -> set[str]:
        """What the rules without an equal may change, as far as their forms tell."""
        everything = self.space.everything
        found = set()
        for shows, forms, others in (
            (STRICTER, self.come, self.old.forms),
            (LOOSER, self.gone, self.new.forms),
        ):
            binding = [form for form in forms if not form.is_goal]
            if not all(any(implies(other, form, everything) for other in others) for form in binding):
                found.add(shows)
        if self._reshaped() or any(_works_both_ways(form) for form in (*self.gone, *self.come)):
            found |= {STRICTER, LOOSER}
        if any(form.is_goal for form in (*self.gone, *self.come)) or self._reordered():
            found.add(PREFERS)
        return found

    def _reshaped(self) -> bool:
        """Does a change decide which values count for a skew? Then forbidding more may ask for less."""
        skewed = any(
            isinstance(form.rule.kind, Spread) and form.rule.kind.limit == "max_skew"
            for form in (*self.old.forms, *self.new.forms)
        )
        return skewed and any(
            isinstance(form.rule.kind, Allow) and not form.rule.kind.arrivals
            for form in (*self.gone, *self.come)
        )

    def _reordered(self) -> bool:
        """Do yielding rules change their priority or weight only?"""
        return any(
            form.rule.kind == other.rule.kind and not form.is_goal and form.rule.level and other.rule.level
            for form in self.gone
            for other in self.come
        )

    def _try(self, trial: Trial) -> None:
        self.trials += 1
        old, new = (court(side.policies, trial.snapshot, side.statements) for side in (self.old, self.new))
        if old is None or new is None:
            return
        judged = list(self._judged(trial, old, new))
        for placing, before, after in judged:
            shows = _shows(before, after)
            if shows is not None and shows not in self.found:
                self.found[shows] = Witness(shows, trial.snapshot, placing, None, before, after)
        if PREFERS not in self.found:
            self._rank(trial, judged)

    def _judged(self, trial: Trial, old: Court, new: Court) -> Iterator[tuple[Placing, Judged, Judged]]:
        for placing in trial.placings:
            try:
                yield placing, old.judge(placing), new.judge(placing)
            except DiagnosticError:
                continue

    def _rank(self, trial: Trial, judged: list[tuple[Placing, Judged, Judged]]) -> None:
        """Two placements that both sides allow, and rank differently."""
        goals = any(form.is_goal for form in (*self.gone, *self.come))
        fit = [
            item
            for item in judged
            if item[1].admissible and item[2].admissible and (not goals or (item[1].kept and item[2].kept))
        ]
        for (one, before, after), (two, before2, after2) in combinations(fit, 2):
            ranks = _rank(before, before2), _rank(after, after2)
            if ranks[0] != ranks[1]:
                self.found[PREFERS] = Witness(PREFERS, trial.snapshot, one, two, before, after, ranks)
                return

    def verdict(self) -> tuple[str, str]:
        if not self.gone and not self.come:
            return "equivalent", "forms"
        shown = self.found.keys() & {STRICTER, LOOSER}
        if shown == {STRICTER, LOOSER} or self.tells(PREFERS):
            return "different", "witness"
        if shown:
            (only,) = shown
            other = LOOSER if only == STRICTER else STRICTER
            proven = not self.possible & {other, PREFERS}
            return only, "witness" if proven else "bounded"
        proven = not self.possible and self._required_only
        return ("equivalent", "forms") if proven else ("undecided", "bounded")

    def tells(self, shows: str) -> bool:
        """Is a witness part of the answer? A rank that follows from what is broken is none."""
        if shows not in self.found:
            return False
        if shows != PREFERS:
            return True
        goals = any(form.is_goal for form in (*self.gone, *self.come))
        return goals or not self.found.keys() & {STRICTER, LOOSER}


def _works_both_ways(form: Form) -> bool:
    """Does a rule forbid and allow? It does where it takes the place of what holds without it.

    That is the shard's own count of replicas, or the built-in capacity.
    """
    kind = form.rule.kind
    return isinstance(kind, Capacity) or (isinstance(kind, Replicas) and kind.key is None)


def _shows(before: Judged, after: Judged) -> str | None:
    if before.admissible != after.admissible:
        return STRICTER if before.admissible else LOOSER
    if before.kept != after.kept:
        return STRICTER if before.kept else LOOSER
    return None


def _rank(one: Judged, two: Judged) -> str:
    if one.goals == two.goals:
        return "equal"
    return "first" if one.goals < two.goals else "second"
