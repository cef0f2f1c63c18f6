"""Shards of changed rules that find no node before or after: who leaves them none, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from shardwright.grammar.demands import demand
from shardwright.solver.patterns.axes import atoms_in
from shardwright.solver.patterns.boxes import meet_boxes
from shardwright.solver.patterns.compare.cells import needs_of
from shardwright.solver.patterns.compare.forms import Form
from shardwright.solver.patterns.compare.nowhere import Cell, Nowhere, fewest
from shardwright.solver.patterns.fits import Shard, replica_count
from shardwright.solver.patterns.reasons import Reason, reason_of
from shardwright.solver.patterns.space import Space
from shardwright.solver.patterns.words import reason_words, shard_words
from shardwright.solver.result import Cause

MOST_TOLD = 5


@dataclass(frozen=True)
class Unplaced:
    """An example of a shard, and on each side a smallest set of required rules that leave it no node."""

    shard: str
    reasons: tuple[Reason, Reason]
    old: tuple[Cause, ...]
    new: tuple[Cause, ...]

    @property
    def texts(self) -> tuple[str, str]:
        """Why no node may hold it, before and after."""
        old, new = self.reasons
        return reason_words(old), reason_words(new)

    @property
    def alike(self) -> bool:
        """Are they the same rules on both sides?"""
        before, after = (
            [(one.policy, one.pointer, one.text) for one in some] for some in (self.old, self.new)
        )
        return before == after

    def to_json(self) -> dict[str, Any]:
        sides = zip(("old", "new"), self.texts, (self.old, self.new), strict=True)
        told = {
            side: {"text": text, "causes": [asdict(cause) for cause in causes]}
            for side, text, causes in sides
        }
        return {"shard": self.shard, **told}


def _told(cause: Cause) -> tuple[str, str, str]:
    return cause.policy, cause.pointer, cause.text


def unplaced(space: Space, old: Nowhere, new: Nowhere) -> tuple[Unplaced, ...]:
    """Shards that both sides leave without a node, a few of them."""
    return tuple(islice(_unplaced(space, old, new), MOST_TOLD))


def _unplaced(space: Space, old: Nowhere, new: Nowhere) -> Iterator[Unplaced]:
    told = set()
    for before in old.cells:
        for after in new.cells:
            box = meet_boxes(before.box, after.box)
            if box is None:
                continue
            shard = {slot: next(iter(atoms_in(mask))) for slot, mask in sorted(box.items())}
            words = shard_words(space, shard)
            if words in told or not (_wants_nodes(before) and _wants_nodes(after)):
                continue
            told.add(words)
            few = [fewest(space, cell) for cell in (before, after)]
            reasons = [_reason(space, shard, forms) for forms in few]
            causes = [tuple(_cause(form) for form in sorted(forms, key=_name)) for forms in few]
            yield Unplaced(words, (reasons[0], reasons[1]), causes[0], causes[1])


def _wants_nodes(cell: Cell) -> bool:
    """Do its rules not simply want no replica?"""
    return replica_count(needs_of(cell.forms), 1) != 0


def _reason(space: Space, shard: Shard, forms: tuple[Form, ...]) -> Reason:
    return reason_of(space, shard, needs_of(forms), 1)


def _name(form: Form) -> tuple[str, str]:
    return form.policy.name, form.rule.pointer


def _cause(form: Form) -> Cause:
    place, pointer = form.policy.place(form.rule.pointer), form.rule.pointer
    return Cause(form.policy.name, None, pointer, place.file, place.line, place.column, demand(form.rule))
