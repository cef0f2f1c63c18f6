"""What `shardwright fmt` makes of a file: another text of the same policies."""

from __future__ import annotations

from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.grammar.parser import parse_document
from shardwright.grammar.printer import Spelling, format_with_notes
from shardwright.grammar.tree import Array, Node, Object, Plain
from shardwright.policies.read import Text

# What tells a policy from other JSON that may lie in the same folder, such as a cluster snapshot.
SIGNS = frozenset({"type", "actions", "extends"})
NO_POLICY = "holds no policy and is left as it is"


@dataclass(frozen=True)
class Tidied:
    """A file's new text (None: it stays as it is), what is to be said about it, and why it cannot be read."""

    name: str
    text: str | None
    notes: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def tidy(file: Text, conditions: Spelling = "keep", limits: Limits = DEFAULT_LIMITS) -> Tidied:
    """The text of a policy file in canonical form; a file with errors is left alone."""
    node, problems = parse_document(file.text, file.name, limits)
    if node is None or problems:
        return Tidied(file.name, None, problems=tuple(problems))
    if not _holds_policies(node):
        return Tidied(file.name, None, (NO_POLICY,))
    formatted = format_with_notes(node, conditions)
    # INVARIANT: whatever goes wrong in layout, no file is written that says something else.
    again, _ = parse_document(formatted.text, file.name, limits)
    if again is None or _without_conditions(again.plain()) != _without_conditions(node.plain()):
        raise AssertionError(f"formatting would change what {file.name} says")
    return Tidied(file.name, None if formatted.text == file.text else formatted.text, formatted.notes)


def _holds_policies(node: Node) -> bool:
    items = node.items if isinstance(node, Array) else (node,)
    return bool(items) and all(
        isinstance(item, Object) and any(member.key in SIGNS for member in item) for item in items
    )


def _without_conditions(value: Plain) -> Plain:
    if isinstance(value, list):
        return [_without_conditions(item) for item in value]
    assert isinstance(value, dict)
    return {key: item for key, item in value.items() if key != "conditions"}
