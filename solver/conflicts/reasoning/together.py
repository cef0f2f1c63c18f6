"""Reasons that need several shards to see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Apart, Rule, Together
from shardwright.solver.conflicts.buckets import buckets_of, site_codes, sites
from shardwright.solver.conflicts.reasoning.case import Case, Found
from shardwright.solver.conflicts.reasons import Crowd, GroupTooHeavy, Shortage
from shardwright.solver.quantities import LongArray


def group(case: Case) -> Found:
    """Shards that must stand together weigh more than any one site takes."""
    for rule in case.rules:
        if not isinstance(rule.kind, Together) or rule.kind.targets.differing_in is not None:
            continue
        buckets = [rows.tolist() for rows in buckets_of(case.rooms.problem, rule)]
        own = next((rows for rows in buckets if set(rows) & set(case.shards)), None)
        if own is None:
            continue
        for weigher, measure, table in case.tables():
            heavy = [(rows, _site(case, rule.kind.by, rows, table)) for rows in buckets]
            weights = case.rooms.problem.measures[measure].weights
            over = [(rows, site) for rows, site in heavy if int(weights[rows].sum()) > site[1]]
            mine = next((item for item in over if item[0] == own), None)
            if mine is None:
                continue
            rows, (site, takes) = mine
            scale = case.scale(weigher, measure)
            return (
                GroupTooHeavy(
                    case.stated(case.rules),
                    _group_name(case, rows) if rule.kind.targets.same_group else None,
                    len(rows),
                    float(int(weights[rows].sum()) / scale),
                    case.rooms.problem.measures[measure].name,
                    rule.kind.by,
                    site,
                    float(max(0, takes) / scale),
                    len(over) - 1,
                ),
                rows,
            )
    return None


def _group_name(case: Case, rows: Sequence[int]) -> str | None:
    group = case.rooms.problem.cluster.shards.group
    code = int(group.codes[rows[0]])
    return group.values[code] if code >= 0 else None


def _site(case: Case, by: str, rows: Sequence[int], table: LongArray) -> tuple[str | None, int]:
    """The site that takes most, where all of the shards have room."""
    classes = {case.class_of(row): row for row in rows}.values()
    room = np.stack([case.rooms.of(case.judging, row) for row in classes])
    label = case.rooms.problem.cluster.nodes.labels.get(by)
    names = case.rooms.problem.cluster.nodes.ids if by == NODE else label.values if label else ()
    codes = site_codes(case.rooms.problem, by)
    best: tuple[str | None, int] = (None, -1)
    for nodes in sites(codes):
        if room[:, nodes].any(axis=1).all():
            takes = sum(max(0, limit) for limit in table[nodes[room[:, nodes].any(axis=0)]].tolist())
            if takes > best[1]:
                best = (names[codes[nodes[0]]], takes)
    return best


def crowd(case: Case) -> Found:
    """Shards that all stand apart from each other need a place each."""
    for rule in case.rules:
        if not isinstance(rule.kind, Apart) or rule.kind.targets.differing_in is not None:
            continue
        requirements = case.rooms.problem.requirements
        of = requirements.classes.shards.of[list(case.shards)]
        targets = requirements.targets.get(rule.id)
        if targets is None or not _all_apart(requirements.speaks[rule.id][of], targets[of]):
            continue
        groups = case.rooms.problem.cluster.shards.group.codes[list(case.shards)]
        if rule.kind.targets.same_group and (groups.min() < 0 or groups.min() != groups.max()):
            continue
        codes = site_codes(case.rooms.problem, rule.kind.by)
        room = np.zeros(case.rooms.size, dtype=bool)
        needed = 0
        for row in case.shards:
            room |= case.rooms.of(case.judging, row)
            needed += 1 if rule.kind.by != NODE else case.rooms.wanted(case.rules, row)
        if (room & (codes < 0)).any():
            continue
        places = len(np.unique(codes[room]))
        if needed > places:
            asking = case.stated(case.counting) if rule.kind.by == NODE else ()
            owners, some = case.stated(case.judging), case.some(case.shards)
            return Crowd(rule.owner, owners, some, rule.kind.by, places, needed, asking), case.shards
    return None


def _all_apart(speaking: BoolArray, targets: BoolArray) -> bool:
    """Whether the rule keeps any two of the shards apart; of two, one speaks of the other."""
    if len(speaking) == 2:
        return bool((speaking & targets[::-1]).any())
    return bool((speaking & targets).all())


def shortage(case: Case) -> Found:
    """More load than the nodes that the shards may use take together."""
    room = np.zeros(case.rooms.size, dtype=bool)
    rows = list(case.shards)
    for row in {case.class_of(row): row for row in rows}.values() if len(rows) > 200 else rows:
        room |= case.rooms.of(case.judging, row)
    rows = sorted({*rows, *_within(case, room)})
    wanted = np.array([case.rooms.wanted(case.rules, row) for row in rows], dtype=np.int64)
    short: list[tuple[float, int, Rule, int, int, int]] = []
    for rule, measure, table in case.tables():
        weights = case.rooms.problem.measures[measure].weights[rows]
        needs, takes = int(np.dot(weights, wanted)), sum(max(0, limit) for limit in table[room].tolist())
        if needs > takes:
            short.append((needs / max(takes, 1), -len(short), rule, measure, needs, takes))
    if not short:
        return None
    _, _, rule, measure, needs, takes = max(short, key=lambda one: one[:2])
    scale = case.scale(rule, measure)
    reason = Shortage(
        case.stated([*case.judging, rule, *case.counting]),
        case.some(rows),
        case.rooms.problem.measures[measure].name,
        float(needs / scale),
        case.nodes(room),
        float(takes / scale),
    )
    return reason, rows


def _within(case: Case, room: BoolArray) -> list[int]:
    """All shards on the same terms that have no other nodes: what is short is short for each of them."""
    inside: dict[tuple[int, int | None], bool] = {}
    for row in case.alike:
        if (key := case.told_apart(row)) not in inside:
            own = case.rooms.of(case.judging, row)
            inside[key] = bool((room >= own).all()) and case.rooms.wanted(case.rules, row) > 0
    return [row for row in case.alike if inside[case.told_apart(row)]]
