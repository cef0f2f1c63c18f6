"""Sentences about what holds on which clusters: one function for each kind of reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shardwright.grammar.demands import count_of_replicas
from shardwright.grammar.wording import quoted
from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.fits import Layout, Shard
from shardwright.solver.patterns.reasons import CountsCross, NoNode, NoRoom, Reason, TooFew
from shardwright.solver.patterns.space import NODE_ID, NOW, Space, moment


def reason_words(reason: Reason) -> str:
    """Why no topology will do."""
    return REASONS[type(reason)](reason)


def _counts_cross(reason: CountsCross) -> str:
    return f"at least {count_of_replicas(reason.least)} and at most {reason.most} at once"


def _no_node(reason: NoNode) -> str:
    return "no node can fulfil this" if reason.together == 1 else "no node can fulfil all of these at once"


def _no_room(reason: NoRoom) -> str:
    what = "nodes" if reason.slot == NODE_ID else f"values of {attribute(reason.slot)}"
    return f"{count_of_replicas(reason.replicas)} wanted, and the {what} that are allowed take {reason.room}"


def _too_few(reason: TooFew) -> str:
    return (
        f"{count_of_replicas(reason.replicas)} cannot stand at all the values of {attribute(reason.slot)} "
        "that are wanted"
    )


REASONS: dict[type, Callable[[Any], str]] = {
    CountsCross: _counts_cross,
    NoNode: _no_node,
    NoRoom: _no_room,
    TooFew: _too_few,
}


def attribute(slot: Slot) -> str:
    """An attribute as a policy names it: labels by their plain name."""
    subject, space, name = slot
    plain = space in ("labels", "metrics") or (subject == "shard" and not space)
    return quoted(name if plain else ".".join(part for part in (subject, space, name) if part))


def shard_words(space: Space, shard: Shard) -> str:
    """An example of a shard: what matters of it."""
    told = [_of_shard(space, slot, atom) for slot, atom in sorted(shard.items())]
    return "any shard" if not told else f"a shard with {_joined(told)}"


def _of_shard(space: Space, slot: Slot, atom: int) -> str:
    value = space.axes[slot].value(atom)
    if slot == NOW and isinstance(value, float):
        return f"a time such as {moment(value):%Y-%m-%d %H:%M}"
    if value is None:
        return f"no {attribute(slot)}"
    shown = int(value) if isinstance(value, float) and value == int(value) else value
    return f"{attribute(slot)} {quoted(shown)}"


STATE: Slot = ("node", "", "state")


def nodes_words(space: Space, layout: Layout) -> str:
    """The smallest set of nodes that will do: `2 nodes with region `us` and zone `a`, `b``."""
    nodes = f"{len(layout)} node" + ("s" if len(layout) != 1 else "")
    told = [
        text
        for slot in sorted({slot for node in layout for slot in node})
        if (text := _along(space, slot, layout))
    ]
    return f"{nodes} with {_joined(told)}" if told else nodes


def _along(space: Space, slot: Slot, layout: Layout) -> str:
    axis = space.axes[slot]
    places = list(dict.fromkeys(node[slot] for node in layout if slot in node))
    named = [axis.value(atom) for atom, _ in places if atom < len(axis.single) and axis.single[atom]]
    if slot == STATE and named == ["active"]:
        return ""
    if len(named) == len(places):
        shown = [int(value) if isinstance(value, float) and value == int(value) else value for value in named]
        return f"{attribute(slot)} {_joined(quoted(value) for value in shown)}"
    if slot == NODE_ID:
        return ""
    values = [axis.variant(*place) for place in places]
    if all(value is None for value in values):
        return ""
    if len(values) > 1:
        return f"{len(values)} different values of {attribute(slot)}"
    shown_value = values[0]
    if isinstance(shown_value, float) and shown_value == int(shown_value):
        shown_value = int(shown_value)
    return f"{attribute(slot)} such as {quoted(shown_value)}"


def _joined(words: Iterable[str]) -> str:
    given = list(words)
    return given[0] if len(given) == 1 else f"{', '.join(given[:-1])} and {given[-1]}"
