"""What a worker does: every minimal set of rules that cannot hold together, scope by scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import clingo

from shardwright.solver.conflicts.sets import Answer, Count, Fails, Rules, minimal_sets
from shardwright.solver.logic import Ground
from shardwright.solver.messages import Message


class Oracle:
    """Whether rules can hold together for some shards. The same on every computer: it counts conflicts."""

    def __init__(self, ground: Ground, conflict_limit: int) -> None:
        self.ground = ground
        settings: Any = ground.control.configuration.solve
        settings.solve_limit = f"{conflict_limit},umax"

    def ask(self, rules: Sequence[int], shards: Sequence[int]) -> tuple[bool | None, list[int], list[int]]:
        """The verdict, and if they cannot: which of the rules and of the shards are enough for that."""
        assumed = {self._literal("enforced", rule): ("rule", rule) for rule in rules}
        assumed |= {self._literal("examined", shard): ("shard", shard) for shard in shards}
        with self.ground.control.solve(assumptions=list(assumed), yield_=True) as handle:
            result = handle.get()
            if not result.unsatisfiable:
                return (True if result.satisfiable else None), [], []
            core = [assumed[literal] for literal in handle.core() if literal in assumed]
        return (
            False,
            [number for kind, number in core if kind == "rule"],
            [n for kind, n in core if kind == "shard"],
        )

    def check(self, shards: Sequence[int]) -> Callable[[Sequence[int]], Answer]:
        """The question about some shards as `minimal_sets` asks it."""

        def check(rules: Sequence[int]) -> Answer:
            verdict, core, _ = self.ask(rules, shards)
            return Fails(tuple(sorted(core))) if verdict is False else verdict

        return check

    def fewest_shards(self, rules: Sequence[int], shards: Sequence[int]) -> list[int]:
        """Shards for which the rules cannot hold, none of them to spare (as far as the limit lets us see)."""
        kept = list(shards)
        for shard in shards:
            if shard in kept:
                verdict, _, core = self.ask(rules, [other for other in kept if other != shard])
                if verdict is False:
                    kept = [other for other in kept if other in set(core)]
        return kept

    def is_minimal(self, rules: Sequence[int], shards: Sequence[int]) -> bool:
        """Whether the rules, any one of them left out, can hold together."""
        rest = ([other for other in rules if other != rule] for rule in rules)
        return all(self.ask(others, shards)[0] is True for others in rest)

    def _literal(self, name: str, number: int) -> int:
        atom = self.ground.control.symbolic_atoms[clingo.Function(name, [clingo.Number(number)])]
        assert atom is not None
        return atom.literal


def examine(
    ground: Ground,
    send: Callable[[Message], None],
    scopes: list[tuple[list[int], list[int]]],
    known: list[list[int]],
    most: int,
    most_checks: int,
    conflict_limit: int,
) -> Iterator[Message]:
    """For each scope (shards, rules that speak of them): the minimal sets that fail there.

    Messages: "known" {"at", "proven"}, by the last scope; "set" {"rules", "shards", "proven", "scope"};
    "done" {"complete": one truth for each scope, "stopped_by": the caps that were reached}.
    """
    oracle = Oracle(ground, conflict_limit)
    for at, rules in enumerate(known if scopes else []):
        send(Message("known", {"at": at, "proven": oracle.is_minimal(rules, scopes[-1][0])}))
    found: list[Rules] = [tuple(rules) for rules in known]
    count, complete, first = Count(), [], len(found)
    for at, (shards, rules) in enumerate(scopes):
        doubts, ended = count.doubts, True
        for minimal, proven in minimal_sets(rules, oracle.check(shards), found, most_checks, count):
            found.append(minimal)
            if len(found) - first > most:
                ended = False
                break
            fewest = oracle.fewest_shards(minimal, shards)
            send(Message("set", {"rules": list(minimal), "shards": fewest, "proven": proven, "scope": at}))
        complete.append(ended and count.doubts == doubts and count.checks < most_checks)
    ground.check()
    yield Message(
        "done", {"complete": complete, "stopped_by": _stopped_by(found, first, most, count, most_checks)}
    )


def _stopped_by(found: list[Rules], first: int, most: int, count: Count, most_checks: int) -> list[str]:
    reached = {
        "max_conflicts": len(found) - first > most,
        "max_checks": count.checks >= most_checks,
        "max_effort": count.doubts > 0,
    }
    return [name for name, is_reached in reached.items() if is_reached]
