"""Axes: the values of one attribute that comparisons can tell apart, each with an example."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.columns import BoolArray, Column, compare_column, number_in
from shardwright.cluster.constants import WEEKDAYS
from shardwright.grammar.emit import typed
from shardwright.grammar.syntax import Attribute, Comparison, Scalar

Slot = tuple[str, str, str]  # subject, space, name: one attribute under its full name
Value = float | str | None
Operand = Scalar | tuple[Scalar, ...] | None
Mask = int  # one bit for each atom of an axis
Constant = tuple[str, Operand]  # an operator and what it compares with

# Spaces and names whose values are numbers, and where these begin.
NUMERIC_SPACES = ("metrics", "capacity", "load", "safe", "latency")
WHOLE = {
    ("shard", "", "replicas"): (1, 1_000_000),
    ("time", "", "hour"): (0, 23),
    ("time", "", "minute"): (0, 59),
    ("time", "", "day"): (1, 31),
    ("time", "", "month"): (1, 12),
    ("time", "", "year"): (2000, 2999),
}
METRIC = ("", "metrics", "")  # the slot of any metric
NUMERIC_NAMES = ("cost_per_hour", "move_cost", "nodes", "shards", "replicas")
WORDS = {
    ("time", "", "weekday"): WEEKDAYS,
    ("node", "", "state"): ("active", "draining", "maintenance", "down"),
}
# What every node (or shard) has.
ALWAYS = frozenset({*WHOLE, *WORDS, ("node", "", "id"), ("shard", "", "id"), ("shard", "", "move_cost")})


@dataclass(frozen=True)
class Axis:
    """The atoms of an attribute: examples of values, texts before numbers, "missing" last.

    `single[atom]` is true where the atom stands for one value only, false where it stands for all the
    values that no comparison tells from it.
    """

    slot: Slot
    column: Column
    single: tuple[bool, ...]
    absent: bool  # whether the value may be missing
    constants: tuple[Constant, ...]

    @property
    def size(self) -> int:
        return self.column.size if self.absent else self.column.size - 1

    @property
    def everything(self) -> Mask:
        return (1 << self.size) - 1

    @property
    def missing(self) -> Mask:
        """The bit of "missing", 0 where every node or shard has a value."""
        return 1 << (self.column.size - 1) if self.absent else 0

    @cached_property
    def exact(self) -> bool:
        """Whether there is an atom for all that comparisons can tell apart.

        Of texts that spell a number within limits and fit a pattern as well, only some are known.
        """
        if is_numeric(self.slot):
            return True
        patterns = any(operator in ("matches", "contains") for operator, _ in self.constants)
        numbers = any(
            isinstance(value, (int, float)) and not isinstance(value, bool)
            for constant in self.constants
            for value in _values(constant)
        )
        return not (patterns and numbers)

    @cached_property
    def singles(self) -> Mask:
        return sum(1 << at for at, single in enumerate(self.single) if single)

    @cached_property
    def endless(self) -> Mask:
        """The atoms that stand for many values."""
        return self.everything & ~self.missing & ~self.singles

    def value(self, atom: int) -> Value:
        return self.column.value(atom)

    def variant(self, atom: int, number: int) -> Value:
        """One of the values that an atom stands for; number 0 is the example itself."""
        value = self.value(atom)
        if number == 0 or self.single[atom] or not isinstance(value, str):
            return value
        stem, _, last = value.rpartition("-")
        first = f"{stem}-{int(last) + number}" if last.isdecimal() else f"{value}-{number + 1}"
        for text in (first, f"{value}-{number + 1}", f"{value}{number + 1}", f"{number + 1}{value}"):
            if text not in self.column.text_codes and self._alike(text, atom):
                return text
        return value

    def _alike(self, text: str, atom: int) -> bool:
        """Do all comparisons say the same of a text and of an atom?"""
        column = Column(np.empty(0, np.int32), np.empty(0), (text,))
        return all(
            bool(compare_column(column, operator, operand)[0])
            == bool(self.mask(operator, operand) >> atom & 1)
            for operator, operand in self.constants
        )

    def mask(self, operator: str, operand: Operand) -> Mask:
        """The atoms for which a comparison is true."""
        return as_mask(compare_column(self.column, operator, operand)) & self.everything

    def atom_of(self, value: str) -> int | None:
        """The atom of a text value that is a constant of some policy."""
        return self.column.text_codes.get(value)


def as_mask(truth: BoolArray) -> Mask:
    return int.from_bytes(np.packbits(truth, bitorder="little").tobytes(), "little")


def atoms_in(mask: Mask) -> Iterable[int]:
    """The numbers of the bits that are set, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def make_axis(
    slot: Slot, comparisons: Iterable[Comparison], texts: Iterable[str] = (), open_name: bool = False
) -> Axis:
    """The axis of a slot from all comparisons with constants, and further texts that it must know.

    `open_name`: a name that may be a metric as well as a label, so that its values may be numbers.
    """
    constants = _constants(comparisons)
    column = _numbers(slot, constants) if is_numeric(slot) else _texts(slot, constants, sorted(texts))
    if open_name:
        column = Column(column.codes, _numbers(METRIC, constants).numbers, column.texts)
    single = _single(slot, column, constants, texts)
    return Axis(slot, column, single, slot not in ALWAYS, tuple(constants))


