"""The checks that every comparison passes, whichever way it is spelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.grammar.places import Place
from shardwright.grammar.syntax import SYMBOLS, Attribute, Comparison, Scalar
from shardwright.grammar.wording import quoted

Value = Scalar | tuple[Scalar, ...] | Attribute | None


@dataclass
class Report:
    """Collects what is wrong with a condition."""

    limits: Limits = DEFAULT_LIMITS
    problems: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, place: Place, label: str, help_text: str | None = None) -> None:
        helps = (Help(help_text),) if help_text else ()
        self.problems.append(Diagnostic(code, message, (Span(place, label),), helps=helps))

    def null_in_list(self, place: Place) -> None:
        self.error(
            "E1051", "a list cannot hold `null`", place, "no value", "leave it out, or add `not_exists`"
        )

    def too_deep(self, place: Place) -> None:
        limit = self.limits.max_condition_depth
        self.problems.append(
            Diagnostic(
                "E5005",
                f"this condition nests deeper than {limit} levels",
                (Span(place, f"level {limit + 1}"),),
                notes=(f"the setting `max_condition_depth` is {limit}",),
                helps=(Help("make the condition flatter"),),
                data={"setting": "max_condition_depth", "value": limit},
            )
        )


@dataclass(frozen=True)
class Operand:
    """The right side of a comparison with its place; `missing` tells no value from null."""

    value: Value
    place: Place
    missing: bool = False


def comparison(
    attribute: Attribute, operator: str, operand: Operand, place: Place, report: Report
) -> Comparison | None:
    """The comparison, or None with an error where the operator cannot take this value."""
    if not _CHECKS[operator](operator, operand, report):
        return None
    return Comparison(attribute, operator, operand.value, place)


def kind_of(value: Value) -> str:
    """What a value is, in words."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number `{value}`"
    if isinstance(value, tuple):
        return "a list"
    if value is None:
        return "`null`"
    return f"the attribute `{value}`" if isinstance(value, Attribute) else f"the text {quoted(value)}"


def shown(operator: str) -> str:
    """An operator as messages name it: `lt` (`<`)."""
    symbol = SYMBOLS[operator]
    return f"`{operator}`" if symbol.replace(" ", "_") == operator else f"`{operator}` (`{symbol}`)"


def is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(operator: str, operand: Operand, needs: str, way: str, report: Report) -> bool:
    got = "no value" if operand.missing else kind_of(operand.value)
    label = f"expected {needs}"
    way = "add a `value`" if operand.missing else way
    report.error("E1051", f"{shown(operator)} needs {needs}, got {got}", operand.place, label, way)
    return False


def _order(operator: str, operand: Operand, report: Report) -> bool:
    if is_number(operand.value) or isinstance(operand.value, Attribute):
        return True
    return _wrong(operator, operand, "a number or an attribute", "to compare texts use `eq` or `in`", report)


def _equality(operator: str, operand: Operand, report: Report) -> bool:
    if isinstance(operand.value, tuple):
        other = "in" if operator == "eq" else "not_in"
        return _wrong(operator, operand, "one value", f"for a list of values use {shown(other)}", report)
    if operand.value is None:
        other = "not_exists" if operator == "eq" else "exists"
        return _wrong(operator, operand, "a value", f"to ask whether it is there use `{other}`", report)
    return True


def _membership(operator: str, operand: Operand, report: Report) -> bool:
    if not isinstance(operand.value, tuple):
        other = "eq" if operator == "in" else "neq"
        return _wrong(
            operator, operand, "a list", f"write a list, or use {shown(other)} for one value", report
        )
    if not operand.value:
        sense = "holds for nothing" if operator == "in" else "holds for everything"
        report.error(
            "E1053", f"the list of `{operator}` is empty", operand.place, sense, "name at least one value"
        )
    return bool(operand.value)


def _range(operator: str, operand: Operand, report: Report) -> bool:
    match operand.value:
        case (low, high) if is_number(low) and is_number(high):
            return _ordered(low, high, operand, report)
        case _:
            way = "write `[low, high]`; both ends are included"
            return _wrong(operator, operand, "two numbers", way, report)


def _ordered(low: Scalar, high: Scalar, operand: Operand, report: Report) -> bool:
    if low <= high:  # type: ignore[operator]  # both are numbers
        return True
    way = f"did you mean `[{high}, {low}]`?"
    report.error("E1052", f"`between` has `{low}` above `{high}`", operand.place, "low end first", way)
    return False


def _text(operator: str, operand: Operand, report: Report) -> bool:
    if isinstance(operand.value, str):
        return True
    return _wrong(operator, operand, "a text", "put it in quotes", report)


def _nothing(operator: str, operand: Operand, report: Report) -> bool:
    if operand.missing:
        return True
    other = "not_exists" if operator == "exists" else "exists"
    way = f"leave out `value`; the opposite is `{other}`"
    message = f"`{operator}` takes no value, got {kind_of(operand.value)}"
    report.error("E1054", message, operand.place, "not needed", way)
    return False


_CHECKS: dict[str, Callable[[str, Operand, Report], bool]] = {
    "lt": _order,
    "lte": _order,
    "gt": _order,
    "gte": _order,
    "eq": _equality,
    "neq": _equality,
    "in": _membership,
    "not_in": _membership,
    "between": _range,
    "contains": _text,
    "matches": _text,
    "exists": _nothing,
    "not_exists": _nothing,
}
