"""Where the product and the reference disagree about a case, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.reference.judge import Judgement, judge
from tests.reference.rule import Level
from tests.reference.solve import Best, solve

Json = dict[str, Any]
Totals = dict[tuple[str, str], int]


def disagreements(program: Any, policies: list[Json], snapshot: Json) -> list[str]:
    """Everything about one case on which the two do not agree."""
    result = program.solve(snapshot, strategy="exact", seed=0, time_limit=20)
    best = solve(policies, snapshot)
    if result.status not in ("optimal", "conflict"):
        return [f"status {result.status}"]
    if (result.status == "conflict") != (best is None):
        return [f"status {result.status}, but the reference finds {best}"]
    if best is None:
        return []
    judgement = judge(policies, snapshot, node_lists(result.placement))
    return [
        *answer_faults(result, best, judgement),
        *certificate_faults(program.certify(snapshot, result.placement), judgement),
    ]


def node_lists(placement: dict[str, list[dict[str, str]]]) -> dict[str, list[str]]:
    return {shard: [replica["node"] for replica in replicas] for shard, replicas in placement.items()}


def answer_faults(result: Any, best: Best, judgement: Judgement) -> Iterator[str]:
    yield from [f"not admissible: {broken}" for broken in judgement.forbidden]
    yield from differences("reported and least cost", level_costs(result.levels), best.costs)
    yield from differences("judged and least cost", judgement.costs, best.costs)
    yield from differences("given up", given_up(result.gave_up), judgement.gave_up())


def certificate_faults(certificate: Any, judgement: Judgement) -> Iterator[str]:
    if certificate.certified != judgement.admissible:
        yield f"certified {certificate.certified}, but the reference finds {judgement.forbidden}"
    terms = {term_level(name): cost for name, cost in certificate.terms.items()}
    yield from differences("certified and judged cost", terms, judgement.costs)


def term_level(name: str) -> Level:
    block, priority = name.split("/")
    return int(block), int(priority)


def level_costs(levels: list[Any]) -> dict[Level, int]:
    costs: Counter[Level] = Counter()
    for level in levels:
        costs[level.block, level.priority] += level.cost
    return costs


def given_up(items: list[Any]) -> Totals:
    total: Counter[tuple[str, str]] = Counter()
    for item in items:
        total[item.policy, item.rule] += item.amount
    return total


def differences(what: str, said: dict[Any, int], expected: dict[Any, int]) -> Iterator[str]:
    """Keys whose numbers differ; a missing one is 0."""
    for key in sorted(said.keys() | expected.keys()):
        if said.get(key, 0) != expected.get(key, 0):
            yield f"{what} at {key}: {said.get(key, 0)}, expected {expected.get(key, 0)}"
