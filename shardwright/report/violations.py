"""The rules that a placement breaks, as its certificate found them."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding

from shardwright.report.words import count, line, number, quoted
from shardwright.solver.result import Violation

EXAMPLES = 5

Rule = tuple[str, str, str]


def violations_section(violations: list[Violation]) -> RenderableType | None:
    """Grouped by policy and rule, with examples; None where nothing is broken."""
    if not violations:
        return None
    rules: dict[Rule, list[Violation]] = {}
    for item in violations:
        rules.setdefault((item.policy, item.rule, item.enforcement), []).append(item)
    title = line(("Broken", "bold red"), f": {count(len(rules), 'rule')}, {count(len(violations), 'case')}")
    return Group(title, *(text for rule, items in rules.items() for text in _rule(rule, items)))


def _rule(rule: Rule, items: list[Violation]) -> list[RenderableType]:
    policy, pointer, enforcement = rule
    head = line(
        "  ",
        (quoted(policy), "red"),
        f" {pointer}".rstrip(),
        f" ({enforcement}): {count(len(items), 'case')}",
    )
    shown: list[RenderableType] = [
        Padding(line(f"{item.what}{_excess(item)}"), (0, 0, 0, 4)) for item in items[:EXAMPLES]
    ]
    more = len(items) - len(shown)
    return [head, *shown] + ([line(f"    and {number(more)} more")] if more else [])


def _excess(item: Violation) -> str:
    allowed = f", {number(item.tolerated)} tolerated" if item.tolerated else ""
    return f", amount {number(item.amount)}{allowed}"
