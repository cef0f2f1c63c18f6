"""Times as the store keeps them: RFC 3339 in UTC with microseconds; sorted as texts, sorted in time."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A time with a zone as the store's text."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> datetime:
    """The time that a text of the store, or any RFC 3339 text, stands for."""
    return datetime.fromisoformat(text.upper().replace("Z", "+00:00"))


def spoken(text: str) -> str:
    """A time of the store for people, to the second: 2026-11-25 10:31:02Z."""
    return f"{text[:10]} {text[11:19]}Z"
