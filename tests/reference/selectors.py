"""SELECTOR: what labels must be."""

from __future__ import annotations

from typing import Any

from tests.reference.compare import Value, compare, value_of


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Every key of the selector holds."""
    return all(fits(labels.get(key), wanted) for key, wanted in selector.items())


def fits(value: Value, wanted: Any) -> bool:
    """One value against a text, a list of texts, or an object of operators."""
    if isinstance(wanted, dict):
        return all(operator_holds(value, operator, operand) for operator, operand in wanted.items())
    if isinstance(wanted, list):
        return compare(value, "in", [value_of(item) for item in wanted])
    return compare(value, "eq", value_of(wanted))


def operator_holds(value: Value, operator: str, operand: Any) -> bool:
    if operator in ("exists", "not_exists"):
        return compare(value, "exists", None) == (operand == (operator == "exists"))
    if isinstance(operand, list):
        return compare(value, operator, [value_of(item) for item in operand])
    return compare(value, operator, value_of(operand))
