"""Least and greatest numbers of one policy that cannot both be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.tree import pointer
from shardwright.policies.checks.say import problem, warning
from shardwright.policies.models import Spread
from shardwright.policies.pointers import item_pointer
from shardwright.policies.policy import Policy

CONSTRAINTS = "/actions/placement/constraints"
REPLICATION = "/actions/replication"


@dataclass(frozen=True)
class Bound:
    """A number and the pointer of the value that states it."""

    amount: int
    pointer: str

    @property
    def key(self) -> str:
        return self.pointer.rpartition("/")[2]


def least_above_greatest(policy: Policy) -> list[Diagnostic]:
    """An error for each pair of a least and a greatest number that leave nothing between them."""
    pairs = [(least, most) for least in least_counts(policy) for most in greatest_counts(policy)]
    pairs += [*_per_value(policy), *_regions(policy)]
    return [_crossed(policy, least, most) for least, most in pairs if least.amount > most.amount]


def more_values_than_replicas(policy: Policy) -> list[Diagnostic]:
    """A warning where replicas shall stand in more places than there are replicas."""
    most = min(greatest_counts(policy), key=lambda bound: bound.amount, default=None)
    if most is None:
        return []
    return [_too_few(policy, wanted, most) for wanted in _values(policy) if wanted.amount > most.amount]


def least_counts(policy: Policy) -> list[Bound]:
    """What the policy says of the least number of replicas."""
    return _counts(policy, ("min_replicas", "replicas"))


def greatest_counts(policy: Policy) -> list[Bound]:
    """What the policy says of the greatest number of replicas."""
    return _counts(policy, ("max_replicas", "replicas"))


def _counts(policy: Policy, keys: tuple[str, ...]) -> list[Bound]:
    placement, replication = policy.model.actions.placement, policy.model.actions.replication
    owners = [(CONSTRAINTS, placement and placement.constraints), (REPLICATION, replication)]
    found = [(f"{base}/{key}", getattr(owner, key, None)) for base, owner in owners for key in keys]
    return [Bound(amount, where) for where, amount in found if amount is not None]


def _per_value(policy: Policy) -> Iterator[tuple[Bound, Bound]]:
    replication = policy.model.actions.replication
    for label, ranges in replication.per.items() if replication else ():
        for value, limits in ranges.items():
            base = REPLICATION + pointer("per", label, value)
            if limits.min is not None and limits.max is not None:
                yield Bound(limits.min, f"{base}/min"), Bound(limits.max, f"{base}/max")


def _regions(policy: Policy) -> Iterator[tuple[Bound, Bound]]:
    replication = policy.model.actions.replication
    regions = replication.cross_region if replication else None
    if regions and regions.min_regions is not None and regions.max_regions is not None:
        base = f"{REPLICATION}/cross_region"
        yield (
            Bound(regions.min_regions, f"{base}/min_regions"),
            Bound(regions.max_regions, f"{base}/max_regions"),
        )


def _values(policy: Policy) -> Iterator[Bound]:
    """How many different places, or replicas in named places, are asked for."""
    for base, spread in spreads(policy):
        if spread.min_values is not None:
            yield Bound(spread.min_values, f"{base}/min_values")
    replication = policy.model.actions.replication
    if replication and replication.cross_region and replication.cross_region.min_regions is not None:
        yield Bound(replication.cross_region.min_regions, f"{REPLICATION}/cross_region/min_regions")
    for label, ranges in replication.per.items() if replication else ():
        yield Bound(sum(limits.min or 0 for limits in ranges.values()), REPLICATION + pointer("per", label))


def spreads(policy: Policy) -> Iterator[tuple[str, Spread]]:
    """Every spread with its pointer."""
    placement, replication = policy.model.actions.placement, policy.model.actions.replication
    owners = [(CONSTRAINTS, placement.constraints.spread if placement else ())]
    owners.append((REPLICATION, replication.spread if replication else ()))
    for base, items in owners:
        for index, item in enumerate(items):
            yield item_pointer(policy, f"{base}/spread", index), item


def _crossed(policy: Policy, least: Bound, most: Bound) -> Diagnostic:
    message = f"`{least.key}` {least.amount} is greater than `{most.key}` {most.amount}"
    other = (policy.place(most.pointer), f"at most {most.amount}")
    return problem("E1108", message, policy.place(least.pointer), f"at least {least.amount}", others=[other])


def _too_few(policy: Policy, wanted: Bound, most: Bound) -> Diagnostic:
    replicas = "1 replica" if most.amount == 1 else f"{most.amount} replicas"
    message = f"`{wanted.key}` asks for {wanted.amount} and `{most.key}` allows at most {replicas}"
    other = (policy.place(most.pointer), f"at most {most.amount}")
    return warning("W2004", message, policy.place(wanted.pointer), f"needs {wanted.amount}", others=[other])
