"""From a minimal set of rules to the reason that numbers show, and the few facts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.grammar.rules import Rule
from shardwright.solver.conflicts.reasoning.alone import alone
from shardwright.solver.conflicts.reasoning.case import Case
from shardwright.solver.conflicts.reasoning.counts import counts
from shardwright.solver.conflicts.reasoning.facts import facts
from shardwright.solver.conflicts.reasoning.few_places import few_places
from shardwright.solver.conflicts.reasoning.together import crowd, group, shortage
from shardwright.solver.conflicts.reasons import Clash, Fact, Reason
from shardwright.solver.conflicts.rooms import Rooms

ATTEMPTS = (counts, alone, group, crowd, shortage, few_places)


@dataclass(frozen=True)
class Explained:
    """The reason first; `shards` are the rows that it speaks of, all of them."""

    reason: Reason
    facts: tuple[Fact, ...]
    shards: tuple[int, ...]


def explain(rooms: Rooms, rules: Sequence[Rule], shards: Sequence[int]) -> Explained:
    """Why the rules cannot hold for these shards."""
    case = Case(rooms, tuple(rules), tuple(shards))
    for attempt in ATTEMPTS:
        found = attempt(case)
        if found is not None:
            reason, rows = found
            return Explained(reason, tuple(facts(case, reason)), tuple(rows))
    clash = Clash(case.owners(case.rules), case.some(shards))
    return Explained(clash, tuple(facts(case)), tuple(shards))
