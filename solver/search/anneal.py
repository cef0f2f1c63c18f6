"""One search in a worker: from the settled placement, in rounds of falling heat, the best of all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from shardwright.solver.messages import Message
from shardwright.solver.search.cache import is_compiled
from shardwright.solver.search.compiled import compiling
from shardwright.solver.search.first import compile_others, first_state, standing, usual
from shardwright.solver.search.kernels import anneal, choice, restore
from shardwright.solver.search.kernels.refs import by_reference
from shardwright.solver.search.leaving import Crowding, Leaving
from shardwright.solver.search.pace import Pace
from shardwright.solver.search.tables import Longs, State, Tables, stayed

SLICES = 100  # heats in a round
SETTLE_SHARE = 0.1  # of a round's steps, without heat
TELL_SECONDS = 0.5
# From here to there in the course of a round: how sharply levels are told apart, and the mix of moves
# (kernels/anneal.py). What is given up for what is found out softly first: few large moves before many
# small ones.
SHARP = 2_000.0
EARLY = np.array([0.3, 0.6, 0.4, 0.03, 0.6])
LATE = np.array([0.6, 0.35, 0.7, 0.03, 0.6])


class Around(NamedTuple):
    """A placement to go on from and one to keep near to, shape (S, R), -1 for replicas that have no place yet
    or are not there; and a shard (row) that is to leave a node."""

    start: Longs
    near: Longs
    leaving: int


@dataclass(frozen=True)
class Round:
    """Heats are in usual steps at the last level; `ratio` is the first weight of a level over the next."""

    hot: float
    ratio: float
    cold: float = 0.005


GENTLE = Round(0.05, 0.1)
TRIALS = (GENTLE, Round(0.1, 1.0), Round(0.3, 0.5), Round(1.0, 2.0), Round(8.0, 8.0))
FIRM = (Round(0.05, 1.0), Round(0.05, 5.0), Round(0.2, 5.0))
NEAR, NEAR_MOVES = 0.5, 8  # above the bound of the moves, as a part of it, or so many
FIRM_SHARE, FIRM_ROUNDS = 0.3, 2  # of the steps of a round, for going on from the best placement; in so many
ROUNDS_AROUND = 12  # around placements that are there already
TRIAL_SHARE = 0.05  # of all steps, for trying out each of them where there are
TRIAL_STEPS = 200  # at least for each replica
SPRINT_SHARE, SPRINT_STEPS = 0.05, 30  # of all steps, and for each replica at most: a first short round
ROUND_STEPS = 1_000  # for each replica, of a round; at most as many rounds as
ROUNDS = 5  # after the trials
# Only what is away from home is shifted, mostly to where there is room.
DISPLACED = np.array([0.0, 1.0, 0.0, 0.0, 0.6])
DISPLACED_HEATS, DISPLACED_STEPS = 5, 40  # for each of them
FIRST_STEPS = 20_000  # without heat, to see how fast they are


class Search:
    """The state of a search, and the best placement that it has seen."""

    def __init__(
        self,
        tables: Tables,
        state: State,
        ideal: list[int],
        pace: Pace,
        send: Callable[[Message], None],
        crowding: Crowding | None,
    ) -> None:
        self.tables, self.pace, self.send = tables, pace, send
        self.state = state
        self.refs = by_reference(tables, state)
        self.counts = np.flatnonzero(tables.floor < tables.ceiling).astype(np.int64)
        self.weighing = usual(tables, state)
        self.best = copied(self.state)
        self.ideal, self.crowding = ideal, crowding
        self.told = 0.0
        self.tell()

    def tell(self) -> None:
        """Send the best placement."""
        self.told, self.untold = time.monotonic(), False
        self.send(Message("model", self.found()))

    def found(self) -> dict[str, Any]:
        """The best placement, and how it came about."""
        pace = self.pace
        told = {"steps": pace.done, "pace": list(pace.record), "hurried": pace.hurried}
        return {"cost": self.cost, "place": self.best.place, **told}

    @property
    def cost(self) -> list[int]:
        """Faults and the costs of all levels of the best placement."""
        found: list[int] = self.best.cost[:-1].tolist()
        return found

    def is_near(self) -> bool:
        """Whether few moves are left to save, and nothing else."""
        if self.crowding is None:
            return False
        entry = self.crowding.entry
        more = self.cost[entry] - self.ideal[entry]
        return self.cost[:entry] == self.ideal[:entry] and more <= max(NEAR_MOVES, NEAR * self.ideal[entry])

    def lessened(self, steps: int) -> State | None:
        """The best placement, where fewer leave crowded nodes; None where nothing of the kind is seen."""
        if self.crowding is None or any(self.cost[: self.crowding.entry]):
            return None
        leaving = Leaving(self.tables, self.crowding.limit, self.best.place)
        place = leaving.lessened(steps, self.pace.deadline)
        return None if place is None else standing(self.tables, place)

    def keep_too(self, state: State) -> None:
        """Another placement, if it is the best so far."""
        copy_into(self.state, state)
        self.keep()

    def keep(self) -> None:
        """The present placement, if it is the best so far."""
        if self.state.cost[:-1].tolist() < self.cost:
            copy_into(self.best, self.state)
            self.untold = True
        if time.monotonic() - self.told > TELL_SECONDS:
            if self.untold:
                self.tell()
            else:
                self.told = time.monotonic()
                self.send(Message("steps", {"steps": self.pace.done}))

    def round(self, plan: Round, steps: int, start: State) -> None:
        """From a placement, ever colder and ever stricter, at last without heat."""
        copy_into(self.state, start)
        size = max(1, int(steps * (1 - SETTLE_SHARE)) // SLICES)
        for at, taken in enumerate(self.pace.blocks([size] * SLICES)):
            if self.cost <= self.ideal:
                return
            if not taken:  # out of time: a start that nothing follows is not kept, for replays see no clock
                continue
            share = at / (SLICES - 1)
            weights = self.weighing.weights(plan.ratio * (SHARP / plan.ratio) ** share)
            self.run(weights, plan.hot * (plan.cold / plan.hot) ** share, taken, share)
        for taken in self.pace.blocks([int(steps * SETTLE_SHARE)]):
            if taken:
                self.run(self.weighing.weights(SHARP), 0.0, taken, 1.0)

    def go_on(self, steps: int, number: int) -> None:
        """Firm rounds from the best placement; `number` says where in the row of plans they begin."""
        for turn in range(number, number + FIRM_ROUNDS):
            if not steps or self.cost <= self.ideal or not self.is_near():
                return
            size = steps // FIRM_ROUNDS
            self.round(FIRM[turn % len(FIRM)], size, self.lessened(size) or self.best)

    def place_displaced(self) -> bool:
        """Only replicas that are away from home look for better nodes; whether that breaks nothing."""
        for _ in range(DISPLACED_HEATS):
            away = int(self.state.count.sum()) - stayed(self.tables, self.state.place)
            steps = min(self.pace.steps, DISPLACED_STEPS * away)
            weights = self.weighing.weights(SHARP)
            anneal.anneal(*self.refs, weights, 0.0, steps, DISPLACED, self.counts[:0])
            self.pace.done += steps
            self.keep()
        return self.cost[0] == 0

    def run(self, weights: Any, heat: float, steps: int, share: float) -> None:
        """Some steps at one heat."""
        mix = EARLY + share * (LATE - EARLY)
        anneal.anneal(*self.refs, weights, heat, steps, mix, self.counts)
        self.pace.done += steps
        self.keep()


def run(
    send: Callable[[Message], None],
    tables: Tables,
    bound: list[int],
    seed: int,
    steps: int,
    deadline: float | None,
    replay: Sequence[int] | None = None,
    until: int | None = None,
    displaced: bool = False,
    around: Around | None = None,
    crowding: Crowding | None = None,
) -> Iterator[Message]:
    """Search for a placement of few faults and small costs, level by level; ends where it meets `bound`.

    Without a deadline (monotonic clock) the answer depends on the seed and the steps alone; with one, there
    are fewer steps where the machine is too slow for all of them, and the record of the pace says how many.
    With `displaced`, replicas that can stay where they are settled do not move, if nothing is broken then.
    With `around`, it goes on from a placement that is there already, and ends near it. `crowding` says what
    nodes may hold (leaving.py).
    """
    started = time.monotonic()
    with compiling():
        pace = Pace(steps, deadline, replay, until)
        choice.seed(seed)
        state = first_state(tables) if around is None else standing(tables, around.start)
        search = Search(tables, state, [0, *bound], pace, send, crowding)
        search.run(search.weighing.weights(SHARP), 0.0, 0, 1.0)
        if not is_compiled():
            compile_others(tables, copied(search.state))
    send(Message("grounded", {}))
    if around is not None:
        _rounds_around(search, around)
        restore.restore(*by_reference(tables, search.best), around.near)
    elif not displaced or not search.place_displaced():
        _rounds(search)
    yield Message("done", {**search.found(), "seconds": time.monotonic() - started})


def _rounds(search: Search) -> None:
    """First a short round, for what is easy; then every plan is tried for a while, then the one that led
    furthest has all the steps."""
    plan, start, pace = GENTLE, copied(search.state), search.pace
    pace.began = time.monotonic()
    search.run(search.weighing.weights(SHARP), 0.0, pace.first(FIRST_STEPS), 1.0)
    pace.plan()
    replicas = max(1, int(search.state.count.sum()))
    sprint = min(int(pace.budget * SPRINT_SHARE), SPRINT_STEPS * replicas)
    search.round(plan, sprint, start)
    search.go_on(sprint, 0)
    if pace.budget * TRIAL_SHARE >= TRIAL_STEPS * replicas:
        results = []
        judged = search.weighing.weights(32.0)
        for at, trial in enumerate(TRIALS):
            if search.cost <= search.ideal:
                return
            search.round(trial, int(pace.budget * TRIAL_SHARE), start)
            results.append((float(judged @ search.state.cost), at))
        plan = TRIALS[min(results)[1]]
    rounds = min(ROUNDS, max(1, (pace.budget - pace.planned) // (ROUND_STEPS * replicas)))
    for number in range(rounds):
        if search.cost <= search.ideal:
            return
        size = (pace.budget - pace.planned) // (rounds - number)
        firm = int(size * FIRM_SHARE) if rounds > 1 else 0
        search.round(plan, size - firm, start)
        search.go_on(firm, number)


def _rounds_around(search: Search, around: Around) -> None:
    """Short firm rounds, from one placement after the other: few changes make them better, if any do."""
    starts, pace, tables = [copied(search.state)], search.pace, search.tables
    pace.began = time.monotonic()
    search.run(search.weighing.weights(SHARP), 0.0, pace.first(FIRST_STEPS), 1.0)
    pace.plan()
    if search.crowding is not None and search.cost > search.ideal:
        leaving = Leaving(tables, search.crowding.limit, around.near)
        starts += [standing(tables, place) for place in leaving.without(around.leaving)]
    for start in starts:
        search.keep_too(start)
    size = (pace.budget - pace.done) // ROUNDS_AROUND
    for number in range(ROUNDS_AROUND):
        if search.cost <= search.ideal:
            return
        search.round(FIRM[number % len(FIRM)], size, starts[number % len(starts)])
        if number % len(starts) == len(starts) - 1:
            search.go_on(size, number)


def copied(state: State) -> State:
    return State._make(part.copy() for part in state)


def copy_into(target: State, source: State) -> None:
    for to, part in zip(target, source, strict=True):
        to[:] = part
