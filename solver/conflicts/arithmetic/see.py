"""Every contradiction that counting and adding up show. What is not seen may fail all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from shardwright.grammar.rules import Placed, Replicas, Rule, Spread, Stay, Together
from shardwright.solver.conflicts.arithmetic.company import together
from shardwright.solver.conflicts.arithmetic.large import large
from shardwright.solver.conflicts.arithmetic.single import counted, weighed
from shardwright.solver.conflicts.arithmetic.spreading import spread
from shardwright.solver.conflicts.arithmetic.sums import summed
from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.sets import Answer, Count, Fails, minimal_sets

LOOKS = (counted, weighed, spread, large, together, summed)


@dataclass(frozen=True)
class Arithmetic:
    """Answers for sets of binding rules, by number."""

    question: Question

    @cached_property
    def tables(self) -> Tables:
        return Tables(self.question)

    def see(self, chosen: Sequence[int]) -> Seen | None:
        """A contradiction among the chosen rules, if adding up shows one."""
        within = set(chosen)
        for look in LOOKS:
            for seen in look(self.tables, within):
                return seen
        return None

    def check(self, chosen: Sequence[int]) -> Answer:
        seen = self.see(chosen)
        return True if seen is None else Fails(seen.rules)


def seen_by_arithmetic(arithmetic: Arithmetic, most_checks: int) -> list[Seen]:
    """Every set of rules, minimal as far as adding up tells, that adding up shows to fail."""
    found = []
    members = _members(arithmetic)
    for rules, _ in minimal_sets(members, arithmetic.check, (), most_checks, Count()):
        seen = arithmetic.see(rules)
        assert seen is not None
        found.append(seen)
    return found


def _members(arithmetic: Arithmetic) -> list[int]:
    """The rules that adding up knows about."""
    rooms = arithmetic.tables.rooms
    limits = {rule for rule, _ in rooms.tables}
    return [
        rule.id
        for rule in arithmetic.question.rules
        if rooms.judges_replicas(rule)
        or rule.id in limits
        or isinstance(rule.kind, (Placed, Replicas, Spread, Together))
    ]


def standing(rules: Sequence[Rule]) -> bool:
    """Whether the empty placement keeps all of these rules, whatever the cluster."""
    return not any(_asks(rule) for rule in rules)


def _asks(rule: Rule) -> bool:
    kind = rule.kind
    if isinstance(kind, Replicas):
        return bool(kind.least)
    return isinstance(kind, (Placed, Stay)) or getattr(kind, "limit", None) in ("min_values", "max_skew")
