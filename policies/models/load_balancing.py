"""`actions.load_balancing`: even load, and limits to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from shardwright.policies.models.values import (
    Amount,
    Flag,
    OneOrMore,
    Part,
    Positive,
    Share,
    Text,
    Texts,
)
from shardwright.policies.models.words import expected


class CapacityReserve(Part):
    """Percent of each capacity that stays free."""

    reserve: Share = Decimal(0)


class Headroom(Part):
    """Free `of` is at least `target` times free `per`."""

    of: Text
    per: Text
    target: Amount
    weight: Positive = 1


class Utilization(Part):
    """Percent of capacity: `every` for all resources, or one for each resource that is named."""

    every: Amount | None = None
    by_resource: dict[Text, Amount] = Field(default_factory=dict)


def _utilization(value: object) -> object:
    if isinstance(value, Utilization):
        return value
    if isinstance(value, dict):
        return {"by_resource": value}
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise expected('a number or an object such as {"cpu": 80}', value)
    return {"every": value}


class LoadBalancing(Part):
    """`resources` None means all. `tolerance` is in percent above the mean."""

    resources: Texts | None = None
    tolerance: Amount = Decimal(5)
    max_utilization: Annotated[Utilization | None, BeforeValidator(_utilization)] = None
    safe: Flag = False
    capacity: CapacityReserve | None = None
    headroom: Annotated[tuple[Headroom, ...], OneOrMore] = ()
    over: Text = "node"

    @field_validator("resources", mode="before")
    @classmethod
    def _not_null(cls, value: object, info: ValidationInfo) -> object:
        if value is None:
            raise expected("a string or a list of strings", value)
        return value
