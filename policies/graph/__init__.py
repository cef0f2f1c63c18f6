"""Which policy needs which, in what order they are read, and which of them apply."""

from shardwright.policies.graph.build import build, decides_count, reads_count
from shardwright.policies.graph.force import in_force
from shardwright.policies.graph.order import circles, cycles, order
from shardwright.policies.graph.output import graph_dot, graph_json, graph_text
from shardwright.policies.graph.select import OPERATIONS, select

__all__ = [
    "OPERATIONS",
    "build",
    "circles",
    "cycles",
    "decides_count",
    "graph_dot",
    "graph_json",
    "graph_text",
    "in_force",
    "order",
    "reads_count",
    "select",
]
