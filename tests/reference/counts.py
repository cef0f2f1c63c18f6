"""How many replicas the policies want of a shard, and between which bounds a placement may have."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.cluster import Cluster, Shard
from tests.reference.policy import Policy
from tests.reference.scope import governs


@dataclass(frozen=True)
class CountRule:
    """A least and a greatest count (None: no bound) and where the policy says so."""

    pointer: str
    least: int | None
    greatest: int | None
    exact: bool


@dataclass(frozen=True)
class Count:
    wanted: int
    floor: int
    ceiling: int


def count_rules(policy: Policy) -> list[CountRule]:
    """What a policy says about counts, in its placement constraints and its replication."""
    rules = []
    for pointer, said in (
        ("/actions/placement/constraints", policy.constraints),
        ("/actions/replication", policy.action("replication")),
    ):
        if "replicas" in said:
            rules.append(CountRule(f"{pointer}/replicas", said["replicas"], said["replicas"], True))
        if "min_replicas" in said:
            rules.append(CountRule(f"{pointer}/min_replicas", said["min_replicas"], None, False))
        if "max_replicas" in said:
            rules.append(CountRule(f"{pointer}/max_replicas", None, said["max_replicas"], False))
    return rules


def decides_count(policy: Policy) -> bool:
    return bool(count_rules(policy))


def counting(policies: list[Policy], shard: Shard, cluster: Cluster) -> list[Policy]:
    """The policies that decide this shard's count; their guards see the shard's own replicas."""
    return [p for p in policies if decides_count(p) and governs(p, shard, shard.replicas, cluster)]


def ignored(policy: Policy, rule: CountRule, others: list[Policy]) -> bool:
    """An exact count that is not required gives way to a more important exact count."""
    if not rule.exact or policy.enforcement == "required":
        return False
    exact = [other for other in others if any(said.exact for said in count_rules(other))]
    return any(other.priority < policy.priority for other in exact)


def remaining(policies: list[Policy], shard: Shard, cluster: Cluster) -> list[tuple[Policy, CountRule]]:
    """The count rules that are not ignored for this shard."""
    speaking = counting(policies, shard, cluster)
    said = [(policy, rule) for policy in speaking for rule in count_rules(policy)]
    return [(policy, rule) for policy, rule in said if not ignored(policy, rule, speaking)]


def count_of(policies: list[Policy], shard: Shard, cluster: Cluster) -> Count:
    rules = [rule for _, rule in remaining(policies, shard, cluster)]
    low = max((rule.least for rule in rules if rule.least is not None), default=None)
    high = min((rule.greatest for rule in rules if rule.greatest is not None), default=None)
    wanted = shard.replicas if high is None else min(shard.replicas, high)
    wanted = wanted if low is None else max(wanted, low)
    floor = min(shard.replicas, wanted) if high is None else min(shard.replicas, wanted, high)
    return Count(wanted=wanted, floor=floor, ceiling=wanted)
