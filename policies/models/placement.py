"""`actions.placement`: where replicas may be and where they should go."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from shardwright.policies.models.preference import Preferences
from shardwright.policies.models.spread import Spreads
from shardwright.policies.models.values import (
    Amount,
    Count,
    OneOrMore,
    Part,
    Raw,
    Selector,
    Text,
    Texts,
    one_of,
)
from shardwright.policies.models.words import expected

STRATEGIES = ("least_loaded", "spread", "binpack", "nearest", "lowest_cost", "sticky")
LABELS_FIELD = "label_constraints"


class NodeChoice(Part):
    """`node`: only these nodes (`in`), or none of them (`not_in`)."""

    operator: Literal["in", "not_in"]
    names: Texts


class Target(Part):
    """The other shards of `apart_from` and `together_with`; `group` "same" is the shard's own."""

    group: Text | None = None
    shards: Selector | None = None
    differing_in: Text | None = None
    by: Text = "node"


class Exclusive(Part):
    """No shard that the policy does not govern may be there too."""

    by: Text = "node"


class Latency(Part):
    source: Text = Field(alias="from")
    max_ms: Amount


def _node_choice(value: object) -> object:
    if isinstance(value, str | list | tuple):
        return {"operator": "in", "names": value}
    if isinstance(value, dict) and len(value) == 1 and (operator := next(iter(value))) in ("in", "not_in"):
        return {"operator": operator, "names": value[operator]}
    if isinstance(value, NodeChoice):
        return value
    raise expected('a node\'s name, a list of names, {"in": [...]} or {"not_in": [...]}', value)


def _exclusive(value: object) -> object:
    if value is True:
        return Exclusive()
    if value is False:
        return None
    if isinstance(value, dict | Exclusive):
        return value
    raise expected('true or an object {"by": LABEL}', value)


Targets = Annotated[tuple[Target, ...], OneOrMore]


class Constraints(Part):
    """A key that is not a field here is a label: `label_constraints`, as plain selector values."""

    label_constraints: dict[str, Raw] = Field(default_factory=dict)
    labels: Selector | None = None
    node: Annotated[NodeChoice | None, BeforeValidator(_node_choice)] = None
    min_replicas: Count | None = None
    max_replicas: Count | None = None
    spread: Spreads = ()
    apart_from: Targets = ()
    together_with: Targets = ()
    exclusive: Annotated[Exclusive | None, BeforeValidator(_exclusive)] = None
    max_per_node: Count | None = None
    latency: Latency | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_labels(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        known = {key: value for key, value in data.items() if key in CONSTRAINT_KEYS}
        labels = {key: value for key, value in data.items() if key not in CONSTRAINT_KEYS}
        return {**known, LABELS_FIELD: labels} if labels else known


CONSTRAINT_KEYS = tuple(key for key in Constraints.model_fields if key != LABELS_FIELD)


class Placement(Part):
    applies_to: Annotated[Literal["arrivals", "all"], one_of("arrivals", "all")] = "arrivals"
    strategy: Annotated[
        Literal["least_loaded", "spread", "binpack", "nearest", "lowest_cost", "sticky"] | None,
        one_of(*STRATEGIES),
    ] = None
    constraints: Constraints = Constraints()
    preferences: Preferences = ()
