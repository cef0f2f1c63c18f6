"""All that can be said about policies without a cluster, in one go; the same for one that has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic, sort_diagnostics
from shardwright.grammar.render.json import as_json
from shardwright.grammar.rules import Statement
from shardwright.policies.lower import lower
from shardwright.policies.plain_scope import are_apart, asked_of
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.applying import may_apply
from shardwright.solver.patterns.bounds import CHANGED_BOUNDS, DEFAULT_BOUNDS, Bounds, Reached
from shardwright.solver.patterns.boxes import ALL
from shardwright.solver.patterns.conflicts import PatternConflict, conflict_of
from shardwright.solver.patterns.index import Index, numbers_in
from shardwright.solver.patterns.judge import Clash
from shardwright.solver.patterns.lints.beyond import beyond
from shardwright.solver.patterns.lints.dead import dead
from shardwright.solver.patterns.lints.goals import goals_of, pulling_apart
from shardwright.solver.patterns.lints.implied import implied
from shardwright.solver.patterns.lints.together import Together
from shardwright.solver.patterns.lints.waits import waiting
from shardwright.solver.patterns.lints.yielding import circles
from shardwright.solver.patterns.needs import Parts, parts_of
from shardwright.solver.patterns.sets import Finder
from shardwright.solver.patterns.space import Space


@dataclass(frozen=True)
class Analysis:
    """`reached` names the limits that were met; then there may be more than is listed."""

    conflicts: tuple[PatternConflict, ...]
    lints: tuple[Diagnostic, ...]
    policies: int
    bounds: Bounds
    reached: dict[str, int]
    seconds: float

    @property
    def certain(self) -> bool:
        """Whether some set of required rules can never hold together."""
        return any(conflict.severity == "error" for conflict in self.conflicts)

    def to_json(self) -> dict[str, Any]:
        return {
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "lints": as_json(self.lints)["diagnostics"],
            "policies": self.policies,
            "limits": self.reached,
            "timings": {"analyse": round(self.seconds, 4)},
        }


def analyse(policies: Iterable[Policy], bounds: Bounds = DEFAULT_BOUNDS) -> Analysis:
    """Every minimal conflict and every remark on a policy set, as far as the bounds."""
    return _analyse(may_apply(policies), None, bounds)


def check_changed(
    policies: Iterable[Policy], changed: Iterable[str], bounds: Bounds = CHANGED_BOUNDS
) -> Analysis:
    """The conflicts and remarks that some policies (by name) take part in, among all."""
    return _analyse(may_apply(policies), frozenset(changed), bounds)


def _analyse(policies: Sequence[Policy], changed: frozenset[str] | None, bounds: Bounds) -> Analysis:
    started = time.monotonic()
    reached, total = Reached(bounds), len(policies)
    if changed is not None:
        policies = _not_apart(policies, changed)
    statements: Sequence[Statement] = lower(policies)
    parts = parts_of(Space(policies, statements, reached), policies, statements)
    if changed is not None:
        policies, statements = _near(parts, policies, statements, changed)
        parts = parts_of(parts.space, policies, statements)
    focus = None if changed is None else [p.number for p in parts.items if p.policy.name in changed]
    finder = Finder(parts, reached, focus)
    clashes = finder.clashes()
    found = [conflict_of(parts, clash, bounds) for clash in clashes]
    conflicts = tuple(conflict for conflict in found if conflict is not None)
    lints = list(_lints(parts, finder, clashes, policies, statements, reached, changed))
    if changed is not None:
        lints = [lint for lint in lints if changed & set(_policies(lint))]
    return Analysis(
        conflicts,
        tuple(sort_diagnostics(lints)),
        total,
        bounds,
        reached.told(),
        time.monotonic() - started,
    )


def _not_apart(policies: Sequence[Policy], changed: frozenset[str]) -> Sequence[Policy]:
    """The changed policies, and those whose scopes do not plainly speak of other shards."""
    scopes = {policy.name: policy.model.scope for policy in policies}
    asked = {name: asked_of(scope.shards, scope.groups, scope.ids) for name, scope in scopes.items()}
    looked_for = [asked[name] for name in sorted(changed & asked.keys())]
    return [
        policy
        for policy in policies
        if policy.name in changed or not all(are_apart(asked[policy.name], one) for one in looked_for)
    ]


def _near(
    parts: Parts, policies: Sequence[Policy], statements: Sequence[Statement], changed: frozenset[str]
) -> tuple[Sequence[Policy], Sequence[Statement]]:
    """The changed policies, and those that may govern a shard together with one of them.

    No other one has anything to do with them. Policies whose conditions are too complex to compare are kept.
    """
    guards = [parts.guards.get(policy.name, ALL) for policy in policies]
    index, near = Index(guards), 0
    for policy, guard in zip(policies, guards, strict=True):
        if policy.name in changed:
            near |= index.meeting(guard)
    kept = set(numbers_in(near)) | {at for at, policy in enumerate(policies) if policy.name in changed}
    return [policies[at] for at in sorted(kept)], [statements[at] for at in sorted(kept)]


def _policies(lint: Diagnostic) -> list[str]:
    named = lint.data["policies"]
    assert isinstance(named, list)
    return named


def _lints(
    parts: Parts,
    finder: Finder,
    clashes: Sequence[Clash],
    policies: Sequence[Policy],
    statements: Sequence[Statement],
    reached: Reached,
    about: frozenset[str] | None,
) -> Iterable[Diagnostic]:
    yield from beyond(parts, reached.bounds)
    yield from dead(parts, policies, statements)
    yield from implied(parts, finder, about)
    yield from pulling_apart(parts, goals_of(parts, policies, statements))
    yield from circles(clashes)
    yield from waiting(parts, finder.judge, finder.alone, reached.bounds.most_conflicts, about)
    yield from Together(parts, finder, reached, about).notes()
