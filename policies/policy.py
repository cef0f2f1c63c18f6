"""A policy as the rest of the house sees it: validated, inherited, with its places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shardwright.grammar.places import Place
from shardwright.grammar.syntax import Condition

if TYPE_CHECKING:
    from shardwright.grammar.tree import Node
    from shardwright.policies.models import PolicyModel


@dataclass(frozen=True)
class Policy:
    """One policy after inheritance.

    `model` is the pydantic document, `condition` its `conditions` as a syntax tree (None: always),
    `tree` the merged JSON tree: every value remembers the file that it came from.
    """

    name: str
    model: PolicyModel
    condition: Condition | None
    tree: Node = field(compare=False, repr=False)

    def place(self, pointer: str) -> Place:
        """The place of the value at a JSON pointer; of the nearest enclosing value if it has none."""
        return self.tree.find(pointer).place


@dataclass(frozen=True)
class NotApplied:
    """A policy that takes no part, and why."""

    policy: str
    why: str


@dataclass(frozen=True)
class PolicySet:
    """Policies sorted by name, unique."""

    policies: tuple[Policy, ...]

    def __getitem__(self, name: str) -> Policy:
        return self._by_name[name]

    @property
    def _by_name(self) -> dict[str, Policy]:
        return {policy.name: policy for policy in self.policies}
