"""The whole policy document: what every policy has, whatever its type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shardwright.policies.models.cost_optimization import CostOptimization
from shardwright.policies.models.load_balancing import LoadBalancing
from shardwright.policies.models.migration import Migration
from shardwright.policies.models.placement import Placement
from shardwright.policies.models.replication import Replication
from shardwright.policies.models.schedule import Schedule
from shardwright.policies.models.values import (
    AnyText,
    Flag,
    JustObject,
    Name,
    Names,
    Part,
    Positive,
    Raw,
    Selector,
    Text,
    Texts,
    Time,
    one_of,
)

TYPES = ("placement", "migration", "replication", "load_balancing", "cost_optimization")
ENFORCEMENTS = ("required", "yielding", "no_worse", "preferred")
DEFAULT_PRIORITY = 100

PolicyType = Literal["placement", "migration", "replication", "load_balancing", "cost_optimization"]
Enforcement = Literal["required", "yielding", "no_worse", "preferred"]


class Scope(Part):
    """Which shards: those that fulfil every key that is given (None: not given)."""

    shards: Selector | None = None
    groups: Texts | None = None
    ids: Texts | None = None


class Actions(Part):
    """One object for each type; usually one of them is given."""

    placement: Placement | None = None
    migration: Migration | None = None
    replication: Replication | None = None
    load_balancing: LoadBalancing | None = None
    cost_optimization: CostOptimization | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The types whose object is there, in the order of TYPES."""
        return tuple(name for name in TYPES if getattr(self, name) is not None)


class PolicyModel(Part):
    """A policy document. `conditions` is plain data; the parsed condition is in `Policy.condition`."""

    version: Text = "1.0"
    name: Name
    description: AnyText = ""
    type: Annotated[PolicyType, one_of(*TYPES)]
    priority: Positive = DEFAULT_PRIORITY
    enforcement: Annotated[Enforcement, one_of(*ENFORCEMENTS)] = "yielding"
    weight: Positive = 1
    enabled: Flag = True
    valid_from: Time | None = None
    valid_until: Time | None = None
    schedule: Schedule = ()
    scope: Scope = Scope()
    depends_on: Names = ()
    extends: Name | None = None
    template: Name | None = None
    parameters: Annotated[dict[str, Raw], JustObject] = Field(default_factory=dict)
    conditions: Raw = None
    actions: Actions
    labels: dict[str, AnyText] = Field(default_factory=dict)
    owner: AnyText = ""
