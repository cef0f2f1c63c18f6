"""The answer in one sentence."""

from __future__ import annotations

from rich.text import Text

from shardwright.cluster.cluster import Cluster
from shardwright.report.words import count, line
from shardwright.solver.result import Certificate, Placement, Result

STYLES = {"optimal": "bold green", "feasible": "bold yellow", "conflict": "bold red", "unknown": "bold red"}


def headline(result: Result, cluster: Cluster) -> Text:
    """`optimal: 60 shards, 140 replicas on 12 nodes, 9 moves`, and a remark where that is not all."""
    status = (result.status, STYLES[result.status])
    if result.placement is None:
        return line(status, ": ", _nothing(result, cluster))
    moves = count(len(result.moves), "move")
    return line(status, ": ", placed(result.placement), ", ", moves, _given_up(result), _unproven(result))


def certified_headline(certificate: Certificate, placement: Placement) -> Text:
    """The same for a placement that the user brought."""
    if certificate.certified:
        return line(("certified", "bold green"), ": every required rule holds; ", placed(placement))
    broken = count(len({(item.policy, item.rule) for item in certificate.violations}), "rule")
    return line(("broken", "bold red"), f": {broken} that must hold; ", placed(placement))


def placed(placement: Placement) -> str:
    """`60 shards, 140 replicas on 12 nodes`."""
    replicas = sum(len(held) for held in placement.values())
    nodes = len({replica["node"] for held in placement.values() for replica in held})
    return f"{count(len(placement), 'shard')}, {count(replicas, 'replica')} on {count(nodes, 'node')}"


def _given_up(result: Result) -> str:
    rules = len({(item.policy, item.rule) for item in result.gave_up})
    return f"; {count(rules, 'rule')} given up" if rules else ""


def _unproven(result: Result) -> str:
    if result.status == "optimal":
        return ""
    proven = sum(level.cost <= level.bound for level in result.levels)
    return f"; {proven} of {count(len(result.levels), 'level')} proven best"


def _nothing(result: Result, cluster: Cluster) -> str:
    size = f"{count(len(cluster.shards.ids), 'shard')} on {count(len(cluster.nodes.ids), 'node')}"
    if result.status == "conflict":
        return f"no placement of {size} keeps every required rule"
    return f"a limit came before any certified placement of {size}"
