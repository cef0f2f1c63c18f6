"""Conditions that lowering makes out of other things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from shardwright.grammar.places import Source
from shardwright.grammar.selectors import LabelTest
from shardwright.grammar.syntax import All, AnyOf, Attribute, Comparison, Condition, NoneOf, Not
from shardwright.grammar.tree import Array, Object, pointer
from shardwright.policies.lowering.stated import NodeTest
from shardwright.policies.policy import Policy
from shardwright.policies.selectors import selector_at


def from_selector(policy: Policy, pointer: str, subject: str) -> tuple[Condition, ...]:
    """The selector at a pointer as comparisons with labels; empty if there is none."""
    return tuple(_comparison(test, subject) for test in selector_at(policy, pointer))


def together(conditions: tuple[Condition, ...], policy: Policy, pointer: str) -> Condition:
    """One condition that holds when all hold."""
    return conditions[0] if len(conditions) == 1 else All(conditions, policy.place(pointer))


def _comparison(test: LabelTest, subject: str) -> Comparison:
    return Comparison(Attribute(subject, "labels", test.key), test.operator, test.value, test.place)


def as_source(condition: Condition) -> Condition:
    """`current.` read as `node.`: in a migration policy both are the node that holds the replica."""
    match condition:
        case Comparison(attribute=attribute, value=value):
            right = _source(value) if isinstance(value, Attribute) else value
            return replace(condition, attribute=_source(attribute), value=right)
        case Not(item=item):
            return replace(condition, item=as_source(item))
        case All(items=items) | AnyOf(items=items) | NoneOf(items=items):
            return replace(condition, items=tuple(as_source(item) for item in items))


def _source(attribute: Attribute) -> Attribute:
    return replace(attribute, subject="node") if attribute.subject == "current" else attribute


def numbered(policy: Policy, tests: Iterable[Condition]) -> tuple[NodeTest, ...]:
    """Node conditions with a pointer each; conjuncts of one infix text are told apart by their number."""
    tests = tuple(tests)
    pointers = _pointers(policy) if tests else {}
    here = [pointers[test.place.source, test.place.pointer] for test in tests]
    shared = Counter(here)
    seen: Counter[str] = Counter()
    result = []
    for at, test in zip(here, tests, strict=True):
        result.append(NodeTest(f"{at}/{seen[at]}" if shared[at] > 1 else at, test))
        seen[at] += 1
    return tuple(result)


def _pointers(policy: Policy) -> dict[tuple[Source, str], str]:
    """Where each value of the conditions stands in the policy, by the file and pointer that it came from."""
    found: dict[tuple[Source, str], str] = {}
    waiting = [("/conditions", policy.tree.find("/conditions"))]
    while waiting:
        at, node = waiting.pop()
        found[node.place.source, node.place.pointer] = at
        if isinstance(node, Object):
            waiting += [(at + pointer(member.key), member.value) for member in node]
        elif isinstance(node, Array):
            waiting += [(at + pointer(index), item) for index, item in enumerate(node.items)]
    return found
