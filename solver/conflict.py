"""Conflicts on a cluster: a minimal set of rules that cannot hold together, as the user's own lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from shardwright.grammar.demands import demand
from shardwright.grammar.rules import OnePerNode, Placed, Replicas, Rule
from shardwright.policies.policy import Policy
from shardwright.solver.cores import minimal_core
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.result import Cause, Conflict
from shardwright.solver.shortage import Shortage, shortage

MOST_CLASSES = 50


def telling_rows(problem: Problem) -> list[int]:
    """Shards that may show a conflict all by themselves: of each class the first and the heaviest ones."""
    shards = problem.requirements.classes.shards
    rows = dict.fromkeys(shards.representative[:MOST_CLASSES].tolist())
    for at in range(problem.quantities.load.shape[1]):
        if len(shards.of):
            rows[int(np.argmax(problem.quantities.load[:, at]))] = None
    return list(rows)


def conflicts_of(
    problem: Problem, policies: Sequence[Policy], limits: Limits, parts: Iterable[Problem] = ()
) -> list[Conflict]:
    """One minimal conflict of a problem that has no admissible placement; `parts` as in `minimal_core`."""
    short = shortage(problem, limits.deadline, limits.memory_limit_mb)
    core, minimal = _of_shortage(problem, short) if short else minimal_core(problem, limits, parts)
    by_name = {policy.name: policy for policy in policies}
    rules = [problem.rules[number] for number in core]
    if any(isinstance(rule.kind, (Placed, Replicas)) for rule in rules) and _crowded(problem):
        # A placement is a set of pairs, so this rule holds in every proposal; without it there would be room.
        rules += [rule for rule in problem.rules if isinstance(rule.kind, OnePerNode)]
    causes = [_cause(rule, by_name) for rule in rules]
    return [
        Conflict(minimal and bool(core), causes, [*_size(problem), *_lacking(short), *_too_much(problem)])
    ]


def _of_shortage(problem: Problem, short: Shortage) -> tuple[list[int], bool]:
    """All replicas and the limit: without either of them there is room, if there are nodes enough."""
    placed = next(rule.id for rule in problem.rules if isinstance(rule.kind, Placed))
    return [placed, short.rule], not _crowded(problem)


def _lacking(short: Shortage | None) -> list[str]:
    if short is None:
        return []
    return [f"the shards need {short.needed:.6g} {short.measure}, the nodes take {short.offered:.6g}"]


def _crowded(problem: Problem) -> bool:
    """Whether some shard wants more replicas than there are nodes."""
    return int(problem.ceiling.max(initial=0)) > len(problem.cluster.nodes.ids)


def _cause(rule: Rule, policies: dict[str, Policy]) -> Cause:
    if rule.policy is None:
        return Cause(rule.owner, None, "", None, None, None, demand(rule))
    policy = policies[rule.policy]
    place, version = policy.place(rule.pointer), policy.revision
    return Cause(rule.policy, version, rule.pointer, place.file, place.line, place.column, demand(rule))


def _size(problem: Problem) -> list[str]:
    """What the cluster has to offer and what it is asked for."""
    states = problem.cluster.nodes.state
    active = sum(states.values[code] == "active" for code in states.codes.tolist())
    return [
        f"{_count(len(states.codes), 'node')}, {active} of them active",
        f"{_count(len(problem.floor), 'shard')} with {_count(int(problem.floor.sum()), 'replica')} to place",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _too_much(problem: Problem) -> list[str]:
    """Shards that no node is large enough for, and shards that want more nodes than there are."""
    cluster, told = problem.cluster, []
    for at, resource in enumerate(cluster.resources):
        largest = float(np.nan_to_num(cluster.nodes.capacity[:, at]).max(initial=0.0))
        heavy = np.flatnonzero(cluster.shards.load[:, at] > largest)
        if len(heavy):
            row = int(heavy[np.argmax(cluster.shards.load[heavy, at])])
            needs = f"needs {cluster.shards.load[row, at]:.6g} {resource}, the largest node has {largest:.6g}"
            told.append(f"shard `{cluster.shards.ids[row]}` {needs}{_others(len(heavy) - 1)}")
    wide = np.flatnonzero(problem.ceiling > len(cluster.nodes.ids))
    if len(wide):
        row = int(wide[0])
        wants = f"wants {_count(int(problem.ceiling[row]), 'replica')} on different nodes"
        told.append(f"shard `{cluster.shards.ids[row]}` {wants}{_others(len(wide) - 1)}")
    return told


def _others(count: int) -> str:
    return f" (and {_count(count, 'other shard')} likewise)" if count else ""
