"""The policy document as pydantic models: one file for each type of action."""

from shardwright.policies.models.cost_optimization import Budget, CostOptimization
from shardwright.policies.models.envelope import (
    DEFAULT_PRIORITY,
    ENFORCEMENTS,
    TYPES,
    Actions,
    PolicyModel,
    Scope,
)
from shardwright.policies.models.load_balancing import CapacityReserve, Headroom, LoadBalancing, Utilization
from shardwright.policies.models.migration import Migration
from shardwright.policies.models.placement import (
    CONSTRAINT_KEYS,
    STRATEGIES,
    Constraints,
    Exclusive,
    Latency,
    NodeChoice,
    Placement,
    Target,
)
from shardwright.policies.models.preference import Preference
from shardwright.policies.models.replication import CountRange, CrossRegion, Leader, Replication
from shardwright.policies.models.schedule import Window
from shardwright.policies.models.spread import Spread

__all__ = [
    "CONSTRAINT_KEYS",
    "DEFAULT_PRIORITY",
    "ENFORCEMENTS",
    "STRATEGIES",
    "TYPES",
    "Actions",
    "Budget",
    "CapacityReserve",
    "Constraints",
    "CostOptimization",
    "CountRange",
    "CrossRegion",
    "Exclusive",
    "Headroom",
    "Latency",
    "Leader",
    "LoadBalancing",
    "Migration",
    "NodeChoice",
    "Placement",
    "PolicyModel",
    "Preference",
    "Replication",
    "Scope",
    "Spread",
    "Target",
    "Utilization",
    "Window",
]
