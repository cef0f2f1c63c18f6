"""The policies and the cluster of a story: from files, or written in the story itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, TypeVar

from shardwright.api import Program
from shardwright.cluster.cluster import Cluster
from shardwright.cluster.load import cluster_from, load_cluster
from shardwright.cluster.notation import NotationError, snapshot
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Span
from shardwright.grammar.limits import DEFAULT_LIMITS
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Array, Leaf, Node, Object, pointer, pointer_tokens
from shardwright.policies.checks.say import problem
from shardwright.policies.documents import gather, parse_texts
from shardwright.policies.load import load_documents
from shardwright.policies.models.words import kind_of
from shardwright.policies.read import read_paths
from shardwright.testing.change import changed
from shardwright.testing.stories import Story

T = TypeVar("T")

# The faults of snapshots that are marked below a key.
_ON_KEY = ("E1501", "E2503")


@dataclass(frozen=True)
class Setting:
    """What a story is about."""

    program: Program
    cluster: Cluster

    @property
    def identity(self) -> str:
        """Equal for policies that say the same in the same places: then answers are equal word for word."""
        places = [policy.place("") for policy in self.program.policies]
        where = [(place.file, place.start) for place in places]
        return f"{self.program.policies.hash} {where} {sorted(self.program.silent)}"


@dataclass
class Shelf:
    """Files that were read once for all stories."""

    programs: dict[tuple[str, ...], Program | DiagnosticError] = field(default_factory=dict)
    clusters: dict[str, Cluster | DiagnosticError] = field(default_factory=dict)

    def setting(self, story: Story) -> Setting:
        """Raises DiagnosticError where policies or cluster cannot be used."""
        return Setting(self._program(story), changed(self._cluster(story), story))

    def _program(self, story: Story) -> Program:
        node = story.stated("policies")
        if node is None:
            _missing(story, "policies")
        parts = node.items if isinstance(node, Array) else (node,)
        paths = [path_of(part, story) for part in parts if _is_text(part)]
        inline = [part for part in parts if not _is_text(part)]
        if inline:
            return _compiled(paths, inline)
        key = tuple(paths)
        if key not in self.programs:
            self.programs[key] = _or_error(lambda: _compiled(paths, []))
        return _or_raise(self.programs[key])

    def _cluster(self, story: Story) -> Cluster:
        node = story.stated("cluster")
        if node is None:
            _missing(story, "cluster")
        if isinstance(node, Object):
            return _inline(node)
        if not isinstance(node, Leaf) or not isinstance(node.value, str):
            expected = "a file, a snapshot or lines of the notation"
            message = f"`cluster`: expected {expected}, got {kind_of(node.plain())}"
            raise DiagnosticError([problem("E1103", message, node.place, f"expected {expected}")])
        if "\n" in node.value:
            return _noted(node, node.value)
        path = path_of(node, story)
        if path not in self.clusters:
            self.clusters[path] = _or_error(lambda: load_cluster(path))
        return _or_raise(self.clusters[path])


def _compiled(paths: Sequence[str], inline: Sequence[Node]) -> Program:
    texts, problems = read_paths(paths, DEFAULT_LIMITS)
    documents = parse_texts(sorted(texts, key=lambda text: text.name), DEFAULT_LIMITS)
    for node in inline:
        gather(node, documents)
    policies, found = load_documents(documents, problems)
    errors = [item for item in found if item.severity == "error"]
    if errors:
        raise DiagnosticError(errors)
    return Program(policies, tuple(found))


def _inline(node: Object) -> Cluster:
    """A snapshot that stands in the story; its faults are placed there."""
    try:
        return cluster_from(node.plain())  # type: ignore[arg-type]  # an Object is a dict
    except DiagnosticError as error:
        raise DiagnosticError([placed_in(node, item) for item in error.diagnostics]) from None


def placed_in(root: Node, diagnostic: Diagnostic) -> Diagnostic:
    """A diagnostic about plain data, at the same JSON pointer of the value that the data are of."""
    where = diagnostic.spans[0].place.pointer
    place = root.find(where).place
    if diagnostic.code in _ON_KEY:
        *above, key = pointer_tokens(where)
        parent = root.find(pointer(*above))
        member = parent.member(key) if isinstance(parent, Object) else None
        place = member.key_place if member is not None else place
    return replace(diagnostic, spans=(Span(place, diagnostic.spans[0].label),))


def _noted(node: Leaf, text: str) -> Cluster:
    """A cluster in the short notation; its faults are placed at its line, or at the whole."""
    try:
        return cluster_from(snapshot(text))
    except NotationError as error:
        place = _line(node.place, text, error.line)
        raise DiagnosticError([problem("E1202", error.message, place)]) from None
    except DiagnosticError as error:
        span = (Span(node.place),)
        raise DiagnosticError([replace(item, spans=span) for item in error.diagnostics]) from None


def _line(place: Place, text: str, line: int) -> Place:
    """A line of a text, found in the source: of a block (`|`) each line stands on one of its own."""
    source = place.source
    words = text.splitlines()[line].strip()
    start = source.text.find(words, place.start, place.end)
    first = source.text.count("\n", 0, place.start)
    for at in range(first + 1, first + 2 + line):
        offset = sum(len(above) + 1 for above in source.text.split("\n")[:at])
        if source.text[offset:].lstrip(" ").startswith(words):
            start = source.text.index(words, offset)
    return Place(source, start, start + len(words), place.pointer) if start >= 0 else place


def path_of(node: Node, story: Story) -> str:
    """A path of the story, seen from where the command runs."""
    assert isinstance(node, Leaf)
    assert isinstance(node.value, str)
    path = os.path.normpath(os.path.join(story.folder, node.value))
    if not os.path.exists(path):
        message = f"there is no file or folder `{path}`"
        raise DiagnosticError([problem("E2101", message, node.place, "paths start at the story's folder")])
    return path


def _is_text(node: Node) -> bool:
    return isinstance(node, Leaf) and isinstance(node.value, str)


def _missing(story: Story, key: str) -> NoReturn:
    message = f"the story `{story.name}` has no {key}, and neither has its file"
    way = f"add the key `{key}` to the story, or to the file for all its stories"
    raise DiagnosticError([problem("E1101", message, story.place, f"`{key}` is missing", helps=[way])])


def _or_error(make: Callable[[], T]) -> T | DiagnosticError:
    try:
        return make()
    except DiagnosticError as error:
        return error


def _or_raise(made: T | DiagnosticError) -> T:
    if isinstance(made, DiagnosticError):
        raise made
    return made
