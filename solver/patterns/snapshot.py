"""Examples as a snapshot: shards and nodes that stand for what the policies can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shardwright.cluster.constants import TIME
from shardwright.grammar.rules import Headroom, Statement
from shardwright.solver.patterns.axes import Slot, Value
from shardwright.solver.patterns.fits import NodeSample, Shard
from shardwright.solver.patterns.space import NODE_ID, NOW, Space, moment

Json = dict[str, Any]
BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLENTY = 1000  # the capacity of a node where no policy speaks of it


def snapshot(
    space: Space,
    statements: Sequence[Statement],
    shards: Sequence[Shard],
    nodes: Iterable[NodeSample],
    replicas: int = 1,
) -> Json:
    """A cluster of these shards, without load or placement, and nodes (equal ones as often as given).

    `replicas` is how many a shard asks for that is not said to ask for others.
    """
    samples = list(nodes)
    resources = _resources(space, statements)
    document: Json = {"version": "1.0", "name": "witness"}
    if (taken := _taken_at(space, shards)) is not None:
        document["taken_at"] = taken
    document |= _topology(samples)
    document["resources"] = {name: {} for name in resources}
    document["nodes"] = list(_nodes(space, samples, resources))
    asking = {"replicas": replicas} if replicas > 1 else {}
    document["shards"] = [asking | shard for shard in _shards(space, shards)]
    document["links"] = list(_links(space, samples))
    document["metrics"] = _constants(space, shards)
    return {key: value for key, value in document.items() if value not in ({}, [])}


def _resources(space: Space, statements: Iterable[Statement]) -> list[str]:
    found = {slot[2] for slot in space.axes if slot[1] in ("capacity", "load", "safe")}
    for rule in (rule for statement in statements for rule in statement.rules):
        found.update(getattr(rule.kind, "resources", None) or ())
        if isinstance(rule.kind, Headroom):
            found |= {rule.kind.of, rule.kind.per}
    return sorted(found)


def _nodes(space: Space, samples: list[NodeSample], resources: list[str]) -> Iterator[Json]:
    named = (
        {str(space.axes[NODE_ID].value(at)) for at in range(space.axes[NODE_ID].size)}
        if (NODE_ID in space.axes)
        else set()
    )
    names = (name for name in (f"n{at}" for at in range(1, 10**9)) if name not in named)
    for number, sample in enumerate(samples):
        node: Json = {"id": "", "labels": {}}
        capacity: Json = dict.fromkeys(resources, PLENTY)
        metrics: Json = {}
        safe: Json = {}
        for slot, place in sorted(sample.items()):
            value = space.axes[slot].variant(*place)
            if value is None:
                continue
            match slot[1]:
                case "labels" if isinstance(value, str):
                    node["labels"][slot[2]] = value
                case "labels":
                    metrics[slot[2]] = _number(value)
                case "metrics":
                    metrics[slot[2]] = _number(value)
                case "capacity":
                    capacity[slot[2]] = _number(value)
                case "safe":
                    safe[slot[2]] = _number(value)
                case "latency":
                    node["labels"][PLACE] = _place(number)
                case _:
                    fresh = slot == NODE_ID and not space.axes[slot].single[place[0]]
                    node[slot[2]] = "" if fresh else _number(value)
        node["id"] = node["id"] or next(names)
        extra = {"capacity": capacity, "metrics": metrics, "safe": safe}
        yield node | {key: value for key, value in extra.items() if value}


PLACE = "place"


def _place(number: int) -> str:
    return f"place-{number + 1}"


def _topology(samples: list[NodeSample]) -> Json:
    """Nodes at a stated distance from somewhere stand in places of their own."""
    far = any(slot[1] == "latency" for sample in samples for slot in sample)
    return {"topology": [PLACE]} if far else {}


def _links(space: Space, samples: list[NodeSample]) -> Iterator[Json]:
    for number, sample in enumerate(samples):
        for slot, place in sorted(sample.items()):
            value = space.axes[slot].value(place[0]) if slot[1] == "latency" else None
            if value is not None:
                yield {"from": slot[2], "to": _place(number), "latency_ms": _number(value)}


def _shards(space: Space, samples: Iterable[Shard]) -> Iterator[Json]:
    ids: set[str] = set()
    slot_id: Slot = ("shard", "", "id")
    known = space.axes[slot_id].column.text_codes if slot_id in space.axes else {}
    names = (name for name in (f"s{at}" for at in range(1, 10**9)) if name not in known)
    for sample in samples:
        shard: Json = {"id": "", "labels": {}}
        more: dict[str, Json] = {"metrics": {}, "load": {}}
        for slot, atom in sorted(sample.items()):
            value = space.axes[slot].value(atom)
            if slot[0] != "shard" or value is None:
                continue
            if slot[1] == "labels" and isinstance(value, str):
                shard["labels"][slot[2]] = value
            elif slot[1] == "labels":
                more["metrics"][slot[2]] = _number(value)
            elif slot[1] in more:
                more[slot[1]][slot[2]] = _number(value)
            elif slot != slot_id or (space.axes[slot].single[atom] and value not in ids):
                shard[slot[2]] = _number(value)
        shard["id"] = shard["id"] or next(names)
        ids.add(shard["id"])
        yield shard | {key: value for key, value in more.items() if value}


def _constants(space: Space, shards: Iterable[Shard]) -> Json:
    found: Json = {}
    for sample in shards:
        for slot, atom in sample.items():
            value = space.axes[slot].value(atom)
            if slot[0] == "cluster" and value is not None:
                found[slot[2]] = _number(value)
    return found


def _taken_at(space: Space, shards: Iterable[Shard]) -> str | None:
    """A time with everything that the policies ask of it; None if they ask nothing."""
    wanted = {
        slot: space.axes[slot].value(atom)
        for sample in shards
        for slot, atom in sample.items()
        if slot[0] == "time"
    }
    if not wanted:
        return None
    now = wanted.pop(NOW, None)
    start = moment(now) if isinstance(now, float) else BEGINNING
    for step in _steps(wanted):
        time = start + step
        if all(TIME[slot[2]](time) == value for slot, value in wanted.items()):
            return time.isoformat().replace("+00:00", "Z")
    return start.isoformat().replace("+00:00", "Z")


def _steps(wanted: dict[Slot, Value]) -> Iterator[timedelta]:
    """The moments that are tried: every day of some years, at every minute that is asked for."""
    hours = range(24) if any(slot[2] == "hour" for slot in wanted) else (0,)
    minutes = range(60) if any(slot[2] == "minute" for slot in wanted) else (0,)
    far = any(slot[2] in ("day", "month", "year", "weekday") for slot in wanted)
    for day in range(366 * 5 if far else 1):
        for hour in hours:
            for minute in minutes:
                yield timedelta(days=day, hours=hour, minutes=minute)


def _number(value: Value) -> Value:
    """Whole numbers without a point, as a person would write them."""
    return int(value) if isinstance(value, float) and value == int(value) else value
