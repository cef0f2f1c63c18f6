"""Why rules cannot hold together, as typed records; the words are in words.py.

Every record has been checked by arithmetic: its numbers alone show the contradiction, except for `Clash`,
which says no more than that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Some:
    """Things of a kind: `count` of them, the first few by name."""

    noun: str
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Shut:
    """Nodes that would be left to shards, but are in these states; `count` of them, the first few by name."""

    states: tuple[str, ...]
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class NoNode:
    """Rules that together leave shards no node, for which policies (`asking`) may ask."""

    owners: tuple[str, ...]
    shards: Some
    shut: Shut | None = None
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class TooFewNodes:
    """Shards want more replicas, each on another node, than rules leave nodes."""

    owners: tuple[str, ...]
    shards: Some
    wanted: int
    left: int
    shut: Shut | None = None
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class TooFewValues:
    """A rule wants more places of a label than the nodes left to shards have; `asking` want the replicas."""

    stating: str
    owners: tuple[str, ...]
    shards: Some
    wanted: int
    key: str
    values: Some
    shut: Shut | None = None
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class TooFewReplicas:
    """Shards need more places of a label than they may have replicas."""

    shards: Some
    wanted: int
    key: str
    replicas: int


@dataclass(frozen=True)
class Held:
    """One rule keeps shards where they stand, others keep them off; the first of them on `node`."""

    keeping: str
    owners: tuple[str, ...]
    shards: Some
    first: str
    node: str


@dataclass(frozen=True)
class TooHeavy:
    """Shards each of which wants `wanted` replicas, and only `fitting` of the nodes that it may use take one.

    `node` is the largest that takes none, None where there is no other node.
    """

    owners: tuple[str, ...]
    shards: Some
    first: str
    needs: float
    measure: str
    node: str | None
    takes: float
    wanted: int = 1
    fitting: int = 0
    borne: bool = False  # `node` holds that much today, over its limit


@dataclass(frozen=True)
class GroupTooHeavy:
    """Shards that must share a site and need more than the largest takes; `alike` other groups do, too."""

    owners: tuple[str, ...]
    group: str | None
    members: int
    needs: float
    measure: str
    by: str
    site: str | None
    takes: float
    alike: int


@dataclass(frozen=True)
class Counts:
    """The least number of replicas that rules ask for is above the greatest that others allow."""

    owners: tuple[str, ...]
    shards: Some
    least: int
    most: int


@dataclass(frozen=True)
class Crowd:
    """Shards that a rule keeps apart, and rules leave fewer places; `asking` for so many replicas."""

    keeping: str
    owners: tuple[str, ...]
    shards: Some
    by: str
    places: int
    needed: int
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shortage:
    """Together the shards need more of a measure than the nodes that they may use take."""

    owners: tuple[str, ...]
    shards: Some
    measure: str
    needs: float
    nodes: Some
    takes: float


@dataclass(frozen=True)
class FewPlaces:
    """The shards want `replicas` of at least `size` each, and the nodes have room for `places` so large."""

    owners: tuple[str, ...]
    shards: Some
    replicas: int
    size: float
    measure: str
    places: int


@dataclass(frozen=True)
class Clash:
    """The rules cannot all hold for these shards; only the logic knows why."""

    owners: tuple[str, ...]
    shards: Some


@dataclass(frozen=True)
class Leaves:
    """What one rule leaves to a shard: `nodes` of `total`; the others are `off`."""

    owner: str
    shard: str
    nodes: Some
    total: int
    off: Some


@dataclass(frozen=True)
class Closed:
    """Nodes that the other rules leave to a shard, but not their state: state by state."""

    owner: str
    shard: str
    states: tuple[tuple[str, Some], ...]


@dataclass(frozen=True)
class Wants:
    """How many replicas a shard asks for."""

    shard: str
    count: int


@dataclass(frozen=True)
class Largest:
    """The most that one node takes of a measure under a rule; `borne`: it holds that much today."""

    owner: str
    node: str
    takes: float
    measure: str
    borne: bool = False


@dataclass(frozen=True)
class Unknown:
    """A policy asks for a name that nothing in the cluster has: `message`, with what may be meant."""

    owner: str
    message: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Beyond:
    """A policy compares with a number that no node reaches: the least or the greatest that there is."""

    owner: str
    attribute: str
    is_least: bool
    value: float
    node: str


@dataclass(frozen=True)
class Alone:
    """No policy takes part: the cluster itself is the reason."""


Reason = (
    NoNode
    | TooFewNodes
    | TooFewValues
    | TooFewReplicas
    | Held
    | TooHeavy
    | GroupTooHeavy
    | Counts
    | Crowd
    | Shortage
    | FewPlaces
    | Clash
)
Fact = Leaves | Closed | Wants | Largest | Unknown | Beyond | Alone
