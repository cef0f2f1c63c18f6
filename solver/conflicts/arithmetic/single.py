"""A shard with fewer nodes than replicas, and one that is heavier than the nodes that it may use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables


def counted(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    """Fewer nodes than replicas."""
    for of in tables.present:
        wanted, by = tables.asking(chosen, of)
        if int(tables.room(chosen, of).sum()) < wanted:
            yield tables.seen(chosen, of, by, tables.members[of][:1])


def weighed(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    """Fewer nodes that take the heaviest shard than replicas."""
    for (rule, measure), table in tables.rooms.tables.items():
        if rule not in chosen:
            continue
        weights = tables.question.problem.measures[measure].weights
        for of in tables.present:
            wanted, by = tables.asking(chosen, of)
            if not wanted:
                continue
            row = tables.members[of][int(np.argmax(weights[tables.members[of]]))]
            fitting = tables.room(chosen, of) & (table >= weights[row])
            if int(fitting.sum()) < wanted:
                yield tables.seen(chosen, of, [rule, *by], [row])
