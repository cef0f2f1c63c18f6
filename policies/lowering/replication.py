"""`actions.replication`."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.rules import Replicas
from shardwright.grammar.rules import Spread as SpreadRule
from shardwright.grammar.tree import pointer
from shardwright.policies.lowering.spread import lower_spread
from shardwright.policies.lowering.stated import NodeTest, Stated
from shardwright.policies.models import CrossRegion, Replication
from shardwright.policies.policy import Policy

BASE = "/actions/replication"


def lower_replication(policy: Policy, tests: tuple[NodeTest, ...]) -> Iterator[Stated]:
    action = policy.model.actions.replication
    if action is None:
        return
    yield from _counts(action)
    for key, values in action.per.items():
        for value, count in values.items():
            yield Stated(f"{BASE}/per" + pointer(key, value), Replicas(count.min, count.max, key, value))
    yield from lower_spread(policy, f"{BASE}/spread", action.spread)
    if action.cross_region is not None:
        yield from _cross_region(action.cross_region)


def _counts(action: Replication) -> Iterator[Stated]:
    if action.replicas is not None:
        yield Stated(f"{BASE}/replicas", Replicas(action.replicas, action.replicas))
    if action.min_replicas is not None:
        yield Stated(f"{BASE}/min_replicas", Replicas(action.min_replicas, None))
    if action.max_replicas is not None:
        yield Stated(f"{BASE}/max_replicas", Replicas(None, action.max_replicas))


def _cross_region(regions: CrossRegion) -> Iterator[Stated]:
    at = f"{BASE}/cross_region"
    if regions.min_regions is not None:
        yield Stated(f"{at}/min_regions", SpreadRule("region", "min_values", regions.min_regions))
    if regions.max_regions is not None:
        yield Stated(f"{at}/max_regions", SpreadRule("region", "max_values", regions.max_regions))
