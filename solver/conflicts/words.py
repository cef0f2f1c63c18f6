"""Reasons and facts of conflicts in words: one function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shardwright.grammar.demands import count_of_replicas
from shardwright.grammar.rules import NODE
from shardwright.solver.conflicts.reasons import (
    Alone,
    Clash,
    Counts,
    Crowd,
    Fact,
    FewPlaces,
    GroupTooHeavy,
    Largest,
    Leaves,
    NoNode,
    Reason,
    Shortage,
    Some,
    TooFewNodes,
    TooFewValues,
    TooHeavy,
    Wants,
)


def told(record: Reason | Fact) -> str:
    """A reason or a fact as a sentence without a full stop."""
    return TELLINGS[type(record)](record)


def listing(items: tuple[str, ...]) -> str:
    """`a`, `b` and `c`, in backticks."""
    marked = [f"`{item}`" for item in items]
    return marked[0] if len(marked) == 1 else ", ".join(marked[:-1]) + " and " + marked[-1] if marked else ""


def some(things: Some) -> str:
    """Shard `a`; 2 shards: `a` and `b`; 37 shards, `a` and `b` among them."""
    if things.count == 1 and things.names:
        return f"{things.noun} `{things.names[0]}`"
    return many(things)


def many(things: Some) -> str:
    """1 node: `a`; 37 nodes, `a` and `b` among them; no nodes."""
    if not things.count:
        return f"no {things.noun}"
    plural = things.noun if things.count == 1 else f"{things.noun}s"
    if len(things.names) == things.count:
        return f"{things.count:,} {plural} ({listing(things.names)})"
    among = f" ({listing(things.names)} among them)" if things.names else ""
    return f"{things.count:,} {plural}{among}"


def quantity(amount: float) -> str:
    return f"{amount:,.6g}" if abs(amount) < 1e6 else f"{amount:,.0f}"


def _each(things: Some, singular: str, plural: str) -> str:
    return singular if things.count == 1 else plural


def _left(owners: tuple[str, ...], count: int) -> str:
    """`a` and `b` leave; or, without owners, there are."""
    if not owners:
        return "there is" if count == 1 else "there are"
    return f"{listing(owners)} {'leaves' if len(owners) < 2 else 'leave'}"


def _no_node(reason: NoNode) -> str:
    return f"{_left(reason.owners, 0)} no node for {some(reason.shards)}"


def _too_few_nodes(reason: TooFewNodes) -> str:
    nodes = "1 node" if reason.left == 1 else f"{reason.left or 'no'} nodes"
    wants = f"{some(reason.shards)} {_each(reason.shards, 'wants', 'want')}"
    each = "" if reason.shards.count == 1 else " each"
    what = f"{count_of_replicas(reason.wanted)}{each} on different nodes"
    return f"{wants} {what}, but {_left(reason.owners, reason.left)} {nodes}"


def _too_few_values(reason: TooFewValues) -> str:
    who, need = some(reason.shards), _each(reason.shards, "needs", "need")
    needs = f"{who} {need} {reason.wanted} values of {reason.key}"
    return f"{needs}, but {_left(reason.owners, reason.values.count)} {many(reason.values)}"


def _too_heavy(reason: TooHeavy) -> str:
    more = reason.shards.count - 1
    others = f" ({more:,} other shard{'s' if more > 1 else ''} likewise)" if more else ""
    where = "on one node" if reason.wanted == 1 or not reason.fitting else f"on each of {reason.wanted} nodes"
    needs = f"shard `{reason.first}` needs {quantity(reason.needs)} {reason.measure} {where}"
    under = f" under {listing(reason.owners)}" if reason.owners else ""
    if reason.node is None and not reason.fitting:
        return f"{needs}, and no node is left{under}{others}"
    if reason.fitting:
        nodes = "1 node takes" if reason.fitting == 1 else f"{reason.fitting} nodes take"
        return f"{needs}, and only {nodes} as much{under}{others}"
    largest = f"`{reason.node}`{_borne(reason.borne)}"
    return f"{needs}, the largest{under} takes {quantity(reason.takes)} ({largest}){others}"


def _borne(is_borne: bool) -> str:
    return ", which holds that much today" if is_borne else ""


def _group_too_heavy(reason: GroupTooHeavy) -> str:
    who = f"group `{reason.group}`" if reason.group is not None else f"{reason.members:,} shards"
    where = "one node" if reason.by == NODE else f"one {reason.by}"
    largest = (
        f"the largest takes {quantity(reason.takes)} (`{reason.site}`)"
        if reason.site is not None
        else "there is none"
    )
    others = (
        f" ({reason.alike:,} other group{'s' if reason.alike > 1 else ''} likewise)" if reason.alike else ""
    )
    return f"{who} needs {quantity(reason.needs)} {reason.measure} on {where}, {largest}{others}"


def _counts(reason: Counts) -> str:
    return (
        f"{listing(reason.owners)} want at least {count_of_replicas(reason.least)} and at most {reason.most} "
        f"of {some(reason.shards)}"
    )


def _crowd(reason: Crowd) -> str:
    where = "nodes" if reason.by == NODE else f"values of {reason.by}"
    need = f"{some(reason.shards)} must stand apart and need {reason.needed:,} {where}"
    return f"{need}, but have {reason.places:,}"


def _shortage(reason: Shortage) -> str:
    who = f"{some(reason.shards)} {_each(reason.shards, 'needs', 'need')}"
    need = f"{who} {quantity(reason.needs)} {reason.measure}"
    nodes = some(reason.nodes)
    under = f" under {listing(reason.owners)}" if reason.owners else ""
    takes = "take" if reason.nodes.count != 1 else "takes"
    return f"{need}, {nodes} {takes} {quantity(reason.takes)}{under}"


def _few_places(reason: FewPlaces) -> str:
    who = f"{some(reason.shards)} {_each(reason.shards, 'has', 'have')}"
    what = f"{count_of_replicas(reason.replicas)} of {quantity(reason.size)} {reason.measure} or more each"
    under = f" under {listing(reason.owners)}" if reason.owners else ""
    return f"{who} {what}, and there is room for {reason.places or 'none'} so large{under}"


def _clash(reason: Clash) -> str:
    how = "exclude each other" if len(reason.owners) > 1 else "cannot hold"
    return f"{listing(reason.owners)} {how} for {some(reason.shards)}"


def _leaves(fact: Leaves) -> str:
    return f"`{fact.owner}` leaves shard `{fact.shard}` {many(fact.nodes)} of {fact.total:,}"


def _wants(fact: Wants) -> str:
    return f"shard `{fact.shard}` wants {count_of_replicas(fact.count)}"


def _largest(fact: Largest) -> str:
    node = f"`{fact.node}`{_borne(fact.borne)}"
    return f"`{fact.owner}`: no node takes more than {quantity(fact.takes)} {fact.measure} ({node})"


def _alone(fact: Alone) -> str:
    return "no policy takes part: the cluster itself cannot hold what it is asked to"


TELLINGS: dict[type, Callable[[Any], str]] = {
    Alone: _alone,
    Clash: _clash,
    Counts: _counts,
    Crowd: _crowd,
    FewPlaces: _few_places,
    GroupTooHeavy: _group_too_heavy,
    Largest: _largest,
    Leaves: _leaves,
    NoNode: _no_node,
    Shortage: _shortage,
    TooFewNodes: _too_few_nodes,
    TooFewValues: _too_few_values,
    TooHeavy: _too_heavy,
    Wants: _wants,
}
