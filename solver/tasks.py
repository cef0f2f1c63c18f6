"""What a worker can do with a grounded program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import clingo

from shardwright.solver.conflicts.examine import examine as examine
from shardwright.solver.logic import Ground
from shardwright.solver.messages import Message

Send = Callable[[Message], None]


def judge(ground: Ground, send: Send) -> Iterator[Message]:
    """The amounts of a given placement: everything is a fact, nothing is left to choose."""
    found: defaultdict[tuple[int, str, tuple[int, ...]], int] = defaultdict(int)
    for atom in ground.control.symbolic_atoms.by_signature("amount", 4):
        rule, what, _, amount = atom.symbol.arguments
        found[rule.number, what.name, tuple(part.number for part in what.arguments)] += amount.number
    amounts = sorted((*key, amount) for key, amount in found.items())
    yield Message("done", {"amounts": amounts, "rules": ground.fact_count})


def optimize(
    ground: Ground,
    send: Send,
    levels: int,
    bound: list[int] | None = None,
    enough: bool = False,
    conflict_limit: int | None = None,
) -> Iterator[Message]:
    """Models of falling cost and rising bounds, as vectors over `levels` levels (clingo's `levels` first).

    With `bound`, only what is no worse; if that is `enough`, only one model. `conflict_limit` ends the search
    at the same point on every computer.
    """
    search = _Search(ground, send, levels)
    result = search.run(bound, enough, conflict_limit)
    ground.check()
    yield Message(
        "done",
        {
            "satisfiable": search.seen or result.satisfiable,
            "exhausted": result.exhausted,
            "statistics": _statistics(ground),
        },
    )


class _Search:
    """A solve call whose models and bounds are sent as they come."""

    def __init__(self, ground: Ground, send: Send, levels: int) -> None:
        self.ground, self.send, self.levels = ground, send, levels
        self.seen = False

    def run(self, bound: list[int] | None, enough: bool, conflict_limit: int | None) -> clingo.SolveResult:
        settings: Any = self.ground.control.configuration.solve
        settings.models = 1 if enough else 0
        if conflict_limit is not None:
            settings.solve_limit = f"{conflict_limit},umax"
        if bound is not None and self.ground.levels:
            within = [bound[self.levels - number] for number in self.ground.levels]
            settings.opt_mode = ",".join(["enum" if enough else "opt", *map(str, within)])
        return self.ground.control.solve(on_model=self._on_model, on_unsat=self._on_unsat)

    def _on_model(self, model: clingo.Model) -> None:
        self.seen = True
        place = sorted(_pairs(model.symbols(shown=True)))
        self.send(Message("model", {"cost": self._vector(model.cost), "place": place}))

    def _on_unsat(self, lower: Sequence[int]) -> None:
        # Before the first model clasp does not say which level a bound belongs to.
        if self.seen or len(self.ground.levels) == 1:
            self.send(Message("bound", {"lower": self._vector(lower)}))

    def _vector(self, values: Sequence[int]) -> list[int]:
        full = [0] * self.levels
        for number, value in zip(self.ground.levels, values, strict=False):
            full[self.levels - number] = value
        return full


def _pairs(atoms: Sequence[clingo.Symbol]) -> list[tuple[int, int]]:
    return [(atom.arguments[0].number, atom.arguments[1].number) for atom in atoms]


def _statistics(ground: Ground) -> dict[str, Any]:
    statistics: dict[str, Any] = ground.control.statistics
    solvers = statistics["solving"]["solvers"]
    return {
        "rules": ground.rules,
        "choices": int(solvers["choices"]),
        "conflicts": int(solvers["conflicts"]),
        "restarts": int(solvers["restarts"]),
    }


def consequences(
    ground: Ground, send: Send, mode: str, levels: int, bound: list[int] | None = None
) -> Iterator[Message]:
    """The shown pairs that are in some placement ("brave") or in every one ("cautious").

    With `bound` only placements that cost no more count. What is known so far is sent as it grows (brave)
    or shrinks (cautious).
    """
    settings: Any = ground.control.configuration.solve
    settings.models, settings.enum_mode = 0, mode
    within = [bound[levels - number] for number in ground.levels] if bound is not None else []
    settings.opt_mode = ",".join(["enum", *map(str, within)]) if within else "ignore"

    def on_model(model: clingo.Model) -> None:
        send(Message("model", {"pairs": sorted(_pairs(model.symbols(shown=True)))}))

    result = ground.control.solve(on_model=on_model)
    ground.check()
    yield Message("done", {"satisfiable": bool(result.satisfiable), "exhausted": result.exhausted})


def cores(ground: Ground, send: Send, rules: list[int]) -> Iterator[Message]:
    """A minimal set of guarded rules that cannot hold together, or None if all can."""
    literals = {rule: clingo.Function("enforced", [clingo.Number(rule)]) for rule in rules}
    core = _core(ground.control, [(literals[rule], True) for rule in rules])
    if core is None:
        yield Message("done", {"core": None})
        return
    names = sorted(symbol.arguments[0].number for symbol in core)
    send(Message("core", {"core": names, "minimal": False}))
    kept = list(names)
    for rule in names:
        rest = [other for other in kept if other != rule]
        smaller = _core(ground.control, [(literals[other], True) for other in rest])
        if smaller is not None:
            left = {symbol.arguments[0].number for symbol in smaller}
            kept = [other for other in rest if other in left]
            send(Message("core", {"core": kept, "minimal": False}))
    yield Message("done", {"core": kept})


def _core(
    control: clingo.Control, assumptions: list[tuple[clingo.Symbol, bool]]
) -> list[clingo.Symbol] | None:
    """The assumptions that cannot hold together (empty: the facts alone cannot), or None."""
    by_literal = {}
    for symbol, _ in assumptions:
        atom = control.symbolic_atoms[symbol]
        assert atom is not None
        by_literal[atom.literal] = symbol
    with control.solve(assumptions=assumptions, yield_=True) as handle:
        if handle.get().satisfiable:
            return None
        return [by_literal[literal] for literal in handle.core() if literal in by_literal]
