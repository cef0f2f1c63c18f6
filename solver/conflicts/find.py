"""All minimal sets of rules that cannot hold together on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import Arithmetic, seen_by_arithmetic
from shardwright.solver.conflicts.arithmetic.tables import Seen
from shardwright.solver.conflicts.part import Part, part_of
from shardwright.solver.conflicts.question import Question, question_facts
from shardwright.solver.conflicts.scopes import Kinds
from shardwright.solver.conflicts.sets import Unexplored
from shardwright.solver.conflicts.today.today import Today
from shardwright.solver.conflicts.witness import witnessed
from shardwright.solver.messages import Job
from shardwright.solver.outcome import Limits
from shardwright.solver.processes import Workers, failure
from shardwright.solver.program import HOMING
from shardwright.solver.tape import Tape

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
    everything = list(range(len(question.problem.cluster.shards.ids)))
    if not kinds.joining:
        alone = kinds.first_of_kind.tolist()
        few = [_scope(kinds, [row]) for row in alone[: caps.MAX_KINDS]]
        findings = _looked_at(question, kinds, few, limits, seen)
        return findings if len(alone) <= caps.MAX_KINDS else _open(findings, "max_kinds")
    pairs = len(everything) * len(kinds.nodes_for(everything))
    today = Today(question, limits)
    few, whole = _parts(kinds, today), _scope(kinds, everything)
    if pairs <= caps.MAX_EASY:
        findings = _looked_at(question, kinds, [*few, whole], limits, seen)
        return findings if findings.complete else _as_parts(kinds, findings, Witnesses(today))
    findings = _looked_at(question, kinds, few, limits, seen)
    witnesses = Witnesses(today)
    if witnesses.at_once(findings.sets):
        return Findings(tuple(replace(one, proven=True) for one in findings.sets), True)
    if witnesses.complete(findings.sets):
        return Findings(tuple(map(witnesses.proven, findings.sets)), True)
    if pairs > caps.MAX_PAIRS:
        return _open(_as_parts(kinds, findings, witnesses), "max_pairs")
    known = [Seen(one.rules, one.shards) for one in findings.sets]
    return _looked_at(question, kinds, [whole], limits, known)


def seen_alone(question: Question, limits: Limits) -> bool:
    """Whether some shard, of those that have no place today that they may keep, has none by itself at all."""
    rows = Today(question, limits).broken
    if not len(rows):
        return False
    kinds = Kinds(question)
    few = [_scope(kinds, [row]) for row in kinds.one_each(rows)[: caps.MAX_KINDS]]
    return bool(_looked_at(question, kinds, few, limits, ()).sets)


def _open(findings: Findings, cap: str) -> Findings:
    """A cap came before everything had been looked at."""
    return replace(findings, complete=False, stopped_by=tuple(dict.fromkeys((*findings.stopped_by, cap))))


def _looked_at(
    question: Question, kinds: Kinds, scopes: Sequence[Scope], limits: Limits, known: Sequence[Seen]
) -> Findings:
    """What the logic finds in some scopes."""
    rows = sorted({row for shards, _ in scopes for row in shards})
    alone = all(len(shards) == 1 for shards, _ in scopes)
    part = part_of(question.problem, np.array(rows, dtype=np.int32), kinds.nodes_for(rows, alone))
    number = {row: at for at, row in enumerate(rows)}
    inside = [([number[row] for row in shards], rules) for shards, rules in scopes]
    return examined(question, part, inside, limits, known)


def _parts(kinds: Kinds, today: Today) -> list[Scope]:
    """Single shards, those first that have no place today that they may keep; then groups."""
    order = [*kinds.one_each(today.broken), *kinds.first_of_kind.tolist()]
    telling = sorted({*order[: caps.MAX_KINDS], *kinds.heaviest})
    return [_scope(kinds, rows) for rows in [*([row] for row in telling), *kinds.groups()]]


def _scope(kinds: Kinds, rows: list[int]) -> Scope:
    return rows, kinds.relevant(rows)


def _as_parts(kinds: Kinds, findings: Findings, witnesses: Witnesses) -> Findings:
    """What is minimal among some shards is proven so only where that, or a certified placement, shows it."""
    return replace(findings, sets=tuple(map(witnesses.proven, _seen_in_parts(kinds, findings))))


def _seen_in_parts(kinds: Kinds, findings: Findings) -> tuple[MinimalSet, ...]:
    """Minimal in the whole is only what is left without rules that join shards, whichever one is dropped."""

    def proven(one: MinimalSet) -> bool:
        return one.proven and all(not (set(one.rules) - {rule}) & kinds.joining for rule in one.rules)

    return tuple(replace(one, proven=proven(one)) for one in findings.sets)


@dataclass
class Witnesses:
    """Sets of rules that certified placements of the whole keep."""

    today: Today
    kept: list[frozenset[int]] = field(default_factory=list)

    def at_once(self, sets: Sequence[MinimalSet]) -> bool:
        """Whether one look shows that every set of rules that contains none of these holds.

        Then there are no other conflicts, and these are minimal.
        """
        return self._recorded(lambda: self.today.has_room_beside([one.rules for one in sets]))

    def complete(self, sets: Sequence[MinimalSet]) -> bool:
        """Whether every set of rules that contains none of these holds: there are no other conflicts."""
        unexplored = Unexplored([rule.id for rule in self.today.question.rules])
        for one in sets:
            unexplored.fails(one.rules)
        while (rules := unexplored.largest()) is not None:
            if len(self.kept) == caps.MAX_WITNESSES or not self._seen(rules):
                return False
            self.kept.append(frozenset(rules))
            unexplored.holds(rules)
        return True

    def _seen(self, rules: Sequence[int]) -> bool:
        """Whether a certified placement keeps these rules."""
        return self._recorded(lambda: witnessed(self.today, rules))

    def _recorded(self, look: Callable[[], bool]) -> bool:
        """What was looked for in vain is not looked for."""
        tape = self.today.limits.tape or Tape()
        found = not tape.hopeless and look()
        tape.record.append(found)
        return found

    def proven(self, one: MinimalSet) -> MinimalSet:
        """Proven minimal, too, where the rules, any one of them left out, are kept by some witness."""
        rest = (frozenset(one.rules) - {rule} for rule in one.rules)
        return replace(one, proven=one.proven or all(any(r <= kept for kept in self.kept) for r in rest))


def examined(
    question: Question,
    part: Part,
    scopes: Sequence[Scope],
    limits: Limits,
    known: Sequence[Seen] = (),
) -> Findings:
    """The minimal sets of some scopes of a part; what was found before a limit came is kept."""
    tape = limits.tape or Tape()
    most, heard = tape.most, 0
    sets = [MinimalSet(one.rules, one.shards, False) for one in known]
    with Workers() as group:
        group.start("examine", _job(question, part, scopes, limits, known))
        for _, message in group.messages(limits.deadline):
            if heard == most:
                break
            heard += 1
            if message.kind in ("done", "error"):
                tape.record.append(None)
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
    tape.record.append(heard)
    return Findings(tuple(least(sets)), False, ("time_limit",))


def fails(arithmetic: Arithmetic, rules: Sequence[Rule], shards: Sequence[int], limits: Limits) -> bool:
    """Whether rules cannot hold together for these shards (rows) alone; False says nothing."""
    question = arithmetic.question
    asked = replace(question, rules=tuple(rules))
    numbers = [rule.id for rule in rules]
    if arithmetic.see(numbers) is not None:
        return True
    nodes = Kinds(asked).nodes_for(shards, len(shards) == 1)
    if len(shards) * len(nodes) > caps.MAX_PAIRS:
        return False
    part = part_of(question.problem, np.array(sorted(shards), dtype=np.int32), nodes)
    return bool(examined(asked, part, [(list(range(len(shards))), numbers)], limits).sets)


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
