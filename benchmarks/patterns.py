"""How fast policies are compared with each other, without a cluster.

    python benchmarks/patterns.py [--policies 1000] [--changed 20] [--edits 0] [--seed 1]

Makes policies of 200 tenants that overlap, some in conflict, some redundant. Finds all conflicts and remarks
(`conflicts --policies`), those of one changed policy against all others (what the store asks before it
writes), and what a change of one of them means (`diff`); with `--edits` also what so many random edits of one
policy each mean, and how many of them stay undecided. Times are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from shardwright.api import compile
from shardwright.differing import diff
from shardwright.solver.patterns.analysis import analyse, check_changed
from shardwright.solver.patterns.compare.verdict import compare

Json = dict[str, Any]
TENANTS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policies", type=int, default=1000)
    parser.add_argument("--changed", type=int, default=20, help="policies that are changed, one at a time")
    parser.add_argument("--edits", type=int, default=0, help="random edits of one policy, one at a time")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name, value in figures(options):
        print(f"{name:<58} {value}", flush=True)


def figures(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The lines of the table."""
    random = Random(options.seed)
    documents = [policy(random, number) for number in range(options.policies)]
    took, program = timed(lambda: compile(documents))
    yield f"compile {options.policies:,} policies", f"{took:.2f} s"
    took, found = timed(lambda: analyse(program.policies))
    told = f"{len(found.conflicts)} conflicts, {len(found.lints)} remarks"
    yield f"all conflicts and remarks: {told}", f"{took:.2f} s"
    names = random.sample([document["name"] for document in documents], options.changed)
    each = [timed(lambda name=name: check_changed(program.policies, [name]))[0] for name in names]
    middle, worst = statistics.median(each) * 1000, max(each) * 1000
    yield "one changed policy against all: median, worst", f"{middle:.0f} ms, {worst:.0f} ms"
    new = with_another_region(documents)
    took, compared = timed(lambda: diff(documents, new))
    yield f"diff of one changed policy among all: {compared.verdict} ({compared.proof})", f"{took:.2f} s"
    yield from edits(random, documents, options.edits)


def edits(random: Random, documents: list[Json], count: int) -> Iterator[tuple[str, str]]:
    """What random edits mean: how many have each verdict, and how long the comparison took."""
    old, took = compile(documents).policies, defaultdict(list)
    for number in range(count):
        new = edited(random, documents, EDITS[number % len(EDITS)])
        policies = compile(new).policies
        seconds, found = timed(lambda policies=policies: compare(old, policies))
        took[f"{found.verdict} ({found.proof})"].append(seconds)
    for verdict, each in sorted(took.items()):
        told = f"{statistics.median(each):.2f} s, {max(each):.2f} s"
        yield f"random edits of one policy: {len(each)} {verdict}: median, worst", told


EDITS = ("value", "priority", "enforcement", "scope", "conditions", "weight", "remove", "add")


def edited(random: Random, documents: list[Json], key: str) -> list[Json]:
    """The policies with one of them changed in one respect."""
    at = random.randrange(len(documents))
    one, other = documents[at], policy(random, len(documents))
    if key == "remove":
        return [*documents[:at], *documents[at + 1 :]]
    if key == "add":
        return [*documents, other]
    if key == "value":
        while constraints(other).keys() != constraints(one).keys():
            other = policy(random, len(documents))
        key = "actions"
    changed = {"weight": random.randint(2, 5)} if key == "weight" else {key: other[key]}
    return [*documents[:at], one | changed, *documents[at + 1 :]]


def constraints(document: Json) -> Json:
    found: Json = document["actions"]["placement"]["constraints"]
    return found


def with_another_region(documents: list[Json]) -> list[Json]:
    """One required policy sends its shards elsewhere."""
    new = deepcopy(documents)
    for document in new:
        if document["enforcement"] == "required" and "region" in constraints(document):
            constraints(document)["region"] = "elsewhere"
            break
    return new


def policy(random: Random, number: int) -> Json:
    """A policy for one tenant, or a list of them, with one constraint."""
    tenants = [f"t{random.randrange(TENANTS)}" for _ in range(random.choice((1, 1, 3)))]
    return {
        "version": "1.0",
        "name": f"policy-{number:05}",
        "type": "placement",
        "priority": random.randint(1, 9),
        "enforcement": random.choice(("required", "required", "yielding")),
        "scope": {"shards": {"tenant": tenants}},
        "conditions": {"metric": "node.cpu_usage", "operator": "lt", "value": random.choice((70, 80, 90))},
        "actions": {"placement": {"constraints": random.choice(CONSTRAINTS)(random)}},
    }


CONSTRAINTS: tuple[Callable[[Random], Json], ...] = (
    lambda random: {"region": f"r{random.randrange(7)}"},
    lambda random: {"zone": [f"z{value}" for value in random.sample(range(6), 3)]},
    lambda random: {"min_replicas": random.randint(1, 4)},
    lambda random: {"max_replicas": random.randint(3, 6)},
    lambda random: {"spread": {"by": "zone", "max": random.randint(1, 2)}},
    lambda random: {"disk": {"not_in": [random.choice(("hdd", "tape"))]}},
)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


if __name__ == "__main__":
    main()
