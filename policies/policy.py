"""A policy as the rest of the house sees it: validated, inherited, with its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
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
    `tree` the merged JSON tree: every value remembers the file that it came from. `revision` is its version
    in a store, None for a policy from a file; `standing` is its state there.
    """

    name: str
    model: PolicyModel
    condition: Condition | None
    tree: Node = field(compare=False, repr=False)
    revision: int | None = field(default=None, compare=False)
    standing: str = "active"

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

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Policy]:
        return iter(self.policies)

    def __len__(self) -> int:
        return len(self.policies)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of what the policies say; files, the order of keys and white space do not matter."""
        from shardwright.policies.canonical import policies_hash

        return policies_hash(self.policies)

    @cached_property
    def _by_name(self) -> dict[str, Policy]:
        return {policy.name: policy for policy in self.policies}
