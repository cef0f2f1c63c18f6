"""The checker of the virtual machine benchmark sees every kind of mistake, and its policies are policies."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from shardwright.cluster.load import cluster_from
from shardwright.policies.load import load_text

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "huawei.py"


@pytest.fixture(scope="module")
def huawei() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_huawei", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MACHINES = {
    "a": ("anti-affinity", "0", ""),
    "b": ("anti-affinity", "0", ""),
    "c": ("affinity", "0", ""),
    "d": ("affinity", "0", ""),
    "e": ("fault_domain", "0", "1"),
    "f": ("fault_domain", "0", "2"),
    "g": ("fault_domain", "0", "2"),
}
RIGHT = {"a": "h0", "b": "h1", "c": "h0", "d": "h1", "e": "h0", "f": "h2", "g": "h3"}


def mistakes(huawei: ModuleType, changes: dict[str, str | None]) -> list[str]:
    """What the checker says of the right placement with some machines elsewhere (None: nowhere)."""
    hosts = [huawei.Host(f"h{at}", 4, 8, f"r{at // 2}") for at in range(4)]
    machines = [huawei.Machine(name, 1, 2, *group) for name, group in MACHINES.items()]
    where = {name: [host] for name, host in (RIGHT | changes).items() if host is not None}
    return list(huawei.mistakes(hosts, machines, where))


def test_a_right_placement_has_no_mistakes(huawei: ModuleType) -> None:
    assert mistakes(huawei, {}) == []


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"a": None}, "a is on []"),
        ({"a": "h9"}, "a is on ['h9']"),
        ({"b": "h0"}, "anti-affinity group 0: a and b"),
        ({"d": "h2"}, "affinity group 0: c and d"),
        ({"e": "h3"}, "fault_domain group 0: e and f"),
        ({"b": "h2", "c": "h3", "d": "h3"}, None),
        ({"a": "h0", "c": "h0", "d": "h0", "e": "h0", "b": "h1"}, None),
    ],
)
def test_mistakes_are_seen(changes: dict[str, str | None], mistake: str | None, huawei: ModuleType) -> None:
    found = mistakes(huawei, changes)
    assert found == [] if mistake is None else mistake in found


def test_an_overloaded_host_is_seen(huawei: ModuleType) -> None:
    changes: dict[str, str | None] = {"c": "h2", "d": "h2", "f": "h2", "g": "h2", "b": "h2"}
    assert mistakes(huawei, changes) == ["h2 holds 5 cores and 10 GiB, but has 4 and 8"]


def test_the_floor_counts_what_any_placement_needs(huawei: ModuleType) -> None:
    hosts = [huawei.Host(f"h{at}", cpu, 8, "r0") for at, cpu in enumerate((4, 2, 6))]
    small = [huawei.Machine(f"m{at}", 1, 1, "", "", "") for at in range(3)]
    assert huawei.floor(hosts, small) == 1
    assert huawei.floor(hosts, [huawei.Machine("large", 7, 1, "", "", "")]) == 2
    assert huawei.floor(hosts, [huawei.Machine("wide", 1, 17, "", "", "")]) == 3
    apart = [huawei.Machine(f"m{at}", 1, 1, "anti-affinity", "0", "") for at in range(3)]
    assert huawei.floor(hosts, apart) == 3
    assert huawei.floor(hosts, []) == 0


def test_the_rules_are_policies_without_complaints(huawei: ModuleType) -> None:
    policies, problems = load_text(json.dumps(huawei.policies()))
    assert problems == []
    assert {policy.name for policy in policies.policies} == {
        "anti-affinity",
        "affinity",
        "fault-domain",
        "fewest-hosts",
    }


def test_the_tables_become_a_cluster(huawei: ModuleType) -> None:
    folder = huawei.bench_folder()
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    hosts = huawei.read_hosts(folder, 171)
    assert hosts[0] == huawei.Host("host-0", 48, 96, "0.0")
    for sequence in huawei.SEQUENCES:
        machines = huawei.read_machines(folder, sequence, 300)
        cluster = cluster_from(huawei.snapshot(sequence, hosts, machines))
        assert (len(cluster.nodes.ids), len(cluster.shards.ids)) == (171, 300)
        assert cluster.shards.load[:, 0].sum() == sum(machine.cpu for machine in machines)
        groups = {(machine.strategy, machine.group) for machine in machines if machine.strategy}
        assert len(cluster.shards.group.values) == len(groups)
