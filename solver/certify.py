"""The certificate: placement.lp with a placement as facts and no choice, whoever proposed it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.directions import Counts
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import Ground, facts
from shardwright.solver.messages import Job
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.processes import ask
from shardwright.solver.shaping import with_shaping
from shardwright.solver.tasks import judge

Pair = tuple[int, int]
What = tuple[str, tuple[int, ...]]

JUDGE = ("placement", "totals")
ALL_UNITS = 2**20  # every unit of every rule is told apart


@dataclass(frozen=True)
class Broken:
    """An amount that is not 0. `what` is a name and numbers; `tolerated` counts under no_worse.

    `too_few`: of a count of replicas, whether it is too small; None where it can be wrong one way only.
    """

    rule: int
    what: What
    amount: int
    tolerated: int = 0
    too_few: bool | None = None


@dataclass(frozen=True)
class Judgement:
    """What the logic says about a placement. `costs` has one entry for each level, exact whatever its size.

    `faults` are broken required rules and no_worse rules beyond what is tolerated.
    """

    amounts: tuple[Broken, ...]
    costs: dict[LevelKey, int]
    ground_rules: int
    seconds: float

    @property
    def level_costs(self) -> tuple[int, ...]:
        return tuple(self.costs[key] for key in sorted(self.costs))

    def faults(self, problem: Problem) -> tuple[Broken, ...]:
        return tuple(broken for broken in self.amounts if is_fault(problem.rules[broken.rule], broken))


def is_fault(rule: Rule, broken: Broken) -> bool:
    if rule.enforcement == "required":
        return True
    return rule.enforcement == "no_worse" and broken.amount > broken.tolerated


def certify(
    problem: Problem,
    placement: Sequence[Pair],
    *,
    deadline: float | None = None,
    memory_limit_mb: int | None = None,
    here: bool = False,
    tolerated: dict[tuple[int, What], int] | None = None,
) -> Judgement:
    """Judge a placement (shard row, node row) by logic alone.

    Raises WorkerFailed when a limit comes first. `here`: in this process, which knows no limits; for cases
    of a few shards that come by the hundred. `tolerated`: all of `tolerance(problem)`, where it is known.
    """
    started = time.monotonic()
    amounts, rules = amounts_of(problem, problem.rules, placement, deadline, memory_limit_mb, here)
    in_doubt = [broken for broken in amounts if problem.rules[broken.rule].enforcement == "no_worse"]
    if in_doubt:
        if tolerated is None:
            tolerated = tolerance(problem, deadline, memory_limit_mb, only=in_doubt, here=here)
        amounts = with_tolerance(amounts, tolerated)
    return Judgement(tuple(amounts), level_costs(problem, amounts), rules, time.monotonic() - started)


def tolerance(
    problem: Problem,
    deadline: float | None = None,
    memory_limit_mb: int | None = None,
    only: Sequence[Broken] | None = None,
    here: bool = False,
) -> dict[tuple[int, What], int]:
    """The amounts of no_worse rules in the snapshot's own placement; `only` for what is asked about.

    What limits of nodes have broken is judged with the replicas of these nodes alone.
    """
    asked = {broken.rule for broken in only} if only is not None else None
    rules = [
        rule
        for rule in problem.rules
        if rule.enforcement == "no_worse" and (asked is None or rule.id in asked)
    ]
    placement = settled_pairs(problem)
    if not rules:
        return {}
    if only is not None and all(broken.what[0] == "site" for broken in only):
        problem, placement = _around(problem, placement, only)
    shaped = with_shaping(problem, rules)
    amounts, _ = amounts_of(problem, shaped, placement, deadline, memory_limit_mb, here)
    meant = {rule.id for rule in rules}
    return {(broken.rule, broken.what): broken.amount for broken in amounts if broken.rule in meant}


def settled_pairs(problem: Problem) -> list[Pair]:
    """The snapshot's own placement."""
    settled = problem.cluster.settled
    return list(zip(settled.shard.tolist(), settled.node.tolist(), strict=True))


def _around(problem: Problem, placement: list[Pair], only: Sequence[Broken]) -> tuple[Problem, list[Pair]]:
    """The limits that are asked about, and the replicas on their sites."""
    asked = {(broken.rule, *broken.what[1]) for broken in only}
    meters = tuple(m for m in problem.meters if (m.rule, m.site.number, m.measure) in asked)
    nodes = {node for meter in meters for node in meter.site.nodes.tolist()}
    return replace(problem, meters=meters), [pair for pair in placement if pair[1] in nodes]


def with_tolerance(amounts: list[Broken], tolerated: dict[tuple[int, What], int]) -> list[Broken]:
    return [replace(broken, tolerated=tolerated.get((broken.rule, broken.what), 0)) for broken in amounts]


def amounts_of(
    problem: Problem,
    rules: Sequence[Rule],
    placement: Sequence[Pair],
    deadline: float | None,
    memory_limit_mb: int | None,
    here: bool = False,
) -> tuple[list[Broken], int]:
    texts = (*problem_facts(problem, rules), *placement_facts(problem, placement), _units(rules))
    if here:
        body = next(judge(Ground(JUDGE, texts), lambda message: None)).body
    else:
        body = ask(Job("judge", JUDGE, texts, (), memory_limit_mb), deadline).body
    counts = Counts(problem, placement)
    found = [
        Broken(rule, (name, arguments), amount, 0, counts.too_few(problem.rules[rule], (name, arguments)))
        for rule, name, arguments, amount in body["amounts"]
    ]
    return found, body["rules"]


def _units(rules: Sequence[Rule]) -> str:
    return facts("units", ((rule.id, ALL_UNITS) for rule in rules))


def placement_facts(problem: Problem, placement: Sequence[Pair]) -> Iterator[str]:
    """The placement, what it names twice, and how many replicas a shard of each class has at most."""
    times = Counter(placement)
    yield facts("place", sorted(times))
    yield facts("repeated", sorted((*pair, count) for pair, count in times.items() if count > 1))
    classes = problem.requirements.classes.shards
    counts = np.bincount(np.array([shard for shard, _ in times], dtype=np.int64), minlength=len(classes.of))
    bound = problem.requirements.ceiling.copy()
    np.maximum.at(bound, classes.of, counts[: len(classes.of)].astype(bound.dtype))
    yield facts("bound", enumerate(bound.tolist()))


def level_costs(problem: Problem, amounts: Sequence[Broken]) -> dict[LevelKey, int]:
    """The cost of each level: amount x factor x weight, added up without bound."""
    costs = dict.fromkeys(problem.levels, 0)
    for broken in amounts:
        level = problem.rules[broken.rule].level
        if level is not None:
            costs[level] += cost_of(problem, broken)
    return costs


def cost_of(problem: Problem, broken: Broken) -> int:
    """What an amount costs at its level."""
    return broken.amount * problem.factor(broken.rule, broken.what) * problem.rules[broken.rule].weight
