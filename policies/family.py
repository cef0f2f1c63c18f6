"""Resolves `extends` over all documents: each becomes its merged tree, parents first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Object
from shardwright.policies.checks.say import meant, problem
from shardwright.policies.documents import Documents, name_of, parent_of
from shardwright.policies.inherit import inherit


@dataclass(frozen=True)
class Heir:
    """A document with all that it inherits. `whole` is false where a parent could not be found."""

    name: str | None
    tree: Object
    whole: bool = True


class Family:
    """The documents by name; the first of equal names counts."""

    def __init__(self, documents: Documents) -> None:
        self.problems: list[Diagnostic] = []
        self._lost = documents.lost
        self._named: dict[str, Object] = {}
        self._heirs: dict[str, Heir] = {}
        self._objects = [tree for tree in documents.objects if self._is_first(tree)]

    def heirs(self) -> list[Heir]:
        """Every document, merged with those that it extends."""
        return [self._resolve(tree) for tree in self._objects]

    def _is_first(self, tree: Object) -> bool:
        name = name_of(tree)
        if name is None:
            return True
        first = self._named.setdefault(name, tree)
        if first is not tree:
            self.problems.append(_duplicate(name, tree, first))
        return first is tree

    def _resolve(self, tree: Object) -> Heir:
        """Merge a chain from its root down, without recursion: chains may be long."""
        chain = self._chain(tree)
        heir = self._root(chain[-1])
        for below in reversed(chain[:-1]):
            heir = self._remember(Heir(name_of(below), inherit(heir.tree, below), heir.whole))
        return heir

    def _chain(self, tree: Object) -> Sequence[Object]:
        chain = [tree]
        seen = {id(tree)}
        while (above := self._parent(chain[-1])) is not None and id(above) not in seen:
            chain.append(above)
            seen.add(id(above))
            if name_of(above) in self._heirs:
                break
        return chain

    def _root(self, tree: Object) -> Heir:
        name = name_of(tree)
        if name is not None and name in self._heirs:
            return self._heirs[name]
        # Whoever ends a chain and extends somebody all the same is part of a circle or has lost a parent.
        return self._remember(Heir(name, tree, parent_of(tree) is None))

    def _remember(self, heir: Heir) -> Heir:
        return heir if heir.name is None else self._heirs.setdefault(heir.name, heir)

    def _parent(self, tree: Object) -> Object | None:
        parent = parent_of(tree)
        return self._named.get(parent) if parent is not None else None

    def unknown_parents(self) -> list[Diagnostic]:
        """One diagnostic for each `extends` that names no policy."""
        unknown = []
        for tree in self._objects:
            parent = parent_of(tree)
            if parent is not None and parent not in self._named and parent not in self._lost:
                unknown.append(self._unknown(tree, parent))
        return unknown

    def _unknown(self, tree: Object, parent: str) -> Diagnostic:
        place: Place = tree.find("/extends").place
        others = [name for name in self._named if name != name_of(tree)]
        message = f"there is no policy `{parent}` to extend"
        helps = [meant(parent, others)]
        return problem("E2002", message, place, "no policy has this name", policy=name_of(tree), helps=helps)


def _duplicate(name: str, again: Object, first: Object) -> Diagnostic:
    place, earlier = again.find("/name").place, first.find("/name").place
    message = f"two policies have the name `{name}`"
    return problem("E2001", message, place, "again here", policy=name, others=[(earlier, "first here")])
