"""Which policies of a store may have to do with some of them, seen from the texts alone.

Reading ten thousand policies as the language has it takes seconds; most plainly speak of other shards. Two
policies whose scopes ask the same label, or the group, or the name, for different texts govern no shard
together, and so have nothing to do with each other. Whatever is not that plain is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from typing import Any

from shardwright.keeping.catalog import Catalog

MANY = 200  # policies that change at once: all are looked at
PATTERN = frozenset("*?[")
TRUTHS = ("true", "false")

Asked = Mapping[str, frozenset[str]]  # of a label (`shards/KEY`), of `groups` or of `ids`: one of these texts


def nearby(catalog: Catalog, concerned: Set[str], definitions: Iterable[str]) -> set[str] | None:
    """The policies that may govern a shard together with those that are concerned, and whatever they need.

    `definitions` are the texts that the concerned policies will have. None where all are to be looked at.
    """
    if len(concerned) > MANY:
        return None
    looked_for = [_asked(json.loads(text)) for text in definitions]
    looked_for += [_asked(catalog.document(name)) for name in sorted(concerned & set(catalog.rows))]
    if not all(looked_for):
        return None
    found = set(concerned)
    for name in catalog.rows:
        if name not in found:
            asked = _asked(catalog.document(name))
            if not all(_apart(asked, one) for one in looked_for):
                found.add(name)
    return catalog.closure(found) | concerned


def _apart(one: Asked, other: Asked) -> bool:
    return any(one[key].isdisjoint(other[key]) for key in one.keys() & other.keys())


def _asked(document: Any) -> Asked:
    """What a policy's own scope asks for by plain texts. What it inherits can only add to that."""
    scope = document.get("scope") if isinstance(document, dict) else None
    if not isinstance(scope, dict):
        return {}
    shards = scope.get("shards")
    asked = {f"shards/{key}": value for key, value in shards.items()} if isinstance(shards, dict) else {}
    asked |= {key: scope[key] for key in ("groups", "ids") if key in scope}
    plain = {key: _texts(value) for key, value in asked.items()}
    return {key: texts for key, texts in plain.items() if texts is not None}


def _texts(value: Any) -> frozenset[str] | None:
    """One text or a list of texts that are equal only to themselves; None for all else."""
    found = value if isinstance(value, list) else [value]
    return (
        frozenset(found) if found and all(isinstance(one, str) and _is_plain(one) for one in found) else None
    )


def _is_plain(text: str) -> bool:
    """Neither a pattern nor something that a number or a truth could be equal to."""
    if not text or PATTERN & set(text) or text in TRUTHS:
        return False
    try:
        float(text)
    except ValueError:
        return not any(character.isdigit() and not character.isascii() for character in text)
    return False
