"""What a change of a store means, before it is made: the verdict of `diff`, and on a cluster the moves.

A preview is quick: it looks at fewer clusters than `shardwright diff`, compares a large store's policies
without their neighbours, and says which of its limits it has met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shardwright.keeping.afterwards import afterwards, states_after
from shardwright.keeping.catalog import Catalog
from shardwright.keeping.plans import Plan
from shardwright.keeping.source import policies_of, taking_part

if TYPE_CHECKING:
    from shardwright.cluster.cluster import Cluster
    from shardwright.solver.patterns.compare.impact import Impact
    from shardwright.solver.patterns.compare.witness import Comparison


@dataclass(frozen=True)
class Preview:
    """How far a preview goes: in a store of more than `policies` those that change are compared alone, and
    not at all where they are more; `trials` are the clusters that are looked at for each purpose; `seconds`
    are for both answers on a given cluster together.
    """

    policies: int = 200
    trials: int = 12
    seconds: float = 30.0


PREVIEW = Preview()


@dataclass(frozen=True)
class Meaning:
    """`comparison` is None where too many policies change at once; `cut_short` are the limits that were met,
    in words.
    """

    comparison: Comparison | None
    impact: Impact | None
    cut_short: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `shardwright diff --format json`, and `cut_short`."""
        verdict = {"verdict": None} if self.comparison is None else self.comparison.to_json()
        on_cluster = None if self.impact is None else self.impact.to_json()
        return {**verdict, "on_cluster": on_cluster, "cut_short": list(self.cut_short)}


def meaning(
    plan: Plan, catalog: Catalog, cluster: Cluster | None = None, limits: Preview = PREVIEW
) -> Meaning | None:
    """What a plan's change means to all policies that take part; None where it changes nothing."""
    if not plan.request.changes:
        return None
    comparison, met = _compared(plan, catalog, limits)
    impact = None if cluster is None else _on(plan, catalog, cluster, limits)
    late = [] if impact is None else list(_hurried(impact, limits))
    return Meaning(comparison, impact, (*met, *late))


def _compared(plan: Plan, catalog: Catalog, limits: Preview) -> tuple[Comparison | None, list[str]]:
    from shardwright.solver.patterns.bounds import DEFAULT_BOUNDS
    from shardwright.solver.patterns.compare.verdict import compare

    met = []
    changed = states_after(plan).keys()
    all_of_them = len({row.name for row in taking_part(catalog)} | changed)
    if all_of_them > limits.policies:
        names = _related(plan, catalog)
        if len(names) > limits.policies:
            return None, [f"{len(names):,} policies are concerned; up to {limits.policies:,} are compared"]
        catalog = catalog.only(names)
        left = f"{all_of_them - len(names):,} of {all_of_them:,} policies were left out"
        met.append(f"{left}; up to {limits.policies:,} are compared")
    before, _ = policies_of(taking_part(catalog))
    after = afterwards(plan, catalog)
    found = compare(before, after, replace(DEFAULT_BOUNDS, most_trials=limits.trials))
    if found.proof == "bounded" and limits.trials < DEFAULT_BOUNDS.most_trials:
        met.append(f"no more than {found.trials} clusters were looked at; `shardwright diff` looks at more")
    return found, met


def _related(plan: Plan, catalog: Catalog) -> set[str]:
    """The policies that change, those that rely on them, and whatever all of these need."""
    changed = states_after(plan).keys()
    return changed | catalog.closure(catalog.dependents(changed)) | plan.request.relying.keys()


def _on(plan: Plan, catalog: Catalog, cluster: Cluster, limits: Preview) -> Impact:
    from shardwright.api import Program
    from shardwright.differing import impact

    before, _ = policies_of(taking_part(catalog))
    after = afterwards(plan, catalog)
    return impact(Program(before), Program(after), cluster, time_limit=limits.seconds)


def _hurried(found: Impact, limits: Preview) -> Iterator[str]:
    from shardwright.keeping.replay import CLOCKS

    for side, result in (("old", found.old), ("new", found.new)):
        if set(CLOCKS) & set(result.limits):
            yield f"the {side} answer on this cluster ({limits.seconds:g} s for both)"
