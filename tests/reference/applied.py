"""Which policies take part: enabled, within their dates, with every dependency applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Json = dict[str, Any]


def applied(documents: list[Json], taken_at: str | None) -> list[Json]:
    now = moment(taken_at) if taken_at else None
    named = {document["name"]: document for document in documents}
    return [document for document in documents if takes_part(document, named, now)]


def takes_part(document: Json, named: dict[str, Json], now: datetime | None) -> bool:
    if not document.get("enabled", True) or not within_dates(document, now):
        return False
    return all(
        name in named and takes_part(named[name], named, now) for name in document.get("depends_on", [])
    )


def within_dates(document: Json, now: datetime | None) -> bool:
    """From `valid_from` on, before `valid_until`; with dates never, where nobody says when it is."""
    start, end = document.get("valid_from"), document.get("valid_until")
    if now is None:
        return start is None and end is None
    return (start is None or moment(start) <= now) and (end is None or now < moment(end))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
