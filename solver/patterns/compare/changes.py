"""What a change of policies says, rule by rule: typed records, and the words for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shardwright.grammar.demands import demand
from shardwright.grammar.places import Place
from shardwright.grammar.spell import spell
from shardwright.solver.patterns.compare.forms import Form


@dataclass(frozen=True)
class Added:
    form: Form


@dataclass(frozen=True)
class Removed:
    form: Form


@dataclass(frozen=True)
class Altered:
    before: Form
    after: Form


@dataclass(frozen=True)
class Change:
    """A rule that is new, gone or other than before."""

    what: Added | Removed | Altered

    @property
    def kind(self) -> str:
        return type(self.what).__name__.lower()

    @property
    def form(self) -> Form:
        return self.what.after if isinstance(self.what, Altered) else self.what.form

    @property
    def place(self) -> Place:
        return self.form.policy.place(self.form.rule.pointer)

    @property
    def words(self) -> str:
        return WORDS[type(self.what)](self.what)

    def to_json(self) -> dict[str, Any]:
        place = self.place
        return {
            "change": self.kind,
            "policy": self.form.policy.name,
            "pointer": self.form.rule.pointer,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "text": self.words,
        }


def changes_of(gone: Sequence[Form], come: Sequence[Form]) -> Iterator[Change]:
    """Rules at one place of one policy are one change; the others are new or gone."""
    before = {_key(form): form for form in gone}
    after = {_key(form): form for form in come}
    for key in sorted({*before, *after}):
        if key in before and key in after:
            yield Change(Altered(before[key], after[key]))
        else:
            yield Change(Removed(before[key]) if key in before else Added(after[key]))


def _key(form: Form) -> tuple[str, str]:
    return form.policy.name, form.rule.pointer


def _told(form: Form) -> str:
    return f"{demand(form.rule)}, {_scope(form)} ({_binding(form)})"


def _scope(form: Form) -> str:
    guards = form.statement.guards
    return (
        "every shard" if not guards else "shards where `" + " and ".join(spell(one) for one in guards) + "`"
    )


def _binding(form: Form) -> str:
    rule = form.stated
    weights = [rule.weight, getattr(rule.kind, "weight", 1)]
    weight = "".join(f", weight {weight}" for weight in weights if weight != 1)
    return f"{rule.enforcement}, priority {form.statement.priority}{weight}"


def _altered(change: Altered) -> str:
    """Only what differs."""
    before, after = change.before, change.after
    pairs = [
        (demand(before.rule), demand(after.rule)),
        (_scope(before), _scope(after)),
        (_binding(before), _binding(after)),
    ]
    told = [f"{new} (was: {old})" for old, new in pairs if old != new]
    if told:
        return "; ".join(told)
    return f"{demand(after.rule)}: the same words with another meaning"


WORDS: dict[type, Callable[[Any], str]] = {
    Added: lambda change: f"new: {_told(change.form)}",
    Removed: lambda change: f"gone: {_told(change.form)}",
    Altered: _altered,
}
