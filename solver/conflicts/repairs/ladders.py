"""Which repairs to try: ladders of changes, each from little to much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shardwright.cluster.links import latency
from shardwright.grammar.rules import NODE, Allow, Apart, Capacity, Rule, Together
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.tree import pointer_tokens
from shardwright.solver.conflicts.caps import MAX_OPTIONS
from shardwright.solver.conflicts.reasons import Reason, TooFewValues
from shardwright.solver.conflicts.repairs.kinds import Drop, Repair, Weaken, Yield

if TYPE_CHECKING:
    from shardwright.api import Case
    from shardwright.policies.policy import Policy

WHOLE = 100  # percent of a capacity


@dataclass(frozen=True)
class Ladder:
    """`steps` from little to much. `rising`: what a step removes, the next one removes too."""

    steps: Sequence[Repair]
    rising: bool


def of_policies(case: Case, rules: Sequence[Rule], reason: Reason) -> Iterator[Ladder]:
    """Weaken a rule, make its policy yield, switch it off."""
    policies = {policy.name: policy for policy in case.policies}
    seen: set[str] = set()
    for rule in rules:
        if rule.policy is None:
            continue
        policy = policies[rule.policy]
        yield from _weakened(case, rule, policy, reason)
        if policy.name not in seen:
            seen.add(policy.name)
            yield Ladder([Yield(policy.name, policy.model.priority)], True)
            yield Ladder([Drop(policy.name, policy.model.priority)], True)


def _weakened(case: Case, rule: Rule, policy: Policy, reason: Reason) -> Iterator[Ladder]:
    """Only values that stand in the policy's own text can be changed there."""
    place, own = policy.place(rule.pointer), policy.tree.place
    if place.source.name != own.source.name or place.pointer != own.pointer + rule.pointer:
        return
    old: Any = policy.tree.find(rule.pointer).plain()
    for path, rising, values in _values(case, rule, old, reason):
        key = pointer_tokens(path)[-1]
        before = old.get(key, NODE if key == "by" else 0) if isinstance(old, dict) else old
        steps = [Weaken(policy.name, policy.model.priority, path, before, new) for new in values]
        if steps:
            yield Ladder(steps, rising)


Values = tuple[str, bool, list[Any]]


def _values(case: Case, rule: Rule, old: Any, reason: Reason) -> Iterator[Values]:
    if isinstance(rule.kind, (Together, Apart)) and isinstance(old, dict):
        keys = [*case.cluster.topology, NODE]
        at = keys.index(rule.kind.by) if rule.kind.by in keys else 0
        wider, finer = keys[:at][::-1], keys[at + 1 :]
        yield f"{rule.pointer}/by", False, wider if isinstance(rule.kind, Together) else finer
    elif isinstance(rule.kind, Capacity):
        yield from _fuller(case, rule, rule.kind, old)
    elif isinstance(old, dict) and "max_ms" in old:
        yield f"{rule.pointer}/max_ms", True, _farther(case, old["from"], old["max_ms"])
    elif isinstance(old, bool):
        return
    elif isinstance(old, int):
        yield from _numbers(case, rule, old)
    elif isinstance(old, float) and 0 < old < 1:
        yield rule.pointer, True, [percent / 100 for percent in range(int(old * 100) + 1, 101)]
    elif isinstance(rule.kind, Allow) and isinstance(old, (str, list)):
        yield from _wider(case, rule, old, reason)


def _fuller(case: Case, rule: Rule, kind: Capacity, old: Any) -> Iterator[Values]:
    """A node may take more: percent by percent, or replica by replica."""
    if kind.replicas is not None:
        yield rule.pointer, True, list(range(kind.replicas + 1, len(case.cluster.shards.ids) + 1))
    elif kind.percent is not None:
        more = range(int(kind.percent) + 1, WHOLE + 1)
        if isinstance(old, dict):
            yield f"{rule.pointer}/reserve", True, [WHOLE - percent for percent in more]
        else:
            yield rule.pointer, True, list(more)


def _farther(case: Case, source: str, most: float) -> list[int | float]:
    """The latencies of nodes beyond the greatest that is allowed."""
    found = latency(case.cluster, source)
    return [int(one) if one == int(one) else one for one in np.unique(found[found > float(most)]).tolist()]


def _numbers(case: Case, rule: Rule, old: int) -> Iterator[Values]:
    """A greatest number rises, a least one falls; of others it is not known which asks for less."""
    limit = getattr(rule.kind, "limit", None)
    replicas = max(old, int(case.problem.ceiling.max(initial=0)))
    most = replicas if limit == "max" else max(replicas, len(case.cluster.nodes.ids))
    if limit != "min_values":
        yield rule.pointer, True, list(range(old + 1, most + 1))
    if limit not in ("max", "max_values", "max_skew"):
        yield rule.pointer, True, list(range(old - 1, -1, -1))


def _wider(case: Case, rule: Rule, old: str | list[Any], reason: Reason) -> Iterator[Values]:
    """More values of the label that a selector names: one more, and where none will do, several.

    Where a value looks misspelt, first what was probably meant.
    """
    values = [old] if isinstance(old, str) else old
    key = pointer_tokens(rule.pointer)[-1]
    column = case.cluster.nodes.labels.get(key)
    names = column.values if column is not None else case.cluster.nodes.ids if key == NODE else ()
    others = [name for name in names if name not in values]
    missing = reason.wanted - reason.values.count if isinstance(reason, TooFewValues) else 1
    meant = _meant(values, names)
    spelled = [] if meant is None else [meant if isinstance(old, list) else meant[0]]
    if missing == 1 or spelled:
        yield rule.pointer, False, [*spelled, *([*values, name] for name in others[:MAX_OPTIONS])]
    else:
        counts = range(missing, min(len(others), missing + MAX_OPTIONS) + 1)
        yield rule.pointer, True, [[*values, *others[:count]] for count in counts]


def _meant(values: Sequence[Any], names: Sequence[str]) -> list[Any] | None:
    """The values with those that no node has as they were probably meant; None if they are right."""
    wrong = {
        value: did_you_mean(value, names) for value in values if isinstance(value, str) and value not in names
    }
    if not any(wrong.values()):
        return None
    return list(dict.fromkeys(wrong.get(value) or value for value in values))
