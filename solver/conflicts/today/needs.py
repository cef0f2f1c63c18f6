"""What shards that have no place need: for every way to leave out rules, a place that keeps the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import standing
from shardwright.solver.conflicts.scopes import Kinds
from shardwright.solver.conflicts.sets import Rules
from shardwright.solver.conflicts.today.keeping import Keeping


@dataclass(frozen=True, eq=False)
class Need:
    """Shards (rows) that need places which keep these rules."""

    shards: IntArray
    rules: frozenset[int]


def together(keeping: Keeping, anew: IntArray) -> list[Need]:
    """Places that keep all of the rules; shards that keep company have a need of their own."""
    joined = np.isin(anew, keeping.joined)
    return [Need(rows, keeping.numbers) for rows in (anew[~joined], anew[joined]) if len(rows)]


def needs_of(keeping: Keeping, anew: IntArray, sets: Sequence[Rules]) -> list[Need] | None:
    """One need for each shard and each largest set of rules that has none of these sets in it.

    Shards that keep company need places together. No need where no place at all will do. None: too many ways.
    """
    kinds = Kinds(keeping.question)
    joined = np.isin(anew, keeping.joined)
    groups: dict[tuple[int, ...], list[int]] = {}
    for row in anew[~joined].tolist():
        groups.setdefault(tuple(kinds.relevant([row])), []).append(row)
    found = [(rules, np.array(rows, dtype=np.int32)) for rules, rows in groups.items()]
    if joined.any():
        found.append((tuple(kinds.relevant(anew[joined].tolist())), anew[joined]))
    needs: list[Need] = []
    for relevant, shards in found:
        within = frozenset(relevant)
        ways = ways_out([frozenset(one) for one in sets if within.issuperset(one)])
        if ways is None:
            return None
        left = [(way, [rule for rule in keeping.rules if rule.id in within - way]) for way in ways]
        needs += [Need(shards, keeping.numbers - way) for way, rules in left if not standing(rules)]
    return needs


def ways_out(sets: Sequence[frozenset[int]]) -> list[frozenset[int]] | None:
    """The least sets of rules that share one with each of these (Berge); None: too many."""
    found: set[frozenset[int]] = {frozenset()}
    for one in sets:
        wider = {
            way if way & one else way | {rule} for way in found for rule in (one if not way & one else [-1])
        }
        found = {way for way in wider if not any(other < way for other in wider)}
        if len(found) > caps.MAX_WAYS:
            return None
    return sorted(found, key=sorted)


def rounds_of(needs: Sequence[Need]) -> list[list[Need]]:
    """The needs in rounds, in each no shard twice."""
    rounds: list[list[Need]] = []
    nth: Counter[int] = Counter()
    for need in needs:
        first = int(need.shards[0])
        if nth[first] == len(rounds):
            rounds.append([])
        rounds[nth[first]].append(need)
        nth[first] += 1
    return rounds
