"""The story file as pydantic models, key by key."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from shardwright.policies.models import Scope
from shardwright.policies.models.values import (
    AnyText,
    Flag,
    JustObject,
    Name,
    OneOrMore,
    Part,
    Positive,
    Raw,
    Selector,
    Text,
    Texts,
    number,
    one_of,
    whole,
)
from shardwright.policies.models.words import expected

MOST_COST = 10**18
STATUSES = ("optimal", "feasible", "conflict", "unknown")

Cost = Annotated[int, whole(0, MOST_COST)]
Priority = Annotated[int, whole(0, 10**6)]
Amount = Annotated[Decimal, number(0)]


class Bounds(Part):
    """Least and most; a plain number is both."""

    min: Cost | None = None
    max: Cost | None = None


class AmountBounds(Part):
    min: Amount | None = None
    max: Amount | None = None


def _bounds(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"min": value, "max": value}
    if isinstance(value, dict | Bounds):
        return value
    raise expected('a whole number or an object {"min": n, "max": n}', value)


def _amount_bounds(value: object) -> object:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return {"min": value, "max": value}
    if isinstance(value, dict | AmountBounds):
        return value
    raise expected('a number or an object {"min": n, "max": n}', value)


Range = Annotated[Bounds, BeforeValidator(_bounds)]
AmountRange = Annotated[AmountBounds, BeforeValidator(_amount_bounds)]


class Where(Part):
    """Where a shard's replicas are; a list of nodes alone is `nodes`."""

    nodes: Texts | None = None
    on: Texts = ()
    not_on: Texts = ()
    inside: Selector | None = Field(default=None, alias="in")
    outside: Selector | None = Field(default=None, alias="not_in")
    replicas: Range | None = None
    leader: Text | None = None
    values: dict[Text, Range] = Field(default_factory=dict)
    moved: Flag | None = None


class Each(Where):
    """The same of every shard of a scope."""

    scope: Scope = Scope()


def _where(value: object) -> object:
    if isinstance(value, str | list | tuple):
        return {"nodes": value}
    if isinstance(value, dict | Where):
        return value
    raise expected("a node, a list of nodes or an object", value)


class NodeLoad(Part):
    """What a node holds; a load is in the unit of its resource."""

    replicas: Range | None = None
    load: dict[Text, AmountRange] = Field(default_factory=dict)


class CostOf(Part):
    """The sum of all terms of the levels that fit: the cost of a priority, a policy, a goal."""

    priority: Priority | None = None
    policy: Text | None = None
    goal: Text | None = None
    exactly: Cost | None = Field(default=None, alias="is")
    min: Cost | None = None
    max: Cost | None = None


class GivenUp(Part):
    """One rule that yields; a policy's name alone is `policy`."""

    policy: Text
    shard: Text | None = None
    amount: Range | None = None
    because: Texts = ()


def _given_up(value: object) -> object:
    return {"policy": value} if isinstance(value, str) else value


def _sets(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise expected("a list of lists of policies", value)
    return tuple(value)


Wheres = dict[Text, Annotated[Where, BeforeValidator(_where)]]
NodesOf = dict[Text, Texts]


def _one_or_more_texts(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple) or not value:
        raise expected("a word or a list of words", value)
    return tuple(value)


def _some(value: object) -> object:
    if not isinstance(value, list | tuple) or not value:
        raise expected("a list of stories", value)
    return tuple(value)


Status = Annotated[str, one_of(*STATUSES)]


class Expect(Part):
    """What must hold; every key is checked, and all that fail are told."""

    status: Annotated[tuple[Status, ...] | None, BeforeValidator(_one_or_more_texts)] = None
    placed: Annotated[Wheres, JustObject] = Field(default_factory=dict)
    each: Annotated[tuple[Each, ...], OneOrMore] = ()
    must: Annotated[NodesOf, JustObject] = Field(default_factory=dict)
    may: Annotated[NodesOf, JustObject] = Field(default_factory=dict)
    never: Annotated[NodesOf, JustObject] = Field(default_factory=dict)
    nodes: dict[Text, NodeLoad] = Field(default_factory=dict)
    moves: Range | None = None
    cost: Annotated[tuple[CostOf, ...], OneOrMore] = ()
    gave_up: tuple[Annotated[GivenUp, BeforeValidator(_given_up)], ...] | None = None
    not_applied: Texts | None = None
    decisive: Texts = ()
    not_decisive: Texts = ()
    conflict: Texts | None = None
    conflicts: Annotated[tuple[Texts, ...] | None, BeforeValidator(_sets)] = None
    broken: Texts | None = None


class Solve(Part):
    """How the story is solved; what is not given is as in `shardwright solve`."""

    strategy: Annotated[str, one_of("auto", "exact", "search")] = "auto"
    time_limit: Annotated[Decimal, number(0)] | None = None
    steps: Positive | None = None
    workers: Positive = 2
    seed: Annotated[int, whole(0, 2**31 - 1)] = 1


class Change(Part):
    """What is different from the cluster: merge patches by id or glob; null takes a thing away."""

    nodes: Annotated[dict[Text, Raw], JustObject] = Field(default_factory=dict)
    shards: Annotated[dict[Text, Raw], JustObject] = Field(default_factory=dict)
    metrics: Annotated[dict[Text, Raw], JustObject] = Field(default_factory=dict)
    taken_at: Text | None = None


class StoryModel(Part):
    """`placement` is judged as it is; without it the cluster is solved."""

    name: Name
    why: AnyText = ""
    policies: Raw = None
    cluster: Raw = None
    change: Change | None = None
    placement: Raw = None
    solve: Solve | None = None
    expect: Expect


class FileModel(Part):
    """`policies`, `cluster` and `solve` are those of all stories that say nothing else."""

    description: AnyText = ""
    policies: Raw = None
    cluster: Raw = None
    solve: Solve | None = None
    stories: Annotated[tuple[StoryModel, ...], BeforeValidator(_some)]
