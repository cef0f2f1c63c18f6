"""A race on record, run again up to the messages that had been heard when a limit ended it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shardwright.solver.certify import Pair
from shardwright.solver.messages import Job
from shardwright.solver.processes import Workers, failure
from shardwright.solver.replay import Race


@dataclass(frozen=True)
class Heard:
    """The best placement with its cost, and the last bound (empty: none was heard), as programs count."""

    cost: tuple[int, ...]
    place: list[Pair]
    lower: tuple[int, ...]


def heard(race: Race, job: Callable[[str], Job]) -> Heard | None:
    """What the workers had said by then; None where one of them ends before it has said so much.

    A worker is one thread that nobody speaks to: it says the same again, in the same order. Whoever has said
    nothing that counted does not run.
    """
    wanted = {"model": race.place, "bound": race.lower}
    found: dict[str, dict[str, Any]] = {}
    said: Counter[tuple[str, str]] = Counter()
    with Workers() as group:
        for name in sorted({end[0] for end in wanted.values() if end is not None}):
            group.start(name, job(name))
        for name, message in group.messages(None):
            if message.kind == "error":
                raise failure(message, job(name).memory_limit_mb)
            said[name, message.kind] += 1
            if wanted.get(message.kind) == (name, said[name, message.kind]):
                found[message.kind] = message.body
            if all(end is None or kind in found for kind, end in wanted.items()):
                break
        else:
            return None
    model, bound = found["model"], found.get("bound", {})
    return Heard(tuple(model["cost"]), model["place"], tuple(bound.get("lower", ())))
