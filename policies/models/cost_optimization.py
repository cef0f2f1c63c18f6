"""`actions.cost_optimization`: less money."""

from __future__ import annotations

from typing import Annotated, Literal

from shardwright.policies.models.preference import Preferences
from shardwright.policies.models.values import Amount, Flag, Part, one_of


class Budget(Part):
    per_hour: Amount


class CostOptimization(Part):
    minimize: Annotated[
        Literal["node_hours", "traffic", "cost"] | None, one_of("node_hours", "traffic", "cost")
    ] = None
    consolidate: Flag = False
    prefer: Preferences = ()
    budget: Budget | None = None
    max_cost_per_shard: Amount | None = None
