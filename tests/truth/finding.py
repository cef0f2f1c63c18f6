"""What was compared on one case, and where the two differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.reference.cases.case import Case

Json = dict[str, Any]
Made = Callable[[int], Case]  # policies and a snapshot from a seed


@dataclass(frozen=True)
class Finding:
    """`looked`: how many answers were compared, by kind. `wrong`: each difference in words.

    A case that is too large for the reference is `skipped`, and nothing of it was compared.
    """

    looked: dict[str, int]
    wrong: tuple[str, ...] = ()
    skipped: bool = False


SKIPPED = Finding({}, skipped=True)
