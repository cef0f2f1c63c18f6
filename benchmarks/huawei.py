"""Virtual machines of a production cloud: affinity, anti-affinity and fault domains, on the fewest hosts.

    python benchmarks/huawei.py                          # all five sequences whole, 60 s each
    python benchmarks/huawei.py --hosts 171 --vms 300    # the first hosts and machines only

States the affinities as policies, solves, and checks the answer against the tables with a few lines that
know nothing of the solver. The floor is what any placement needs, hosts filled to the brim. The tables are
found in ../shared/bench/huawei_vm, or below the folder that SHARDWRIGHT_BENCH names.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, combinations
from pathlib import Path
from typing import Any

import shardwright

SEQUENCES = ("C1", "C2", "C3", "C4", "C5")

Json = dict[str, Any]


@dataclass(frozen=True)
class Host:
    name: str
    cpu: int
    ram: int
    rack: str


@dataclass(frozen=True)
class Machine:
    """`group` counts anew in each strategy, so only both together name a group."""

    name: str
    cpu: int
    ram: int
    strategy: str
    group: str
    domain: str


def bench_folder() -> Path:
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "bench"
    return Path(os.environ.get("SHARDWRIGHT_BENCH", beside)) / "huawei_vm"


def read_hosts(folder: Path, count: int | None = None) -> list[Host]:
    """Row i of the capacities is host-i; the halves of a host are added."""
    racks = {row["host_id"]: row["rack_id"] for row in table(folder / "topology_provider.csv")}
    rows = table(folder / "PM_res.csv")[:count]
    return [
        Host(
            f"host-{at}",
            int(row["CPU1"]) + int(row["CPU2"]),
            int(row["RAM1"]) + int(row["RAM2"]),
            racks[f"host-{at}"],
        )
        for at, row in enumerate(rows)
    ]


def read_machines(folder: Path, sequence: str, count: int | None = None) -> list[Machine]:
    rows = table(folder / f"VM_data_{sequence}.csv")[:count]
    return [
        Machine(
            f"vm-{at:04d}",
            int(row["flavor_vcpus"]),
            int(row["flavor_ram"]),
            row["strategy"],
            row["group"],
            row["domain"],
        )
        for at, row in enumerate(rows)
    ]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def snapshot(sequence: str, hosts: list[Host], machines: list[Machine]) -> Json:
    """Machines are shards with one replica and without a placement."""
    return {
        "version": "1.0",
        "name": f"huawei-{sequence}-{len(hosts)}x{len(machines)}",
        "resources": {"cpu": {"unit": "cores"}, "ram": {"unit": "GiB"}},
        "topology": ["rack"],
        "nodes": [
            {"id": host.name, "labels": {"rack": host.rack}, "capacity": {"cpu": host.cpu, "ram": host.ram}}
            for host in hosts
        ],
        "shards": [shard(machine) for machine in machines],
    }


def shard(machine: Machine) -> Json:
    document: Json = {"id": machine.name, "load": {"cpu": machine.cpu, "ram": machine.ram}}
    if machine.strategy:
        document["group"] = f"{machine.strategy}/{machine.group}"
        document["labels"] = {"strategy": machine.strategy}
    if machine.domain:
        document.setdefault("labels", {})["domain"] = machine.domain
    return document


def policies(by: str = "rack") -> list[Json]:
    """The rules of the three kinds of groups, affinity by rack or by node; the fewest hosts as the goal."""
    apart = {"apart_from": {"group": "same", "by": "node"}}
    together = {"together_with": {"group": "same", "by": by}}
    domains = {"apart_from": {"group": "same", "differing_in": "domain", "by": "rack"}}
    return [
        rule("anti-affinity", "Machines of an anti-affinity group never share a host", apart),
        rule("affinity", f"Machines of an affinity group share a {by}", together),
        rule("fault_domain", "Different fault domains of a group never share a rack", domains),
        {
            "version": "1.0",
            "name": "fewest-hosts",
            "description": "As many hosts as possible stay empty",
            "type": "cost_optimization",
            "priority": 2,
            "actions": {"cost_optimization": {"consolidate": True}},
        },
    ]


def rule(strategy: str, description: str, constraints: Json) -> Json:
    return {
        "version": "1.0",
        "name": strategy.replace("_", "-"),
        "description": description,
        "type": "placement",
        "priority": 1,
        "enforcement": "required",
        "scope": {"shards": {"strategy": strategy}},
        "actions": {"placement": {"constraints": constraints}},
    }


def mistakes(hosts: list[Host], machines: list[Machine], where: dict[str, list[str]]) -> Iterator[str]:
    """Everything that a placement gets wrong, read from the tables alone."""
    known = {host.name: host for host in hosts}
    for machine in machines:
        if len(where.get(machine.name, [])) != 1 or where[machine.name][0] not in known:
            yield f"{machine.name} is on {where.get(machine.name, [])}"
            return
    at = {machine.name: known[where[machine.name][0]] for machine in machines}
    yield from overloads(hosts, machines, at)
    yield from broken_groups(machines, at)


def overloads(hosts: list[Host], machines: list[Machine], at: dict[str, Host]) -> Iterator[str]:
    held: dict[str, list[Machine]] = defaultdict(list)
    for machine in machines:
        held[at[machine.name].name].append(machine)
    for host in hosts:
        own = held[host.name]
        cpu, ram = sum(machine.cpu for machine in own), sum(machine.ram for machine in own)
        if cpu > host.cpu or ram > host.ram:
            yield f"{host.name} holds {cpu} cores and {ram} GiB, but has {host.cpu} and {host.ram}"


def broken_groups(machines: list[Machine], at: dict[str, Host]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Machine]] = defaultdict(list)
    for machine in machines:
        if machine.strategy:
            groups[machine.strategy, machine.group].append(machine)
    for (strategy, group), members in groups.items():
        for one, other in combinations(members, 2):
            if breaks(strategy, one, other, at[one.name], at[other.name]):
                yield f"{strategy} group {group}: {one.name} and {other.name}"


def breaks(strategy: str, one: Machine, other: Machine, here: Host, there: Host) -> bool:
    if strategy == "anti-affinity":
        return here.name == there.name
    if strategy == "affinity":
        return here.rack != there.rack
    return one.domain != other.domain and here.rack == there.rack


def floor(hosts: list[Host], machines: list[Machine]) -> int:
    """Hosts that any placement needs: enough for all cores, for all memory, and for the largest group of
    which no two share a host."""
    apart = Counter(machine.group for machine in machines if machine.strategy == "anti-affinity")
    cores = enough([host.cpu for host in hosts], sum(machine.cpu for machine in machines))
    memory = enough([host.ram for host in hosts], sum(machine.ram for machine in machines))
    return max(cores, memory, *apart.values(), 0)


def enough(sizes: list[int], wanted: int) -> int:
    """How many of the largest reach a sum."""
    sums = accumulate(sorted(sizes, reverse=True), initial=0)
    return next((count for count, total in enumerate(sums) if total >= wanted), len(sizes))


def solve(sequence: str, given: argparse.Namespace) -> bool:
    """Solve one sequence, print a line about it, and tell whether everything is right."""
    hosts = read_hosts(bench_folder(), given.hosts)
    machines = read_machines(bench_folder(), sequence, given.vms)
    document = snapshot(sequence, hosts, machines)
    if given.write:
        write(given.write, sequence, document, policies(given.by))
    start = time.perf_counter()
    program = shardwright.compile(policies(given.by))
    try:
        result = program.solve(
            document, time_limit=given.time_limit, seed=given.seed, strategy=given.strategy
        )
    except shardwright.DiagnosticError as error:
        print(f"{sequence}: {error} ({time.perf_counter() - start:.1f} s)", flush=True)
        return False
    seconds = time.perf_counter() - start
    where = {name: [replica["node"] for replica in some] for name, some in (result.placement or {}).items()}
    wrong = list(mistakes(hosts, machines, where))
    used = len({node for nodes in where.values() for node in nodes})
    level = next((level for level in result.levels if "fewest-hosts" in level.policy), None)
    cost = f"cost {level.cost}, bound {level.bound}" if level else "no goal reached"
    verdict = (
        "everything placed, all rules kept" if not wrong else f"{len(wrong)} mistakes, first: {wrong[0]}"
    )
    print(
        f"{sequence}: {len(machines)} machines on {used} of {len(hosts)} hosts, "
        f"floor {floor(hosts, machines)}, {cost}, "
        f"{result.status} in {seconds:.1f} s; {verdict}",
        flush=True,
    )
    return not wrong


def write(folder: Path, sequence: str, document: Json, stated: list[Json]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{sequence}.json").write_text(json.dumps(document, indent=1))
    (folder / "policies.json").write_text(json.dumps(stated, indent=2))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Place virtual machines of a production cloud.")
    parser.add_argument("--hosts", type=int, help="only the first so many")
    parser.add_argument("--vms", type=int, help="only the first so many of each sequence")
    parser.add_argument("--sequence", action="append", choices=(*SEQUENCES, "all"), help="default: all")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each sequence")
    parser.add_argument("--strategy", choices=("auto", "exact", "search"), default="auto")
    parser.add_argument(
        "--by", choices=("rack", "node"), default="rack", help="what an affinity group shares"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="DIR", help="also write snapshots and policies there")
    return parser.parse_args()


def main() -> int:
    given = options()
    if not bench_folder().is_dir():
        print(
            f"skipped: {bench_folder()} is not there (SHARDWRIGHT_BENCH names another folder)",
            file=sys.stderr,
        )
        return 0
    named = given.sequence or ["all"]
    sequences = SEQUENCES if "all" in named else tuple(dict.fromkeys(named))
    right = [solve(sequence, given) for sequence in sequences]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
