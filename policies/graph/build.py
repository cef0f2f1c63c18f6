"""The dependency graph: what policies say of each other, and what one decides and another reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shardwright.grammar.syntax import Attribute, comparisons
from shardwright.policies.policy import Policy

if TYPE_CHECKING:
    from networkx import DiGraph

COUNT = "replica count"


@dataclass(frozen=True, order=True)
class Vertex:
    """A policy, or a hub: something that policies decide together and others read."""

    name: str
    is_hub: bool = False


HUB = Vertex(COUNT, is_hub=True)
Edge = tuple[Vertex, Vertex, str]


def build(policies: Iterable[Policy]) -> DiGraph[Vertex]:
    """Edges lead from what is needed to who needs it; the attribute `why` says how.

    All that decide a replica count lead to one hub, and the hub to all that read it: n + m edges, not n x m.
    """
    import networkx

    known = {policy.name: policy for policy in policies}
    graph: DiGraph[Vertex] = networkx.DiGraph()
    graph.add_nodes_from(Vertex(name) for name in sorted(known))
    for source, target, why in edges(known.values()):
        graph.add_edge(source, target, why=why)
    return graph


def edges(policies: Iterable[Policy]) -> list[Edge]:
    """Every edge between policies that exist, sorted."""
    known = {policy.name: policy for policy in policies}
    explicit = [edge for policy in known.values() for edge in _explicit(policy) if edge[0].name in known]
    derived = _derived(known.values())
    return sorted({edge[:2]: edge for edge in [*derived, *explicit]}.values())


def _explicit(policy: Policy) -> Iterator[Edge]:
    for name in policy.model.depends_on:
        yield Vertex(name), Vertex(policy.name), "depends_on"
    if policy.model.extends is not None:
        yield Vertex(policy.model.extends), Vertex(policy.name), "extends"


def _derived(policies: Iterable[Policy]) -> list[Edge]:
    deciding = [policy for policy in policies if decides_count(policy)]
    reading = [policy for policy in policies if reads_count(policy)]
    if not deciding or not reading:
        return []
    decisions = [(Vertex(policy.name), HUB, "decides") for policy in deciding]
    return [*decisions, *((HUB, Vertex(policy.name), "reads") for policy in reading)]


def decides_count(policy: Policy) -> bool:
    """Does it say how many replicas a shard has?"""
    actions = policy.model.actions
    placement, replication = actions.placement, actions.replication
    counts = [placement.constraints.min_replicas, placement.constraints.max_replicas] if placement else []
    counts += (
        [replication.replicas, replication.min_replicas, replication.max_replicas] if replication else []
    )
    return any(count is not None for count in counts)


def reads_count(policy: Policy) -> bool:
    """Does what it says depend on how many replicas a shard has, and does it not decide that itself?"""
    return not decides_count(policy) and (_mentions_count(policy) or _spreads(policy))


def _mentions_count(policy: Policy) -> bool:
    leaves = comparisons(policy.condition) if policy.condition is not None else ()
    sides = [side for leaf in leaves for side in (leaf.attribute, leaf.value)]
    return any(isinstance(side, Attribute) and str(side) == "shard.replicas" for side in sides)


def _spreads(policy: Policy) -> bool:
    actions = policy.model.actions
    spreads = [*actions.placement.constraints.spread] if actions.placement else []
    if actions.replication:
        spreads += actions.replication.spread
    per = bool(actions.replication and actions.replication.per)
    return per or any(item.min_values is not None or item.max_skew is not None for item in spreads)
