"""The space of everything that a policy set can tell apart, and its conditions as regions of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shardwright.cluster.columns import compare_values
from shardwright.cluster.constants import CLUSTER, TIME
from shardwright.grammar.emit import typed
from shardwright.grammar.places import Place, Source
from shardwright.grammar.rules import NODE, Apart, Leave, Replicas, Rule, Spread, Statement, Together
from shardwright.grammar.syntax import (
    All,
    AnyOf,
    Attribute,
    Comparison,
    Condition,
    NoneOf,
    Not,
    Scalar,
    comparisons,
)
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.axes import Axis, Mask, Slot, is_numeric, make_axis
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.boxes import ALL, NOTHING, Region, join, meet

WELL_KNOWN = {
    "node": ("id", "state", "cost_per_hour"),
    "shard": ("id", "group", "replicas", "move_cost"),
    "cluster": tuple(CLUSTER),
    "time": tuple(TIME),
}
NOW: Slot = ("time", "metrics", "now")  # seconds since 1970, for the dates of policies
NODE_ID: Slot = ("node", "", "id")
_NOWHERE = Place(Source("", ""), 0, 0)


class TooManyBoxes(Exception):
    """A condition has more alternatives than `most_boxes`."""


@dataclass(frozen=True)
class Key:
    """The distinct comparison that a mask is remembered under."""

    slot: Slot
    operator: str
    operand: object


class Space:
    """Axes for every attribute that the statements mention, and regions of conditions over them."""

    def __init__(self, policies: Sequence[Policy], statements: Sequence[Statement], reached: Reached) -> None:
        self.reached = reached
        self._bare = _Bare(statements)
        leaves: dict[Slot, list[Comparison]] = defaultdict(list)
        self._links: dict[Slot, set[Slot]] = defaultdict(set)
        texts: dict[Slot, set[str]] = defaultdict(set)
        for leaf in _leaves(statements):
            self._note(leaf, leaves)
        for policy in policies:
            leaves[NOW] += _dates(policy)
        for slot, value in _keys(statements):
            texts[slot] |= {value} if value is not None else set()
        for slot in {*texts, *self._links}:
            leaves.setdefault(slot, [])
        self._share(leaves, texts)
        self.axes: dict[Slot, Axis] = {
            slot: make_axis(slot, leaves[slot], texts[slot], self._bare.is_open(slot))
            for slot in sorted(leaves)
        }
        self.everything: dict[Slot, Mask] = {slot: axis.everything for slot, axis in self.axes.items()}
        self._masks: dict[Key, Mask] = {}
        self._regions: dict[tuple[int, bool], tuple[Condition, Region]] = {}

    def slot(self, attribute: Attribute) -> Slot:
        """An attribute under its full name: a bare one is a metric or a label."""
        subject = "node" if attribute.subject == "current" else attribute.subject
        if attribute.space or attribute.name in WELL_KNOWN[subject]:
            return (subject, attribute.space, attribute.name)
        return (subject, self._bare.space(subject, attribute.name), attribute.name)

    def region(self, condition: Condition, negated: bool = False) -> Region:
        """Where a condition holds (or does not). Raises TooManyBoxes."""
        match condition:
            case Comparison():
                return self._comparison(condition, negated)
            case Not(item=item):
                return self.region(item, not negated)
            case All(items=items):
                return self._parts(items, negated, every=not negated)
            case AnyOf(items=items):
                return self._parts(items, negated, every=negated)
            case NoneOf(items=items):
                return self._parts(items, not negated, every=not negated)

    def regions(self, conditions: Iterable[Condition]) -> Region:
        """Where all of them hold."""
        found = ALL
        for condition in conditions:
            found = self._checked(meet(found, self.region(condition)))
        return found

    def is_exact(self, conditions: Iterable[Condition]) -> bool:
        """Whether equal regions of these conditions mean that they are true of the same things."""
        return all(
            self.axes[self.slot(side)].exact
            for condition in conditions
            for leaf in comparisons(condition)
            for side in (leaf.attribute, leaf.value)
            if isinstance(side, Attribute)
        )

    def dates(self, policy: Policy) -> Region:
        """When a policy is valid."""
        found = ALL
        for leaf in _dates(policy):
            found = meet(found, self._leaf(NOW, leaf.operator, leaf.value, False))  # type: ignore[arg-type]
        return found

    def _parts(self, items: Sequence[Condition], negated: bool, every: bool) -> Region:
        if not every:
            return self._checked(join(self.region(item, negated) for item in items))
        found = ALL
        for item in items:
            found = self._checked(meet(found, self.region(item, negated)))
        return found

    def _checked(self, region: Region) -> Region:
        if len(region) > self.reached.bounds.most_boxes:
            self.reached.note("most_boxes")
            raise TooManyBoxes
        return region

    def _comparison(self, leaf: Comparison, negated: bool) -> Region:
        slot = self.slot(leaf.attribute)
        if isinstance(leaf.value, Attribute):
            return self._pair(slot, leaf.operator, self.slot(leaf.value), negated)
        return self._leaf(slot, leaf.operator, leaf.value, negated)

    def _leaf(
        self, slot: Slot, operator: str, value: Scalar | tuple[Scalar, ...] | None, negated: bool
    ) -> Region:
        key = Key(slot, operator, typed(value))
        if key not in self._masks:
            self._masks[key] = self.axes[slot].mask(operator, value)
        mask = self._masks[key]
        return self.restricted(slot, self.everything[slot] & ~mask if negated else mask)

    def restricted(self, slot: Slot, mask: Mask) -> Region:
        """The region of an attribute's atoms."""
        if mask == self.everything[slot]:
            return ALL
        return ({slot: mask},) if mask else NOTHING

    def _pair(self, left: Slot, operator: str, right: Slot, negated: bool) -> Region:
        """A comparison between two attributes: for each value of the left one some of the right."""
        first, second = self.axes[left], self.axes[right]
        by_mask: dict[Mask, Mask] = defaultdict(int)
        for atom in range(first.size):
            mask = 0
            for other in range(second.size):
                if left == right and other != atom:
                    continue
                truth = compare_values(first.value(atom), operator, second.value(other))
                mask |= (truth != negated) << other
            by_mask[mask] |= 1 << atom
        found: list[Region] = []
        for mask, atoms in by_mask.items():
            if left == right:
                found.append(self.restricted(left, atoms & mask))
            elif mask:
                found.append(meet(self.restricted(left, atoms), self.restricted(right, mask)))
        return self._checked(join(found))

    def _note(self, leaf: Comparison, leaves: dict[Slot, list[Comparison]]) -> None:
        slot = self.slot(leaf.attribute)
        if isinstance(leaf.value, Attribute):
            other = self.slot(leaf.value)
            self._links[slot].add(other)
            self._links[other].add(slot)
        else:
            leaves[slot].append(leaf)

    def _share(self, leaves: dict[Slot, list[Comparison]], texts: dict[Slot, set[str]]) -> None:
        """Attributes that are compared with each other know each other's constants, and one more value."""
        for knot in self._knots():
            constants = [leaf for slot in knot for leaf in leaves[slot]]
            words = set().union(*(texts[slot] for slot in knot))
            words |= {text for leaf in constants for text in _texts_of(leaf)}
            words.add(f"other-{min(slot[2] for slot in knot)}-0")
            for slot in knot:
                leaves[slot] = constants
                if not is_numeric(slot):
                    texts[slot] = texts[slot] | words

    def _knots(self) -> Iterator[list[Slot]]:
        left = set(self._links)
        while left:
            knot, waiting = set(), [min(left)]
            while waiting:
                slot = waiting.pop()
                if slot not in knot:
                    knot.add(slot)
                    waiting += self._links[slot]
            left -= knot
            yield sorted(knot)

    def linked(self, slot: Slot) -> bool:
        """Is the attribute compared with another attribute?"""
        return slot in self._links

    def key_slot(self, key: str) -> Slot:
        """The attribute that a rule counts by."""
        return NODE_ID if key == NODE else ("node", "labels", key)


