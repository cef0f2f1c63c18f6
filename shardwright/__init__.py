"""Policy-as-code for shard placement: `compile(policies)`, then `program.solve(cluster)`.

Names are imported when they are first used, so that a command which needs no solver loads none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shardwright.api import Certification, Program, compile
    from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError
    from shardwright.keeping.source import Stored
    from shardwright.solver.result import Result

__all__ = ["Certification", "Diagnostic", "DiagnosticError", "Program", "Result", "Stored", "compile"]

_HOMES = {
    "Certification": "shardwright.api",
    "Diagnostic": "shardwright.grammar.diagnostics",
    "DiagnosticError": "shardwright.grammar.diagnostics",
    "Program": "shardwright.api",
    "Result": "shardwright.solver.result",
    "Stored": "shardwright.keeping.source",
    "compile": "shardwright.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
