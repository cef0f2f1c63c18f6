"""Which rules yielded, by how much, and for whose sake."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding

from shardwright.report.words import count, line, number, quoted
from shardwright.solver.result import GaveUp

EXAMPLES = 2
REASONS = 3

Rule = tuple[str, str]


def gave_up_section(gave_up: list[GaveUp]) -> RenderableType | None:
    """Grouped by policy and rule, with two examples each; None where everything was kept."""
    if not gave_up:
        return None
    rules: dict[Rule, list[GaveUp]] = {}
    for item in gave_up:
        rules.setdefault((item.policy, item.rule), []).append(item)
    title = line(("Given up", "bold"), f": {count(len(rules), 'rule')}, {count(len(gave_up), 'case')}")
    return Group(title, *(text for rule, items in rules.items() for text in _rule(rule, items)))


def _rule(rule: Rule, items: list[GaveUp]) -> list[RenderableType]:
    policy, pointer = rule
    amount = sum(item.amount for item in items)
    head = line(
        "  ",
        (quoted(policy), "yellow"),
        f" {pointer}".rstrip(),
        f": {count(len(items), 'case')}, amount {number(amount)}",
    )
    return [head, *_place(items[0]), *_examples(items), *_reasons(items)]


def _place(item: GaveUp) -> list[RenderableType]:
    """Where the policy says so, as in a diagnostic; built-ins stand in no file."""
    return [line((f"    --> {item.file}:{item.line}:{item.column}", "dim"))] if item.file else []


def _examples(items: list[GaveUp]) -> list[RenderableType]:
    shown: list[RenderableType] = [_indented(item.what) for item in items[:EXAMPLES]]
    more = len(items) - len(shown)
    return shown + ([line(f"    and {number(more)} more")] if more else [])


def _reasons(items: list[GaveUp]) -> list[RenderableType]:
    because = sorted({reason for item in items for reason in item.because})
    shown: list[RenderableType] = [
        _indented(f"for the sake of {reason}", "dim") for reason in because[:REASONS]
    ]
    more = len(because) - len(shown)
    return shown + ([line(f"    and {count(more, 'more reason')}")] if more else [])


def _indented(text: str, style: str = "") -> Padding:
    """Sentences may be long; their second lines stand below the first."""
    return Padding(line((text, style)), (0, 0, 0, 4))
