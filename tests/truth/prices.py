"""Why not there: the price is that of the best of all placements with the replica there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

import shardwright
from shardwright.solver.why.documents import why_not_document
from shardwright.solver.why.explainer import Explainer
from shardwright.solver.why.price import Price
from shardwright.solver.why.why_not import WhyNot
from tests.reference.pinned import Priced, admissible, least_with
from tests.strategies import random_case
from tests.truth.finding import Finding, Json, Made

PAIRS = 4  # of each case


def look(seed: int, made: Made = random_case, pairs: int = PAIRS) -> Finding:
    policies, snapshot = made(seed)
    placements = admissible(policies, snapshot)
    explainer = shardwright.compile(policies).explain(snapshot, strategy="exact", time_limit=60)
    names = [one["id"] for one in snapshot["shards"]], [one["id"] for one in snapshot["nodes"]]
    every = list(product(*names))
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    for shard, node in every[seed % 3 :: max(1, len(every) // pairs)]:
        found = explainer.why_not(shard, node)
        document = why_not_document(explainer, found)
        looked[_kind(found)] += 1
        faults = _faults(explainer, found, document, placements, shard, node)
        wrong += [f"{shard} on {node}: {fault}" for fault in faults]
    return Finding(dict(looked), tuple(wrong))


def _kind(found: WhyNot) -> str:
    if found.price is None:
        return f"verdicts `{found.verdict}`"
    return "prices" if found.price.proven else "prices not proven in time"


def _faults(
    explainer: Explainer, found: WhyNot, document: Json, placements: list[Priced], shard: str, node: str
) -> Iterator[str]:
    expected, verdict = least_with(placements, shard, node), found.verdict
    if not placements or expected is None:
        verdicts = ("never", "conflict") if placements else ("here", "never", "conflict")
        if verdict not in verdicts:
            yield f"{verdict}, though no placement has it"
        elif verdict != "here" and not (document["reasons"] or document["conflicts"]):
            yield f"{verdict}, and no reason"
    elif verdict == "here":
        if expected != placements[0][0]:
            yield "it stands there, though that is not the best"
    elif found.price is None:
        yield f"{verdict}, though some placement has it"
    else:
        yield from _price_faults(explainer, found.price, document, (placements[0][0], expected), shard, node)


def _price_faults(
    explainer: Explainer, price: Price, document: Json, costs: tuple[Json, Json], shard: str, node: str
) -> Iterator[str]:
    for what, said, expected in zip(("now", "there"), (price.now, price.there), costs, strict=True):
        paid, least = ([by.get(level, 0) for level in sorted(said)] for by in (said, expected))
        if paid < least or (paid != least and price.proven):
            yield f"{what} {said}, but the least is {expected}"
    if not any(move["shard"] == shard and move["to"] == node for move in document["price"]["moves"]):
        yield "no move brings it there"
