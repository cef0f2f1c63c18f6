"""Why a shard stands where it stands, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from shardwright.report.levels import BLOCKS
from shardwright.report.sections import spaced
from shardwright.report.words import count, line, listing, quoted, some

Document = dict[str, Any]

NODES = 6  # are named of a group
ORIGINS = {
    "solved": "in the placement that was found",
    "given": "in the placement that was given",
    "best_effort": "in the placement that leaves out the least, for the required rules cannot all hold",
    "snapshot": "in the snapshot's own placement, for there is no other",
}
PROVEN = {
    "optimal": " (proven optimal)",
    "feasible": " (not proven to be the best)",
    "conflict": " (`conflicts` says why)",
}


def why_page(document: Document) -> RenderableType:
    """One shard: where it is, every node with its reasons, what decided, what binds, the places of rules."""
    groups = document["nodes"]
    return spaced(
        [
            Group(_headline(document), *_origin(document)),
            _groups("Here", [one for one in groups if one["held"]]),
            _groups("Allowed", [one for one in groups if one["verdict"] == "yes" and not one["held"]]),
            _groups("Not allowed", [one for one in groups if one["verdict"] == "no"]),
            _decided(document["decided"]),
            _binding(document["binding"]),
            rules_section(reason for one in groups for reason in one["reasons"]),
        ]
    )


def all_page(document: Document) -> RenderableType:
    """All shards: a block for those with equal reasons."""
    groups = document["groups"]
    title = f"{count(document['shards'], 'shard')}, {count(len(groups), 'group')} with equal reasons"
    return spaced(
        [
            Group(line((title, "bold")), *_origin(document)),
            *(_same(group) for group in groups),
            rules_section(rule for group in groups for rule in (*group["against"], *group["decided"])),
        ]
    )


def _same(group: Document) -> RenderableType:
    """How many, two of them, and the rules that speak."""
    who = f"{count(group['count'], 'shard')} of {count(group['replicas'], 'replica')}"
    against = [(rule, f"keeps nodes from them ({_force_of(rule)})") for rule in group["against"]]
    decided = [(rule, f"decides among allowed nodes ({_level_of(rule)})") for rule in group["decided"]]
    lines = [
        line((quoted(rule["policy"]), "green"), f"{_kind(rule)}: {text}") for rule, text in against + decided
    ]
    nothing = [] if lines else [line("no rule tells one node from another")]
    examples = some(group["examples"], 2) if group["count"] <= 2 else f"{listing(group['examples'])}, ..."
    return Group(line((who, "bold"), f": {examples}"), *map(_indented2, [*lines, *nothing]))


def _kind(rule: Document) -> str:
    return f" {rule['kind']}" if rule["kind"] != rule["policy"] else ""


def _force_of(rule: Document) -> str:
    return str(rule["enforcement"]).replace("_", " ")


def _level_of(rule: Document) -> str:
    return level_name(rule["block"], rule["priority"])


def _headline(document: Document) -> Text:
    held = [replica["node"] for replica in document["replicas"]]
    where = f" on {listing(held)}" if held else ""
    return line(
        ("shard ", "bold"), (quoted(document["shard"]), "bold"), f": {count(len(held), 'replica')}{where}"
    )


def _origin(document: Document) -> list[RenderableType]:
    return [line((origin_in_words(document), "dim"))]


def origin_in_words(document: Document) -> str:
    """Which placement is questioned."""
    return ORIGINS[document["placement"]] + PROVEN.get(document["status"] or "", "")


def _groups(title: str, groups: Sequence[Document]) -> RenderableType | None:
    if not groups:
        return None
    nodes = sum(len(group["nodes"]) for group in groups)
    return Group(
        line((title, "bold"), f": {count(nodes, 'node')}"),
        *(part for group in groups for part in group_lines(group)),
    )


def group_lines(group: Document) -> list[RenderableType]:
    """The nodes, and below them the reasons."""
    instead = f" (instead of {group['instead_of']})" if group["instead_of"] else ""
    names = _indented2(line(nodes_in_words(group["nodes"]), (instead, "dim")))
    return [names, *(_indented(reason_line(reason)) for reason in group["reasons"])]


def nodes_in_words(names: Sequence[str]) -> str:
    return listing(names) if len(names) <= NODES else some(names, NODES - 1)


def reason_line(reason: Document) -> Text:
    """`eu-residency` (required): the sentence."""
    if reason["policy"] is None or reason["says"] == "stays":
        return line(reason["text"])
    style = {"forbids": "red", "breaks": "red", "yields": "yellow", "costs": "yellow"}.get(
        reason["says"], "green"
    )
    return line((quoted(reason["policy"]), style), f"{_force(reason)}: {reason['text']}")


def _force(reason: Document) -> str:
    says = reason["says"]
    if says in ("forbids", "yields"):
        return f" ({reason['enforcement'].replace('_', ' ')})"
    if says in ("gave_up", "breaks"):
        return " (given up)" if says == "gave_up" else " (required, broken there)"
    return f" ({level_name(reason['block'], reason['priority'])})" if says in ("costs", "saves") else ""


def level_name(block: int, priority: int) -> str:
    return BLOCKS[block] if block == 3 else f"{BLOCKS[block]}, priority {priority}"


def _decided(decided: Sequence[Document]) -> RenderableType | None:
    if not decided:
        return None
    lines = []
    for one in decided:
        nodes = f"{count(len(one['nodes']), 'node')}: {nodes_in_words(one['nodes'])}"
        if one["policy"] is None:
            lines.append(line(f"as good as where it is, {nodes}"))
        else:
            goal = f" {one['kind']}" if one["kind"] != one["policy"] else ""
            level = level_name(one["block"], one["priority"])
            lines.append(line((quoted(one["policy"]), "green"), f"{goal} ({level}) against {nodes}"))
    return Group(line(("Decided among the allowed", "bold")), *map(_indented2, lines))


def _binding(binding: Sequence[Document]) -> RenderableType | None:
    if not binding:
        return None
    lines = [
        line(
            (quoted(one["policy"]), "green"),
            f": without it {nodes_in_words(one['nodes'])} would be {'as good' if one['tie'] else 'better'}",
        )
        for one in binding
    ]
    return Group(line(("Binding", "bold")), *map(_indented2, lines))


def rules_section(reasons: Iterable[Document]) -> RenderableType | None:
    """Where the rules that speak are written down, each once."""
    places = {}
    for reason in reasons:
        if reason["file"] is not None:
            key = (reason["policy"], reason["pointer"])
            places[key] = f"{reason['file']}:{reason['line']}:{reason['column']}"
    if not places:
        return None
    lines: list[RenderableType] = []
    for policy, pointer in sorted(places):
        lines.append(line("  ", (quoted(policy), "bold"), f" {pointer}"))
        lines.append(line((f"    --> {places[policy, pointer]}", "dim")))
    return Group(line(("Rules", "bold")), *lines)


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 6))


def _indented2(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))
