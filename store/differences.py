"""What differs between two JSON documents, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 60
STATE = "state"  # in the place of a pointer: not in the document, but beside it


@dataclass(frozen=True)
class Difference:
    """At a JSON pointer; `before` or `after` is MISSING where the key is not there."""

    pointer: str
    before: Any
    after: Any

    def as_json(self) -> dict[str, Any]:
        """{"pointer", "before", "after"}; a key that is not there is left out."""
        found = {"pointer": self.pointer, "before": self.before, "after": self.after}
        return {key: value for key, value in found.items() if value is not MISSING}

    def __str__(self) -> str:
        if self.pointer == STATE:
            return f"{self.pointer}: {self.before} -> {self.after}"
        if self.before is MISSING:
            return f"{self.pointer or '/'}: new, {_short(self.after)}"
        if self.after is MISSING:
            return f"{self.pointer or '/'}: gone, was {_short(self.before)}"
        return f"{self.pointer or '/'}: {_short(self.before)} -> {_short(self.after)}"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


def differences(before: str | None, after: str | None) -> list[Difference]:
    """Between two JSON texts (None: no document), in the order of their pointers' first appearance."""
    old = MISSING if before is None else json.loads(before)
    new = MISSING if after is None else json.loads(after)
    return list(_between("", old, new))


def _between(pointer: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            token = key.replace("~", "~0").replace("/", "~1")
            yield from _between(f"{pointer}/{token}", before.get(key, MISSING), after.get(key, MISSING))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _between(f"{pointer}/{at}", old, new)
    elif type(before) is not type(after) or before != after:
        yield Difference(pointer, before, after)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
