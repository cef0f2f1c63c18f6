"""Must, may, never: the nodes that hold a shard in every, some, no admissible (or optimal) placement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shardwright.solver.certify import ALL_UNITS, Pair, What, tolerance
from shardwright.solver.digits import digits_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.messages import Job
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import Workers, failure
from shardwright.solver.program import HOMING, enforcement_facts
from shardwright.solver.shaping import with_shaping

LOGIC = ("placement", "choose", "enforce", "asked")
PRICED = ("placement", "choose", "enforce", "minimize", "asked")


@dataclass(frozen=True)
class Known:
    """Pairs (shard row, node row) of the shards that were asked about: in every placement, and in some.

    `possible` are those of which it is not shown that no placement has them; where nothing cut the work
    short it equals `some`. `every` is None while it is not known whether there is any placement.
    """

    every: frozenset[Pair] | None
    some: frozenset[Pair]
    possible: frozenset[Pair] | None
    impossible: bool = False


def admissible_reach(problem: Problem, rows: Sequence[int], limits: Limits) -> Known:
    """Among the placements that break no required rule and make no no_worse rule worse."""
    rules = [rule for rule in problem.rules if rule.enforcement in ("required", "no_worse")]
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb)
    required = [rule.id for rule in rules if rule.enforcement == "required"]
    texts = (
        *problem_facts(_lenient(problem, tolerated), with_shaping(problem, rules)),
        facts("required", ((number,) for number in required)),
        facts("no_worse", ((rule.id,) for rule in rules if rule.enforcement == "no_worse")),
        facts("units", ((rule.id, 1 if rule.id in required else ALL_UNITS) for rule in rules)),
        facts("bound", enumerate(problem.requirements.ceiling.tolist())),
        *_tolerated(tolerated),
    )
    return _known(problem, LOGIC, texts, {"levels": 0}, rows, limits)


def optimal_reach(
    problem: Problem, costs: Sequence[int], rows: Sequence[int], limits: Limits
) -> Known | None:
    """Among the admissible placements that cost no more than `costs` at any level, or less at one before.

    None where the numbers are too large for the logic to be exact.
    """
    given_up = any(cost for level, cost in zip(problem.levels, costs, strict=True) if level[0] == 1)
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb) if given_up else {}
    digits = digits_of(problem, tolerated, strict=not given_up)
    if not digits.exact:
        return None
    texts = (*problem_facts(problem, problem.rules), *enforcement_facts(digits), *digits.facts())
    bound = digits.in_program(dict(zip(problem.levels, costs, strict=True)))
    return _known(problem, PRICED, texts, {"levels": digits.level_count, "bound": list(bound)}, rows, limits)


def _lenient(problem: Problem, tolerated: dict[tuple[int, What], int]) -> Problem:
    """The problem with limits that leave room for what is tolerated."""
    meters = (
        replace(m, limit=m.limit + tolerated.get((m.rule, ("site", (m.site.number, m.measure))), 0))
        for m in problem.meters
    )
    return replace(problem, meters=tuple(meters))


def _tolerated(tolerated: dict[tuple[int, What], int]) -> Iterator[str]:
    for (rule, (name, arguments)), amount in sorted(tolerated.items()):
        if name != "site":
            yield f"tolerated({rule},{name}({','.join(map(str, arguments))}),{amount}).\n"


def _known(
    problem: Problem,
    programs: tuple[str, ...],
    texts: tuple[str, ...],
    arguments: dict[str, Any],
    rows: Sequence[int],
    limits: Limits,
) -> Known:
    """Both kinds of consequences, side by side."""
    asked = facts("asked", ((row,) for row in rows))
    state: dict[str, frozenset[Pair]] = {}
    finished: dict[str, bool] = {}
    with Workers() as group:
        for mode in ("brave", "cautious"):
            job = Job(
                "consequences",
                programs,
                (*texts, asked),
                HOMING,
                limits.memory_limit_mb,
                limits.rule_limit,
                {"mode": mode, **arguments},
            )
            group.start(mode, job)
        for name, message in group.messages(limits.deadline):
            if message.kind == "model":
                state[name] = frozenset(map(tuple, message.body["pairs"]))
            elif message.kind == "done":
                finished[name] = bool(message.body["satisfiable"])
            elif message.kind == "error":
                raise failure(message, limits.memory_limit_mb)
    if False in finished.values():
        return Known(frozenset(), frozenset(), frozenset(), impossible=True)
    every = state.get("cautious") if "cautious" in finished else None
    some = state.get("brave", frozenset()) | (every or frozenset())
    return Known(every, some, some if "brave" in finished else None)
