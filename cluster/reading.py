"""From a file to a typed document: msgspec at full speed, and a second, slower look where it says no."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from shardwright.cluster import codes
from shardwright.cluster.faults import Faults
from shardwright.cluster.shapes import check_shape
from shardwright.cluster.twins import has_twins, note_twins
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Span
from shardwright.grammar.places import Place, Source

Document = TypeVar("Document")

LONGEST_INTEGER = 300

_BYTE = re.compile(r"^(?:JSON is malformed: )?(.*?)(?: \(byte (\d+)\))?$")
_HALF = re.compile(r"(?<!\\)(?:\\\\)*(\\u[dD][89a-fA-F][0-9a-fA-F]{2})")
_CONSTANT = re.compile(r"-?(?:NaN|Infinity)")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, without a byte order mark."""
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        refuse(codes.UNREADABLE, f"cannot read `{path}`: {(error.strerror or str(error)).lower()}", str(path))


def refuse(code: str, message: str, name: str, text: str = "", at: int = 0) -> NoReturn:
    """Raise a single diagnostic at an offset of a text."""
    span = Span(Place(Source(name, text), at, min(at + 1, len(text))))
    raise DiagnosticError([Diagnostic(code, message, (span,))])


def text_of(data: bytes, name: str) -> str:
    """The bytes as text, or a diagnostic that says which byte is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        refuse(codes.UNREADABLE, f"byte {error.start} of `{name}` is not UTF-8", name, before, len(before))


def decode(data: bytes, shape: type[Document], name: str) -> Document:
    """One JSON document as `shape`; every fault in its shape in one DiagnosticError."""
    try:
        document = msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        source = Source(name, text_of(data, name))
        faults = Faults()
        check_shape(parse(source.text, source), shape, faults)
        note_twins(source.text, faults)
        faults.raise_if_any(source)
        explain(error, source)
    refuse_twins(data, name)
    return document


def refuse_twins(data: bytes, name: str) -> None:
    """Raise when an object of a valid JSON document names a key twice."""
    if has_twins(data):
        faults = Faults()
        source = Source(name, text_of(data, name))
        note_twins(source.text, faults)
        faults.raise_if_any(source)


def convert(document: object, shape: type[Document], source: Callable[[], Source]) -> Document:
    """Plain Python data as `shape`; faults as in `decode`."""
    try:
        return msgspec.convert(document, type=shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        faults = Faults()
        check_shape(document, shape, faults)
        faults.raise_if_any(source())
        explain(error, source())


def parse(text: str, source: Source, at: int = 0) -> Any:
    """A JSON text as plain data, or a diagnostic; `at` is where the text starts in the source."""
    try:
        value = json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        words, offset = _broken(text, error)
        refuse(codes.BROKEN_JSON, f"broken JSON: {words}", source.name, source.text, at + offset)
    except RecursionError:
        refuse(codes.BROKEN_JSON, "the document is nested too deeply", source.name, source.text, at)
    constant = _outside_texts(text, _CONSTANT)
    if constant is not None:
        message = f"broken JSON: `{constant.group()}` is not a number"
        refuse(codes.BROKEN_JSON, message, source.name, source.text, at + constant.start())
    return value


def _integer(digits: str) -> int | float:
    """Python refuses very long numbers; as floats they are infinite, and refused with their place."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


def _broken(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """The same words and offset in every Python: 3.13 tells trailing commas apart, 3.11 does not."""
    before = text[: error.pos].rstrip()
    if not text.strip():
        return "the text is empty", 0
    if error.pos >= len(text.rstrip()):
        return "the text ends too early", error.pos
    if "trailing comma" in error.msg:
        return "a comma too many", error.pos
    if before.endswith(",") and text[error.pos] in "]}":
        return "a comma too many", len(before) - 1
    return _lower(error.msg), error.pos


def explain(error: Exception, source: Source) -> NoReturn:
    """Words for what only msgspec found."""
    half = _HALF.search(source.text)
    if half:
        message = f"broken JSON: `{half.group(1)}` is half a character"
        refuse(codes.BROKEN_JSON, message, source.name, source.text, half.start(1))
    match = _BYTE.match(str(error))
    words, byte = (match.group(1), match.group(2)) if match else (str(error), None)
    at = len(source.text.encode()[: int(byte)].decode(errors="ignore")) if byte else 0
    refuse(codes.BROKEN_JSON, f"broken JSON: {_lower(words)}", source.name, source.text, at)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def _outside_texts(text: str, wanted: re.Pattern[str]) -> re.Match[str] | None:
    """The first match that is not inside a JSON text."""
    if not wanted.search(text):
        return None
    blanked = _TEXT.sub(lambda found: " " * len(found.group()), text)
    return wanted.search(blanked)
