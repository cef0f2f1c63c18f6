"""Reasons and facts of conflicts in words: one function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shardwright.grammar.demands import count_of_replicas
from shardwright.grammar.rules import NODE
from shardwright.solver.conflicts.reasons import (
    Alone,
    Beyond,
    Clash,
    Closed,
    Counts,
    Crowd,
    Fact,
    FewPlaces,
    GroupTooHeavy,
    Held,
    Largest,
    Leaves,
    NoNode,
    Reason,
    Shortage,
    Shut,
    Some,
    TooFewNodes,
    TooFewReplicas,
    TooFewValues,
    TooHeavy,
    Unknown,
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
    shards = some(reason.shards)
    if reason.asking:
        asked = f"{listing(reason.asking)} {_ask(reason.asking)} replicas of {shards}"
        return f"{asked}, but {_none_left(reason, '')}"
    return _none_left(reason, shards)


def _none_left(reason: NoNode, shards: str) -> str:
    """`shards` is empty where they are told before."""
    shut = reason.shut
    if shut is None:
        return f"{_left(reason.owners, 0)} no node" + (f" for {shards}" if shards else "")
    states, to_whom = f"{either(shut.states)}{_by_name(shut)}", f" to {shards}" if shards else ""
    if not reason.owners:
        return f"no node is open{to_whom}: {'the only one is' if shut.count == 1 else 'all are'} {states}"
    which = f"that {_left(reason.owners, shut.count)}{to_whom}"
    if shut.count == 1:
        return f"the only node {which} is {states}"
    return f"{'both' if shut.count == 2 else f'all {shut.count:,}'} nodes {which} are {states}"


def _too_few_nodes(reason: TooFewNodes) -> str:
    each = "" if reason.shards.count == 1 else " each"
    count = f"{count_of_replicas(reason.wanted)}{each}"
    if reason.asking:
        wants = f"{listing(reason.asking)} {_ask(reason.asking)} {count} of {some(reason.shards)}"
    else:
        wants = f"{some(reason.shards)} {_each(reason.shards, 'wants', 'want')} {count}"
    left, closed = reason.left, ""
    if reason.shut is not None:
        left += reason.shut.count
        closed = f", {reason.shut.count:,} of them {either(reason.shut.states)}{_by_name(reason.shut)}"
    nodes = "1 node" if left == 1 else f"{left or 'no'} nodes"
    return f"{wants} on different nodes, but {_left(reason.owners, left)} {nodes}{closed}"


def _ask(owners: tuple[str, ...]) -> str:
    return _each_of(owners, "wants", "want")


def either(states: tuple[str, ...]) -> str:
    """Down; down or draining; in maintenance."""
    words = [in_state(state) for state in states]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def in_state(state: str) -> str:
    return f"in {state}" if state == "maintenance" else state


def _by_name(shut: Shut) -> str:
    """Their names, where they are few."""
    return f" ({listing(shut.names)})" if len(shut.names) == shut.count else ""


def _too_few_values(reason: TooFewValues) -> str:
    who, need = some(reason.shards), _each(reason.shards, "needs", "need")
    asked = f" with the replicas that {listing(reason.asking)} {_ask(reason.asking)}" if reason.asking else ""
    needs = f"{who} {need} {reason.wanted} values of {reason.key} under `{reason.stating}`{asked}"
    left = f"{needs}, but {_left(reason.owners, reason.values.count)} {many(reason.values)}"
    if reason.shut is None:
        return left
    nodes = "1 node is" if reason.shut.count == 1 else f"{reason.shut.count:,} nodes are"
    return f"{left} while {nodes} {either(reason.shut.states)}{_by_name(reason.shut)}"


def _too_few_replicas(reason: TooFewReplicas) -> str:
    who, need = some(reason.shards), _each(reason.shards, "needs", "need")
    have = f"{_each(reason.shards, 'has', 'have')} only {count_of_replicas(reason.replicas)}"
    each = "" if reason.shards.count == 1 else " each"
    return f"{who} {need} {reason.wanted} values of {reason.key}, but {have}{each}"


def _held(reason: Held) -> str:
    forbid = f"but {listing(reason.owners)} {_each_of(reason.owners, 'forbids', 'forbid')} that"
    first = f"shard `{reason.first}` on node `{reason.node}`"
    if reason.shards.count == 1:
        return f"`{reason.keeping}` keeps {first}, {forbid}"
    return f"`{reason.keeping}` keeps {some(reason.shards)} where they are, {forbid}: {first}"


def _each_of(owners: tuple[str, ...], singular: str, plural: str) -> str:
    return singular if len(owners) == 1 else plural


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
    places = "node" if reason.by == NODE else f"value of {reason.by}"
    needed = f"{reason.needed:,} {'nodes' if reason.by == NODE else f'values of {reason.by}'}"
    asked = f" with the replicas that {listing(reason.asking)} {_ask(reason.asking)}" if reason.asking else ""
    apart = f"`{reason.keeping}` keeps {some(reason.shards)} apart, which need {needed}{asked}"
    left = f"{reason.places:,}" if reason.places else f"no {places}"
    return f"{apart}, but {_left(reason.owners, reason.places)} {left}"


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
    if len(fact.nodes.names) < fact.nodes.count and fact.off.count < fact.nodes.count:
        return f"`{fact.owner}` keeps shard `{fact.shard}` off {many(fact.off)} of {fact.total:,}"
    return f"`{fact.owner}` leaves shard `{fact.shard}` {many(fact.nodes)} of {fact.total:,}"


def _closed(fact: Closed) -> str:
    states = (f"{many(nodes)}, {in_state(state)}" for state, nodes in fact.states)
    return f"`{fact.owner}` closes to shard `{fact.shard}`: {'; '.join(states)}"


def _wants(fact: Wants) -> str:
    return f"shard `{fact.shard}` wants {count_of_replicas(fact.count)}"


def _largest(fact: Largest) -> str:
    node = f"`{fact.node}`{_borne(fact.borne)}"
    return f"`{fact.owner}`: no node takes more than {quantity(fact.takes)} {fact.measure} ({node})"


def _unknown(fact: Unknown) -> str:
    return f"`{fact.owner}`: {'; '.join((fact.message, *fact.meant))}"


def _beyond(fact: Beyond) -> str:
    which = "least" if fact.is_least else "greatest"
    return f"`{fact.owner}`: the {which} `{fact.attribute}` is {quantity(fact.value)} (`{fact.node}`)"


def _alone(fact: Alone) -> str:
    return "no policy takes part: the cluster itself cannot hold what it is asked to"


TELLINGS: dict[type, Callable[[Any], str]] = {
    Alone: _alone,
    Beyond: _beyond,
    Clash: _clash,
    Closed: _closed,
    Counts: _counts,
    Crowd: _crowd,
    FewPlaces: _few_places,
    GroupTooHeavy: _group_too_heavy,
    Held: _held,
    Largest: _largest,
    Leaves: _leaves,
    NoNode: _no_node,
    Shortage: _shortage,
    TooFewNodes: _too_few_nodes,
    TooFewReplicas: _too_few_replicas,
    TooFewValues: _too_few_values,
    TooHeavy: _too_heavy,
    Unknown: _unknown,
    Wants: _wants,
}
