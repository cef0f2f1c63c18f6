"""Which policies of a store may have to do with some of them, seen from the texts alone.

Reading ten thousand policies as the language has it takes seconds, and most plainly speak of other shards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from typing import Any

from shardwright.keeping.catalog import Catalog
from shardwright.policies.plain_scope import Asked, are_apart, asked_of

MANY = 200  # policies that change at once: all are looked at


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
            if not all(are_apart(asked, one) for one in looked_for):
                found.add(name)
    return catalog.closure(found) | concerned


def _asked(document: Any) -> Asked:
    """What a policy's own scope asks for. What it inherits can only add to that."""
    scope = document.get("scope") if isinstance(document, dict) else None
    return (
        asked_of(*(scope.get(key) for key in ("shards", "groups", "ids"))) if isinstance(scope, dict) else {}
    )
