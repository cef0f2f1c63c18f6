"""What `diff` says of a change holds on random clusters, and its witnesses separate: the reference judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

import shardwright
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.bounds import DEFAULT_BOUNDS
from shardwright.solver.patterns.compare.verdict import compare
from shardwright.solver.patterns.compare.witness import Comparison, Witness
from tests.differential.random_placements import random_placement
from tests.reference.book import book_of
from tests.reference.cases.clusters import snapshot
from tests.reference.cases.draw import Draw, Seeded
from tests.reference.cases.policies import ENFORCEMENTS, NAMES, policy, policy_set, scope
from tests.reference.judge import judge_sets
from tests.reference.rule import Level
from tests.reference.world import world_of
from tests.truth.finding import SKIPPED, Finding

Json = dict[str, Any]
CLUSTERS = 8  # for each change
PLACEMENTS = 6  # on each cluster
BOUNDS = replace(DEFAULT_BOUNDS, most_trials=12)  # what is seen on more clusters is not proven more
TRIES = 20  # until an edit makes policies that can be used


@dataclass(frozen=True)
class Judged:
    """What the reference says of a placement under one side."""

    admissible: bool
    kept: bool
    costs: dict[Level, int]


def look(seed: int, clusters: int = CLUSTERS) -> Finding:
    made = change(seed)
    if made is None:
        return SKIPPED
    old, new = made
    found = compare(shardwright.compile(old).policies, shardwright.compile(new).policies, BOUNDS)
    proven = found.proof != "bounded"
    looked = {f"`{found.verdict}` ({found.proof})": 1, "witnesses": len(found.witnesses)}
    if proven:
        looked["clusters"] = clusters
    wrong = [fault for one in found.witnesses if (fault := witness_fault(one, old, new))]
    wrong += told_by_clusters(found, old, new, seed, clusters) if proven else []
    return Finding(looked, tuple(dict.fromkeys(wrong)))


def change(seed: int) -> tuple[list[Json], list[Json]] | None:
    """Policies before and after one edit; None where no edit of them can be used."""
    random = Random(seed)
    old = policy_set(Draw(Seeded(seed)))
    for attempt in range(TRIES if old else 0):
        new = deepcopy(old)
        random.choice(EDITS)(new, random, Draw(Seeded(f"{seed}-{attempt}")))
        if new != old and usable(new):
            return old, new
    return None


def usable(documents: list[Json]) -> bool:
    try:
        shardwright.compile(documents)
    except DiagnosticError:
        return False
    return True


def _rename(new: list[Json], random: Random, draw: Draw) -> None:
    one = random.choice(new)
    one["name"] = next(name for name in NAMES if all(name != other["name"] for other in new))


def _drop(new: list[Json], random: Random, draw: Draw) -> None:
    del new[random.randrange(len(new))]


def _add(new: list[Json], random: Random, draw: Draw) -> None:
    new.append(policy(draw, "newest"))


def _another(new: list[Json], random: Random, draw: Draw) -> None:
    at = random.randrange(len(new))
    new[at] = policy(draw, new[at]["name"])


def _other_actions(new: list[Json], random: Random, draw: Draw) -> None:
    one = random.choice(new)
    other = policy(draw, one["name"])
    if other["type"] == one["type"]:
        one["actions"] = other["actions"]


def _level(new: list[Json], random: Random, draw: Draw) -> None:
    one = random.choice(new)
    key, value = draw.pick(
        (
            ("priority", draw.between(1, 3)),
            ("enforcement", draw.weighted(ENFORCEMENTS)),
            ("weight", draw.between(1, 4)),
        )
    )
    one[key] = value


def _scope(new: list[Json], random: Random, draw: Draw) -> None:
    random.choice(new)["scope"] = scope(draw)


def _halved(new: list[Json], random: Random, draw: Draw) -> None:
    """One policy as two, for shards with a label and those without."""
    one = random.choice(new)
    if "scope" not in one and "conditions" not in one and "extends" not in one:
        new.append(one | {"name": "second", "conditions": {"expr": "shard.tier != 'gold'"}})
        one["conditions"] = {"expr": "shard.tier == 'gold'"}


def _spelled(new: list[Json], random: Random, draw: Draw) -> None:
    """The same condition, denied twice."""
    one = random.choice(new)
    if "conditions" in one and "extends" not in one:
        one["conditions"] = {"not": {"not": one["conditions"]}}


EDITS: tuple[Callable[[list[Json], Random, Draw], None], ...] = (
    _rename,
    _drop,
    _add,
    _another,
    _other_actions,
    _other_actions,
    _level,
    _level,
    _scope,
    _halved,
    _spelled,
)


def judged(policies: list[Json], cluster: Json, placements: list[dict[str, list[str]]]) -> list[Judged]:
    book = book_of(world_of(policies, cluster))
    found = []
    for placement in placements:
        judgement = judge_sets(book, {shard: frozenset(nodes) for shard, nodes in placement.items()})
        fit = judgement.admissible
        found.append(Judged(fit, fit and not judgement.gave_up(), judgement.costs))
    return found


def witness_fault(witness: Witness, old: list[Json], new: list[Json]) -> str | None:
    placings = [
        {shard: list(nodes) for shard, nodes in one.items()}
        for one in (witness.placing, witness.second)
        if one is not None
    ]
    before, after = (judged(side, witness.snapshot, placings) for side in (old, new))
    if witness.shows == "prefers":
        apart = rank(*before) != rank(*after)
    else:
        strict, loose = (after[0], before[0]) if witness.shows == "stricter" else (before[0], after[0])
        apart = (loose.admissible, loose.kept) > (strict.admissible, strict.kept)
    return None if apart else f"the witness of {witness.shows} does not separate"


def rank(first: Judged, second: Judged) -> int:
    levels = sorted(first.costs.keys() | second.costs.keys())
    one, two = ([judged.costs.get(level, 0) for level in levels] for judged in (first, second))
    return (one > two) - (one < two)


def told_by_clusters(
    found: Comparison, old: list[Json], new: list[Json], seed: int, clusters: int
) -> Iterator[str]:
    """What random placements on random clusters say against the verdict."""
    for number in range(clusters):
        cluster = snapshot(Draw(Seeded(f"{seed}/{number}")))
        placements = [random_placement(cluster, seed * 1000 + at) for at in range(PLACEMENTS)]
        pairs = list(zip(judged(old, cluster, placements), judged(new, cluster, placements), strict=True))
        for before, after in pairs:
            sides = (before.admissible, before.kept), (after.admissible, after.kept)
            if found.verdict in ("equivalent", "stricter") and sides[1] > sides[0]:
                yield f"{found.verdict} ({found.proof}), but the new side allows more on cluster {number}"
            if found.verdict in ("equivalent", "looser") and sides[0] > sides[1]:
                yield f"{found.verdict} ({found.proof}), but the old side allows more on cluster {number}"
        if found.verdict == "equivalent":
            fit = [pair for pair in pairs if pair[0].admissible]
            if any(rank(one[0], two[0]) != rank(one[1], two[1]) for one, two in combinations(fit, 2)):
                yield f"equivalent, but placements are ranked differently on cluster {number}"
