"""All minimal sets of rules that cannot hold together, by way of the largest sets not yet explained (MARCO).

After Liffiton, Previti, Malik, Marques-Silva: Fast, flexible MUS enumeration, Constraints 21 (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import clingo

from shardwright.solver.logic import Ground, facts

# With true as the first choice and nothing remembered, nothing can be added to the first set found.
LARGEST_FIRST = ("--sign-def=pos", "--save-progress=0")

Rules = tuple[int, ...]


@dataclass(frozen=True)
class Fails:
    """These rules cannot hold together; `core` are some of them that cannot either."""

    core: Rules


# Fails; True: they can hold together; None: a limit came first.
Answer = Fails | bool | None
Check = Callable[[Sequence[int]], Answer]


class Unexplored:
    """The sets of which it is not known whether they hold."""

    def __init__(self, members: Sequence[int]) -> None:
        self.members = tuple(members)
        self.ground = Ground(("sets",), [facts("member", ((rule,) for rule in members))], LARGEST_FIRST)
        atoms = self.ground.control.symbolic_atoms
        self.literal = {}
        for rule in self.members:
            atom = atoms[clingo.Function("chosen", [clingo.Number(rule)])]
            assert atom is not None
            self.literal[rule] = atom.literal

    def largest(self) -> Rules | None:
        """A set to which no rule can be added; None if all sets are explained."""
        with self.ground.control.solve(yield_=True) as handle:
            model = handle.model()
            if model is None:
                return None
            return tuple(rule for rule in self.members if model.is_true(self.literal[rule]))

    def fails(self, rules: Iterable[int]) -> None:
        """No set with all of these."""
        self._forbid([self.literal[rule] for rule in rules])

    def holds(self, rules: Iterable[int]) -> None:
        """No set with only some of these."""
        within = set(rules)
        self._forbid([-self.literal[rule] for rule in self.members if rule not in within])

    def _forbid(self, literals: list[int]) -> None:
        with self.ground.control.backend() as backend:
            backend.add_rule([], literals)


@dataclass
class Count:
    """Checks made, and whether one of them came to a limit."""

    checks: int = 0
    doubts: int = 0


def minimal_sets(
    members: Sequence[int], check: Check, known: Iterable[Rules], most_checks: int, count: Count
) -> Iterator[tuple[Rules, bool]]:
    """Each minimal set that fails, and whether it is proven minimal; none that contains a known one.

    It is complete when the iterator ends with fewer than `most_checks` checks and no doubts.
    """
    unexplored = Unexplored(members)
    for rules in known:
        if set(rules) <= set(members):
            unexplored.fails(rules)
    while count.checks < most_checks and (seed := unexplored.largest()) is not None:
        count.checks += 1
        answer = check(seed)
        if isinstance(answer, Fails):
            found, proven = shrunk(answer.core, check, count)
            unexplored.fails(found)
            yield found, proven
        else:
            count.doubts += answer is None
            unexplored.holds(seed)


def shrunk(core: Rules, check: Check, count: Count) -> tuple[Rules, bool]:
    """A minimal part of a set that fails, and whether every smaller one was seen to hold."""
    kept, proven = list(core), True
    for rule in core:
        if rule not in kept:
            continue
        count.checks += 1
        answer = check([other for other in kept if other != rule])
        if isinstance(answer, Fails):
            kept = [other for other in kept if other in set(answer.core)]
        proven = proven and answer is not None
    return tuple(kept), proven
