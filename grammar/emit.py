"""Rules to logic: a policy set becomes stratified rules that derive requirements over classes.

The program consists of numbers and fixed words only: names, labels and values of users stay in tables
and in the comments of the readable form, which clingo never sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shardwright.grammar.demands import demand
from shardwright.grammar.rules import (
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    Leave,
    Pack,
    Prefer,
    Replicas,
    Rule,
    Statement,
    Stay,
    Targets,
    Together,
)
from shardwright.grammar.spell import spell
from shardwright.grammar.syntax import (
    All,
    AnyOf,
    Attribute,
    Comparison,
    Condition,
    NoneOf,
    Not,
    subjects,
)

Key = tuple[Attribute, str, object]


@dataclass
class Comparisons:
    """The distinct comparisons of a policy set, numbered in the order of their first use."""

    numbers: dict[Key, int] = field(default_factory=dict)
    items: list[Comparison] = field(default_factory=list)

    def number(self, comparison: Comparison) -> int:
        key = (comparison.attribute, comparison.operator, typed(comparison.value))
        if key not in self.numbers:
            self.numbers[key] = len(self.items)
            self.items.append(comparison)
        return self.numbers[key]


@dataclass(frozen=True)
class Clause:
    """One line of the program; `note` is a remark for readers, in the user's words."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class PolicyProgram:
    """The emitted program with the comparisons that its numbers stand for."""

    clauses: tuple[Clause, ...]
    comparisons: tuple[Comparison, ...]
    count_comparisons: frozenset[int]  # those that are asked of the decided replica count

    @property
    def text(self) -> str:
        """What clingo reads."""
        return "\n".join(clause.text for clause in self.clauses if clause.text)

    @property
    def readable(self) -> str:
        """The same with remarks."""
        return "\n".join(_readable(clause) for clause in self.clauses) + "\n"


def typed(value: object) -> object:
    """A key under which 1, 1.0, true and "1" stay different values."""
    if isinstance(value, tuple):
        return tuple(typed(item) for item in value)
    return (type(value).__name__, value)


def emit(statements: Iterable[Statement]) -> PolicyProgram:
    """The program of a policy set."""
    writer = _Writer()
    for statement in statements:
        writer.statement(statement)
    return PolicyProgram(tuple(writer.clauses), tuple(writer.comparisons.items), frozenset(writer.of_count))


def _readable(clause: Clause) -> str:
    if not clause.note:
        return clause.text
    note = "% " + "".join(char if char.isprintable() else "?" for char in clause.note)
    return f"{clause.text:<70}  {note}" if clause.text else note


