"""What goes to a worker and what comes back, pickled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Amounts = list[tuple[int, str, tuple[int, ...], int]]  # rule, What's name, What's arguments, amount


@dataclass(frozen=True)
class Job:
    """`task` names a function of tasks.py; `programs` names files under lp/; `facts` are texts."""

    task: str
    programs: tuple[str, ...]
    facts: tuple[str, ...]
    options: tuple[str, ...] = ()
    memory_limit_mb: int | None = None
    rule_limit: int | None = None
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """`kind` is "grounded", "model", "bound", "done" or "error"; `body` depends on it."""

    kind: str
    body: dict[str, Any]
