"""Why one shard stands where it stands: every node, sorted by what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Allow, FewestMoves, Leave, NodeState
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.effects import Effect
from shardwright.solver.why.exchange import Exchanges, Scales, exchanges_of
from shardwright.solver.why.reasons import Binding, Decided, NodeGroup, Reason, Say, ShardReasons
from shardwright.solver.why.singles import AMOUNTS
from shardwright.solver.why.standing import NOBODY, Batch


def why_shard(scales: Scales, row: int) -> ShardReasons:
    """The reasons of one shard (a row of the cluster)."""
    return _Shard(scales, row).reasons


@dataclass(frozen=True)
class Verdicts:
    """The exchanges of a batch, judged by faults first, then level by level."""

    exchanges: Exchanges

    @cached_property
    def first(self) -> NDArray[np.int16]:
        """What changes first: 0 faults, from 1 on the levels; -1 if nothing does: shape (rows, nodes)."""
        return self._judged[0]

    @cached_property
    def sign(self) -> NDArray[np.int8]:
        """1 where the exchange is for the worse, -1 for the better, 0 where it changes nothing."""
        return self._judged[1]

    @cached_property
    def _judged(self) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
        found = self.exchanges
        sign = _signs(found.fault)
        first = np.where(sign != 0, 0, -1).astype(np.int16)
        for at, level in enumerate(found.levels, start=1):
            undecided = sign == 0
            if not undecided.any():
                break
            change = _signs(found.cost(level)) * undecided
            np.putmask(first, change != 0, at)
            sign += change
        return first, sign

    @cached_property
    def allowed(self) -> BoolArray:
        """Neither a fault nor a rule given up, where no other is kept instead: shape (rows, nodes)."""
        rules = 1 + sum(block == 1 for block, _ in self.exchanges.levels)
        found: BoolArray = (self.first >= rules) | (self.sign <= 0)
        return found & ~self.forbidden

    @cached_property
    def forbidden(self) -> BoolArray:
        """Where a required rule lets no replica stand, whoever makes way: shape (rows, nodes).

        Only asked where the exchange may put something right that is broken, for else it is a fault anyway.
        """
        found = np.zeros(self.exchanges.batch.shape, dtype=bool)
        if any(_mends(one) for one in self.exchanges.effects):
            for one in self.exchanges.effects:
                if (barred := bars(one)) is not None:
                    found |= barred
        return found


def bars(one: Effect) -> BoolArray | None:
    """Where a required rule about single replicas lets none stand; None if it is no such rule."""
    is_single = one.rule.enforcement == "required" and isinstance(one.rule.kind, (Allow, Leave, NodeState))
    if not is_single or one.fault is None or one.fault.arrive is None:
        return None
    found: BoolArray = one.fault.arrive > 0
    return found


def _mends(one: Effect) -> bool:
    """Whether some exchange breaks less of a rule."""
    parts = () if one.fault is None else (one.fault.arrive, one.fault.leave, one.fault.both)
    return any(part is not None and bool((part < 0).any()) for part in parts)


def _signs(changes: LongArray) -> NDArray[np.int8]:
    """1 where something grows, -1 where it shrinks; small numbers, for there are many of them."""
    return (changes > 0).astype(np.int8) - (changes < 0).astype(np.int8)


@dataclass(frozen=True)
class _Shard:
    scales: Scales
    row: int

    @cached_property
    def batch(self) -> Batch:
        return Batch(self.scales.standing, np.array([self.row], dtype=np.int32))

    @cached_property
    def exchanges(self) -> Exchanges:
        return exchanges_of(self.scales, self.batch)

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self.exchanges)

    @property
    def reasons(self) -> ShardReasons:
        held = np.flatnonzero(self.held)
        return ShardReasons(
            self.row,
            tuple(held.tolist()),
            tuple(held[self.batch.is_settled[0][held]].tolist()),
            tuple(self._groups()),
            tuple(self._decided()),
            tuple(self._binding()),
        )

    @property
    def held(self) -> BoolArray:
        held: BoolArray = self.batch.is_held[0]
        return held

    @property
    def allowed(self) -> BoolArray:
        allowed: BoolArray = self.held | self.verdicts.allowed[0]
        return allowed

    @cached_property
    def says(self) -> list[tuple[Effect, LongArray, LongArray]]:
        """Each effect with the change of its cost and its fault on every node, where there is any."""
        nothing = np.zeros(self.batch.shape, dtype=np.int64)
        found = self.exchanges
        return [
            (one, *(nothing[0] if part is None else found.of(part)[0] for part in (one.cost, one.fault)))
            for one in found.effects
        ]

    @cached_property
    def objects(self) -> BoolArray:
        """Which effects are told about which nodes, shape (effects, nodes).

        Where a node is not allowed, all that is broken or given up there; where it is, what decides first.
        """
        told = [
            np.where(
                self.allowed,
                self._decides(one, cost),
                (fault > 0) | ((cost > 0) & is_rule(one)) | self._bars(one),
            )
            for one, cost, fault in self.says
        ]
        return np.array(told, dtype=bool).reshape(-1, len(self.held)) & ~self.held

    def _bars(self, one: Effect) -> BoolArray:
        """Where a required rule lets no replica stand, among the nodes that are closed for such a reason."""
        barred = bars(one)
        found: BoolArray = self.verdicts.forbidden[0] & (False if barred is None else barred[0])
        return found

    def _decides(self, one: Effect, cost: LongArray) -> BoolArray:
        levels = self.exchanges.levels
        at = levels.index(one.rule.level) + 1 if one.rule.level is not None else NOBODY
        found: BoolArray = (self.verdicts.first[0] == at) & (cost != 0)
        return found

    @cached_property
    def tests(self) -> list[tuple[Effect, LongArray]]:
        """Rules that test nodes for this shard, with what a replica there is against."""
        governed = self.scales.standing.problem.requirements.speaks[:, self.batch.classes[0]]
        return [
            (one, AMOUNTS[type(one.rule.kind)](self.batch, one.rule, one.rule.kind)[0])
            for one in self.exchanges.effects
            if isinstance(one.rule.kind, (Allow, Leave, NodeState))
            and governed[one.rule.id]
            and one.rule.enforcement != "goal"
        ]

    # -- groups

    def _groups(self) -> Iterator[NodeGroup]:
        failed = np.array([amount > 0 for _, amount in self.tests], dtype=bool).reshape(-1, len(self.held))
        shown = self.held | self.allowed
        rows = [
            self.held,
            self.allowed,
            self.batch.is_settled[0] & self.held,
            *(failed & shown),
            *self.objects,
        ]
        if not len(self.held):
            return
        keys, of = np.unique(np.stack(rows).astype(np.uint8), axis=1, return_inverse=True)
        groups = [np.flatnonzero(of.reshape(-1) == at) for at in range(keys.shape[1])]
        yield from sorted(map(self._group, groups), key=_order)

    def _group(self, nodes: NDArray[np.int64]) -> NodeGroup:
        names, one = tuple(nodes.tolist()), int(nodes[0])
        held, allowed = bool(self.held[one]), bool(self.allowed[one])
        against = [self._reason(at, names) for at in np.flatnonzero(self.objects[:, one]).tolist()]
        reasons = [*self._stays(names), *self._tested(names)] if allowed else []
        reasons += against
        if allowed and not reasons:
            reasons.append(Reason("free", self.row, names))
        if allowed and not held and not against:
            reasons.append(Reason("equal", self.row, names))
        leaves = np.unique(self.exchanges.leaves[0][nodes])
        option = int(leaves[0]) if len(leaves) == 1 and not held else self.batch.options
        leaving = int(self.batch.held[0, option]) if option < self.batch.held.shape[1] else None
        return NodeGroup(names, held, allowed, tuple(reasons), leaving)

    def _reason(self, at: int, nodes: tuple[int, ...]) -> Reason:
        one, cost, fault = self.says[at]
        changes = (cost if one.rule.level is not None else fault)[list(nodes)]
        say: Say = "costs" if changes[0] > 0 else "saves"
        if self._bars(one)[nodes[0]] and not self.allowed[nodes[0]]:
            say = "forbids"
        elif one.rule.enforcement != "goal" and changes[0] > 0:
            say = "forbids" if fault[nodes[0]] > 0 else "yields"
        return Reason(say, self.row, nodes, one.rule, int(changes.min()), int(changes.max()), one.measure)

    def _stays(self, nodes: tuple[int, ...]) -> Iterator[Reason]:
        if self.held[nodes[0]] and self.batch.is_settled[0][nodes[0]]:
            built_in = next(
                one for one in self.scales.standing.problem.rules if isinstance(one.kind, FewestMoves)
            )
            yield Reason("stays", self.row, nodes, built_in)

    def _tested(self, nodes: tuple[int, ...]) -> Iterator[Reason]:
        for one, amount in self.tests:
            if amount[nodes[0]] > 0:
                say: Say = "breaks" if one.rule.enforcement == "required" else "gave_up"
                yield Reason(say, self.row, nodes, one.rule)
            elif isinstance(one.rule.kind, Allow):
                yield Reason("holds", self.row, nodes, one.rule)

    # -- what decided, and what binds

    def _decided(self) -> Iterator[Decided]:
        open_to = self.allowed & ~self.held
        counted: dict[int, BoolArray] = {}
        for at, (one, cost, _) in enumerate(self.says):
            nodes = self.objects[at] & open_to & (cost > 0)
            counted[one.rule.id] = counted.get(one.rule.id, np.zeros_like(nodes)) | nodes
        rules = self.scales.standing.problem.rules
        for rule in sorted(
            (r for r in counted if counted[r].any()), key=lambda r: (rules[r].level or (0, 0), r)
        ):
            yield Decided(rules[rule], tuple(np.flatnonzero(counted[rule]).tolist()))
        equal = open_to & (self.verdicts.sign[0] == 0)
        if equal.any():
            yield Decided(None, tuple(np.flatnonzero(equal).tolist()))

    def _binding(self) -> Iterator[Binding]:
        worse = self._worse(self.verdicts)
        owners = dict.fromkeys(
            one.rule.owner
            for one, cost, fault in self.says
            if (
                ((fault > 0) | self._bars(one) | self._decides(one, cost) | ((cost > 0) & is_rule(one)))
                & worse
            ).any()
        )
        for owner in owners:
            without = Verdicts(self.exchanges.without(owner))
            sign, open_to = without.sign[0], worse & ~self._worse(without)
            for tie, nodes in ((False, open_to & (sign < 0)), (True, open_to & (sign == 0))):
                if nodes.any():
                    yield Binding(owner, tuple(np.flatnonzero(nodes).tolist()), tie)
                    break

    def _worse(self, verdicts: Verdicts) -> BoolArray:
        found: BoolArray = ((verdicts.sign[0] > 0) | verdicts.forbidden[0]) & ~self.held
        return found


def is_rule(one: Effect) -> bool:
    return one.rule.level is not None and one.rule.enforcement != "goal"


def _order(group: NodeGroup) -> tuple[bool, bool, int, tuple[int, ...]]:
    return not group.held, not group.allowed, -len(group.nodes), group.nodes
