"""One search in a worker: from the settled placement, in rounds of falling heat, the best of all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shardwright.solver.messages import Message
from shardwright.solver.search.compiled import compiling
from shardwright.solver.search.kernels import anneal, choice, construct, moves, sample, tolerance
from shardwright.solver.search.pace import Pace
from shardwright.solver.search.tables import State, Tables, empty_state, stayed
from shardwright.solver.search.weighing import Weighing, guided

SLICES = 100  # heats in a round
SETTLE_SHARE = 0.1  # of a round's steps, without heat
SAMPLES = 4_000
TELL_SECONDS = 0.5
# From here to there in the course of a round: how sharply levels are told apart, and the mix of moves
# (kernels/anneal.py). What is given up for what is found out softly first: few large moves before many
# small ones.
SHARP = 2_000.0
EARLY = np.array([0.3, 0.6, 0.4, 0.03, 0.6])
LATE = np.array([0.6, 0.35, 0.7, 0.03, 0.6])


@dataclass(frozen=True)
class Round:
    """Heats are in usual steps at the last level; `ratio` is the first weight of a level over the next."""

    hot: float
    ratio: float
    cold: float = 0.005


GENTLE = Round(0.05, 0.1)
TRIALS = (GENTLE, Round(0.1, 1.0), Round(0.3, 0.5), Round(1.0, 2.0), Round(8.0, 8.0))
TRIAL_SHARE = 0.05  # of all steps, for trying out each of them where there are
TRIAL_STEPS = 200  # at least for each replica
SPRINT_SHARE, SPRINT_STEPS = 0.05, 30  # of all steps, and for each replica at most: a first short round
ROUND_STEPS = 1_000  # for each replica, of a round; at most as many rounds as
ROUNDS = 5  # after the trials
# Only what is away from home is shifted, mostly to where there is room.
DISPLACED = np.array([0.0, 1.0, 0.0, 0.0, 0.6])
DISPLACED_HEATS, DISPLACED_STEPS = 5, 40  # for each of them
MOST_VALUES = 64  # that a circle of shards tries; together at most so many placements of one:
GATHERINGS = 100_000
FIRST_STEPS = 20_000  # without heat, to see how fast they are


class Search:
    """The state of a search, and the best placement that it has seen."""

    def __init__(
        self, tables: Tables, ideal: list[int], seed: int, pace: Pace, send: Callable[[Message], None]
    ) -> None:
        self.tables, self.pace, self.send = tables, pace, send
        choice.seed(seed)
        self.state = first_state(tables)
        self.counts = np.flatnonzero(tables.floor < tables.ceiling).astype(np.int32)
        first = Weighing(sample.usual_changes(tables, self.state, SAMPLES), guided(tables))
        _gather(tables, self.state, first.weights(8.0))
        construct.complete(tables, self.state, first.weights(8.0), by_size(tables))
        self.weighing = Weighing(sample.usual_changes(tables, self.state, SAMPLES), guided(tables))
        self.best = copied(self.state)
        self.ideal = ideal
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
            share = at / (SLICES - 1)
            weights = self.weighing.weights(plan.ratio * (SHARP / plan.ratio) ** share)
            self.run(weights, plan.hot * (plan.cold / plan.hot) ** share, taken, share)
        for taken in self.pace.blocks([int(steps * SETTLE_SHARE)]):
            self.run(self.weighing.weights(SHARP), 0.0, taken, 1.0)

    def place_displaced(self) -> bool:
        """Only replicas that are away from home look for better nodes; whether that breaks nothing."""
        for _ in range(DISPLACED_HEATS):
            away = int(self.state.count.sum()) - stayed(self.tables, self.state.place)
            steps = min(self.pace.steps, DISPLACED_STEPS * away)
            weights = self.weighing.weights(SHARP)
            anneal.anneal(self.tables, self.state, weights, 0.0, steps, DISPLACED, self.counts[:0])
            self.pace.done += steps
            self.keep()
        return self.cost[0] == 0

    def run(self, weights: Any, heat: float, steps: int, share: float) -> None:
        """Some steps at one heat."""
        mix = EARLY + share * (LATE - EARLY)
        anneal.anneal(self.tables, self.state, weights, heat, steps, mix, self.counts)
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
) -> Iterator[Message]:
    """Search for a placement of few faults and small costs, level by level; ends where it meets `bound`.

    Without a deadline (monotonic clock) the answer depends on the seed and the steps alone; with one, there
    are fewer steps where the machine is too slow for all of them, and the record of the pace says how many.
    With `displaced`, replicas that can stay where they are settled do not move, if nothing is broken then.
    """
    started = time.monotonic()
    with compiling():
        pace = Pace(steps, deadline, replay, until)
        search = Search(tables, [0, *bound], seed, pace, send)
        search.run(search.weighing.weights(SHARP), 0.0, 0, 1.0)
    send(Message("grounded", {}))
    if not displaced or not search.place_displaced():
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
    search.round(plan, min(int(pace.budget * SPRINT_SHARE), SPRINT_STEPS * replicas), start)
    if pace.budget * TRIAL_SHARE >= TRIAL_STEPS * replicas:
        results = []
        judged = search.weighing.weights(32.0)
        for at, trial in enumerate(TRIALS):
            if search.cost <= search.ideal:
                return
            search.round(trial, int(pace.budget * TRIAL_SHARE), start)
            results.append((float(judged @ search.state.cost), at))
        plan = TRIALS[min(results)[1]]
    left = pace.budget - pace.planned
    rounds = min(ROUNDS, max(1, left // (ROUND_STEPS * replicas)))
    for _ in range(rounds):
        if search.cost <= search.ideal:
            return
        search.round(plan, left // rounds, start)


def first_state(tables: Tables) -> State:
    """Settled replicas where they may stay; what today's placement breaks is noted as tolerated."""
    homes = tables.alone.home
    state = empty_state(
        tables, max(homes.shape[1] + tables.pinned.shape[1], int(tables.ceiling.max(initial=0)))
    )
    if tables.company.no_worse.any():
        state.place[:, : homes.shape[1]] = homes
        state.count[:] = (homes >= 0).sum(axis=1)
        moves.settle(tables, state)
        tolerance.mark_tolerated(tables, state)
        state.place[:] = -1
        state.count[:] = 0
    construct.stay_home(tables, state)
    return state


def _gather(tables: Tables, state: State, weights: Any) -> None:
    """New shards that must keep together come first: later there may be no room for all of them anywhere."""
    company, size = tables.company, _sizes(tables)
    if not len(company.circle):
        return
    total = np.add.reduceat(size[company.circle], company.circle_start[:-1])
    order = np.argsort(-total, kind="stable")
    construct.gather(
        tables, state, weights, order, max(1, min(MOST_VALUES, GATHERINGS // len(company.circle)))
    )


def _sizes(tables: Tables) -> Any:
    """The load of each shard, in mean loads of the measure in which it is largest."""
    weight = tables.meters.weight
    mean = np.maximum(np.abs(weight).mean(axis=0), 1e-9) if len(weight) else 1.0
    return (weight / mean).max(axis=1, initial=0.0)


def by_size(tables: Tables) -> Any:
    """Shards, those of the largest load first."""
    return np.argsort(-_sizes(tables), kind="stable").astype(np.int64)


def copied(state: State) -> State:
    return State._make(part.copy() for part in state)


def copy_into(target: State, source: State) -> None:
    for to, part in zip(target, source, strict=True):
        to[:] = part
