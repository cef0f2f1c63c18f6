"""`spread`: replicas apart over the values of a label."""

from __future__ import annotations

from typing import Annotated

from shardwright.policies.models.values import Count, OneOrMore, Part, Text


class Spread(Part):
    """At least one of the limits is given (the check says so)."""

    by: Text
    max: Count | None = None
    min_values: Count | None = None
    max_skew: Count | None = None


Spreads = Annotated[tuple[Spread, ...], OneOrMore]
