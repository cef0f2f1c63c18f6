"""Shards that must stand together and are heavier than every site."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Together
from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables, added
from shardwright.solver.conflicts.buckets import buckets_of, site_codes, sites


def together(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    problem = tables.question.problem
    for number in sorted(chosen):
        rule = tables.rules[number]
        if rule.enforcement != "required" or not isinstance(rule.kind, Together):
            continue
        if rule.kind.targets.differing_in is not None:
            continue
        codes = site_codes(problem, rule.kind.by)
        for rows in buckets_of(problem, rule):
            if len(rows) > 1:
                yield from _too_heavy(tables, chosen, number, rows, codes)


def _too_heavy(
    tables: Tables, chosen: set[int], rule: int, rows: IntArray, codes: IntArray
) -> Iterator[Seen]:
    if int(codes.min(initial=0)) < 0:  # nodes without the label count nowhere
        return
    speaks = tables.question.problem.requirements.speaks[rule]
    classes = np.unique(tables.of[rows]).tolist()
    standing = [tables.asking(chosen, of) for of in classes if speaks[of]]
    by = next((by for wanted, by in standing if wanted), None)
    if by is None:
        return
    takes = _open(tables, chosen, classes, codes)
    judging = {judge.id for of in classes for judge in tables.speaking(chosen, of)}
    for (weigher, measure), table in tables.rooms.tables.items():
        if weigher in chosen:
            needs = int(tables.question.problem.measures[measure].weights[rows].sum())
            if needs > max((added(np.maximum(table[nodes], 0)) for nodes in takes), default=0):
                rules = judging | {rule, weigher, *by}
                yield Seen(tuple(sorted(rules)), tuple(rows.tolist()))


def _open(tables: Tables, chosen: set[int], classes: list[int], codes: IntArray) -> list[IntArray]:
    """The nodes of each site where every class has room, as far as some class may use them."""
    rooms = np.stack([tables.room(chosen, of) for of in classes])
    found = []
    for nodes in sites(codes):
        if rooms[:, nodes].any(axis=1).all():
            found.append(nodes[rooms[:, nodes].any(axis=0)])
    return found
