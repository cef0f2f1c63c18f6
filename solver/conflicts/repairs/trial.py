"""Whether a repair removes a conflict: seen by asking again with the patch applied."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shardwright.cluster.document import to_document
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.conflicts.find import find
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.conflicts.repairs.kinds import OfPolicy, Repair
from shardwright.solver.conflicts.repairs.patched import patched
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.result import Conflict

if TYPE_CHECKING:
    from shardwright.api import Case

Json = dict[str, Any]


@dataclass
class Trial:
    """`removes` says True, False, or None where a limit came first.

    `tried` counts verdicts. After `most` of them, or when time is out, there are no more: then `cut`.
    """

    case: Case
    limits: Limits
    most: int | None = None
    tried: int = 0
    cut: bool = False

    @cached_property
    def snapshot(self) -> Json:
        """The snapshot, in the order of its own lists, as patches name their places."""
        document = to_document(self.case.cluster)
        places = self.case.cluster.node_places
        if places:
            rows = dict(zip(places, document["nodes"], strict=True))
            document["nodes"] = [rows[at] for at in sorted(rows)]
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

    def removes(self, repair: Repair, conflict: Conflict) -> bool | None:
        """Whether the rules of the conflict, as the patch leaves them, can hold together."""
        if self.over:
            return None
        verdict = self._verdict(repair, conflict)
        self.cut = verdict is None and self._late()
        self.tried += not self.cut
        return verdict

    def _verdict(self, repair: Repair, conflict: Conflict) -> bool | None:
        problem = self._problem(repair)
        if problem is None:
            return False
        parties = {(cause.policy, cause.pointer) for cause in conflict.causes}
        try:
            question = question_of(problem, self.limits)
            binding = tuple(rule for rule in question.rules if (rule.owner, rule.pointer) in parties)
            found = find(replace(question, rules=binding), self.limits)
        except WorkerFailed as failed:
            if failed.setting is None:
                raise
            return None
        if found.sets:
            return False
        return True if found.complete else None

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
