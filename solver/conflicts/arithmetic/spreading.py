"""A shard whose replicas must spread over more label values than its nodes have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Rule, Spread
from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables
from shardwright.solver.conflicts.buckets import site_codes


def spread(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    """Too few replicas may stand, or at too few values."""
    for number in sorted(chosen):
        rule = tables.rules[number]
        if rule.enforcement != "required" or not isinstance(rule.kind, Spread):
            continue
        codes = site_codes(tables.question.problem, rule.kind.by)
        if rule.kind.limit == "max":
            yield from _crowded(tables, chosen, rule, rule.kind.amount, codes)
        elif rule.kind.limit == "min_values":
            yield from _narrow(tables, chosen, rule, rule.kind.amount, codes)


def _governed(tables: Tables, rule: Rule) -> list[int]:
    speaks = tables.question.problem.requirements.speaks[rule.id]
    return [of for of in tables.present if speaks[of]]


def _crowded(tables: Tables, chosen: set[int], rule: Rule, most: int, codes: IntArray) -> Iterator[Seen]:
    """Fewer replicas may stand on the nodes left than are wanted, limits of nodes aside and with them."""
    for of in _governed(tables, rule):
        wanted, by = tables.asking(chosen, of)
        room = tables.room(chosen, of)
        if not wanted or wanted <= most:
            continue
        if reach(codes, room, most) < wanted:
            yield tables.seen(chosen, of, [rule.id, *by], tables.members[of][:1])
            continue
        for (weigher, measure), table in tables.rooms.tables.items():
            if weigher in chosen:
                row, weight = tables.heaviest(of, measure)
                if reach(codes, room & (table >= weight), most) < wanted:
                    yield tables.seen(chosen, of, [rule.id, weigher, *by], [row])


def _narrow(tables: Tables, chosen: set[int], rule: Rule, least: int, codes: IntArray) -> Iterator[Seen]:
    """The nodes left have fewer values than are wanted, or there are fewer replicas than these."""
    ceiling = tables.question.problem.requirements.ceiling
    for of in _governed(tables, rule):
        if int(ceiling[of]) < least:
            yield Seen((rule.id,), (int(tables.members[of][0]),))
        elif values(codes, tables.room(chosen, of)) < least:
            yield tables.seen(chosen, of, [rule.id], tables.members[of][:1])


def reach(codes: IntArray, room: BoolArray, most: int) -> int:
    """How many replicas may stand in a room, `most` at one value; nodes without one count nowhere."""
    here = codes[room]
    return int(np.minimum(np.bincount(here[here >= 0]), most).sum()) + int((here < 0).sum())


def values(codes: IntArray, room: BoolArray) -> int:
    here = codes[room]
    return len(np.unique(here[here >= 0]))
