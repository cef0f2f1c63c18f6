"""Conflicts as users read them: the reason, the lines that cause it, the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shardwright.grammar.demands import demand
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render.json import as_json
from shardwright.grammar.rules import OnePerNode, Rule
from shardwright.policies.policy import Policy
from shardwright.solver.conflicts.explain import Explained, explain
from shardwright.solver.conflicts.find import Findings, MinimalSet, find
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.conflicts.reasoning.slips import slips
from shardwright.solver.conflicts.reasons import Reason, TooFewNodes
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.words import told
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.result import Cause, Conflict


@dataclass(frozen=True)
class Origin:
    """Where a conflict comes from: its rules by number, its reason, and the shards (rows) it speaks of.

    `seen` are shards enough to see it.
    """

    rules: tuple[int, ...]
    reason: Reason
    shards: tuple[int, ...]
    seen: tuple[int, ...]


@dataclass(frozen=True)
class Conflicts:
    """`complete`: there are no others. `stopped_by` names the caps and limits that were reached.

    `origins` are those of the conflicts, one by one. `trials` of repairs were made when a limit came, None if
    none did. `lints` are remarks on names in the policies that the cluster does not have.
    """

    conflicts: tuple[Conflict, ...]
    complete: bool
    stopped_by: tuple[str, ...]
    origins: tuple[Origin, ...] = ()
    trials: int | None = None
    lints: tuple[Diagnostic, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "lints": as_json(self.lints)["diagnostics"],
            "complete": self.complete,
            "limits": list(self.stopped_by),
        }


def conflicts_of(problem: Problem, policies: Sequence[Policy], limits: Limits) -> Conflicts:
    """All minimal conflicts of a problem, as far as caps and limits allow; none if its rules can all hold."""
    question = question_of(problem, limits)
    findings = find(question, limits)
    rooms = Rooms(question)
    by_name = {policy.name: policy for policy in policies}
    explained = [_conflict(rooms, one, by_name) for one in _in_order(problem, findings)]
    return Conflicts(
        tuple(conflict for conflict, _ in explained),
        findings.complete,
        findings.stopped_by,
        tuple(origin for _, origin in explained),
    )


def _in_order(problem: Problem, findings: Findings) -> list[MinimalSet]:
    """Those that are proven minimal before others; fewest policies first: those are the plainest."""

    def key(one: MinimalSet) -> tuple[bool, int, int, tuple[int, ...]]:
        stated = [number for number in one.rules if problem.rules[number].policy is not None]
        return not one.proven, len(stated), len(one.rules), one.rules

    return sorted(findings.sets, key=key)


def _conflict(rooms: Rooms, one: MinimalSet, policies: dict[str, Policy]) -> tuple[Conflict, Origin]:
    rules = [rooms.problem.rules[number] for number in one.rules]
    explained = explain(rooms, rules, one.shards)
    facts = [*explained.facts, *slips(rooms.problem, rules, policies)]
    conflict = Conflict(
        one.proven,
        [cause_of(rule, policies) for rule in _parties(rooms.problem, rules, explained)],
        [told(fact) for fact in facts],
        summary=told(explained.reason),
        shards=_examples(rooms, explained),
    )
    return conflict, Origin(one.rules, explained.reason, explained.shards or (0,), one.shards)


def _parties(problem: Problem, rules: list[Rule], explained: Explained) -> list[Rule]:
    """Policies first. A placement is a set of pairs, so `one_per_node` never breaks; where it is what crowds
    the replicas, it is named."""
    parties = sorted(rules, key=lambda rule: (rule.policy is None, rule.id))
    if isinstance(explained.reason, TooFewNodes) and explained.reason.left:
        parties += [rule for rule in problem.rules if isinstance(rule.kind, OnePerNode)]
    return parties


def _examples(rooms: Rooms, explained: Explained) -> dict[str, object]:
    ids = rooms.problem.cluster.shards.ids
    return {"count": len(explained.shards), "examples": [ids[row] for row in explained.shards[:2]]}


def cause_of(rule: Rule, policies: dict[str, Policy]) -> Cause:
    """A rule with its place; built-in rules have none."""
    if rule.policy is None:
        return Cause(rule.owner, None, "", None, None, None, demand(rule))
    policy = policies[rule.policy]
    place, version = policy.place(rule.pointer), policy.revision
    return Cause(rule.policy, version, rule.pointer, place.file, place.line, place.column, demand(rule))
