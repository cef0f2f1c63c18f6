"""Did a policy decide anything in a story? Told by what happens without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from shardwright.api import Certification
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.problem import Problem
from shardwright.solver.result import Level, Placement
from shardwright.testing.optima import Optima, optima_of
from shardwright.testing.outcome import Answers, Outcome

# All optimal placements of a large story may take long to tell apart, and there are many policies.
OPTIMA_SECONDS = 5.0

Terms = Mapping[tuple[int, int, str, str, str], int]


@dataclass(frozen=True)
class Open:
    """A limit came before it was seen whether a policy decides anything."""

    why: str


@dataclass
class Deciding:
    """One story's answer, beside the answers without one policy or another."""

    outcome: Outcome
    answers: Answers

    def why(self, policy: str) -> str | None:
        """What the policy decides, in a sentence; None if nothing that could be seen."""
        found = self.look(policy)
        return None if isinstance(found, Open) else found

    def look(self, policy: str) -> str | Open | None:
        """What the policy decides, in a sentence; None if it decides nothing.

        A policy decides something if its rules take part in a conflict, if the answer without it is one that
        it forbids or that costs it more, or if without it more or other placements are optimal.
        """
        if not self.speaks(policy):
            return None
        if self.outcome.certification is not None:
            return self._of_given(policy, self.outcome.certification)
        return self._of_answer(policy)

    def speaks(self, policy: str) -> bool:
        """Whether any of its rules speaks about any shard."""
        problem = self._problem
        rules = [rule.id for rule in problem.rules if rule.policy == policy]
        return bool(problem.requirements.speaks[rules].any())

    @cached_property
    def _problem(self) -> Problem:
        problem: Problem = self.outcome.program.on(self.outcome.cluster).problem
        return problem

    def _of_given(self, policy: str, verdict: Certification) -> str | None:
        """Of a placement that the story gives: what the policy says about it."""
        said = _said(verdict, policy, None)
        if said is not None:
            return said
        assert self.outcome.placement is not None
        other = self.outcome.program.without(policy).certify(self.outcome.cluster, self.outcome.placement)
        others = _terms_of_others(verdict.levels, policy), [vars(it) for it in verdict.violations]
        if others != (_terms_of_others(other.levels, policy), [vars(it) for it in other.violations]):
            return "without it the other rules judge the placement differently"
        return None

    def _of_answer(self, policy: str) -> str | Open | None:
        result = self.outcome.result
        assert result is not None
        if any(cause.policy == policy for conflict in result.conflicts for cause in conflict.causes):
            return "it takes part in a conflict"
        try:
            without = self._without(policy)
        except DiagnosticError:
            return None
        if without.result is None or "unknown" in (result.status, without.result.status):
            return Open("no answer was found in time, with it or without it")
        if (without.placement is None) != (self.outcome.placement is None):
            return f"without it the answer is `{without.result.status}`, not `{result.status}`"
        if without.placement is None or self.outcome.placement is None:
            return None
        return self._of_placements(policy, without, without.placement)

    def _without(self, policy: str) -> Outcome:
        setting = replace(self.outcome.setting, program=self.outcome.program.without(policy))
        result = self.answers.solve(setting, self.outcome.limits)
        return replace(self.outcome, setting=setting, result=result, placement=result.placement)

    def _of_placements(self, policy: str, without: Outcome, placement: Placement) -> str | Open | None:
        """What the policy says about the answer that would be given without it."""
        verdict = self.outcome.program.certify(self.outcome.cluster, placement)
        said = _said(verdict, policy, _terms(self.outcome.levels))
        return said or self._of_optima(without)

    def _of_optima(self, without: Outcome) -> str | Open | None:
        before = self._optima
        if not isinstance(before, Optima):
            return Open(before)
        after = self._optima_of(without)
        if not isinstance(after, Optima):
            return Open(f"without it {after}")
        for shard, node in sorted(after.some - before.some):
            return f"without it `{shard}` may be on `{node}`, too"
        for shard, node in sorted(before.some - after.some):
            return f"without it `{shard}` may not be on `{node}`"
        return None

    @cached_property
    def _optima(self) -> Optima | str:
        return self._optima_of(self.outcome)

    def _optima_of(self, outcome: Outcome) -> Optima | str:
        limit = min(OPTIMA_SECONDS, outcome.limits["time_limit"])
        limited = replace(outcome, limits={**outcome.limits, "time_limit": limit})
        return optima_of(limited, outcome.cluster.shards.ids)


def _said(verdict: Certification, policy: str, before: Terms | None) -> str | None:
    """A broken rule of the policy, or one that costs something; `before` are the costs with the policy."""
    lead = "" if before is None else "without it "
    for item in verdict.violations:
        if item.policy == policy:
            return f"{lead}{item.what}"
    for key, cost in _terms(verdict.levels).items():
        had = 0 if before is None else before.get(key, 0)
        if key[2] == policy and cost > had:
            grows = f"costs {cost}" if before is None else f"grows from {had} to {cost}"
            return f"{lead}its `{key[4]}` {grows}"
    return None


def _terms(levels: Sequence[Level]) -> Terms:
    return {
        (level.block, level.priority, term["policy"], term["rule"], term["kind"]): int(term["cost"])
        for level in levels
        for term in level.terms
    }


def _terms_of_others(levels: Sequence[Level], policy: str) -> Terms:
    return {key: cost for key, cost in _terms(levels).items() if key[2] != policy}
