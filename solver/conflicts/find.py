"""All minimal sets of rules that cannot hold together on a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic import Arithmetic, Seen, seen_by_arithmetic
from shardwright.solver.conflicts.part import Part, part_of
from shardwright.solver.conflicts.question import Question, question_facts
from shardwright.solver.conflicts.scopes import Kinds
from shardwright.solver.exact import HOMING, Limits
from shardwright.solver.messages import Job
from shardwright.solver.processes import Workers, failure

EXAMINE = ("placement", "choose", "examine", "heuristic", "show")

Scope = tuple[list[int], list[int]]  # rows of shards, numbers of the rules that speak of them


@dataclass(frozen=True)
class MinimalSet:
    """Rules that cannot hold together, by number. `shards` (rows) are enough to see it.

    `proven`: any one of the rules left out, the others were seen to hold.
    """

    rules: tuple[int, ...]
    shards: tuple[int, ...]
    proven: bool


@dataclass(frozen=True)
class Findings:
    """`complete`: there are no other minimal sets. `stopped_by` names the caps and limits reached."""

    sets: tuple[MinimalSet, ...]
    complete: bool
    stopped_by: tuple[str, ...] = ()


def find(question: Question, limits: Limits) -> Findings:
    """Every minimal set, as far as caps and limits allow."""
    kinds = Kinds(question)
    seen = seen_by_arithmetic(Arithmetic(question), caps.MAX_CHECKS)
    scopes, all_seen = _scopes(question, kinds)
    rows = sorted({row for shards, _ in scopes for row in shards})
    part = part_of(question.problem, np.array(rows, dtype=np.int32), kinds.nodes_for(rows))
    number = {row: at for at, row in enumerate(rows)}
    inside = [([number[row] for row in shards], rules) for shards, rules in scopes]
    findings = examined(question, part, inside, limits, seen)
    if all_seen:
        return findings
    stopped = tuple(dict.fromkeys((*findings.stopped_by, "max_pairs")))
    return _seen_in_parts(kinds, replace(findings, complete=False, stopped_by=stopped))


def _scopes(question: Question, kinds: Kinds) -> tuple[list[Scope], bool]:
    """Single shards, then groups, then all; and whether this is all there is to look at."""
    everything = list(range(len(question.problem.cluster.shards.ids)))
    alone = kinds.first_of_kind.tolist()
    if not kinds.joining:
        return [_scope(kinds, [row]) for row in alone[: caps.MAX_KINDS]], len(alone) <= caps.MAX_KINDS
    telling = sorted({*alone[: caps.MAX_KINDS], *kinds.heaviest})
    few = [[row] for row in telling] + list(kinds.groups())
    whole = len(everything) * len(kinds.nodes_for(everything)) <= caps.MAX_PAIRS
    some = [_scope(kinds, rows) for rows in few]
    return ([*some, _scope(kinds, everything)], True) if whole else (some, False)


def _scope(kinds: Kinds, rows: list[int]) -> Scope:
    return rows, kinds.relevant(rows)


def _seen_in_parts(kinds: Kinds, findings: Findings) -> Findings:
    """Minimal in the whole is only what is left without rules that join shards, whichever one is dropped."""

    def proven(one: MinimalSet) -> bool:
        return one.proven and all(not (set(one.rules) - {rule}) & kinds.joining for rule in one.rules)

    return replace(findings, sets=tuple(replace(one, proven=proven(one)) for one in findings.sets))


def examined(
    question: Question,
    part: Part,
    scopes: Sequence[Scope],
    limits: Limits,
    known: Sequence[Seen] = (),
) -> Findings:
    """The minimal sets of some scopes of a part; what was found before a limit came is kept."""
    sets = [MinimalSet(one.rules, one.shards, False) for one in known]
    with Workers() as group:
        group.start("examine", _job(question, part, scopes, limits, known))
        for _, message in group.messages(limits.deadline):
            if message.kind == "known":
                at = message.body["at"]
                sets[at] = replace(sets[at], proven=message.body["proven"])
            elif message.kind == "set":
                sets.append(_minimal_set(part, message.body))
            elif message.kind == "done":
                stopped_by = tuple(message.body["stopped_by"])
                return Findings(tuple(least(sets)), all(message.body["complete"]), stopped_by)
            elif message.kind == "error":
                failed = failure(message, limits.memory_limit_mb)
                if failed.setting is None:
                    raise failed
                return Findings(tuple(least(sets)), False, (failed.setting,))
    return Findings(tuple(least(sets)), False, ("time_limit",))


def least(sets: Sequence[MinimalSet]) -> Iterator[MinimalSet]:
    """Without those that contain another, smaller sets first."""
    found = {frozenset(one.rules) for one in sets}
    for one in sorted(sets, key=lambda one: (len(one.rules), one.rules)):
        if not any(other < frozenset(one.rules) for other in found):
            yield one


def _minimal_set(part: Part, body: dict[str, Any]) -> MinimalSet:
    shards = tuple(int(part.shards[row]) for row in body["shards"])
    return MinimalSet(tuple(body["rules"]), shards, body["proven"])


def _job(
    question: Question,
    part: Part,
    scopes: Sequence[Scope],
    limits: Limits,
    known: Sequence[Seen],
) -> Job:
    arguments = {
        "scopes": list(scopes),
        "known": [list(one.rules) for one in known],
        "most": caps.MAX_CONFLICTS,
        "most_checks": caps.MAX_CHECKS,
        "conflict_limit": caps.MAX_EFFORT,
    }
    texts = tuple(question_facts(question, part))
    return Job("examine", EXAMINE, texts, HOMING, limits.memory_limit_mb, limits.rule_limit, arguments)
