"""The kinds of repairs: what each changes, as an RFC 6902 patch on one document, and its words.

A repair of the cluster gives up no policy, so it comes first; then policies, the least important ones first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shardwright.solver.conflicts.words import either, listing, quantity

Json = dict[str, Any]
Patch = list[Json]

FEW_NAMES = 4  # nodes that a text names one by one


@dataclass(frozen=True)
class Verdict:
    """`removes`: the rules of the conflict can then hold together; None where a limit came first.

    `remaining` conflicts were seen to be left; without a `limit` there are no others, and with 0 a placement
    keeps every rule. `limit` is the name of what came before more could be seen.
    """

    removes: bool | None
    remaining: int | None = None
    limit: str | None = None


@dataclass(frozen=True)
class Larger:
    """A node, its place in the snapshot's list, and its new sizes: (resource, old, new)."""

    name: str
    at: int
    sizes: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class RaiseCapacity:
    """Nodes take more, all of them the same."""

    nodes: tuple[Larger, ...]

    @property
    def text(self) -> str:
        first = self.nodes[0]
        if len(self.nodes) == 1:
            told = (f"{name} by {quantity(new - old)}, to {quantity(new)}" for name, old, new in first.sizes)
            return f"raise the capacity of node `{first.name}`: {'; '.join(told)}"
        sizes = " and ".join(f"{name} to {quantity(new)}" for name, _, new in first.sizes)
        return f"raise the capacity of nodes {listing(tuple(node.name for node in self.nodes))}: {sizes}"

    @property
    def patch(self) -> Patch:
        return [step for node in self.nodes for step in _raised(node)]


def _raised(node: Larger) -> Patch:
    path = f"/nodes/{node.at}/capacity/"
    return [
        _same(f"/nodes/{node.at}/id", node.name),
        *({"op": "add", "path": path + escaped(name), "value": new} for name, _, new in node.sizes),
    ]


@dataclass(frozen=True)
class Reopen:
    """Closed nodes become active again: (name, place in the snapshot's list, state today)."""

    nodes: tuple[tuple[str, int, str], ...]

    @property
    def text(self) -> str:
        names = tuple(name for name, _, _ in self.nodes)
        states = either(tuple(dict.fromkeys(state for _, _, state in self.nodes)))
        if len(names) == 1:
            return f"bring node `{names[0]}` back into service (it is {states})"
        some = f"nodes {listing(names)}" if len(names) <= FEW_NAMES else f"{len(names)} nodes"
        among = "" if len(names) <= FEW_NAMES else f"; {listing(names[:2])} are among them"
        return f"bring {some} back into service (they are {states}{among})"

    @property
    def patch(self) -> Patch:
        return [
            step
            for name, at, _ in self.nodes
            for step in (
                _same(f"/nodes/{at}/id", name),
                {"op": "add", "path": f"/nodes/{at}/state", "value": "active"},
            )
        ]


@dataclass(frozen=True)
class Relabel:
    """A node gets another label value. `place`: the label says where the node is, so it has to be moved;
    `new`: to where no other node is."""

    node: str
    at: int
    key: str
    value: str
    place: bool = False
    new: bool = False

    @property
    def text(self) -> str:
        label = f"{self.key}=`{self.value}`"
        if not self.place:
            return f"label node `{self.node}` {label}"
        where = f"a {self.key} of its own" if self.new else f"{self.key} `{self.value}`"
        return f"move node `{self.node}` to {where}: label {label}"

    @property
    def patch(self) -> Patch:
        path = f"/nodes/{self.at}/labels/{escaped(self.key)}"
        return [_same(f"/nodes/{self.at}/id", self.node), {"op": "add", "path": path, "value": self.value}]


@dataclass(frozen=True)
class AddNodes:
    """So many more nodes like some that are there, `changed` says in what they differ from these."""

    like: tuple[str, ...]
    changed: str
    nodes: tuple[Json, ...]

    @property
    def text(self) -> str:
        how_many = "a node" if len(self.nodes) == 1 else f"{len(self.nodes)} nodes"
        return f"add {how_many} like {listing(self.like)}{self.changed}"

    @property
    def patch(self) -> Patch:
        return [{"op": "add", "path": "/nodes/-", "value": node} for node in self.nodes]


