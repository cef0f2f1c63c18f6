"""What a change of policies means, on one page: the verdict, the rules, and clusters that show it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shardwright.report.levels import BLOCKS
from shardwright.report.moves import moves_section
from shardwright.report.sections import hanging, indented, spaced
from shardwright.report.words import count, line, listing, number

if TYPE_CHECKING:
    from shardwright.solver.patterns.compare.changes import Change
    from shardwright.solver.patterns.compare.impact import Impact
    from shardwright.solver.patterns.compare.unplaced import Unplaced
    from shardwright.solver.patterns.compare.witness import Comparison, Witness
    from shardwright.solver.result import Cause, Level, Result

MOST_CHANGES = 30
MOST_BROKEN = 3
Files = Mapping[str, Path]  # the folder file of each witness

VERDICTS = {
    "equivalent": ("green", "the same placements are allowed and preferred, on every cluster"),
    "stricter": ("yellow", "some placements are forbidden now, none is newly allowed"),
    "looser": ("yellow", "some placements are newly allowed, none is forbidden now"),
    "different": ("yellow", "neither side includes the other"),
    "undecided": ("yellow", "the rules are not the same, and no cluster was found on which that matters"),
}
MATTERS_HERE = "the rules are not the same; no small cluster shows what that means, but this one does, below"
PREFERENCES = "what is allowed stays; other placements are preferred"
SHOWS = {
    "stricter": "Forbidden now",
    "looser": "Allowed now",
    "prefers": "Preferred differently",
}


def diff_page(found: Comparison, effect: Impact | None, files: Files) -> RenderableType:
    """What an operator reads before a change of policies."""
    return spaced(
        [
            _headline(found, effect),
            _changes(found.changes),
            _unplaced(found.unplaced),
            *(_witness(witness, files.get(witness.shows)) for witness in found.witnesses),
            *([] if effect is None else _effect(effect)),
        ]
    )


def _headline(found: Comparison, effect: Impact | None) -> Text:
    style, words = VERDICTS[found.verdict]
    if [witness.shows for witness in found.witnesses] == ["prefers"]:
        words = PREFERENCES
    if found.verdict == "undecided" and effect is not None and effect.matters:
        words = MATTERS_HERE
    looked = f"; not proven: {count(found.trials, 'cluster')} looked at" if found.proof == "bounded" else ""
    return line((found.verdict, f"bold {style}"), f": {words}{looked}")


MARKS = {"added": ("+ ", "green"), "removed": ("- ", "red"), "altered": ("~ ", "yellow")}


def _changes(changes: tuple[Change, ...]) -> RenderableType | None:
    if not changes:
        return None
    lines: list[RenderableType] = [_change(change) for change in changes[:MOST_CHANGES]]
    if len(changes) > MOST_CHANGES:
        lines.append(line(f"  and {number(len(changes) - MOST_CHANGES)} more; `--format json` lists all"))
    return Group(line(("Rules", "bold")), *lines)


def _change(change: Change) -> RenderableType:
    place = change.place
    where = f"{place.file}:{place.line}:{place.column}  "
    told = line((where, "dim"), f"`{change.form.policy.name}`: {change.words}")
    return hanging(line("  ", MARKS[change.kind]), told)


def _unplaced(shards: tuple[Unplaced, ...]) -> RenderableType | None:
    """Why a change is not seen: there is nowhere to see it."""
    if not shards:
        return None
    lines: list[RenderableType] = []
    for one in shards:
        lines.append(indented(line("for example ", one.shard), 2))
        sides = zip(SIDES, one.texts, (one.old, one.new), strict=True)
        for side, text, causes in [("", one.texts[1], one.new)] if one.alike else sides:
            lines.append(indented(line(f"{side}: {text}" if side else text), 4))
            lines += [hanging(line("      "), _cause(cause)) for cause in causes]
    return Group(line(("No node may hold these shards, before or after", "bold")), *lines)


def _cause(cause: Cause) -> Text:
    where = f"{cause.file}:{cause.line}:{cause.column}  "
    return line((where, "dim"), f"`{cause.policy}`: {cause.text}")


def _witness(witness: Witness, file: Path | None) -> RenderableType:
    cluster = witness.snapshot
    sizes = f"{count(len(cluster['shards']), 'shard')}, {count(len(cluster['nodes']), 'node')}"
    lines: list[RenderableType] = [line((SHOWS[witness.shows], "bold"), f", for example on {sizes}")]
    lines += [hanging(line("  "), line(_named(one, "id"))) for one in (*cluster["nodes"], *cluster["shards"])]
    lines.append(hanging(line("  placement: "), line(_placed(witness.placing))))
    if witness.second is not None and witness.ranks is not None:
        lines.append(hanging(line("  second placement: "), line(_placed(witness.second))))
        lines += [line(f"  {side}: {RANKS[rank]}") for side, rank in zip(SIDES, witness.ranks, strict=True)]
    else:
        lines += [
            hanging(line(f"  {side}: "), line(*_judged(judged.admissible, judged.words)))
            for side, judged in zip(SIDES, (witness.old, witness.new), strict=True)
        ]
    if file is not None:
        lines.append(line(f"  snapshot: {file}"))
    return Group(*lines)


SIDES = ("old", "new")
RANKS = {"first": "the first is better", "second": "the second is better", "equal": "both are equally good"}


def _named(thing: Mapping[str, Any], key: str) -> str:
    """`n1 (zone x, cpu_usage 20)`."""
    told = [
        f"{name} {value}"
        for part in ("labels", "metrics", "load", "capacity")
        for name, value in thing.get(part, {}).items()
    ]
    if "group" in thing:
        told.insert(0, f"group {thing['group']}")
    if "placement" in thing:
        held = listing(replica["node"] for replica in thing["placement"])
        told.append(f"now on {held}" if held else "not placed yet")
    return f"{thing[key]} ({', '.join(told)})" if told else str(thing[key])


def _placed(placing: Mapping[str, Any]) -> str:
    return "; ".join(f"{shard} on {listing(nodes) or 'no node'}" for shard, nodes in placing.items())


def _judged(admissible: bool, words: tuple[str, ...]) -> tuple[Any, ...]:
    if not words:
        return (("allowed", "green"),)
    told = "; ".join(words[:MOST_BROKEN])
    more = f" and {number(len(words) - MOST_BROKEN)} more" if len(words) > MOST_BROKEN else ""
    head = ("allowed, but gives up: ", "yellow") if admissible else ("forbidden: ", "red")
    return (head, told, more)


def _effect(effect: Impact) -> list[RenderableType | None]:
    told = Group(
        line(("On this cluster", "bold")),
        line("  old: ", _answer(effect.old)),
        *_why(effect.old),
        line("  new: ", _answer(effect.new)),
        *_why(effect.new),
        *([] if effect.stays is None else [line("  ", STAYS[effect.stays])]),
    )
    if effect.old.placement is None or effect.new.placement is None:
        return [told]  # there are no two answers to compare
    return [
        told,
        _titled("Only with the old policies", effect.only_old),
        _titled("Only with the new policies", effect.only_new),
        _costs(effect),
    ]


STAYS = {
    True: "the old answer keeps every required rule of the new policies",
    False: "the old answer breaks a required rule of the new policies",
}


def _why(result: Result) -> list[RenderableType]:
    """Why there is no answer: `conflicts --cluster` tells the rest."""
    return [hanging(line("    "), line(one.summary)) for one in result.conflicts[:MOST_BROKEN]]


def _answer(result: Result) -> str:
    if result.placement is None:
        many = len(result.conflicts)
        return f"{result.status}, {count(many, 'conflict')}" if many else str(result.status)
    given_up = len({(item.policy, item.rule) for item in result.gave_up})
    tail = f", {count(given_up, 'rule')} given up" if given_up else ""
    return f"{result.status}, {count(len(result.moves), 'move')}{tail}"


def _titled(title: str, moves: list[Any]) -> RenderableType | None:
    section = moves_section(moves)
    return None if section is None else Group(line((title, "bold")), section)


def _costs(effect: Impact) -> RenderableType | None:
    """Levels whose cost or policies differ."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  level", "policy"):
        table.add_column(heading)
    for heading in ("old", "new"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = [pair for pair in effect.levels if _told(pair[0]) != _told(pair[1])]
    for before, after in rows:
        known = after or before
        assert known is not None
        name = BLOCKS[known.block] + ("" if known.block == 3 else f", priority {known.priority}")
        table.add_row(indented(line(name), 2), line(known.policy), _told(before), _told(after))
    return Group(line(("Costs that differ", "bold"), ", most important first"), table) if rows else None


def _told(level: Level | None) -> str:
    return "-" if level is None else number(level.cost)


def save_witnesses(found: Comparison, folder: Path) -> dict[str, Path]:
    """Write each witness into a folder: a snapshot, and its placement as `certify` takes it."""
    from shardwright.output import save_json

    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for witness in found.witnesses:
        document = witness.to_json()
        files[witness.shows] = folder / f"{witness.shows}.json"
        save_json(witness.snapshot, files[witness.shows])
        save_json({"placement": document["placement"]}, folder / f"{witness.shows}-placement.json")
        if witness.second is not None:
            save_json({"placement": document["second"]}, folder / f"{witness.shows}-second.json")
    return files
