"""Why nothing fits: the lines that cause each conflict, the facts, ways out, and the best that can be had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType

from shardwright.cluster.cluster import Cluster
from shardwright.report.causes import diagnostic
from shardwright.report.diagnostics import rendered
from shardwright.report.footer import COMPILED, proof
from shardwright.report.sections import spaced
from shardwright.report.violations import violations_section
from shardwright.report.words import count, line, number, some
from shardwright.solver.conflicts.caps import MAX_REPAIRED, TOLD
from shardwright.solver.result import Certificate, Conflict, Placement, Result
from shardwright.solver.search.cache import is_compiled

if TYPE_CHECKING:
    from shardwright.solver.conflicts.answer import Conflicts

# The shards that a best effort leaves short are named up to here.
EXAMPLES = 8
# So many changes that remove all conflicts are told again at the end.
WAYS_OUT = 4


def conflicts_section(result: Result, cluster: Cluster) -> RenderableType | None:
    """None unless the answer is a conflict."""
    blocks = _conflicts(result.conflicts, result.conflicts_complete, result.limits)
    if result.best_effort is not None:
        blocks.append(_best_effort(result.best_effort, result.certificate, cluster))
    return spaced(blocks) if blocks else None


def conflicts_page(found: Conflicts) -> RenderableType:
    """What an operator reads after `conflicts --cluster`."""
    if found.conflicts:
        return spaced([*_conflicts(found.conflicts, found.complete, found.stopped_by), *_compiling(found)])
    if found.complete:
        return line(("no conflict", "bold"), ": some placement keeps every required rule")
    told = line(
        ("no conflict found", "bold"), f", but there may be some: stopped by {_named(found.stopped_by)}"
    )
    return Group(told, *_compiling(found))


def _compiling(found: Conflicts) -> list[RenderableType]:
    """Where time ran out while search had no kernels yet, that is why."""
    limits = {*found.stopped_by}
    limits |= {repair["limit"] for conflict in found.conflicts for repair in conflict.repairs}
    return [line(COMPILED)] if "time_limit" in limits and not is_compiled() else []


def _conflicts(
    conflicts: Sequence[Conflict], complete: bool, stopped_by: Sequence[str]
) -> list[RenderableType]:
    blocks: list[RenderableType] = [rendered(diagnostic(conflict)) for conflict in conflicts]
    last = [_how_many(conflicts, complete, stopped_by), *_ways_out(conflicts)]
    return [*blocks, Group(*last)] if conflicts else []


def _ways_out(conflicts: Sequence[Conflict]) -> list[RenderableType]:
    """Of several conflicts: each change that removes all; whether ways out of some were not looked for."""
    found = [conflict.repairs for conflict in conflicts]
    if len(found) == 1:
        return []
    lines: list[RenderableType] = []
    every = [one for repairs in found for one in repairs if one["remaining"] == 0 and one["limit"] is None]
    texts = list(dict.fromkeys(str(one["text"]) for one in sorted(every, key=_of_policy)))
    if texts:
        lines.append(line("any one of these removes all of them:"))
        lines += [line(f"  {text}") for text in texts[:WAYS_OUT]]
    if all(found[:MAX_REPAIRED]) and len(found) > MAX_REPAIRED:
        lines.append(line(f"ways out were looked for of the first {MAX_REPAIRED} only"))
    return lines


def _of_policy(repair: dict[str, Any]) -> bool:
    """What changes the cluster gives up no policy, and comes first."""
    return bool(repair["document"] == "policy")


def _named(limits: Sequence[str]) -> str:
    return ", ".join(f"`{name}` ({TOLD[name]})" if name in TOLD else f"`{name}`" for name in limits)


def _how_many(conflicts: Sequence[Conflict], complete: bool, limits: Sequence[str]) -> RenderableType:
    """How many are minimal, and whether these are all conflicts that there are."""
    minimal = sum(conflict.minimal for conflict in conflicts)
    told = count(minimal, "minimal conflict")
    if minimal < len(conflicts):
        told = f"{count(len(conflicts), 'conflict')}, {minimal or 'none'} of them proven minimal"
    if complete:
        return line(f"{told}, and no other")
    return line(f"{told}; there may be others: stopped by {_named(limits)}")


def _best_effort(placement: Placement, certificate: Certificate | None, cluster: Cluster) -> RenderableType:
    short = _short(placement, cluster)
    told = f"; short of replicas: {some(short, EXAMPLES)}" if short else ""
    kept, asked = sum(len(held) for held in placement.values()), int(cluster.shards.replicas.sum())
    lines: list[RenderableType] = [
        line(("Best effort", "bold"), f": {number(kept)} of {count(asked, 'replica')} placed{told}"),
        line("  the placement: `--output FILE` or `--format json`, under `best_effort`"),
    ]
    if certificate is not None:
        lines.append(line("  checked", proof(certificate)))
        lines += [violations for violations in [violations_section(certificate.violations)] if violations]
    return Group(*lines)


def _short(placement: Placement, cluster: Cluster) -> list[str]:
    """The shards with fewer replicas than their own count, as `s1 (2 of 3)`."""
    wanted = zip(cluster.shards.ids, (int(own) for own in cluster.shards.replicas), strict=True)
    held = ((shard, len(placement.get(shard, ())), own) for shard, own in wanted)
    return [f"{shard} ({have} of {own})" for shard, have, own in held if have < own]