@dataclass(frozen=True)
class SplitGroup:
    """Shards of a group form groups of their own: `parts` are new names and (place, shard) in the snapshot's
    list; `rest` shards keep the name."""

    group: str
    rest: int
    parts: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]

    @property
    def text(self) -> str:
        sizes = [self.rest, *(len(members) for _, members in self.parts)]
        each = f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]} shards"
        return f"split group `{self.group}` into {len(sizes)} groups of {each}"

    @property
    def patch(self) -> Patch:
        moved = [(at, shard, name) for name, members in self.parts for at, shard in members]
        return [
            step
            for at, shard, name in sorted(moved)
            for step in (
                _same(f"/shards/{at}/id", shard),
                {"op": "add", "path": f"/shards/{at}/group", "value": name},
            )
        ]


@dataclass(frozen=True)
class Weaken:
    """A number or a word of a rule becomes one that asks for less."""

    policy: str
    priority: int
    path: str
    old: Any
    new: Any

    @property
    def text(self) -> str:
        key = self.path.rsplit("/", 1)[-1]
        if more := _more(self.old, self.new):
            return f"weaken `{self.policy}`: `{key}` may also be {listing(more)}"
        return f"weaken `{self.policy}`: `{key}` {_told(self.new)} instead of {_told(self.old)}"

    @property
    def patch(self) -> Patch:
        return [{"op": "add", "path": self.path, "value": self.new}]


@dataclass(frozen=True)
class Yield:
    """A policy gives way where it must."""

    policy: str
    priority: int

    @property
    def text(self) -> str:
        return f"make `{self.policy}` yield where it must: enforcement `yielding`"

    @property
    def patch(self) -> Patch:
        return [{"op": "add", "path": "/enforcement", "value": "yielding"}]


@dataclass(frozen=True)
class Drop:
    """A policy says nothing any more."""

    policy: str
    priority: int

    @property
    def text(self) -> str:
        return f"switch `{self.policy}` off"

    @property
    def patch(self) -> Patch:
        return [{"op": "add", "path": "/enabled", "value": False}]


OfCluster = Reopen | RaiseCapacity | Relabel | AddNodes | SplitGroup
OfPolicy = Weaken | Yield | Drop
Repair = OfCluster | OfPolicy
ORDER = (Reopen, Relabel, RaiseCapacity, AddNodes, SplitGroup, Weaken, Yield, Drop)


def rank(repair: Repair) -> tuple[int, int, int, int, str]:
    """Cheapest first."""
    kind = ORDER.index(type(repair))
    if isinstance(repair, Relabel) and repair.place:
        kind = ORDER.index(SplitGroup)  # more work than a node that is added
    if isinstance(repair, OfCluster):
        return 0, 0, kind, len(repair.patch), repair.text
    return 1, -repair.priority, kind, 0, repair.text


def document(repair: Repair, verdict: Verdict) -> Json:
    """The repair as answers give it; `certified`: the conflict was seen to be gone."""
    of_policy = isinstance(repair, OfPolicy)
    return {
        "text": repair.text + _left(verdict),
        "kind": _KINDS[type(repair)],
        "document": "policy" if of_policy else "cluster",
        "policy": repair.policy if isinstance(repair, OfPolicy) else None,
        "patch": repair.patch,
        "certified": verdict.removes is True,
        "remaining": verdict.remaining,
        "limit": verdict.limit,
    }


def _left(verdict: Verdict) -> str:
    """Nothing to add where a placement then keeps every rule."""
    if not verdict.removes:
        return f" (not tried: `{verdict.limit}` came first)"
    if verdict.limit is None and not verdict.remaining:
        return ""
    others = "1 other remains" if verdict.remaining == 1 else f"{verdict.remaining or 'no'} others remain"
    if verdict.limit is None:
        return f" (removes this conflict; {others})"
    seen = f"{others}, as far as `{verdict.limit}` let it be seen" if verdict.remaining else ""
    return f" (removes this conflict; {seen or f'whether another arises is open: `{verdict.limit}`'})"


_KINDS: Mapping[type, str] = {
    Reopen: "reopen",
    RaiseCapacity: "raise_capacity",
    Relabel: "relabel",
    AddNodes: "add_nodes",
    SplitGroup: "split_group",
    Weaken: "weaken",
    Yield: "yield",
    Drop: "drop",
}


def escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _same(path: str, value: str) -> Json:
    """The patch is refused where the list has another order."""
    return {"op": "test", "path": path, "value": value}


def _more(old: Any, new: Any) -> tuple[str, ...]:
    """The names that a list has more; none where anything else has changed."""
    before = old if isinstance(old, list) else [old]
    if not isinstance(new, list) or new[: len(before)] != before:
        return ()
    return tuple(map(str, new[len(before) :]))


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    return f"{value}" if isinstance(value, (int, float)) else f"`{value}`"