class _Writer:
    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.comparisons = Comparisons()
        self.of_count: set[int] = set()
        self.helpers = 0
        self.reads_count = True
        self.known: dict[tuple[str, str], str] = {}

    def line(self, text: str, note: str = "") -> None:
        self.clauses.append(Clause(text, note))

    def statement(self, statement: Statement) -> None:
        self.reads_count = not statement.decides_count
        self.line("")
        self.line("", f"policy {statement.number} `{statement.policy}`: {_headline(statement)}")
        number = statement.number
        body = self.body(statement.guards, ["shard_class(Shard)"])
        self.line(f"governs({number}, Shard) :- {body}.", _spell_all(statement.guards))
        for rule in statement.rules:
            self.rule(rule, statement)

    def rule(self, rule: Rule, statement: Statement) -> None:
        kind = rule.kind
        self.line("", f"rule {rule.id} {rule.pointer}, {kind.name}: {demand(rule)}")
        self.line(f"speaks({rule.id}, Shard) :- governs({statement.number}, Shard).")
        if isinstance(kind, (Allow, Prefer)):
            self.admits(rule, (kind.test,))
        elif isinstance(kind, Leave):
            self.admits(rule, (*statement.tests_of(rule), *((kind.test,) if kind.test else ())))
        elif isinstance(kind, (Stay, Capacity, Balance, Pack, Cost)):
            self.admits(rule, statement.tests_of(rule))
        elif isinstance(kind, Replicas):
            self.replicas(rule, kind, statement)
        elif isinstance(kind, (Apart, Together)):
            self.targets(rule, kind.targets, statement)

    def admits(self, rule: Rule, tests: tuple[Condition, ...]) -> None:
        """The node table of a rule; over pairs of classes when a test mentions the shard too."""
        mentioned = frozenset().union(*(subjects(test) for test in tests))
        if "shard" in mentioned:
            body = self.body(tests, [f"speaks({rule.id}, Shard)", "node_class(Node)"])
            self.line(f"admits({rule.id}, Shard, Node) :- {body}.", _spell_all(tests))
        else:
            body = self.body(tests, ["node_class(Node)"])
            self.line(f"admits({rule.id}, Node) :- {body}.", _spell_all(tests))

    def replicas(self, rule: Rule, kind: Replicas, statement: Statement) -> None:
        if kind.key is not None:
            return
        if kind.exact:
            required = int(rule.enforcement == "required")
            head = f"exact({rule.id}, Shard, {statement.priority}, {required})"
            self.line(f"{head} :- speaks({rule.id}, Shard).")
        for name, count in (("least", kind.least), ("most", kind.most)):
            if count is not None:
                head = f"{name}({rule.id}, Shard, {count})"
                self.line(f"{head} :- speaks({rule.id}, Shard), not overruled({rule.id}, Shard).")

    def targets(self, rule: Rule, targets: Targets, statement: Statement) -> None:
        body = ["shard_class(Shard)"]
        if targets.ungoverned:
            body.append(f"not governs({statement.number}, Shard)")
        tests = (targets.test,) if targets.test else ()
        self.line(f"targets({rule.id}, Shard) :- {self.body(tests, body)}.", _spell_all(tests))

    def body(self, tests: Iterable[Condition], start: list[str]) -> str:
        return ", ".join([*start, *(self.literal(test) for test in tests)])

    def literal(self, condition: Condition) -> str:
        """A body literal that is true exactly when the condition holds."""
        match condition:
            case Comparison():
                return self.comparison(condition)
            case Not(item=item):
                return _negate(self.literal(item))
            case NoneOf(items=items):
                return _negate(self.any_of(items, subjects(condition)))
            case AnyOf(items=items):
                return self.any_of(items, subjects(condition))
            case All(items=items):
                return self.helper([", ".join(self.literal(item) for item in items)], subjects(condition))

    def comparison(self, comparison: Comparison) -> str:
        number = self.comparisons.number(comparison)
        about = subjects(comparison)
        if about >= {"shard", "node"}:
            return f"both_are(Shard, Node, {number})"
        if self.reads_count and _is_count(comparison):
            self.of_count.add(number)
            return self.helper([f"wanted(Shard, Count), count_is(Count, {number})"], about)
        if "shard" in about:
            return f"shard_is(Shard, {number})"
        return f"node_is(Node, {number})" if "node" in about else f"given({number})"

    def any_of(self, items: tuple[Condition, ...], about: frozenset[str]) -> str:
        return self.helper([self.literal(item) for item in items], about)

    def helper(self, bodies: list[str], about: frozenset[str]) -> str:
        """An auxiliary atom with one rule for each body; equal ones are shared."""
        key = ("; ".join(bodies), " ".join(sorted(about & {"shard", "node"})))
        if key not in self.known:
            variables = [name for name in ("Shard", "Node") if name.lower() in about]
            domain = [f"{name.lower()}_class({name})" for name in variables]
            atom = f"holds({', '.join([str(self.helpers), *variables])})"
            self.helpers += 1
            self.known[key] = atom
            for body in bodies:
                parts = ", ".join([*domain, *([body] if body else [])])
                self.line(f"{atom} :- {parts}." if parts else f"{atom}.")
        return self.known[key]


def _negate(literal: str) -> str:
    return literal.removeprefix("not ") if literal.startswith("not ") else f"not {literal}"


def _is_count(comparison: Comparison) -> bool:
    attribute = comparison.attribute
    return attribute == Attribute("shard", "", "replicas") and not isinstance(comparison.value, Attribute)


def _headline(statement: Statement) -> str:
    return f"{statement.type}, priority {statement.priority}, {statement.enforcement}"


def _spell_all(tests: Iterable[Condition]) -> str:
    return " and ".join(spell(test) for test in tests)
