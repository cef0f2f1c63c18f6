"""What policies say of each other: dependencies that do not exist, and circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Array, Leaf, Node
from shardwright.policies.checks.say import meant, problem, warning
from shardwright.policies.family import Heir

WORDS = {"depends_on": "depends on", "extends": "extends"}


@dataclass(frozen=True)
class Reference:
    """`source` needs `target`, by a key of its text at a place."""

    source: str
    target: str
    key: str
    place: Place


def references(heirs: Iterable[Heir]) -> list[Reference]:
    """Every depends_on and extends of named policies, also of those with errors elsewhere."""
    return [
        Reference(heir.name, target, key, place)
        for heir in heirs
        if heir.name is not None
        for key in WORDS
        for target, place in _names(heir.tree.child(key))
    ]


def unknown_dependencies(heirs: Sequence[Heir], lost: set[str]) -> list[Diagnostic]:
    """A warning for each name in depends_on that no policy has."""
    names = {heir.name for heir in heirs if heir.name is not None}
    return [
        _unknown(reference, names)
        for reference in references(heirs)
        if reference.key == "depends_on" and reference.target not in names | lost
    ]


def circles(heirs: Sequence[Heir]) -> list[Diagnostic]:
    """An error for each circle, with every step of it."""
    found = references(heirs)
    if not _has_circle(found):
        return []
    # networkx takes a while to import, and nearly every policy set has no circle.
    import networkx

    from shardwright.policies.graph.build import Vertex
    from shardwright.policies.graph.order import shortest_cycles

    graph = networkx.DiGraph([(Vertex(item.source), Vertex(item.target)) for item in found])
    return [_circle(cycle, found) for cycle in shortest_cycles(graph)]


def _has_circle(found: list[Reference]) -> bool:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for item in found:
        sorter.add(item.source, item.target)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


def _circle(cycle: tuple[str, ...], found: list[Reference]) -> Diagnostic:
    steps = [
        _step(source, target, found) for source, target in zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    ]
    told = ", ".join(f"`{step.source}` {WORDS[step.key]} `{step.target}`" for step in steps)
    others = [(step.place, f"`{step.source}` {WORDS[step.key]} `{step.target}`") for step in steps[1:]]
    first = steps[0]
    label = f"`{first.source}` {WORDS[first.key]} `{first.target}`"
    helps = ["take one of these steps away"]
    return problem(
        "E2003",
        f"policies need each other in a circle: {told}",
        first.place,
        label,
        policy=first.source,
        others=others,
        helps=helps,
    )


def _step(source: str, target: str, found: list[Reference]) -> Reference:
    return next(item for item in found if item.source == source and item.target == target)


def _unknown(reference: Reference, names: set[str]) -> Diagnostic:
    others = sorted(names - {reference.source})
    message = f"`{reference.source}` depends on `{reference.target}`, and there is no such policy"
    notes = [f"`{reference.source}` is not applied as long as it is missing"]
    return warning(
        "W2002",
        message,
        reference.place,
        "no policy has this name",
        policy=reference.source,
        notes=notes,
        helps=[meant(reference.target, others)],
    )


def _names(node: Node | None) -> Iterator[tuple[str, Place]]:
    for item in node.items if isinstance(node, Array) else (node,):
        if isinstance(item, Leaf) and isinstance(item.value, str) and item.value:
            yield item.value, item.place