def is_numeric(slot: Slot) -> bool:
    return slot[1] in NUMERIC_SPACES or slot in WHOLE or (slot[1] == "" and slot[2] in NUMERIC_NAMES)


def _constants(comparisons: Iterable[Comparison]) -> list[Constant]:
    found = {}
    for item in comparisons:
        assert not isinstance(item.value, Attribute)
        found[(item.operator, repr(typed(item.value)))] = (item.operator, item.value)
    return [found[key] for key in sorted(found)]


def _values(constant: Constant) -> Sequence[Scalar]:
    value = constant[1]
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _number_values(constants: Iterable[Constant]) -> list[float]:
    found = set()
    for constant in constants:
        for value in _values(constant):
            number = number_in(value) if isinstance(value, str) else float(value)
            if isinstance(value, bool) or number != number:
                continue
            found.add(number)
    return sorted(found)


def _numbers(slot: Slot, constants: list[Constant]) -> Column:
    stated = _number_values(constants)
    between = [(low + high) / 2 for low, high in itertools.pairwise(stated)]
    ends = [stated[0] - 1, stated[0] / 2, stated[-1] + 1] if stated else [1.0]
    found = {*stated, *between, *ends}
    if slot in WHOLE:
        low, high = WHOLE[slot]
        whole = {float(int(value) + step) for value in found for step in (-1, 0, 1)} | {float(low)}
        found = {value for value in whole if low <= value <= high}
    elif slot[1] != "metrics":
        found = {value for value in found if value >= 0} or {0.0}
    return Column(np.empty(0, np.int32), np.array(sorted(found)), ())


def _texts(slot: Slot, constants: list[Constant], more: list[str]) -> Column:
    if slot in WORDS:
        return Column(np.empty(0, np.int32), np.empty(0), WORDS[slot])
    stated = dict.fromkeys(more)
    patterns = []
    for operator, value in constants:
        if operator in ("matches", "contains"):
            patterns.append((operator, str(value)))
            continue
        for item in _values((operator, value)):
            stated.update(dict.fromkeys([*_spellings(item), *_misspellings(item)]))
    ordered = any(operator in ("lt", "lte", "gt", "gte", "between") for operator, _ in constants)
    if ordered:
        column = _numbers(METRIC, constants)
        for number in column.numbers.tolist():
            stated.update(dict.fromkeys([_plain(number), *(_misspellings(number) if patterns else ())]))
    examples = dict.fromkeys(_examples(patterns, list(stated)))
    fresh = _fresh(slot, (*stated, *examples))
    return Column(np.empty(0, np.int32), np.empty(0), tuple(dict.fromkeys([*stated, *examples, fresh])))


def _spellings(value: Scalar) -> list[str]:
    """The texts of a label that equal a value."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str):
        return [value]
    return [_plain(float(value))]


def _misspellings(value: Scalar) -> list[str]:
    """A text that equals a number and is spelled in another way: as a text it is another value."""
    if isinstance(value, str):
        number = number_in(value)
    else:
        number = float("nan") if isinstance(value, bool) else float(value)
    plain = _plain(number) if number == number else ""
    return [f"{plain}0" if "." in plain else f"{plain}.0"] if plain and "e" not in plain else []


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _examples(patterns: list[tuple[str, str]], stated: list[str]) -> list[str]:
    """Texts that match each pattern, and texts that match two of them."""
    alone = [_sample(operator, pattern, at) for operator, pattern in patterns for at in (0, -1)]
    alone += [
        f"x{pattern}" if operator == "contains" else _sample(operator, pattern.replace("*", "x"))
        for operator, pattern in patterns
    ]
    joined = [first + second for first in alone for second in alone if first != second]
    return [*alone, *(f"{text}-1" for text in alone), *joined[:256]]


def _sample(operator: str, pattern: str, end: int = 0) -> str:
    """A text that fits; of characters in brackets the first or the last."""
    if operator == "contains":
        return pattern
    text, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        close = pattern.find("]", at + 2) if char == "[" else -1
        if close > 0:
            inside = pattern[at + 1 : close]
            text += chr(ord(inside[-1]) + 1) if inside[0] == "!" else inside[end]
            at = close
        elif char == "?":
            text += "x"
        elif char != "*":
            text += char
        at += 1
    return text


def _fresh(slot: Slot, known: Sequence[str]) -> str:
    """A value that no policy names."""
    return next(text for at in range(1, len(known) + 2) if (text := f"{slot[2]}-{at}") not in known)


def _single(slot: Slot, column: Column, constants: list[Constant], texts: Iterable[str]) -> tuple[bool, ...]:
    """Constants that are compared by equality are themselves; whatever else stands for its like."""
    if slot in WORDS or slot in WHOLE:
        return (True,) * (column.size - 1)
    named = set(texts)
    for operator, value in constants:
        if operator in ("eq", "neq", "in", "not_in"):
            named.update(text for item in _values((operator, value)) for text in _spellings(item))
    return tuple(str(column.value(at)) in named for at in range(column.size - 1))
