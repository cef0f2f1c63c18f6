"""File names for policies: a name may hold what no file name can."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNSAFE = re.compile(r"[^\w.@+-]+")
LONGEST = 100


def file_names(names: Sequence[str]) -> list[str]:
    """A `*.json` name for each, all different whatever the file system thinks of capitals."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem = UNSAFE.sub("-", name).strip(".-")[:LONGEST] or "policy"
        candidate, at = stem, 1
        while candidate.casefold() in taken:
            at += 1
            candidate = f"{stem}-{at}"
        taken.add(candidate.casefold())
        found.append(f"{candidate}.json")
    return found
