"""Whether a repair removes a conflict: seen by asking again with the patch applied."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.document import to_document
from shardwright.cluster.renodes import nodes_of, with_nodes
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.rules import Rule
from shardwright.solver.certify import Pair
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import Arithmetic, seen_by_arithmetic
from shardwright.solver.conflicts.find import Findings, fails, find
from shardwright.solver.conflicts.question import Question, question_of
from shardwright.solver.conflicts.repairs.heirs import heirs
from shardwright.solver.conflicts.repairs.kinds import (
    AddNodes,
    OfPolicy,
    RaiseCapacity,
    Repair,
    SplitGroup,
    Verdict,
)
from shardwright.solver.conflicts.repairs.patched import patched
from shardwright.solver.conflicts.sets import Rules
from shardwright.solver.conflicts.today.today import Today
from shardwright.solver.conflicts.witness import searched
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed

if TYPE_CHECKING:
    from shardwright.api import Case
    from shardwright.solver.conflicts.answer import Origin

Json = dict[str, Any]


Names = frozenset[tuple[str, str]]  # rules by owner and pointer


@dataclass
class Trial:
    """`known` are all conflicts of the case.

    `tried` counts verdicts. After `most` of them, or when time is out, there are no more: then `cut`, and
    `setting` is the name of what cut it.
    """

    case: Case
    limits: Limits
    known: Mapping[Names, Origin]
    most: int | None = None
    setting: str = "time_limit"
    tried: int = 0
    cut: bool = False

    @cached_property
    def nodes(self) -> list[Json]:
        """The nodes of the snapshot, in the order of its own list, as patches name their places."""
        return nodes_of(self.case.cluster)

    @cached_property
    def snapshot(self) -> Json:
        """The snapshot, in the order of its own lists."""
        document = to_document(self.case.cluster) | {"nodes": self.nodes}
        places = self.case.cluster.shard_places
        if places:
            rows = dict(zip(places, document["shards"], strict=True))
            document["shards"] = [rows[at] for at in sorted(rows)]
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

    @property
    def untried(self) -> Verdict:
        return Verdict(None, None, self.setting)

    def verdict(self, repair: Repair, conflict: Names, shards: Sequence[int]) -> Verdict:
        """What is left of a conflict of these shards when the patch is applied."""
        if self.over:
            return self.untried
        try:
            today = self._today(repair)
            hint = pins(today.question.problem, repair, shards) if today else []
            verdict = self._judged(today, conflict, hint) if today else Verdict(False)
        except WorkerFailed as failed:
            if failed.setting is None:
                raise
            verdict = Verdict(None, None, failed.setting)
        self.cut = verdict.removes is None and self._late()
        if self.cut:
            return self.untried
        self.tried += 1
        return verdict

    def _judged(self, today: Today, conflict: Names, hint: Sequence[Pair]) -> Verdict:
        """By arithmetic on the rules of the conflict, then for the whole problem, then for these rules."""
        question, cluster = today.question, today.question.problem.cluster
        alone = replace(question, rules=_named(question, conflict))
        if today.arithmetic.see([rule.id for rule in alone.rules]) is not None:
            return Verdict(False)
        small = len(cluster.shards.ids) * len(cluster.nodes.ids) <= caps.MAX_EASY
        whole = self._looked_at(today, conflict) if small else self._placed(today, conflict, hint)
        if whole is not None:
            return whole
        found = find(alone, self.limits)
        if found.sets:
            return Verdict(False)
        stopped_by = found.stopped_by or (self._found(today).stopped_by if small else ())
        limit = (*stopped_by, "max_pairs")[0]
        return (
            Verdict(True, len(self._left(today, conflict)), limit)
            if found.complete
            else Verdict(None, None, limit)
        )

    def _looked_at(self, today: Today, conflict: Names) -> Verdict | None:
        """A patch that lets a new conflict arise is no way out."""
        found = self._found(today)
        sets = {names_of(today.question.problem, one.rules) for one in found.sets}
        if not sets <= set(self.known) - {conflict}:
            return Verdict(False)
        return Verdict(True, len(sets)) if found.complete else None

    def _found(self, today: Today) -> Findings:
        """All conflicts that are left: the same, whichever of the conflicts the patch is a way out of."""
        if id(today) not in self._finds:
            found = find(today.question, self.limits)
            if "time_limit" in found.stopped_by:
                return found
            self._finds[id(today)] = found
        return self._finds[id(today)]

    @cached_property
    def _finds(self) -> dict[int, Findings]:
        """By the question's identity, as in `_still`."""
        return {}

    def _placed(self, today: Today, conflict: Names, hint: Sequence[Pair]) -> Verdict | None:
        """By a placement: of all shards, or of all but those of the other conflicts."""
        question = today.question
        if conflict in self._failing(today):
            return Verdict(False)
        left = self._left(today, conflict)
        sets = [tuple(rule.id for rule in _named(question, names)) for names in left]
        if _sees_another(today.arithmetic, sets):
            return Verdict(False)  # a new conflict arises
        if today.has_room_beside(sets):
            return Verdict(True, len(left))
        if left:
            return self._placed_without(today, left, _named(question, conflict))
        rules = [rule.id for rule in question.rules]
        attempts: list[Sequence[Pair]] = ([hint] if hint else []) + [()]
        is_kept = any(searched(question, rules, self.limits, pinned) for pinned in attempts)
        return Verdict(True, 0) if is_kept else None

    def _placed_without(self, today: Today, left: list[Names], own: Sequence[Rule]) -> Verdict | None:
        """The rules of the conflict are kept by all, all rules by those whom no other conflict concerns.

        A new conflict of those others would not be seen.
        """
        without = {row for names in left for row in self.known[names].shards}
        rules = [rule.id for rule in today.question.rules]
        if today.placement([rule.id for rule in own]) is None:
            return None
        is_kept = today.placement(rules, without) is not None
        return Verdict(True, len(left), "max_pairs") if is_kept else None

    def _left(self, today: Today, conflict: Names) -> list[Names]:
        """The other conflicts that are still there."""
        return [names for names in self._failing(today) if names != conflict]

    def _failing(self, today: Today) -> list[Names]:
        """The conflicts that are still there, as far as they show on some of their shards."""
        if id(today) not in self._still:
            self._still[id(today)] = [
                names
                for names, origin in self.known.items()
                if fails(today.arithmetic, _named(today.question, names), origin.seen, self.limits)
            ]
        return self._still[id(today)]

    @cached_property
    def _still(self) -> dict[int, list[Names]]:
        """By the question's identity: each is kept as long as this is (see `_asked`)."""
        return {}

    def _today(self, repair: Repair) -> Today | None:
        """What is asked with the patch applied; None if the document is then faulty. One way out may be that
        of many conflicts."""
        if repair.text not in self._asked:
            problem = self._problem(repair)
            asked = None if problem is None else Today(question_of(problem, self.limits), self.limits)
            self._asked[repair.text] = asked
        return self._asked[repair.text]

    @cached_property
    def _asked(self) -> dict[str, Today | None]:
        return {}

    def _problem(self, repair: Repair) -> Problem | None:
        from shardwright.api import compile

        policies, cluster = self.policies, self.case.cluster
        try:
            if isinstance(repair, OfPolicy):
                named = {policy.name: policy for policy in self.case.policies}
                touched = heirs(named, repair.policy, repair.patch[0]["path"])
                policies = policies | {name: patched(policies[name], repair.patch) for name in touched}
            else:
                cluster = self._patched(repair)
            problem: Problem = compile(list(policies.values())).on(cluster).problem
        except (DiagnosticError, ValueError):
            return None
        return problem

    def _patched(self, repair: Repair) -> Cluster:
        from shardwright.cluster.load import cluster_from

        if isinstance(repair, SplitGroup):
            return cluster_from(patched(self.snapshot, repair.patch))
        return with_nodes(self.case.cluster, patched({"nodes": self.nodes}, repair.patch)["nodes"])


def _sees_another(arithmetic: Arithmetic, known: Sequence[Rules]) -> bool:
    """Whether counting sees a conflict that contains none of these."""
    seen = seen_by_arithmetic(arithmetic, caps.MAX_CHECKS)
    return any(not any(set(one) <= set(new.rules) for one in known) for new in seen)


def _named(question: Question, names: Names) -> tuple[Rule, ...]:
    return tuple(rule for rule in question.rules if (rule.owner, rule.pointer) in names)


def names_of(problem: Problem, rules: Sequence[int]) -> Names:
    return frozenset((problem.rules[number].owner, problem.rules[number].pointer) for number in rules)


def pins(problem: Problem, repair: Repair, shards: Sequence[int]) -> list[Pair]:
    """Where to look first: the shards on the node that is made to take them, or that is made for them."""
    if isinstance(repair, RaiseCapacity):
        names = [node.name for node in repair.nodes]
    else:
        names = [node["id"] for node in repair.nodes] if isinstance(repair, AddNodes) else []
    if len(names) != 1:
        return []
    node = problem.cluster.nodes.ids.index(names[0])
    return [(shard, node) for shard in shards]
