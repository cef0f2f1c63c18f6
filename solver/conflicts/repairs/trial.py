"""Whether a repair removes a conflict: seen by asking again with the patch applied."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shardwright.cluster.document import to_document
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.certify import Pair
from shardwright.solver.conflicts.arithmetic import Arithmetic
from shardwright.solver.conflicts.caps import MAX_EASY
from shardwright.solver.conflicts.find import find
from shardwright.solver.conflicts.question import Question, question_of
from shardwright.solver.conflicts.repairs.kinds import OfPolicy, RaiseCapacity, Repair, Verdict
from shardwright.solver.conflicts.repairs.patched import patched
from shardwright.solver.conflicts.witness import witnessed
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed

if TYPE_CHECKING:
    from shardwright.api import Case

Json = dict[str, Any]


Names = frozenset[tuple[str, str]]  # rules by owner and pointer


@dataclass
class Trial:
    """`known` are all conflicts of the case.

    `tried` counts verdicts. After `most` of them, or when time is out, there are no more: then `cut`.
    """

    case: Case
    limits: Limits
    known: frozenset[Names]
    most: int | None = None
    tried: int = 0
    cut: bool = False

    @cached_property
    def snapshot(self) -> Json:
        """The snapshot, in the order of its own lists, as patches name their places."""
        document = to_document(self.case.cluster)
        cluster = self.case.cluster
        for name, places in (("nodes", cluster.node_places), ("shards", cluster.shard_places)):
            if places:
                rows = dict(zip(places, document[name], strict=True))
                document[name] = [rows[at] for at in sorted(rows)]
        return document

    @cached_property
    def policies(self) -> dict[str, Json]:
        """The documents, with all that they inherit."""
        found: dict[str, Json] = {}
        for policy in self.case.policies:
            plain = policy.tree.plain()
            assert isinstance(plain, dict)
            found[policy.name] = {key: value for key, value in plain.items() if key != "extends"}
        return found

    @property
    def over(self) -> bool:
        """Whether nothing more can be tried."""
        self.cut = self.cut or self.tried == self.most or self._late()
        return self.cut

    def _late(self) -> bool:
        return self.limits.deadline is not None and time.monotonic() >= self.limits.deadline

    def verdict(self, repair: Repair, conflict: Names, shards: Sequence[int]) -> Verdict:
        """What is left of a conflict of these shards when the patch is applied."""
        if self.over:
            return Verdict(None)
        try:
            problem = self._problem(repair)
            verdict = (
                self._judged(problem, conflict, pins(problem, repair, shards)) if problem else Verdict(False)
            )
        except WorkerFailed as failed:
            if failed.setting is None:
                raise
            verdict = Verdict(None)
        self.cut = verdict.removes is None and self._late()
        self.tried += not self.cut
        return verdict

    def _judged(self, problem: Problem, conflict: Names, hint: Sequence[Pair]) -> Verdict:
        """By arithmetic on the rules of the conflict, then for the whole problem, then for these rules."""
        question = question_of(problem, self.limits)
        binding = tuple(rule for rule in question.rules if (rule.owner, rule.pointer) in conflict)
        alone = replace(question, rules=binding)
        if Arithmetic(alone).see([rule.id for rule in binding]) is not None:
            return Verdict(False)
        whole = self._whole(question, conflict, hint)
        if whole.removes is not None:
            return whole
        found = find(alone, self.limits)
        return Verdict(False if found.sets else True if found.complete else None)

    def _whole(self, question: Question, conflict: Names, hint: Sequence[Pair]) -> Verdict:
        """A patch that lets a new conflict arise is no way out."""
        cluster = question.problem.cluster
        if len(cluster.shards.ids) * len(cluster.nodes.ids) > MAX_EASY:
            rules = [rule.id for rule in question.rules]
            attempts: list[Sequence[Pair]] = ([hint] if hint else []) + [()]
            is_kept = len(self.known) == 1 and any(
                witnessed(question, rules, self.limits, pinned) for pinned in attempts
            )
            return Verdict(True, 0) if is_kept else Verdict(None)
        found = find(question, self.limits)
        sets = {names_of(question.problem, one.rules) for one in found.sets}
        if not sets <= self.known - {conflict}:
            return Verdict(False)
        return Verdict(True, len(sets)) if found.complete else Verdict(None)

    def _problem(self, repair: Repair) -> Problem | None:
        """The problem with the patch applied; None if the document is then faulty."""
        from shardwright.api import compile
        from shardwright.cluster.load import cluster_from

        policies, cluster = self.policies, self.case.cluster
        try:
            if isinstance(repair, OfPolicy):
                policies = policies | {repair.policy: patched(policies[repair.policy], repair.patch)}
            else:
                cluster = cluster_from(patched(self.snapshot, repair.patch))
            problem: Problem = compile(list(policies.values())).on(cluster).problem
        except (DiagnosticError, ValueError):
            return None
        return problem


def names_of(problem: Problem, rules: Sequence[int]) -> Names:
    return frozenset((problem.rules[number].owner, problem.rules[number].pointer) for number in rules)


def pins(problem: Problem, repair: Repair, shards: Sequence[int]) -> list[Pair]:
    """Where to look first: the shards on the node that is made to take them."""
    if not isinstance(repair, RaiseCapacity):
        return []
    node = problem.cluster.nodes.ids.index(repair.node)
    return [(shard, node) for shard in shards]
