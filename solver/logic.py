"""The only door to clingo: ground, read atoms, and treat every message as an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import clingo

Atom = tuple[int, ...]
LOGIC = Path(__file__).parent / "lp"  # clingo itself opens the files, so they must be files


class LogicError(Exception):
    """Clingo complained about a program of ours: always a defect of Shardwright."""


class GroundingLimit(Exception):
    """Grounding passed a limit and was stopped. `setting` names the limit."""

    def __init__(self, setting: str, value: float) -> None:
        super().__init__(f"grounding passed `{setting}` = {value:g}")
        self.setting = setting
        self.value = value

    def __reduce__(self) -> tuple[type[GroundingLimit], tuple[str, float]]:
        return GroundingLimit, (self.setting, self.value)


class _Watch(clingo.Observer):
    """Counts ground rules and stops grounding at a limit: the only way to interrupt it."""

    def __init__(self, rule_limit: int) -> None:
        self.rule_limit = rule_limit
        self.rules = 0
        self.passed: GroundingLimit | None = None

    def rule(self, choice: bool, head: Sequence[int], body: Sequence[int]) -> None:
        self.rules += 1
        if self.rules > self.rule_limit:
            self.passed = GroundingLimit("rule_limit", self.rule_limit)
            raise self.passed


class _Levels(clingo.Observer):
    """Notes which levels of the objective the program has at all."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()

    def minimize(self, priority: int, literals: Sequence[tuple[int, int]]) -> None:
        self.numbers.add(priority)


class Ground:
    """A grounded program: facts (and rules over them) as text, then files under lp/ by name.

    A grounding that was stopped never comes out of the constructor.
    """

    def __init__(
        self,
        programs: Iterable[str],
        facts: Iterable[str],
        options: Sequence[str] = (),
        rule_limit: int | None = None,
    ) -> None:
        self.messages: list[str] = []
        self.control = clingo.Control(list(options), logger=self._log, message_limit=20)
        watch = None if rule_limit is None else _Watch(rule_limit)
        if watch is not None:  # it costs a call for each rule
            self.control.register_observer(watch)
        self._levels = _Levels()
        self.control.register_observer(self._levels)
        try:
            self.control.add("base", [], "\n".join(facts))
            for name in programs:
                self.control.load(str(LOGIC / f"{name}.lp"))
            self.control.ground([("base", [])])
        except Exception as error:
            passed = watch.passed if watch is not None else None
            raise passed or LogicError("; ".join([str(error), *self.messages])) from None
        if watch is not None and watch.passed:
            raise watch.passed
        self.check()

    @property
    def rules(self) -> int:
        """The number of ground rules that are more than facts, known once solved."""
        return int(self.control.statistics["problem"]["lp"]["rules"])

    def _log(self, code: clingo.MessageCode, message: str) -> None:
        self.messages.append(f"{code.name}: {message.strip()}")

    def check(self) -> None:
        """Raise if clingo has said anything: it drops rules with a mere remark."""
        if self.messages:
            raise LogicError("; ".join(self.messages))

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of the objective that some cost stands at, most important first."""
        return tuple(sorted(self._levels.numbers, reverse=True))

    @property
    def fact_count(self) -> int:
        """The number of atoms that grounding derived."""
        return len(self.control.symbolic_atoms)

    def atoms(self, name: str, arity: int) -> list[Atom]:
        """The integer arguments of every atom, sorted; a program that is read so leaves nothing to decide."""
        found = list(self.control.symbolic_atoms.by_signature(name, arity))
        undecided = [str(atom.symbol) for atom in found if not atom.is_fact]
        if undecided:
            raise LogicError(f"grounding leaves open: {', '.join(undecided[:5])}")
        return sorted(tuple(argument.number for argument in atom.symbol.arguments) for atom in found)


def facts(name: str, rows: Iterable[Sequence[int]]) -> str:
    """Facts of whole numbers as text: far cheaper than symbols, and nothing of a user's can be in it."""
    return "".join(f"{name}({','.join(map(str, map(int, row)))}).\n" for row in rows)
