"""What a reader says about a text, one line for each error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shardwright.cluster.load import load_cluster
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError


def told(read: Callable[[], object]) -> list[Diagnostic]:
    """The diagnostics of a reader that must refuse."""
    with pytest.raises(DiagnosticError) as caught:
        read()
    assert caught.value.exit_code == 3
    return caught.value.diagnostics


def told_of(text: str, folder: Path, name: str = "cluster.json") -> list[Diagnostic]:
    """The diagnostics of a snapshot."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return told(lambda: load_cluster(path))


def line(diagnostic: Diagnostic) -> str:
    """Code, line:column, pointer, what is underlined, message."""
    place = diagnostic.spans[0].place
    marked = place.source.text[place.start : place.end]
    where = f"{place.line}:{place.column} {place.pointer or '-'} [{marked}]"
    return f"{diagnostic.code} {where} {diagnostic.message}"


def helps(diagnostic: Diagnostic) -> list[str]:
    return [way.text for way in diagnostic.helps]
