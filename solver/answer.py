"""From rows and numbers to the result that users read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.policies.policy import Policy
from shardwright.solver.certify import Broken, Judgement, Pair, cost_of, settled_pairs
from shardwright.solver.names import Names
from shardwright.solver.problem import Problem
from shardwright.solver.result import Certificate, GaveUp, Level, Move, Placement, Violation
from shardwright.solver.words import sentence


def placement_of(problem: Problem, pairs: Sequence[Pair]) -> Placement:
    """Names and roles: a settled leader stays leader; where none stays, the first replica leads."""
    cluster = problem.cluster
    placement: Placement = {shard: [] for shard in cluster.shards.ids}
    settled = {
        (shard, node): cluster.settled.roles[role]
        for shard, node, role in zip(
            cluster.settled.shard.tolist(),
            cluster.settled.node.tolist(),
            cluster.settled.role.tolist(),
            strict=True,
        )
    }
    nodes: defaultdict[int, list[int]] = defaultdict(list)
    for shard, node in sorted(pairs):
        nodes[shard].append(node)
    for shard in sorted(nodes):
        placement[cluster.shards.ids[shard]] = _replicas(problem, shard, nodes[shard], settled)
    return placement


def _replicas(
    problem: Problem, shard: int, nodes: list[int], settled: dict[Pair, str]
) -> list[dict[str, str]]:
    roles = [settled.get((shard, node)) or "follower" for node in nodes]
    if "leader" not in roles:
        roles[0] = "leader"
    order = sorted(range(len(nodes)), key=lambda at: (roles[at] != "leader", nodes[at]))
    return [{"node": problem.cluster.nodes.ids[nodes[at]], "role": roles[at]} for at in order]


def replicas_of(problem: Problem, shard: int, nodes: list[int]) -> list[dict[str, str]]:
    """The replicas of one shard on some nodes (rows), with their roles."""
    settled = problem.cluster.settled
    first, last = np.searchsorted(settled.shard, [shard, shard + 1])
    held = zip(settled.node[first:last].tolist(), settled.role[first:last].tolist(), strict=True)
    return _replicas(
        problem, shard, sorted(nodes), {(shard, node): settled.roles[role] for node, role in held}
    )


def moves_of(problem: Problem, pairs: Sequence[Pair]) -> list[Move]:
    """The moves that lead from the snapshot's own placement to this one."""
    return moves_between(problem, settled_pairs(problem), pairs)


def moves_between(problem: Problem, before: Iterable[Pair], after: Iterable[Pair]) -> list[Move]:
    """Replicas that leave, paired with those of the same shard that arrive, both in the order of nodes."""
    cluster, old, new = problem.cluster, set(before), set(after)
    gone: defaultdict[int, list[int]] = defaultdict(list)
    come: defaultdict[int, list[int]] = defaultdict(list)
    for shard, node in sorted(old - new):
        gone[shard].append(node)
    for shard, node in sorted(new - old):
        come[shard].append(node)
    return [
        Move(cluster.shards.ids[shard], _id(problem, gone[shard], at), _id(problem, come[shard], at))
        for shard in sorted({*gone, *come})
        for at in range(max(len(gone[shard]), len(come[shard])))
    ]


def _id(problem: Problem, nodes: list[int], at: int) -> str | None:
    return problem.cluster.nodes.ids[nodes[at]] if at < len(nodes) else None


def levels_of(problem: Problem, judgement: Judgement, bound: Sequence[int] | None) -> list[Level]:
    """Each level with its terms; without bounds (a mere certificate) the bound is 0."""
    costs: defaultdict[int, int] = defaultdict(int)
    for broken in judgement.amounts:
        costs[broken.rule] += cost_of(problem, broken)
    levels = []
    for at, key in enumerate(problem.levels):
        rules = [rule for rule in problem.rules if rule.level == key]
        terms: list[dict[str, Any]] = [
            {"policy": rule.owner, "rule": rule.pointer, "kind": rule.kind.name, "cost": costs[rule.id]}
            for rule in rules
        ]
        owners = ", ".join(dict.fromkeys(rule.owner for rule in rules))
        kinds = ", ".join(dict.fromkeys(rule.kind.name for rule in rules))
        least = bound[at] if bound is not None and at < len(bound) else 0
        levels.append(Level(*key, owners, kinds, judgement.costs[key], least, terms))
    return levels


def certificate_of(problem: Problem, judgement: Judgement) -> Certificate:
    names = Names(problem)
    faults = judgement.faults(problem)
    terms = {f"{block}/{priority}": cost for (block, priority), cost in judgement.costs.items()}
    return Certificate(
        not faults,
        [_violation(problem, broken, names) for broken in faults],
        terms,
        judgement.ground_rules,
        judgement.seconds,
    )


def _violation(problem: Problem, broken: Broken, names: Names) -> Violation:
    rule = problem.rules[broken.rule]
    what = sentence(rule, broken, names)
    return Violation(
        rule.owner, rule.pointer, rule.kind.name, rule.enforcement, what, broken.amount, broken.tolerated
    )


def gave_up_of(
    problem: Problem, policies: Sequence[Policy], judgement: Judgement, because: dict[int, list[str]]
) -> list[GaveUp]:
    """What yielding and no_worse rules gave up; `because` has the reasons for each rule."""
    names = Names(problem)
    by_name = {policy.name: policy for policy in policies}
    return [
        GaveUp(
            rule.owner,
            by_name[rule.policy].revision if rule.policy is not None else None,
            rule.pointer,
            sentence(rule, broken, names),
            broken.amount,
            because.get(rule.id, []),
            *_place(rule, by_name),
        )
        for broken in judgement.amounts
        for rule in [problem.rules[broken.rule]]
        if rule.enforcement in ("yielding", "no_worse")
    ]


def _place(rule: Rule, policies: Mapping[str, Policy]) -> tuple[str, int, int] | tuple[()]:
    """File, line and column of the value that states the rule; built-ins have none."""
    if rule.policy is None:
        return ()
    place = policies[rule.policy].place(rule.pointer)
    return place.file, place.line, place.column
