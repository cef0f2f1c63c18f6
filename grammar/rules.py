"""The rules that policies state: the lowered language, one dataclass for each kind of the vocabulary.

A rule says nothing about classes or numbers of a cluster; `grammar.emit` turns rules into logic and
`solver.facts` adds the numbers. Conditions in here mention shards and nodes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from shardwright.grammar.syntax import Condition

NODE = "node"  # the domain that every cluster has, beside its label keys


@dataclass(frozen=True, slots=True)
class Kind:
    """What a rule asks for. Each subclass is one entry of the vocabulary."""

    name: ClassVar[str]
    is_goal: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Allow(Kind):
    """Only nodes that fulfil `test` may hold a replica (an arriving one, if `arrivals`)."""

    name = "allow"
    test: Condition
    arrivals: bool


@dataclass(frozen=True, slots=True)
class Replicas(Kind):
    """Least and most replicas of a shard; `key` and `value` narrow the count to nodes with that label."""

    name = "replicas"
    least: int | None
    most: int | None
    key: str | None = None
    value: str | None = None

    @property
    def exact(self) -> bool:
        return self.key is None and self.least is not None and self.least == self.most


@dataclass(frozen=True, slots=True)
class Spread(Kind):
    """`limit` is one of "max", "min_values", "max_values", "max_skew"."""

    name = "spread"
    by: str
    limit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Targets:
    """The other shards that apart and together look at.

    `same_group`: only shards of the governed shard's own group. `test`: only shards that fulfil it.
    `ungoverned`: all shards that the policy does not govern. `differing_in`: only with another value.
    """

    same_group: bool = False
    test: Condition | None = None
    ungoverned: bool = False
    differing_in: str | None = None


@dataclass(frozen=True, slots=True)
class Apart(Kind):
    name = "apart"
    targets: Targets
    by: str = NODE


@dataclass(frozen=True, slots=True)
class Together(Kind):
    name = "together"
    targets: Targets
    by: str = NODE


@dataclass(frozen=True, slots=True)
class Capacity(Kind):
    """Load at most a limit, on each site of `over`.

    `percent` of the capacity, or the nodes' `safe` load, or `replicas` (a number of replicas, for which
    `resources` is empty). `resources` None means all. `everyone`: the load of all shards counts.
    """

    name = "capacity"
    resources: tuple[str, ...] | None = None
    percent: Decimal | None = None
    safe: bool = False
    replicas: int | None = None
    over: str = NODE
    everyone: bool = False
    replaces_builtin: bool = False


@dataclass(frozen=True, slots=True)
class Stay(Kind):
    name = "stay"


@dataclass(frozen=True, slots=True)
class Leave(Kind):
    """Replicas leave the nodes that fulfil `test` (None: every node that the policy speaks of)."""

    name = "leave"
    test: Condition | None


@dataclass(frozen=True, slots=True)
class Balance(Kind):
    """Even load over sites; `resources` None means all, `replicas` counts replicas instead."""

    name = "balance"
    is_goal = True
    resources: tuple[str, ...] | None = None
    tolerance: Decimal = Decimal(5)
    over: str = NODE
    replicas: bool = False


@dataclass(frozen=True, slots=True)
class Headroom(Kind):
    """Free `of` is at least `target` times free `per` on each node."""

    name = "headroom"
    is_goal = True
    of: str
    per: str
    target: Decimal
    weight: int = 1


@dataclass(frozen=True, slots=True)
class FewestMoves(Kind):
    """`unit` is "moves", "cost" or "bytes"."""

    name = "fewest_moves"
    is_goal = True
    unit: str = "moves"


@dataclass(frozen=True, slots=True)
class Prefer(Kind):
    """A replica off the nodes of `test` costs `weight`; if negative, one on them costs its size."""

    name = "prefer"
    is_goal = True
    test: Condition
    weight: int


@dataclass(frozen=True, slots=True)
class Pack(Kind):
    """Few nodes in use."""

    name = "pack"
    is_goal = True


@dataclass(frozen=True, slots=True)
class Cost(Kind):
    """Little `cost_per_hour`: of the nodes in use, or (`per_replica`) added up over replicas."""

    name = "cost"
    is_goal = True
    per_replica: bool = False


@dataclass(frozen=True, slots=True)
class Nearness(Kind):
    """Little latency between the node and `source` (None: the shard's label of the first topology key)."""

    name = "nearness"
    is_goal = True
    source: str | None


@dataclass(frozen=True, slots=True)
class Placed(Kind):
    """Built in: as many replicas as are wanted."""

    name = "placed"


@dataclass(frozen=True, slots=True)
class OnePerNode(Kind):
    """Built in: a node holds a shard once."""

    name = "one_per_node"


@dataclass(frozen=True, slots=True)
class NodeState(Kind):
    """Built in: down nodes hold nothing, draining ones and those in maintenance take nothing new."""

    name = "node_state"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one policy.

    `id` is its number in the program; `policy` None marks a built-in, whose name is `kind.name`.
    `pointer` is the place in the policy document. `level` is (block, priority), None if required.
    """

    id: int
    policy: str | None
    pointer: str
    kind: Kind
    enforcement: str  # required | yielding | no_worse | goal
    level: tuple[int, int] | None
    weight: int = 1

    @property
    def owner(self) -> str:
        """The policy's name, or the built-in's."""
        return self.policy if self.policy is not None else self.kind.name


@dataclass(frozen=True, slots=True)
class Statement:
    """What one policy says: whom it governs, which nodes it speaks of, and its rules.

    `guards` mention no node, `node_tests` do (both are conjunctions). `decides_count` is true when one
    of its rules gives a replica count: then its `shard.replicas` is the shard's own.
    """

    policy: str
    number: int
    type: str
    priority: int
    enforcement: str
    weight: int
    guards: tuple[Condition, ...]
    node_tests: tuple[Condition, ...]
    rules: tuple[Rule, ...]

    @property
    def decides_count(self) -> bool:
        return any(isinstance(rule.kind, Replicas) and rule.kind.key is None for rule in self.rules)

    def tests_of(self, rule: Rule) -> tuple[Condition, ...]:
        """The node conditions that a rule sees: none if it stands in the object of another type."""
        own = f"/actions/{self.type}"
        return self.node_tests if rule.pointer == own or rule.pointer.startswith(own + "/") else ()
