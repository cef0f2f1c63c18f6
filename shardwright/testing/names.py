"""Names in stories that nothing has: an expectation about them would say nothing."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.policies.checks.say import meant, problem

SHOWN = 8


def unknown(word: str, known: Collection[str], kind: str, place: Place) -> Diagnostic:
    """`kind` is the plural of what the name should be: "nodes", "shards", "policies"."""
    near = meant(word, known)
    names = sorted(known)
    some = ", ".join(f"`{name}`" for name in names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    help_text = near or (f"the {kind} here are {some}" if names else f"there are no {kind} here")
    return problem("E2601", f"`{word}` is none of the story's {kind}", place, helps=[help_text])


def hit(word: str, names: Collection[str]) -> list[str]:
    """The name itself, else the names that it matches as a glob, sorted."""
    return [word] if word in names else sorted(name for name in names if fnmatchcase(name, word))
