"""Rules that add nothing: another rule asks for as much of all their shards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.rules import Allow, Leave, Replicas, Spread
from shardwright.solver.patterns.boxes import within
from shardwright.solver.patterns.index import Bits, bits_of, numbers_in
from shardwright.solver.patterns.judge import is_exact
from shardwright.solver.patterns.lints.say import remark
from shardwright.solver.patterns.needs import Count, Least, Most, Need, Nodes, Part, Parts
from shardwright.solver.patterns.sets import Finder

REDUNDANT, SHADOWED = "W2104", "W2105"


def implied(parts: Parts, finder: Finder, about: frozenset[str] | None) -> Iterator[Diagnostic]:
    """One warning for each rule that changes nothing, or only where a more important one is given up.

    `about`: only rules of these policies, and those that add nothing to them.
    """
    groups = _groups(parts)
    focus = None if about is None else bits_of(p.number for p in parts.items if p.policy.name in about)
    for part in parts.items:
        if not part.guard or part.number in finder.alone:
            continue
        candidates = groups[_kind(part)]
        if focus is not None and not focus >> part.number & 1:
            candidates &= focus
        if candidates:
            candidates &= finder.meets(part.number)
        for number in numbers_in(candidates):
            told = _told(parts, part, parts.items[number])
            if told is not None:
                yield told
                break


def _groups(parts: Parts) -> dict[object, Bits]:
    numbers: dict[object, list[int]] = {}
    for part in parts.items:
        numbers.setdefault(_kind(part), []).append(part.number)
    return {kind: bits_of(group) for kind, group in numbers.items()}


def _kind(part: Part) -> object:
    """Rules of different kinds imply nothing of each other."""
    match part.rule.kind:
        case Allow() | Leave():
            return part.rule.kind.name
        case Replicas() | Spread():
            return tuple(
                (type(need), getattr(need, "slot", None), getattr(need, "limit", None)) for need in part.needs
            )
    return part.number


def _told(parts: Parts, part: Part, other: Part) -> Diagnostic | None:
    if is_exact(part) and is_exact(other):
        return _overruled(part, other) if _outranks(parts, part, other) else None
    stronger = other.statement.priority < part.statement.priority and not part.required
    if not other.required and not (stronger and other.rule.enforcement == "yielding"):
        return None
    if is_exact(part) or is_exact(other) or not _asks_as_much(parts, part, other):
        return None
    if other.required:
        message = f"`{part.policy.name}` adds nothing here: `{other.policy.name}` requires as much"
        return _remark(REDUNDANT, "redundant", message, part, other)
    message = f"`{part.policy.name}` decides only where the more important `{other.policy.name}` is given up"
    return _remark(SHADOWED, "shadowed", message, part, other)


def _outranks(parts: Parts, part: Part, other: Part) -> bool:
    """Does a more important policy set the count of all the shards?"""
    more = other.statement.priority < part.statement.priority and not part.required
    return more and within(part.guard, other.guard, parts.space.everything)


def _overruled(part: Part, other: Part) -> Diagnostic:
    message = f"`{part.policy.name}` is never heard: the more important `{other.policy.name}` sets the count"
    return _remark(SHADOWED, "shadowed", message, part, other)


def _remark(code: str, kind: str, message: str, part: Part, other: Part) -> Diagnostic:
    here = (
        part.policy,
        part.rule.pointer,
        "adds nothing" if code == REDUNDANT else "seldom or never decides",
    )
    there = (other.policy, other.rule.pointer, "asks for as much")
    return remark(
        code,
        "warning",
        message,
        [here, there],
        helps=[f"leave it out, or narrow the scope of `{other.policy.name}`"],
        data={
            "kind": kind,
            "policy": part.policy.name,
            "by": other.policy.name,
            "pointer": part.rule.pointer,
        },
    )


def _asks_as_much(parts: Parts, part: Part, other: Part) -> bool:
    if part.policy.name == other.policy.name or len(part.needs) != len(other.needs):
        return False
    everything = parts.space.everything
    if not within(part.guard, other.guard, everything):
        return False
    if _of_arrivals(other) and not _of_arrivals(part):
        return False
    pairs = list(zip(part.needs, other.needs, strict=True))
    if not pairs or not all(_implied(parts, mine, theirs) for mine, theirs in pairs):
        return False
    return not _same(parts, part, other) or other.number < part.number


def _of_arrivals(part: Part) -> bool:
    """Does the rule bind arriving replicas only?"""
    return isinstance(part.rule.kind, Allow) and part.rule.kind.arrivals


def _same(parts: Parts, part: Part, other: Part) -> bool:
    """Of two rules that imply each other and bind alike only the later one is told."""
    back = all(_implied(parts, theirs, mine) for mine, theirs in zip(part.needs, other.needs, strict=True))
    alike = part.required == other.required and part.statement.priority == other.statement.priority
    arrivals = _of_arrivals(part) == _of_arrivals(other)
    return back and alike and arrivals and within(other.guard, part.guard, parts.space.everything)


def _implied(parts: Parts, mine: Need, theirs: Need) -> bool:
    return type(mine) is type(theirs) and IMPLIED[type(mine)](parts, mine, theirs)


def _nodes(parts: Parts, mine: Nodes, theirs: Nodes) -> bool:
    return within(theirs.region, mine.region, parts.space.everything)


def _count(parts: Parts, mine: Count, theirs: Count) -> bool:
    if (mine.slot, mine.limit, mine.atom) != (theirs.slot, theirs.limit, theirs.atom):
        return False
    return (
        theirs.amount >= mine.amount
        if mine.limit in ("min_values", "least")
        else theirs.amount <= mine.amount
    )


IMPLIED: dict[type, Callable[[Parts, Any, Any], bool]] = {
    Nodes: _nodes,
    Least: lambda parts, mine, theirs: theirs.amount >= mine.amount,
    Most: lambda parts, mine, theirs: theirs.amount <= mine.amount,
    Count: _count,
}
