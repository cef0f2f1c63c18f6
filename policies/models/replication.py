"""`actions.replication`: how many replicas, and spread over what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shardwright.policies.models.spread import Spreads
from shardwright.policies.models.values import Count, Flag, Part, Selector, Text, Texts, one_of
from shardwright.policies.models.words import expected


class CountRange(Part):
    """Least and most replicas; a plain number n is both."""

    min: Count | None = None
    max: Count | None = None


def _count_range(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"min": value, "max": value}
    if isinstance(value, dict | CountRange):
        return value
    raise expected('a whole number or an object {"min": n, "max": n}', value)


class CrossRegion(Part):
    min_regions: Count | None = None
    max_regions: Count | None = None


class Leader(Part):
    inside: Selector | None = Field(default=None, alias="in")
    prefer: Selector | None = None
    max_per_node: Count | None = None
    balance: Flag = False


class Replication(Part):
    """`per` is {label key: {label value: range}}."""

    replicas: Count | None = None
    min_replicas: Count | None = None
    max_replicas: Count | None = None
    per: dict[Text, dict[Text, Annotated[CountRange, BeforeValidator(_count_range)]]] = Field(
        default_factory=dict
    )
    spread: Spreads = ()
    consistency: Annotated[
        Literal["eventual", "quorum", "strong"] | None, one_of("eventual", "quorum", "strong")
    ] = None
    survive: Texts = ()
    cross_region: CrossRegion | None = None
    leader: Leader | None = None
