"""Reasons: what speaks for and against a node, as typed records; `wording` has the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shardwright.grammar.rules import Rule

# What a rule does to a node: `forbids` (required, or no_worse and made worse), `yields` (it would be given
# up), `costs` and `saves` (a goal), `holds` (its test admits the node), `gave_up` (it is given up for this
# shard), `breaks` (it is required, and a replica stands there all the same), `stays` (the replica is
# settled). Without a rule: `free` (no rule is against it), `equal` (nothing tells the node from where the
# replicas are).
Say = Literal["forbids", "yields", "costs", "saves", "holds", "gave_up", "breaks", "stays", "free", "equal"]


@dataclass(frozen=True)
class Reason:
    """What a rule has to say about nodes (rows) for a shard (row).

    `least` and `most` are the change, over these nodes, of what it costs at its level (for required rules: of
    its amount). `measure` is what a rule about measures measures. `alone`: whatever stands elsewhere.
    """

    say: Say
    shard: int
    nodes: tuple[int, ...]
    rule: Rule | None = None
    least: int = 0
    most: int = 0
    measure: int | None = None
    alone: bool = False


@dataclass(frozen=True)
class NodeGroup:
    """Nodes about which everything that is to be said is the same.

    `leaves` is the node whose replica would make way; None if nobody would, or not everywhere the same one.
    """

    nodes: tuple[int, ...]
    held: bool
    allowed: bool
    reasons: tuple[Reason, ...]
    leaves: int | None = None


@dataclass(frozen=True)
class Decided:
    """A goal that speaks first against some of the allowed nodes; rule None: nodes that are as good."""

    rule: Rule | None
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Binding:
    """A policy (or built-in) without which these nodes would be better, or as good (`tie`), for a replica."""

    owner: str
    nodes: tuple[int, ...]
    tie: bool


@dataclass(frozen=True)
class ShardReasons:
    """Why a shard stands where it stands. `held` are its nodes, `settled` those where it was before."""

    shard: int
    held: tuple[int, ...]
    settled: tuple[int, ...]
    groups: tuple[NodeGroup, ...]
    decided: tuple[Decided, ...]
    binding: tuple[Binding, ...]
