"""Shards by which rules govern them, and what these rules leave such a shard: with no cluster, on any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shardwright.grammar.rules import Allow, Replicas, Spread
from shardwright.solver.patterns.boxes import Box, Region, meet, meet_all, within, without
from shardwright.solver.patterns.compare.forms import Everything, Form, Side
from shardwright.solver.patterns.compare.unbroken import kept_counts
from shardwright.solver.patterns.fits import layout, own_counts
from shardwright.solver.patterns.index import Index, numbers_in
from shardwright.solver.patterns.judge import REPLICAS
from shardwright.solver.patterns.needs import Least, Most, Need, Nodes
from shardwright.solver.patterns.space import Space

MOST_CELLS = 64  # kinds of shards that are told apart
MOST_COUNT = 32  # replicas; where rules count more of them, they count as if they could be kept


class Binding:
    """The rules of a side that forbid, whatever else there is, some placements of each shard they govern.

    `giving_up`: with those that may be given up, so that what is left gives nothing up. `arriving`: with
    those that bind replicas which arrive; without them what stands somewhere already may stay.
    """

    def __init__(self, space: Space, side: Side, *, giving_up: bool = False, arriving: bool = False) -> None:
        self.space = space
        self.forms = [
            form
            for form in side.forms
            if (form.is_required or (giving_up and not form.is_goal)) and _is_telling(form, arriving)
        ] + kept_counts(side.forms)
        self._index = Index([form.guard for form in self.forms])

    def near(self, form: Form) -> list[Form]:
        """Those that govern a shard together with a rule."""
        meeting = numbers_in(self._index.meeting(form.guard))
        return [other for at in meeting if not (other := self.forms[at]).is_of(form)]

    def kinds(self, form: Form) -> Iterator[tuple[Box, list[Form]]]:
        """The shards of a rule, by which others govern them all."""
        near = self.near(form)
        for box in kinds(form.guard, near, self.space.everything):
            yield box, [one for one in near if within((box,), one.guard, self.space.everything)]


def _is_telling(form: Form, arriving: bool) -> bool:
    if not form.needs or any(REPLICAS in box for box in form.guard):
        return False
    kind = form.rule.kind
    if isinstance(kind, Replicas) and kind.exact:
        return False  # may give way to another
    if isinstance(kind, Spread) and kind.limit == "max_skew":
        return False  # depends on the nodes that there are
    return not looks_at_shards(form.needs) and (arriving or not is_about_arrivals(form))


def is_about_arrivals(form: Form) -> bool:
    return isinstance(form.rule.kind, Allow) and form.rule.kind.arrivals


def needs_of(forms: Iterable[Form]) -> list[Need]:
    return [need for form in forms for need in form.needs]


def looks_at_shards(needs: Sequence[Need]) -> bool:
    """Do needs depend on more than the nodes?"""
    regions = [need.region for need in needs if isinstance(need, Nodes)]
    return any(slot[0] != "node" for region in regions for box in region for slot in box)


def kinds(guard: Region, forms: Sequence[Form], everything: Everything) -> list[Box]:
    """Shards by which rules govern them. Where there are too many kinds, some are not told apart."""
    boxes = list(guard)
    for form in forms:
        if len(boxes) > MOST_CELLS:
            break
        boxes = [
            part
            for box in boxes
            for part in (*meet((box,), form.guard), *without((box,), form.guard, everything))
        ]
    return boxes


def may_hold(space: Space, needs: Sequence[Need], fewest: int = 0) -> bool:
    """Do needs leave a shard a placement with at least so many replicas, on some cluster?"""
    low = max((need.amount for need in needs if isinstance(need, Least)), default=0)
    high = min((need.amount for need in needs if isinstance(need, Most)), default=MOST_COUNT)
    free = [need for need in needs if not isinstance(need, (Least, Most))]
    # With more replicas than rules ask for, only the limits above are harder to keep.
    top = max(low, fewest, *own_counts(free))
    if top > MOST_COUNT:
        return True
    return any(_fits(space, free, count) for count in range(max(low, fewest), min(high, top) + 1))


def _fits(space: Space, needs: Sequence[Need], count: int) -> bool:
    """Whether so many replicas find nodes; yes, where alternatives of several attributes leave that open."""
    region = meet_all(need.region for need in needs if isinstance(need, Nodes))
    open_ended = len(region) > 1 and any(not isinstance(need, Nodes) for need in needs)
    return open_ended or layout(space, {}, needs, count) is not None
