"""Conflicts on a cluster: a minimal set of rules that cannot hold together, as the user's own lines."""

from __future__ import annotations

from collections.abc import Sequence

from shardwright.grammar.demands import demand
from shardwright.grammar.rules import Rule
from shardwright.policies.policy import Policy
from shardwright.solver.cores import minimal_core
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.result import Cause, Conflict


def conflicts_of(problem: Problem, policies: Sequence[Policy], limits: Limits) -> list[Conflict]:
    """One minimal conflict of a problem that has no admissible placement."""
    core, minimal = minimal_core(problem, limits)
    by_name = {policy.name: policy for policy in policies}
    causes = [_cause(problem.rules[number], by_name) for number in core]
    return [Conflict(minimal and bool(core), causes, _facts(problem))]


def _cause(rule: Rule, policies: dict[str, Policy]) -> Cause:
    if rule.policy is None:
        return Cause(rule.owner, None, "", None, None, None, demand(rule))
    place = policies[rule.policy].place(rule.pointer)
    return Cause(rule.policy, None, rule.pointer, place.file, place.line, place.column, demand(rule))


def _facts(problem: Problem) -> list[str]:
    """What the cluster has to offer, in a few words."""
    states = problem.cluster.nodes.state
    active = sum(states.values[code] == "active" for code in states.codes.tolist())
    wanted = int(problem.floor.sum())
    return [
        f"{len(states.codes)} nodes, {active} of them active",
        f"{len(problem.floor)} shards with {wanted} replicas to place",
    ]
