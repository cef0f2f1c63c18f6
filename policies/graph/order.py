"""The order in which policies are read: what is needed comes first, then by priority, then by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shardwright.policies.graph.build import Vertex, build, edges
from shardwright.policies.policy import Policy

if TYPE_CHECKING:
    from networkx import DiGraph

EXPLICIT = ("depends_on", "extends")


def order(policies: Iterable[Policy]) -> list[Policy]:
    """Topological. An edge that the graph found itself gives way where it would close a circle."""
    known = {policy.name: policy for policy in policies}
    by_rank = sorted(known.values(), key=_rank)
    if not edges(by_rank):
        return by_rank
    import networkx

    graph = build(by_rank)
    _break_circles(graph)
    ranks = {Vertex(policy.name): _rank(policy) for policy in by_rank}
    # Hubs come as soon as they can, as if the edges through them were direct.
    ordered = networkx.lexicographical_topological_sort(graph, key=lambda vertex: ranks.get(vertex, (0, "")))
    return [known[vertex.name] for vertex in ordered if not vertex.is_hub]


def cycles(policies: Iterable[Policy]) -> list[tuple[str, ...]]:
    """Circles of depends_on and extends: one, a shortest, of each knot; each begins with its least name."""
    graph = build(policies)
    graph.remove_edges_from([edge[:2] for edge in graph.edges(data="why") if edge[2] not in EXPLICIT])
    return shortest_cycles(graph)


def circles(policies: Iterable[Policy]) -> list[tuple[str, ...]]:
    """Circles that an edge through a hub closes: no error, but the order cannot follow it."""
    policies = list(policies)
    plain = {name for cycle in cycles(policies) for name in cycle}
    return [circle for circle in shortest_cycles(build(policies)) if not plain & set(circle)]


def shortest_cycles(graph: DiGraph[Vertex]) -> list[tuple[str, ...]]:
    """One shortest cycle of each strongly connected component, hubs included by their name."""
    import networkx

    found = []
    for component in networkx.strongly_connected_components(graph):
        knot = graph.subgraph(component)
        if knot.number_of_edges():
            found.append(_shortest(knot))
    return sorted(found)


def _shortest(knot: DiGraph[Vertex]) -> tuple[str, ...]:
    import networkx

    loops = sorted(vertex.name for vertex in networkx.nodes_with_selfloops(knot))
    if loops:
        return (loops[0],)
    start = min(vertex for vertex in knot if not vertex.is_hub)
    ways = [networkx.shortest_path(knot, after, start) for after in sorted(knot.successors(start))]
    way = min(ways, key=len)
    return (start.name, *(vertex.name for vertex in way[:-1]))


def _break_circles(graph: DiGraph[Vertex]) -> None:
    """Drop the derived edges of each knot; if it is a knot all the same, the explicit ones too."""
    for droppable in (("decides", "reads"), EXPLICIT):
        for source, target, why in _knotted(graph):
            if why in droppable:
                graph.remove_edge(source, target)


def _knotted(graph: DiGraph[Vertex]) -> list[tuple[Vertex, Vertex, str]]:
    import networkx

    knot_of = {
        vertex: number
        for number, component in enumerate(networkx.strongly_connected_components(graph))
        for vertex in component
    }
    return [edge for edge in graph.edges(data="why") if knot_of[edge[0]] == knot_of[edge[1]]]


def _rank(policy: Policy) -> tuple[int, str]:
    return policy.model.priority, policy.name
