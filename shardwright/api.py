"""The two verbs: `compile(policies)` and `program.solve(cluster)`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.load import cluster_from, load_cluster
from shardwright.cluster.placement import load_placement
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError
from shardwright.grammar.emit import PolicyProgram, emit
from shardwright.grammar.rules import Statement
from shardwright.keeping.source import Stored
from shardwright.policies.graph import in_force
from shardwright.policies.load import load_policies, load_text
from shardwright.policies.lower import built_in_rules, lower
from shardwright.policies.policy import NotApplied, Policy, PolicySet
from shardwright.solver.progress import OnProgress
from shardwright.solver.result import Certificate, GaveUp, Level, Move, Result, Violation

if TYPE_CHECKING:
    from shardwright.solver.conflicts.answer import Conflicts
    from shardwright.solver.request import Request
    from shardwright.solver.session import Session
    from shardwright.solver.why.explainer import Explainer
    from shardwright.solver.why.tax import Taxes

PolicySource = PolicySet | Stored | str | Path | Sequence[str | Path] | Sequence[Mapping[str, Any]]
ClusterSource = Cluster | str | Path | Mapping[str, Any]
PlacementSource = str | Path | Mapping[str, Any]

DEFAULT_TIME_LIMIT = 60.0
DEFAULT_RULE_LIMIT = 20_000_000


@dataclass(frozen=True)
class Certification:
    """What the logic says about a placement from anywhere."""

    certificate: Certificate
    levels: list[Level]
    gave_up: list[GaveUp]
    moves: list[Move]

    @property
    def certified(self) -> bool:
        return self.certificate.certified

    @property
    def violations(self) -> list[Violation]:
        return self.certificate.violations

    @property
    def terms(self) -> dict[str, int]:
        return self.certificate.terms


def compile(policies: PolicySource) -> Program:
    """Policies as a program.

    `policies` are documents (a list of dicts), paths of files or folders, the policies of a store
    (`Stored`), or a PolicySet. Raises DiagnosticError with every fault found, each with its place.
    """
    started = time.monotonic()
    policy_set, diagnostics = _policy_set(policies)
    errors = [item for item in diagnostics if item.severity == "error"]
    if errors:
        raise DiagnosticError(errors)
    return Program(policy_set, tuple(diagnostics), time.monotonic() - started)


def _policy_set(policies: PolicySource) -> tuple[PolicySet, list[Diagnostic]]:
    if isinstance(policies, PolicySet):
        return policies, []
    if isinstance(policies, Stored):
        return policies.load()
    if isinstance(policies, (str, Path)):
        return load_policies([policies])
    documents = list(policies)
    if not documents:
        return PolicySet(()), []
    if all(isinstance(document, Mapping) for document in documents):
        return load_text(_text(documents), "<policies>")
    return load_policies([path for path in documents if isinstance(path, (str, Path))])


def _text(documents: Sequence[object]) -> str:
    """Documents as one text that neither their order nor that of their keys changes: answers name places."""
    texts = [json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) for document in documents]
    return "[" + ",\n".join(sorted(texts, key=lambda text: (_name(text), text))) + "]"


def _name(text: str) -> str:
    return str(json.loads(text).get("name", ""))


@dataclass(frozen=True)
class Program:
    """Checked policies, ready to be asked about any cluster. `warnings` are the check's remarks.

    `silent` are names of policies that say nothing, while those that depend on them stay in force.
    """

    policies: PolicySet
    warnings: tuple[Diagnostic, ...] = ()
    parse_seconds: float = 0.0
    silent: frozenset[str] = frozenset()

    def without(self, policy: str) -> Program:
        """The same policies as if one of them said nothing."""
        return replace(self, silent=self.silent | {policy})

    def solve(
        self,
        cluster: ClusterSource,
        *,
        strategy: str = "auto",
        time_limit: float | None = DEFAULT_TIME_LIMIT,
        steps: int | None = None,
        workers: int = 2,
        seed: int = 1,
        memory_limit_mb: int | None = None,
        rule_limit: int | None = DEFAULT_RULE_LIMIT,
        replay: Mapping[str, Any] | None = None,
        on_progress: OnProgress | None = None,
        ways_out: bool = True,
    ) -> Result:
        """The best placement that the policies allow, certified.

        `time_limit` is in seconds, loading and certificate included (None: no limit). `replay` are the
        statistics of an earlier result: what the clock had cut short is cut at the same step. Without
        `ways_out` a conflict is told alone, without repairs and best effort, which may take many seconds.
        Raises DiagnosticError for a cluster or a strategy that cannot be used, and when a limit on memory or
        ground rules leaves no answer.
        """
        from shardwright.solver.ahead import expect
        from shardwright.solver.replay import Replay
        from shardwright.solver.solve import solve

        started = time.monotonic()
        request = _request(
            strategy=strategy,
            steps=steps,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            memory_limit_mb=memory_limit_mb,
            rule_limit=rule_limit,
            on_progress=on_progress,
            replay=None if replay is None else Replay.of(replay),
            ways_out=ways_out,
        )
        if isinstance(cluster, (str, Path)):
            expect(cluster, strategy, workers)
        snapshot = _cluster(cluster)
        loaded = time.monotonic()
        case = self.on(snapshot)
        result = solve(case, request)
        timings = {
            "parse": round(self.parse_seconds + loaded - started, 4),
            **result.timings,
        }
        return replace(result, timings=timings)

    def session(
        self, cluster: ClusterSource, *, seed: int = 1, memory_limit_mb: int | None = None
    ) -> Session:
        """The cluster under watch: today's placement is judged once, then each change is answered quickly.

        `session(cluster).change({"node-7": "down"})` is a certified repair that moves only what must move.
        """
        from shardwright.solver.session import Session

        return Session(self, _cluster(cluster), seed=seed, memory_limit_mb=memory_limit_mb)

    def certify(
        self,
        cluster: ClusterSource,
        placement: PlacementSource,
        *,
        time_limit: float | None = None,
        memory_limit_mb: int | None = None,
    ) -> Certification:
        """What the logic alone says about a placement: a path, a result, or {shard: [{"node": ...}]}."""
        from shardwright.solver.solve import certification

        snapshot = _cluster(cluster)
        pairs = _pairs(placement, snapshot)
        deadline = None if time_limit is None else time.monotonic() + time_limit
        return Certification(*certification(self.on(snapshot), pairs, deadline, memory_limit_mb))

    def explain(
        self,
        cluster: ClusterSource,
        placement: PlacementSource | None = None,
        *,
        strategy: str = "auto",
        time_limit: float | None = DEFAULT_TIME_LIMIT,
        steps: int | None = None,
        workers: int = 2,
        seed: int = 1,
        memory_limit_mb: int | None = None,
        rule_limit: int | None = DEFAULT_RULE_LIMIT,
        on_progress: OnProgress | None = None,
        solve: bool = True,
    ) -> Explainer:
        """A placement that can be questioned: the given one, else the best one (found as `solve` finds it).

        With `solve` false it is the snapshot's own, until `solved()` is asked for. The limits hold for each
        question that needs solving, too.
        """
        from shardwright.solver.why.explainer import explain, unsolved

        request = _request(
            strategy=strategy,
            steps=steps,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            memory_limit_mb=memory_limit_mb,
            rule_limit=rule_limit,
            on_progress=on_progress,
        )
        snapshot = _cluster(cluster)
        pairs = None if placement is None else _pairs(placement, snapshot)
        if pairs is None and not solve:
            return unsolved(self.on(snapshot), request)
        return explain(self.on(snapshot), request, pairs)

    def conflicts(
        self,
        cluster: ClusterSource,
        *,
        time_limit: float | None = DEFAULT_TIME_LIMIT,
        workers: int = 2,
        seed: int = 1,
        memory_limit_mb: int | None = None,
        rule_limit: int | None = DEFAULT_RULE_LIMIT,
        on_progress: OnProgress | None = None,
    ) -> Conflicts:
        """All minimal sets of required rules that cannot hold together on a cluster."""
        from shardwright.solver.conflicts.ask import ask

        request = _request(
            strategy="auto",
            steps=None,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            memory_limit_mb=memory_limit_mb,
            rule_limit=rule_limit,
            on_progress=on_progress,
        )
        return ask(self.on(_cluster(cluster)), request)

    def tax(
        self,
        cluster: ClusterSource,
        *,
        strategy: str = "auto",
        time_limit: float | None = DEFAULT_TIME_LIMIT,
        steps: int | None = None,
        workers: int = 2,
        seed: int = 1,
        memory_limit_mb: int | None = None,
        rule_limit: int | None = DEFAULT_RULE_LIMIT,
        on_progress: OnProgress | None = None,
    ) -> Taxes:
        """What each policy costs the others: the answer with all of them, and that without each."""
        from shardwright.solver.why.tax import taxes

        request = _request(
            strategy=strategy,
            steps=steps,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            memory_limit_mb=memory_limit_mb,
            rule_limit=rule_limit,
            on_progress=on_progress,
        )
        return taxes(self.on(_cluster(cluster)), request)

    def show(self, kind: str, cluster: ClusterSource | None = None) -> str:
        """A stage in print: "tree", "asp", "classes" or "requirements" (these two need a cluster)."""
        from shardwright.solver.show import show

        return show(kind, self, None if cluster is None else _cluster(cluster))

    def on(self, cluster: Cluster) -> Case:
        """The policies that are in force on a cluster, with the cluster."""
        applied, not_applied = in_force(self.policies, cluster.taken_at)
        speaking = tuple(policy for policy in applied if policy.name not in self.silent)
        return Case(speaking, tuple(not_applied), cluster, self.policies.hash)


@dataclass(frozen=True)
class Case:
    """Policies in force and the cluster that they are asked about."""

    policies: tuple[Policy, ...]
    not_applied: tuple[NotApplied, ...]
    cluster: Cluster
    policies_hash: str

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return lower(self.policies)

    @cached_property
    def program(self) -> PolicyProgram:
        return emit(self.statements)

    @cached_property
    def problem(self) -> Any:
        """The `solver.problem.Problem` of the case."""
        from shardwright.solver.problem import build_problem

        return build_problem(built_in_rules(), self.statements, self.program, self.cluster)


def _request(time_limit: float | None, **options: Any) -> Request:
    from shardwright.solver.request import Request

    return Request(deadline=None if time_limit is None else time.monotonic() + time_limit, **options)


def _pairs(placement: PlacementSource, cluster: Cluster) -> list[tuple[int, int]]:
    """Shard and node rows of a placement from anywhere."""
    source = placement
    if isinstance(placement, Mapping) and "placement" not in placement:
        source = {"placement": dict(placement)}
    given = load_placement(source, cluster)
    return list(zip(given.shard.tolist(), given.node.tolist(), strict=True))


def _cluster(source: ClusterSource) -> Cluster:
    if isinstance(source, Cluster):
        return source
    return load_cluster(source) if isinstance(source, (str, Path)) else cluster_from(dict(source))
