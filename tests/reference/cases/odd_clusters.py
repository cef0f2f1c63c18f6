"""Changes that make a small cluster odd: what the plain generator never draws, or hardly ever."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.reference.cases.clusters import GROUPS, REGIONS, STATES, TENANTS, TIERS
from tests.reference.cases.draw import Draw

Json = dict[str, Any]
TEXTS = ("5", "5.0", "true", "a/b", "a~b", "us*", "", "1e1", "x y")
SCALARS = (*TEXTS, 5, 5.0, 7.5, True, False, -1, 0)


def odd(draw: Draw, snapshot: Json) -> Json:
    """Two or three changes of a snapshot; it stays one that can be loaded."""
    changed = deepcopy(snapshot)
    for _ in range(draw.between(1, 3)):
        draw.pick(CHANGES)(draw, changed)
    return changed


def _states(draw: Draw, snapshot: Json) -> None:
    """Any state as often as any other."""
    for one in snapshot["nodes"]:
        one["state"] = draw.pick(tuple(STATES))


def _closed(draw: Draw, snapshot: Json) -> None:
    """All nodes but one, or all of them, take nothing."""
    state = draw.pick(("draining", "down", "maintenance"))
    for one in snapshot["nodes"][draw.between(0, 1) :]:
        one["state"] = state


def _no_room(draw: Draw, snapshot: Json) -> None:
    """Nodes without capacity, some of one resource only."""
    for one in draw.some(snapshot["nodes"], 1, len(snapshot["nodes"])):
        for resource in draw.some(list(one["capacity"]), 0, 2):
            one["capacity"][resource] = 0


def _no_load(draw: Draw, snapshot: Json) -> None:
    for one in draw.some(snapshot["shards"], 0, len(snapshot["shards"])):
        one["load"] = draw.pick(({}, {"cpu": 0}, {"memory": 0.5}))


def _heavy(draw: Draw, snapshot: Json) -> None:
    """A shard that no node can carry."""
    for one in draw.some(snapshot["shards"], 0, 1):
        one["load"] = {"cpu": draw.pick((40, 1000, 123456.5))}


def _counts(draw: Draw, snapshot: Json) -> None:
    """No replica at all, or more than there are nodes."""
    for one in draw.some(snapshot["shards"], 1, 2):
        one["replicas"] = draw.pick((0, 0, len(snapshot["nodes"]), len(snapshot["nodes"]) + 1))


def _settled(draw: Draw, snapshot: Json) -> None:
    """Shards that stand nowhere, or everywhere."""
    names = [one["id"] for one in snapshot["nodes"]]
    for one in draw.some(snapshot["shards"], 1, len(snapshot["shards"])):
        one["placement"] = [{"node": name} for name in draw.some(names, *draw.pick(((0, 0), (0, 9), (9, 9))))]


def _roles(draw: Draw, snapshot: Json) -> None:
    """Roles decide nothing."""
    for one in snapshot["shards"]:
        for replica in one.get("placement", []):
            replica["role"] = draw.pick(("leader", "follower", "witness", ""))


def _groups(draw: Draw, snapshot: Json) -> None:
    """All in one group, or in none, or in groups that no policy knows."""
    names = draw.pick((("orders",), (None,), ("", "same"), (*GROUPS, "elsewhere", None)))
    for one in snapshot["shards"]:
        one["group"] = draw.pick(names)


def _twins(draw: Draw, snapshot: Json) -> None:
    """Nodes and shards that only their names tell apart."""
    for key in draw.some(("nodes", "shards"), 1, 2):
        pattern = snapshot[key][0] if snapshot[key] else {}
        for one in snapshot[key]:
            one |= {
                name: deepcopy(value) for name, value in pattern.items() if name not in ("id", "placement")
            }


def _bare(draw: Draw, snapshot: Json) -> None:
    """Nothing but names; a loaded resource keeps its capacity."""
    for key in draw.some(("nodes", "shards"), 1, 2):
        keep = ("id", "capacity") if key == "nodes" else ("id", "placement")
        snapshot[key] = [{name: one[name] for name in keep if name in one} for one in snapshot[key]]


def _labels(draw: Draw, snapshot: Json) -> None:
    """Labels of any type under names that policies use, for nodes and shards."""
    names = {
        "nodes": ("region", "zone", "disk", "generation", "errors"),
        "shards": ("tier", "tenant", "weight"),
    }
    for key in draw.some(("nodes", "shards"), 1, 2):
        for one in snapshot[key]:
            for name in draw.some(names[key], 0, 2):
                one.setdefault("labels", {})[name] = draw.pick(SCALARS)


def _metrics(draw: Draw, snapshot: Json) -> None:
    """Metrics below nothing, with fractions, and under the names of labels."""
    for one in snapshot["nodes"]:
        for name in draw.some(("cpu_usage", "errors", "generation", "disk"), 0, 2):
            one.setdefault("metrics", {})[name] = draw.pick((-10, 0, 42.5, 1e-9, 1e12, 30, 30.000001))
    for one in snapshot["shards"]:
        for name in draw.some(("qps", "weight", "tier"), 0, 2):
            one.setdefault("metrics", {})[name] = draw.pick((-10, 0, 2.5, 3, 1e12))


def _resources(draw: Draw, snapshot: Json) -> None:
    """One more resource, all or none of them transient."""
    transient = draw.pick((True, False))
    snapshot["resources"] = {name: {"transient": transient} for name in ("cpu", "memory", "net")}
    for one in snapshot["nodes"]:
        one.setdefault("capacity", {})["net"] = draw.pick((0, 3, 7.25, 100))
    for one in draw.some(snapshot["shards"], 0, len(snapshot["shards"])):
        one.setdefault("load", {})["net"] = draw.pick((1, 2.75, 3))


def _safe(draw: Draw, snapshot: Json) -> None:
    for one in snapshot["nodes"]:
        one["safe"] = {r: draw.pick((0, 2, 1000)) for r in draw.some(("cpu", "memory"), 0, 2)}


def _prices(draw: Draw, snapshot: Json) -> None:
    for one in snapshot["nodes"]:
        one["cost_per_hour"] = draw.pick((0, 0.125, 7, 1000))
    for one in snapshot["shards"]:
        one["move_cost"] = draw.pick((0, 0.25, 3, 500))


def _links(draw: Draw, snapshot: Json) -> None:
    """Both ways with different numbers, without a number, to itself, to nowhere."""
    places = (*REGIONS, "us-a", "us-b", "eu-a", "nowhere")
    snapshot["links"] = [
        {"from": draw.pick(places), "to": draw.pick(places)}
        | ({"latency_ms": draw.pick((0, 0.5, 5, 20, 60))} if draw.chance(80) else {"cost_per_gb": 1})
        for _ in range(draw.between(1, 6))
    ]


def _topology(draw: Draw, snapshot: Json) -> None:
    snapshot["topology"] = draw.pick(([], ["zone", "region"], ["disk"], ["rack", "region", "zone"]))


def _time(draw: Draw, snapshot: Json) -> None:
    moments = (None, "2026-11-02T23:30:00-05:00", "2026-11-02T00:30:00+02:00", "2026-12-01T00:00:00Z")
    snapshot["taken_at"] = draw.pick(moments)


def _few(draw: Draw, snapshot: Json) -> None:
    """One node, no node, one shard, no shard."""
    key, keep = draw.pick((("nodes", 1), ("nodes", 1), ("nodes", 0), ("shards", 1), ("shards", 0)))
    snapshot[key] = snapshot[key][:keep]
    left = {one["id"] for one in snapshot["nodes"]}
    for one in snapshot["shards"]:
        one["placement"] = [replica for replica in one.get("placement", []) if replica["node"] in left]


def _similar(draw: Draw, snapshot: Json) -> None:
    """All shards have the labels that policies ask for most."""
    labels = {"tier": draw.pick(TIERS), "tenant": draw.pick(TENANTS)}
    for one in snapshot["shards"]:
        one["labels"] = dict(labels)


CHANGES: tuple[Callable[[Draw, Json], None], ...] = (
    _states, _closed, _no_room, _no_load, _heavy, _counts, _settled, _settled, _roles, _groups,
    _twins, _twins, _bare, _labels, _labels, _metrics, _resources, _safe, _prices, _links, _topology,
    _time, _few, _similar,
)  # fmt: skip
