"""From one exchange on: others around it, as long as they make the placement better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from shardwright.solver.certify import Pair
from shardwright.solver.problem import Problem
from shardwright.solver.why.exchange import Exchanges, Scales, exchanges_of
from shardwright.solver.why.standing import NOBODY, Batch, Standing

EXCHANGES = 6  # after the first, at most


def nearby(problem: Problem, placement: Sequence[Pair], row: int, node: int) -> Iterator[tuple[Pair, ...]]:
    """Placements with a replica of a shard on a node that holds none: the best exchange; then, for each
    replica that may leave, the exchange with others that it makes worth while.
    """
    scales = Scales(Standing(problem, tuple(placement)))
    batch = Batch(scales.standing, np.array([row], dtype=np.int32))
    option = int(exchanges_of(scales, batch).leaves[0][node])
    yield _exchanged(placement, row, _at(batch.held[0].tolist(), option), node)
    for gone in dict.fromkeys([_at(batch.held[0].tolist(), option), *batch.held[0].tolist()]):
        start = _exchanged(placement, row, gone, node)
        found = _descended(problem, start, row, [at for at in (gone, node) if at != NOBODY])
        if found != start:
            yield found


def _at(held: list[int], option: int) -> int:
    return held[option] if option < len(held) else NOBODY


def _exchanged(placement: Sequence[Pair], row: int, gone: int, node: int) -> tuple[Pair, ...]:
    return tuple(sorted([*(pair for pair in placement if pair != (row, gone)), (row, node)]))


def _descended(
    problem: Problem, placement: tuple[Pair, ...], row: int, around: list[int]
) -> tuple[Pair, ...]:
    """Exchanges of shards that stand on some nodes, or stood there, but not of one shard."""
    for _ in range(EXCHANGES):
        scales = Scales(Standing(problem, placement))
        rows = _concerned(scales.standing, around)
        batch = Batch(scales.standing, rows[rows != row])
        found = _best(exchanges_of(scales, batch)) if len(batch.rows) else None
        if found is None:
            return placement
        at, gone, node = found
        placement = _exchanged(placement, int(batch.rows[at]), gone, node)
    return placement


def _concerned(standing: Standing, around: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    rows = [pairs.shard[np.isin(pairs.node, around)] for pairs in (standing.held, standing.settled)]
    return np.unique(np.concatenate(rows)).astype(np.int32)


def _best(found: Exchanges) -> tuple[int, int, int] | None:
    """The exchange that makes things best: its row in the batch, who leaves and who arrives; None if none is
    for the better.
    """
    batch = found.batch
    changes = np.stack([found.fault, *(found.cost(level) for level in found.levels)])
    cells = np.flatnonzero(~batch.is_held.reshape(-1))
    flat = changes.reshape(len(changes), -1)[:, cells]
    if not len(cells):
        return None
    first = int(np.lexsort(flat[::-1])[0])
    told = flat[:, first]
    if not (told != 0).any() or told[np.flatnonzero(told)[0]] > 0:
        return None
    row, node = divmod(int(cells[first]), batch.shape[1])
    return row, _at(batch.held[row].tolist(), int(found.leaves[row][node])), node
