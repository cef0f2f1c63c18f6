"""Scopes that plainly speak of different shards: seen without comparing conditions.

Two scopes that ask the same label, or the group, or the name, for different texts have no shard in common.
Whatever is not that plain may have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATTERN = frozenset("*?[")
TRUTHS = ("true", "false")

Asked = Mapping[str, frozenset[str]]  # of a label (`shards/KEY`), of `groups` or of `ids`: one of these texts


def asked_of(shards: Any, groups: Any, ids: Any) -> Asked:
    """What the parts of a scope ask for by plain texts."""
    asked = {f"shards/{key}": value for key, value in shards.items()} if isinstance(shards, Mapping) else {}
    asked |= {"groups": groups, "ids": ids}
    plain = {key: _texts(value) for key, value in asked.items() if value is not None}
    return {key: texts for key, texts in plain.items() if texts is not None}


def are_apart(one: Asked, other: Asked) -> bool:
    """Whether no shard can be in both."""
    return any(texts.isdisjoint(other[key]) for key, texts in one.items() if key in other)


def _texts(value: Any) -> frozenset[str] | None:
    """One text or a list of texts that are equal only to themselves; None for all else."""
    found = value if isinstance(value, list | tuple) else [value]
    plain = bool(found) and all(isinstance(one, str) and _is_plain(one) for one in found)
    return frozenset(found) if plain else None


def _is_plain(text: str) -> bool:
    """Neither a pattern nor something that a number or a truth could be equal to."""
    if not text or PATTERN & set(text) or text in TRUTHS:
        return False
    try:
        float(text)
    except ValueError:
        return not any(character.isdigit() and not character.isascii() for character in text)
    return False