class _Bare:
    """What a bare name means in this policy set: a metric where it is compared with numbers only."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.labels, self.metrics, self.texts = set(), set(), set()
        for slot, _ in _keys(statements):
            self.labels.add((slot[0], slot[2]))
        for leaf in _leaves(statements):
            sides = [side for side in (leaf.attribute, leaf.value) if isinstance(side, Attribute)]
            for side in sides:
                name = ("node" if side.subject == "current" else side.subject, side.name)
                if side.space == "labels":
                    self.labels.add(name)
                elif side.space == "metrics":
                    self.metrics.add(name)
                elif not side.space and (len(sides) == 2 or not _about_numbers(leaf)):
                    self.texts.add(name)

    def is_open(self, slot: Slot) -> bool:
        """Whether nothing says if a name is a label or a metric."""
        name = (slot[0], slot[2])
        return slot[1] == "labels" and name in self.texts and name not in self.labels

    def space(self, subject: str, name: str) -> str:
        if subject in ("cluster", "time"):
            return "metrics"
        key = (subject, name)
        if key in self.metrics and key not in self.labels:
            return "metrics"
        return "labels" if key in self.labels or key in self.texts else "metrics"


def _about_numbers(leaf: Comparison) -> bool:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    plain = [value for value in values if value is not None]
    return bool(plain) and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in plain
    )


def _leaves(statements: Iterable[Statement]) -> Iterator[Comparison]:
    for statement in statements:
        for condition in (*statement.guards, *statement.node_tests, *_tests(statement.rules)):
            yield from comparisons(condition)


def _tests(rules: Iterable[Rule]) -> Iterator[Condition]:
    for rule in rules:
        for test in (
            getattr(rule.kind, "test", None),
            getattr(getattr(rule.kind, "targets", None), "test", None),
        ):
            if test is not None:
                yield test


def _keys(statements: Iterable[Statement]) -> Iterator[tuple[Slot, str | None]]:
    """The labels that rules count by, with the values that they name."""
    for rule in (rule for statement in statements for rule in statement.rules):
        kind = rule.kind
        if isinstance(kind, (Spread, Apart, Together)):
            yield NODE_ID if kind.by == NODE else ("node", "labels", kind.by), None
        elif isinstance(kind, Replicas) and kind.key is not None:
            yield NODE_ID if kind.key == NODE else ("node", "labels", kind.key), kind.value
        targets = getattr(kind, "targets", None)
        if targets is not None and targets.differing_in is not None:
            yield ("shard", "labels", targets.differing_in), None
        if targets is not None and targets.same_group:
            yield ("shard", "", "group"), None
        if isinstance(kind, Leave):
            yield NODE_ID, None


def _texts_of(leaf: Comparison) -> Iterator[str]:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    for value in values:
        if isinstance(value, (str, bool)):
            yield str(value).lower() if isinstance(value, bool) else value
        elif isinstance(value, (int, float)):
            yield str(int(value)) if value == int(value) else repr(float(value))


def _dates(policy: Policy) -> list[Comparison]:
    """The dates of a policy as comparisons with the time of the snapshot."""
    attribute = Attribute(*NOW)
    found = []
    for operator, moment in (("gte", policy.model.valid_from), ("lt", policy.model.valid_until)):
        if moment is not None:
            found.append(Comparison(attribute, operator, moment.timestamp(), _NOWHERE))
    return found


def moment(seconds: float) -> datetime:
    """The time that a value of the axis NOW stands for."""
    return datetime.fromtimestamp(seconds, UTC)


def without_numbers(rule: Rule) -> Rule:
    """A rule without its number and name, for comparing what policies say."""
    return replace(rule, id=0, policy=None, pointer="")


__all__ = ["NODE_ID", "NOW", "Space", "TooManyBoxes", "moment", "without_numbers"]
