"""Random changes of policies, and what random clusters say of the verdict on them.

    python -m tests.patterns.comparing [--changes 500] [--clusters 10] [--seed 1]

The clusters here are made without the code that is under test, and both sides are judged by the certificate.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import combinations
from random import Random
from typing import Any

import shardwright
from shardwright.solver.patterns.compare.trial import Court, Judged
from shardwright.solver.patterns.compare.verdict import compare
from shardwright.solver.patterns.compare.witness import Comparison
from tests.solver.making import constrained, policy

Json = dict[str, Any]
ZONES, TIERS, DISKS = ("a", "b", "c"), ("gold", "tin"), ("ssd", "hdd")


def random_policy(random: Random, name: str) -> Json:
    made: Json = random.choice(KINDS)(random, name)
    made["priority"] = random.randint(1, 3)
    if random.random() < 0.5:
        made["scope"] = {"shards": {"tier": random.choice((*TIERS, list(TIERS)))}}
    if random.random() < 0.3:
        made["conditions"] = {"metric": "node.cpu_usage", "operator": "lt", "value": random.choice((50, 80))}
    return made


def _constraint(random: Random, name: str) -> Json:
    chosen = random.choice(
        (
            {"zone": random.sample(ZONES, random.randint(1, 2))},
            {"zone": {"not_in": [random.choice(ZONES)]}},
            {"disk": random.choice(DISKS)},
            {"min_replicas": random.randint(1, 3)},
            {"max_replicas": random.randint(1, 3)},
            {"spread": {"by": "zone", "max": random.randint(1, 2)}},
            {"spread": {"by": "zone", "min_values": random.randint(1, 2)}},
            {"apart_from": {"group": "same"}},
            {"together_with": {"group": "same"}},
            {"max_per_node": random.randint(1, 2)},
        )
    )
    return constrained(name, random.choice(("required", "required", "yielding")), **deepcopy(chosen))


def _preference(random: Random, name: str) -> Json:
    liked = {"labels": {"disk": random.choice(DISKS)}, "weight": random.randint(1, 3)}
    return policy(name, "placement", {"preferences": [liked]})


def _balance(random: Random, name: str) -> Json:
    return policy(name, "load_balancing", {"resources": ["cpu"], "tolerance": random.choice((0, 20))})


def _leave(random: Random, name: str) -> Json:
    leave = {"leave": {"disk": random.choice(DISKS)}}
    return policy(name, "migration", leave, enforcement=random.choice(("required", "yielding")))


KINDS: tuple[Callable[[Random, str], Json], ...] = (
    _constraint,
    _constraint,
    _constraint,
    _preference,
    _balance,
    _leave,
)


def changed(random: Random, old: list[Json]) -> list[Json]:
    """The policies after one edit; some edits change words only."""
    new = deepcopy(old)
    at = random.randrange(len(new))
    one = new[at]
    match random.randrange(8):
        case 0:
            one["name"] = "renamed"
        case 1 if one.get("scope", {}).get("shards", {}).get("tier") == list(TIERS):
            new += [one | {"name": "second", "scope": {"shards": {"tier": "tin"}}}]
            one["scope"] = {"shards": {"tier": "gold"}}
        case 2 if "conditions" in one:
            one["conditions"] = {"not": {"expr": f"node.cpu_usage >= {one['conditions']['value']}"}}
        case 3:
            del new[at]
        case 4:
            one["priority"] = random.randint(1, 3)
        case 5:
            one["enforcement"] = random.choice(("required", "yielding"))
        case 6:
            new.append(random_policy(random, "new"))
        case _:
            new[at] = random_policy(random, one["name"])
    return new


def random_cluster(random: Random) -> Json:
    nodes = [_node(random, f"n{number}") for number in range(random.randint(1, 4))]
    names = [node["id"] for node in nodes]
    shards = [_shard(random, f"s{number}", names) for number in range(random.randint(1, 3))]
    return {"version": "1.0", "name": "drawn", "resources": {"cpu": {}}, "nodes": nodes, "shards": shards}


def _node(random: Random, name: str) -> Json:
    labels = {"zone": random.choice(ZONES), "disk": random.choice(DISKS)}
    return {
        "id": name,
        "labels": {key: value for key, value in labels.items() if random.random() < 0.9},
        "capacity": {"cpu": random.choice((4, 10))},
        "metrics": {"cpu_usage": random.choice((20, 50, 60, 80, 90))} if random.random() < 0.9 else {},
    }


def _shard(random: Random, name: str, nodes: list[str]) -> Json:
    made: Json = {
        "id": name,
        "group": random.choice(("g", "h")),
        "labels": {"tier": random.choice(TIERS)} if random.random() < 0.9 else {},
        "replicas": random.randint(1, 2),
        "load": {"cpu": random.randint(0, 3)},
    }
    if random.random() < 0.5:
        made["placement"] = [{"node": random.choice(nodes)}]
    return made


def random_placement(random: Random, cluster: Json) -> dict[str, list[str]]:
    names = [node["id"] for node in cluster["nodes"]]
    return {
        shard["id"]: sorted(random.sample(names, min(len(names), random.randint(1, 3))))
        for shard in cluster["shards"]
    }


def usable(documents: list[Json]) -> Any:
    return shardwright.compile(documents).policies


def objections(found: Comparison, old: Any, new: Any, random: Random, clusters: int) -> Iterator[str]:
    """What speaks against a verdict: witnesses that do not separate, clusters that show something else."""
    for witness in found.witnesses:
        courts = Court(old, witness.snapshot), Court(new, witness.snapshot)
        placings = [one for one in (witness.placing, witness.second) if one is not None]
        judged = [[court.judge(one) for one in placings] for court in courts]
        if not separates(witness.shows, judged):
            yield f"the witness of {witness.shows} does not separate"
    if found.verdict == "undecided" or found.proof == "bounded":
        return
    for _ in range(clusters):
        cluster = random_cluster(random)
        before, after = Court(old, cluster), Court(new, cluster)
        placings = [random_placement(random, cluster) for _ in range(6)]
        yield from _against(found.verdict, [(before.judge(one), after.judge(one)) for one in placings])


def separates(shows: str, judged: list[list[Judged]]) -> bool:
    old, new = judged
    if shows == "prefers":
        return rank(*old) != rank(*new)
    strict, loose = (new[0], old[0]) if shows == "stricter" else (old[0], new[0])
    if strict.admissible != loose.admissible:
        return loose.admissible
    return loose.kept and not strict.kept


def rank(first: Judged, second: Judged) -> int:
    return (first.goals > second.goals) - (first.goals < second.goals)


def _against(verdict: str, pairs: list[tuple[Judged, Judged]]) -> Iterator[str]:
    for old, new in pairs:
        if verdict in ("equivalent", "stricter") and (new.admissible, new.kept) > (old.admissible, old.kept):
            yield f"{verdict}, and yet the new side allows what the old one does not"
        if verdict in ("equivalent", "looser") and (old.admissible, old.kept) > (new.admissible, new.kept):
            yield f"{verdict}, and yet the old side allows what the new one does not"
    if verdict == "equivalent":
        fit = [pair for pair in pairs if pair[0].admissible]
        for one, two in combinations(fit, 2):
            if rank(one[0], two[0]) != rank(one[1], two[1]):
                yield "equivalent, and yet two placements are ranked differently"


def trial(seed: int, clusters: int) -> tuple[Comparison, list[str], list[Json], list[Json]]:
    """A random change, the verdict on it, and what speaks against it."""
    random = Random(seed)
    old = [random_policy(random, f"p{number}") for number in range(random.randint(1, 3))]
    new = changed(random, old)
    before, after = usable(old), usable(new)
    found = compare(before, after)
    return found, list(objections(found, before, after, random, clusters)), old, new


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=500)
    parser.add_argument("--clusters", type=int, default=10, help="for each change")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdicts: Counter[str] = Counter()
    wrong, looked = 0, 0
    started = time.process_time()
    for seed in range(options.seed, options.seed + options.changes):
        found, against, old, new = trial(seed, options.clusters)
        verdicts[f"{found.verdict} ({found.proof})"] += 1
        looked += options.clusters if found.proof != "bounded" else 0
        if against:
            wrong += 1
            print(json.dumps({"seed": seed, "against": against[0], "old": old, "new": new}), flush=True)
    for name, times in sorted(verdicts.items()):
        print(f"{name:<24} {times}")
    seconds = time.process_time() - started
    print(f"{options.changes} changes, {looked:,} clusters: {wrong} verdicts refuted; {seconds:.0f} s")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
