"""Whether the actions of a policy say something, and something that fits its type."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Array, Object
from shardwright.grammar.wording import listed
from shardwright.policies.checks.bounds import CONSTRAINTS, REPLICATION, spreads
from shardwright.policies.checks.say import problem, warning
from shardwright.policies.models import TYPES
from shardwright.policies.pointers import item_pointer
from shardwright.policies.policy import Policy


def no_action(policy: Policy) -> list[Diagnostic]:
    """An error for a policy without any action object."""
    if policy.model.actions.given:
        return []
    example = f'write `"actions": {{"{policy.model.type}": {{...}}}}`'
    return [
        problem(
            "E1109", "the policy has no action", policy.place("/actions"), "nothing to do", helps=[example]
        )
    ]


def other_types(policy: Policy) -> list[Diagnostic]:
    """A warning for each action object that is not of the policy's type."""
    kind = policy.model.type
    return [
        warning(
            "W2001",
            f"`{action}` is an action of another type than the policy's, `{kind}`",
            _key_place(policy, action),
            f"the policy is a `{kind}` policy",
            helps=[f"it takes part all the same; a `{action}` policy of its own says so openly"],
        )
        for action in TYPES
        if action in policy.model.actions.given and action != kind
    ]


def empty_requests(policy: Policy) -> list[Diagnostic]:
    """An error where an object is there and none of the keys that would say something."""
    found = [
        _needs_one(policy, base, "spread", ("max", "min_values", "max_skew"))
        for base, spread in spreads(policy)
        if spread.max is None and spread.min_values is None and spread.max_skew is None
    ]
    found += [_needs_one(policy, base, key, ("group", "shards")) for base, key in _targets_of_nothing(policy)]
    replication = policy.model.actions.replication
    regions = replication.cross_region if replication else None
    if regions and regions.min_regions is None and regions.max_regions is None:
        base = f"{REPLICATION}/cross_region"
        found.append(_needs_one(policy, base, "cross_region", ("min_regions", "max_regions")))
    return found


def stay_and_leave(policy: Policy) -> list[Diagnostic]:
    """An error for a migration that lets nothing leave and makes it leave."""
    migration = policy.model.actions.migration
    if not migration or not migration.stay or migration.leave is None:
        return []
    leave = (policy.place("/actions/migration/leave"), "these leave")
    stay = policy.place("/actions/migration/stay")
    return [problem("E1111", "`stay` and `leave` exclude each other", stay, "nothing leaves", others=[leave])]


def nothing_selected(policy: Policy) -> list[Diagnostic]:
    """A warning for each empty list that selects nothing at all."""
    pointers = ("/scope/groups", "/scope/ids", "/actions/load_balancing/resources")
    return [
        warning(
            "W2005",
            f"`{where.rpartition('/')[2]}` is empty and selects nothing",
            policy.place(where),
            "empty",
        )
        for where in pointers
        if _is_empty_list(policy, where)
    ]


def _is_empty_list(policy: Policy, where: str) -> bool:
    above, _, key = where.rpartition("/")
    node = policy.tree.find(above).child(key)
    return isinstance(node, Array) and not node.items


def _targets_of_nothing(policy: Policy) -> Iterator[tuple[str, str]]:
    placement = policy.model.actions.placement
    for key in ("apart_from", "together_with") if placement else ():
        for index, target in enumerate(getattr(placement.constraints, key)):  # type: ignore[union-attr]
            if target.group is None and target.shards is None:
                yield item_pointer(policy, f"{CONSTRAINTS}/{key}", index), key


def _needs_one(policy: Policy, base: str, key: str, keys: tuple[str, ...]) -> Diagnostic:
    message = f"`{key}` needs {'one of' if len(keys) > 2 else 'either'} {listed(keys)}"
    return problem("E1110", message, policy.place(base), "says nothing yet")


def _key_place(policy: Policy, action: str) -> Place:
    actions = policy.tree.find("/actions")
    member = actions.member(action) if isinstance(actions, Object) else None
    return member.key_place if member else actions.place
