"""The syntax tree of conditions: what both spellings, tree and infix, become."""

from __future__ import annotations

from dataclasses import dataclass, field

from shardwright.grammar.places import Place

Scalar = bool | int | float | str

# Canonical operator names, with the symbol that infix text uses.
SYMBOLS: dict[str, str] = {
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "eq": "==",
    "neq": "!=",
    "in": "in",
    "not_in": "not in",
    "between": "between",
    "contains": "contains",
    "matches": "matches",
    "exists": "exists",
    "not_exists": "not exists",
}

SUBJECTS = ("shard", "node", "current", "cluster", "time")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be looked up: `node.cpu_usage`, `shard.labels.tier`, `node.capacity.cpu`.

    `space` is "" for a bare name (the well-known field, else a metric, else a label), or one of
    "labels", "metrics", "capacity", "load", "safe" when the text says which.
    """

    subject: str
    space: str
    name: str

    def __str__(self) -> str:
        return ".".join(part for part in (self.subject, self.space, self.name) if part)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`attribute operator value`.

    `operator` is a key of SYMBOLS. `value` is a scalar; a tuple of scalars for in, not_in and
    between (low, high); another Attribute; or None for exists and not_exists.
    """

    attribute: Attribute
    operator: str
    value: Scalar | tuple[Scalar, ...] | Attribute | None
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    items: tuple[Condition, ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple[Condition, ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NoneOf:
    items: tuple[Condition, ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    item: Condition
    place: Place = field(compare=False, repr=False)


Condition = Comparison | All | AnyOf | NoneOf | Not

# The combinations by the word that both spellings use.
COMBINATIONS: dict[str, type[All] | type[AnyOf] | type[NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}


def comparisons(condition: Condition) -> tuple[Comparison, ...]:
    """Every comparison below a condition, in the order of the text."""
    if isinstance(condition, Comparison):
        return (condition,)
    if isinstance(condition, Not):
        return comparisons(condition.item)
    return tuple(leaf for item in condition.items for leaf in comparisons(item))


def conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    """The conditions that must all hold, with nested `all` flattened."""
    if condition is None:
        return ()
    if isinstance(condition, All):
        return tuple(part for item in condition.items for part in conjuncts(item))
    return (condition,)


def subjects(condition: Condition) -> frozenset[str]:
    """The subjects that a condition mentions, on either side of its comparisons."""
    return frozenset(
        side.subject
        for leaf in comparisons(condition)
        for side in (leaf.attribute, leaf.value)
        if isinstance(side, Attribute)
    )
