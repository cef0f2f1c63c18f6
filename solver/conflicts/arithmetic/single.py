"""A shard with fewer nodes than replicas, and one that is heavier than the nodes that it may use."""

from __future__ import annotations

from collections.abc import Iterator

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
        for of in tables.present:
            wanted, by = tables.asking(chosen, of)
            if not wanted:
                continue
            row, weight = tables.heaviest(of, measure)
            fitting = tables.room(chosen, of) & (table >= weight)
            if int(fitting.sum()) < wanted:
                yield tables.seen(chosen, of, [rule, *by], [row])
