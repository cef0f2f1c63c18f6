"""The repairs of conflicts: proposed by reason, tried, ranked by what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shardwright.solver.conflicts.caps import MAX_REPAIRED, MAX_REPAIRS
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.conflicts.repairs.kinds import Drop, Repair, Verdict, Yield, document, rank
from shardwright.solver.conflicts.repairs.ladders import Ladder, of_policies
from shardwright.solver.conflicts.repairs.nodes import OfCluster
from shardwright.solver.conflicts.repairs.trial import Names, Trial, names_of
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.outcome import Limits
from shardwright.solver.result import Conflict

if TYPE_CHECKING:
    from shardwright.api import Case
    from shardwright.solver.conflicts.answer import Conflicts, Origin


def with_repairs(
    case: Case, found: Conflicts, limits: Limits, most: int | None = None, setting: str = "time_limit"
) -> Conflicts:
    """The conflicts, the first few of them with the ways out that were seen to work.

    `most` trials are made at most; where that or the deadline (called `setting`) came first, `trials` says
    how many were.
    """
    known = {names_of(case.problem, origin.rules): origin for origin in found.origins}
    trial = Trial(case, limits, known, most, setting)
    rooms = Rooms(question_of(case.problem, limits))
    conflicts: list[Conflict] = []
    for conflict, origin in zip(found.conflicts, found.origins, strict=True):
        if len(conflicts) < MAX_REPAIRED:
            conflict = replace(conflict, repairs=_repairs(trial, rooms, origin))
        conflicts.append(conflict)
    return replace(found, conflicts=tuple(conflicts), trials=trial.tried if trial.cut else None)


def _repairs(trial: Trial, rooms: Rooms, origin: Origin) -> list[dict[str, object]]:
    case = trial.case
    rules = [rooms.problem.rules[number] for number in origin.rules]
    policies = {policy.name: policy for policy in case.policies}
    of_cluster = OfCluster(rooms, rules, origin.shards, trial.nodes, policies)
    ladders = [*of_cluster.ladders(origin.reason), *of_policies(case, rules, origin.reason)]
    conflict = names_of(rooms.problem, origin.rules)
    working: list[tuple[Repair, Verdict]] = []
    for ladder in sorted(ladders, key=lambda ladder: rank(ladder.steps[0])):
        if len(working) == MAX_REPAIRS:
            break
        one = _least(trial, ladder, conflict, origin.shards)
        if one is not None and one[0] not in [repair for repair, _ in working]:
            working.append(one)
    return [document(*one) for one in sorted(working, key=lambda one: rank(one[0]))]


def _least(
    trial: Trial, ladder: Ladder, conflict: Names, shards: Sequence[int]
) -> tuple[Repair, Verdict] | None:
    """The smallest step that removes the conflict. Where time is out, the plain ways are told untried."""
    if trial.over:
        plain = isinstance(ladder.steps[0], (Yield, Drop))
        return (ladder.steps[0], trial.untried) if plain else None
    if not ladder.rising:
        tried = ((step, trial.verdict(step, conflict, shards)) for step in ladder.steps)
        return next((one for one in tried if one[1].removes), None)
    first = trial.verdict(ladder.steps[0], conflict, shards)
    if first.removes:
        return ladder.steps[0], first
    low, high = 0, len(ladder.steps) - 1  # `low` does not remove it
    if high > 1:  # little is enough more often than much
        second = trial.verdict(ladder.steps[1], conflict, shards)
        if second.removes:
            return ladder.steps[1], second
        low = 1
    best = first if high == 0 else trial.verdict(ladder.steps[high], conflict, shards)
    if not best.removes:
        return None
    stride = 1
    while high - low > 1:
        middle = min(low + stride, (low + high) // 2)
        verdict = trial.verdict(ladder.steps[middle], conflict, shards)
        if verdict.removes:
            high, best = middle, verdict
        else:
            low, stride = middle, 2 * stride
    return ladder.steps[high], best
