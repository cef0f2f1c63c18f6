"""The diagnostic of a limit that came before any answer."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic, Help
from shardwright.solver.processes import WorkerFailed

MORE = {
    "E5101": "`--memory-limit MB` gives each process more",
    "E5102": "`--rule-limit N` allows more",
    "E5103": "`--time-limit S` gives more; loading, grounding and the certificate are part of it",
}


def limit_reached(failed: WorkerFailed) -> Diagnostic:
    """E5100 to E5103; the help names the option that gives more."""
    code = {"memory_limit_mb": "E5101", "rule_limit": "E5102", "time_limit": "E5103"}.get(
        failed.setting or "", "E5100"
    )
    more = MORE.get(code)
    return Diagnostic(code, f"no answer: {failed}", helps=(Help(more),) if more else ())
