"""`actions.load_balancing`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shardwright.grammar.rules import Balance, Capacity, Headroom
from shardwright.grammar.tree import pointer
from shardwright.policies.lowering.stated import NodeTest, Stated
from shardwright.policies.models import LoadBalancing
from shardwright.policies.pointers import item_pointer
from shardwright.policies.policy import Policy

BASE = "/actions/load_balancing"


def lower_load_balancing(policy: Policy, tests: tuple[NodeTest, ...]) -> Iterator[Stated]:
    action = policy.model.actions.load_balancing
    if action is None:
        return
    yield from _limits(action)
    for at, headroom in enumerate(action.headroom):
        place = item_pointer(policy, f"{BASE}/headroom", at)
        yield Stated(place, Headroom(headroom.of, headroom.per, headroom.target, headroom.weight))
    if _balances(action):
        at_key = "tolerance" if "tolerance" in action.model_fields_set else "resources"
        given = at_key in action.model_fields_set
        place = f"{BASE}/{at_key}" if given else BASE
        yield Stated(place, Balance(action.resources, action.tolerance, action.over))


def _balances(action: LoadBalancing) -> bool:
    """A policy that only sets limits does not balance."""
    limits = action.max_utilization or action.safe or action.capacity or action.headroom
    return "tolerance" in action.model_fields_set or not limits


def _limits(action: LoadBalancing) -> Iterator[Stated]:
    over, resources = action.over, action.resources
    if (utilization := action.max_utilization) is not None:
        place = f"{BASE}/max_utilization"
        if utilization.every is not None:
            yield Stated(place, Capacity(resources, utilization.every, over=over))
        for resource, percent in utilization.by_resource.items():
            yield Stated(place + pointer(resource), Capacity((resource,), percent, over=over))
    if action.safe:
        yield Stated(f"{BASE}/safe", Capacity(resources, safe=True, over=over))
    if action.capacity is not None:
        percent = Decimal(100) - action.capacity.reserve
        whole = Capacity(resources, percent, over=over, everyone=True, replaces_builtin=True)
        yield Stated(f"{BASE}/capacity", whole)
