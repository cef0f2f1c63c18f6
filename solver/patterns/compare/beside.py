"""Clusters put beside each other, so that what is broken on one is weighed against what is on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import gcd
from typing import Any

from shardwright.solver.patterns.compare.clusters import Trial
from shardwright.solver.patterns.compare.trial import Judged, Placing
from shardwright.solver.patterns.snapshot import PLACE, PLENTY
from shardwright.solver.patterns.space import NODE_ID, Space
from shardwright.solver.problem import LevelKey

Json = dict[str, Any]
Costs = Mapping[LevelKey, int]
SHARD_ID = ("shard", "", "id")
MOST_COPIES = 6  # of one cluster


@dataclass(frozen=True)
class Choice:
    """Two placements on a cluster, and how much more the second one costs, at each level of either side."""

    trial: Trial
    placings: tuple[Placing, Placing]
    old: Costs
    new: Costs

    @property
    def key(self) -> object:
        return sorted(self.old.items()), sorted(self.new.items())


def choices(trial: Trial, judged: Sequence[tuple[Placing, Judged, Judged]]) -> Iterator[Choice]:
    """The pairs of placements, of which both sides like the first one better."""
    for one, two in combinations(judged, 2):
        found = Choice(trial, (one[0], two[0]), _more(one[1], two[1]), _more(one[2], two[2]))
        if sign(found.old) < 0:
            found = Choice(trial, (two[0], one[0]), _more(two[1], one[1]), _more(two[2], one[2]))
        if sign(found.old) > 0 and sign(found.new) > 0:
            yield found


def _more(one: Judged, two: Judged) -> Costs:
    return {level: more for level in one.costs if (more := two.costs[level] - one.costs[level])}


def sign(costs: Costs) -> int:
    """Whether costs are more or less, by the most important level at which they are not the same."""
    if not costs:
        return 0
    return 1 if costs[min(costs)] > 0 else -1


def weighed(some: Iterable[Choice]) -> list[tuple[Choice, int, Choice, int]]:
    """Choices, and how many of each, of which one side rather saves the first and the other the second."""
    known = list({repr(one.key): one for one in some}.values())
    found = []
    for one in known:
        if one.old == one.new:
            continue
        for other in known:
            if other is not one and (times := _times(one, other)) is not None:
                found.append((one, times[0], other, times[1]))
    return sorted(found, key=lambda row: row[1] + row[3])


def made_up_for(space: Space, some: Iterable[Choice]) -> Iterator[Choice]:
    """Choices beside others that cost as much the other way, at the level that both have first.

    So what a changed rule costs counts even where a more important one is broken with it.
    """
    known = list({repr(one.key): one for one in some}.values())
    for one in known:
        first = min(one.old)
        if one.old == one.new or first != min(one.new) or one.old[first] != one.new[first]:
            continue
        for other in known:
            if other.old != other.new or min(other.old) != first or one.old[first] % other.old[first]:
                continue
            times = one.old[first] // other.old[first]
            trial = beside(space, one, 1, other, times) if times <= MOST_COPIES else None
            if trial is None:
                continue
            old, new = (_added(side, 1, other.old, times) for side in (one.old, one.new))
            dearer, cheaper = trial.placings
            if sign(old) == sign(new) > 0:
                yield Choice(trial, (cheaper, dearer), old, new)
            elif sign(old) == sign(new) < 0:
                swapped = ({level: -more for level, more in costs.items()} for costs in (old, new))
                yield Choice(trial, (dearer, cheaper), *swapped)


def _times(one: Choice, other: Choice) -> tuple[int, int] | None:
    tried = {(1, 1)}
    for first, second in ((one.old, other.old), (one.new, other.new)):
        # As many as cost the same at the level that both have first.
        mine, theirs = first[min(first)], second[min(second)]
        most = gcd(mine, theirs)
        times = (theirs // most, mine // most)
        tried |= {times, (times[0] + 1, times[1]), (times[0], times[1] + 1)}
    for times in sorted(tried, key=sum):
        old, new = (
            _added(first, times[0], second, times[1])
            for first, second in ((one.old, other.old), (one.new, other.new))
        )
        if max(times) <= MOST_COPIES and sign(old) != sign(new):
            return times
    return None


def _added(one: Costs, times: int, other: Costs, others: int) -> Costs:
    """So many times one, less so many times the other."""
    levels = one.keys() | other.keys()
    both = {level: times * one.get(level, 0) - others * other.get(level, 0) for level in levels}
    return {level: more for level, more in both.items() if more}


def beside(space: Space, one: Choice, times: int, other: Choice, others: int) -> Trial | None:
    """Both clusters, several times, as one; its placements cost more at one and at the other.

    None where something that policies name would be there twice.
    """
    parts = [(one, True)] * times + [(other, False)] * others
    whole: Json = {"nodes": [], "shards": [], "links": []}
    placings: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for number, (choice, is_first) in enumerate(parts):
        document, names = _renamed(space, choice.trial.snapshot, number)
        if not _joined(whole, document):
            return None
        for at, placing in enumerate(placings):
            for shard, nodes in choice.placings[at != is_first].items():
                placing[names[shard]] = [names[node] for node in nodes]
    for node in whole["nodes"]:
        node["capacity"] = dict.fromkeys(whole.get("resources", ()), PLENTY) | node.get("capacity", {})
    return Trial({key: value for key, value in whole.items() if value}, placings)


def _renamed(space: Space, document: Json, number: int) -> tuple[Json, dict[str, str]]:
    """A cluster under names of its own, except where policies name what there is."""
    suffix = f"-{number + 1}"
    names: dict[str, str] = {}
    for kind, slot in (("nodes", NODE_ID), ("shards", SHARD_ID)):
        known = space.axes[slot].column.text_codes if slot in space.axes else {}
        for thing in document[kind]:
            names[thing["id"]] = thing["id"] if thing["id"] in known else thing["id"] + suffix
    places = {node["labels"][PLACE] for node in document["nodes"] if PLACE in node.get("labels", {})}

    def placed(labels: Json) -> Json:
        return {key: value + suffix if value in places else value for key, value in labels.items()}

    return {
        **document,
        "nodes": [
            {**node, "id": names[node["id"]], "labels": placed(node.get("labels", {}))}
            for node in document["nodes"]
        ],
        "shards": [_moved(shard, names, placed(shard.get("labels", {}))) for shard in document["shards"]],
        "links": [
            {**link, **placed({"from": link["from"], "to": link["to"]})} for link in document.get("links", [])
        ],
    }, names


def _moved(shard: Json, names: Mapping[str, str], labels: Json) -> Json:
    settled = [{**replica, "node": names[replica["node"]]} for replica in shard.get("placement", [])]
    return {**shard, "id": names[shard["id"]], "labels": labels} | ({"placement": settled} if settled else {})


def _joined(whole: Json, document: Json) -> bool:
    """Adds a cluster to others; not where they cannot be one."""
    for key in ("nodes", "shards"):
        known = {thing["id"] for thing in whole[key]}
        if any(thing["id"] in known for thing in document[key]):
            return False
        whole[key] += document[key]
    whole["links"] += document["links"]
    for key, value in document.items():
        if key in ("nodes", "shards", "links"):
            continue
        if isinstance(value, dict) and key in whole:
            if key == "metrics" and any(whole[key].get(name, told) != told for name, told in value.items()):
                return False
            whole[key] = {**whole[key], **value}
        elif whole.setdefault(key, value) != value:
            return False
    return True
