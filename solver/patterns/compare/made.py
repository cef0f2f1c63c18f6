"""Clusters that are made to break one rule, and no other where that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from shardwright.grammar.rules import Allow, Leave
from shardwright.solver.patterns.boxes import Box, within
from shardwright.solver.patterns.compare.breaking import ways_to_break
from shardwright.solver.patterns.compare.cells import kinds
from shardwright.solver.patterns.compare.clusters import Sides, Trial, alone, governing, settled
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.fits import Layout, Shard, layout, shards_in
from shardwright.solver.patterns.judge import compared, needs_of
from shardwright.solver.patterns.needs import Need, Part
from shardwright.solver.patterns.space import Space

MOST_KINDS = 8  # of shards, for one rule
MOST_SHARDS = 4  # examples of each kind, where shards are compared with nodes
Keeping = Callable[["Case"], list[Part]]


@dataclass(frozen=True)
class Case:
    """A shard that asks for `own` replicas, other rules that govern it, and needs that break the one."""

    space: Space
    shard: Shard
    others: tuple[Part, ...]
    needs: tuple[Need, ...]
    own: int

    def layout(self, held: Sequence[Part]) -> Layout | None:
        """Nodes on which these others hold and the one is broken."""
        return layout(self.space, self.shard, [*needs_of(held), *self.needs], self.own)


def made_for(space: Space, forms: Sequence[Form], mine: Side, other: Side) -> Iterator[Trial]:
    """Clusters with one shard that break one of these rules of one side and none of the other side.

    First those on which all others hold, then those on which as many as can be of the yielding ones do, the
    more important first; then those where the shard stands already, which rules about arrivals leave alone.
    """
    for keep, standing in ((_all, False), (_most, False), (_most, True)):
        for form in forms:
            if form.needs:
                yield from _breaking(space, form, (mine, other), keep, standing)


def kept_and_broken(space: Space, form: Form, sides: Sides) -> Iterator[Trial]:
    """Clusters with one shard that may keep a rule or break it, and as many of the others as can be."""
    for box in _where(space, form, sides[1]):
        for shard in islice(shards_in(space, (box,), compared(form.needs)), 1):
            others = tuple(part for part in governing(space, sides[1], shard) if part.rule.id != form.rule.id)
            for needs, own in ways_to_break(space, form.needs):
                broken, kept = (Case(space, shard, others, some, own) for some in (needs, form.needs))
                found = broken.layout(_most(broken)), kept.layout(_most(kept))
                if found[0] is not None and found[1] is not None:
                    trial = alone(space, sides, shard, [found[0], found[1]], own)
                    # What may stay as bad as it is has to be bad today; and who leaves a node is there.
                    today = form.rule.enforcement == "no_worse" or isinstance(form.rule.kind, Leave)
                    yield settled(trial, trial.placings[0]) if today else trial


def _breaking(space: Space, form: Form, sides: Sides, keep: Keeping, standing: bool) -> Iterator[Trial]:
    for box in _where(space, form, sides[1]):
        for shard in islice(shards_in(space, (box,), compared(form.needs)), MOST_SHARDS):
            others = tuple(
                part
                for part in governing(space, sides[1], shard)
                if not (standing and _is_about_arrivals(part))
            )
            for needs, own in ways_to_break(space, form.needs):
                case = Case(space, shard, others, needs, own)
                nodes = case.layout(keep(case))
                if nodes is not None:
                    yield _trial(case, form, sides, nodes, keep, standing)


def _trial(case: Case, form: Form, sides: Sides, nodes: Layout, keep: Keeping, standing: bool) -> Trial:
    """Where the shard stands already, if it does; of `no_worse` rules, where it keeps them."""
    if form.rule.enforcement == "no_worse" and not standing:
        better = replace(case, needs=form.needs)
        kept = better.layout(keep(better))
        if kept is not None:
            trial = alone(case.space, sides, case.shard, [nodes, kept], case.own)
            return settled(trial, trial.placings[1])
    trial = alone(case.space, sides, case.shard, [nodes], case.own)
    return settled(trial, trial.placings[0]) if standing else trial


def _is_about_arrivals(part: Part) -> bool:
    return isinstance(part.rule.kind, Allow) and part.rule.kind.arrivals


def _all(case: Case) -> list[Part]:
    return list(case.others)


def _most(case: Case) -> list[Part]:
    """Required rules, and of the others as many as can be, the more important first."""
    held = [part for part in case.others if part.required]
    for part in sorted(case.others, key=lambda part: part.statement.priority):
        if not part.required and case.layout([*held, part]) is not None:
            held.append(part)
    return held


def _where(space: Space, form: Form, other: Side) -> list[Box]:
    """Shards of a rule by which others govern them; those that it is new to come first."""
    theirs = [twin for twin in other.forms if twin.policy.name == form.policy.name]
    boxes = kinds(form.guard, [*theirs, *other.forms], space.everything)
    known = [any(within((box,), twin.guard, space.everything) for twin in theirs) for box in boxes]
    return [
        box
        for wanted in (False, True)
        for box, is_known in zip(boxes, known, strict=True)
        if is_known == wanted
    ][:MOST_KINDS]
