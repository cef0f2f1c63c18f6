"""Colours of the terminal, where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from shardwright.grammar.diagnostics import Severity

BOLD = "1"
BLUE = "1;34"
BY_SEVERITY: dict[Severity, str] = {"error": "1;31", "warning": "1;33", "note": "1;32"}


@dataclass(frozen=True)
class Paint:
    """Wraps texts in escape sequences, or leaves them alone."""

    colour: bool
    kind: Severity

    def severity(self, text: str) -> str:
        return self._wrap(BY_SEVERITY[self.kind], text)

    def frame(self, text: str) -> str:
        return self._wrap(BLUE, text)

    def bold(self, text: str) -> str:
        return self._wrap(BOLD, text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
