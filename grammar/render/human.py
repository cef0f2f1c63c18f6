"""Diagnostics for people, in the manner of rustc: what, where, the lines themselves, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import wrap

from shardwright.grammar.diagnostics import Diagnostic, Span
from shardwright.grammar.render.excerpt import Row, rows
from shardwright.grammar.render.paint import Paint
from shardwright.grammar.wording import visible


def human(diagnostics: Sequence[Diagnostic], colour: bool = False, width: int | None = None) -> str:
    """One block for each diagnostic, an empty line between them. With a `width` sentences are wrapped there;
    lines of the source never are."""
    return "\n".join(_block(one, Paint(colour, one.severity), width) for one in diagnostics)


def _block(diagnostic: Diagnostic, paint: Paint, width: int | None) -> str:
    margin = max((len(str(span.place.line)) for span in diagnostic.spans), default=1)
    head = paint.severity(f"{diagnostic.severity}[{diagnostic.code}]")
    indent = len(f"{diagnostic.severity}[{diagnostic.code}]: ")
    first, *more = wrapped(visible(diagnostic.message), indent, width)
    lines = [f"{head}{paint.bold(f': {first}')}", *(" " * indent + paint.bold(line) for line in more)]
    for arrow, spans in _by_file(diagnostic.spans):
        lines += _excerpt(arrow, spans, diagnostic, margin, paint)
    for note in diagnostic.notes:
        lines += _remark("note", note, margin, paint, width)
    for way in diagnostic.helps:
        lines += _remark("help", way.text, margin, paint, width)
    return "\n".join(lines) + "\n"


def _by_file(spans: Iterable[Span]) -> list[tuple[str, list[Span]]]:
    """Spans of the same file stand in one excerpt; the file of the first primary span comes first."""
    files: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: not span.primary):
        files.setdefault(span.place.file, []).append(span)
    return [("-->" if at == 0 else ":::", found) for at, found in enumerate(files.values())]


def _excerpt(arrow: str, spans: list[Span], diagnostic: Diagnostic, margin: int, paint: Paint) -> list[str]:
    lines = [_where(arrow, spans[0], diagnostic, margin, paint)]
    if not spans[0].place.source.text:
        return lines
    lines.append(paint.frame(f"{' ' * margin} |"))
    before: int | None = None
    ordered = sorted(spans, key=lambda span: (span.place.line, span.place.start))
    for number, group in groupby(ordered, key=lambda span: span.place.line):
        if before is not None and number > before + 1:
            lines.append(paint.frame("..."))
        lines += [_line(row, margin, paint) for row in rows(number, list(group))]
        before = number
    return lines


def _where(arrow: str, span: Span, diagnostic: Diagnostic, margin: int, paint: Paint) -> str:
    place = span.place
    text = visible(place.file)
    if place.source.text:
        text += f":{place.line}:{place.column}"
    if place.pointer:
        text += f"  ({visible(place.pointer)})"
    if diagnostic.policy and span.primary:
        version = f"@v{diagnostic.version}" if diagnostic.version is not None else ""
        text += f"   {visible(diagnostic.policy)}{version}"
    return f"{' ' * margin}{paint.frame(arrow)} {text}"


def _line(row: Row, margin: int, paint: Paint) -> str:
    if row.number is not None:
        frame = paint.frame(f"{row.number:>{margin}} |")
        return f"{frame} {row.text}".rstrip()
    frame = paint.frame(f"{' ' * margin} |")
    return f"{frame} {paint.severity(row.text) if row.primary else paint.frame(row.text)}"


def _remark(kind: str, text: str, margin: int, paint: Paint, width: int | None) -> list[str]:
    lead = f"{' ' * margin} {paint.frame('=')} {paint.bold(kind)}: "
    indent = margin + len(f" = {kind}: ")
    lines = [part for line in text.split("\n") for part in wrapped(visible(line), indent, width)]
    return [lead + lines[0], *(" " * indent + line for line in lines[1:])]


def wrapped(line: str, indent: int, width: int | None) -> list[str]:
    """A sentence in pieces that fit; words and names stay whole."""
    if width is None or indent + len(line) <= width:
        return [line]
    return wrap(line, max(width - indent, 20), break_long_words=False, break_on_hyphens=False)
