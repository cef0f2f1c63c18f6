"""Text to Nodes: strict JSON by Lark's LALR parser, every value with its place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedInput

from shardwright.grammar.builder import Builder
from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.lexemes import Job, JsonLexer, TooDeepError
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.grammar.places import Place, Source
from shardwright.grammar.tree import Node

GRAMMAR = FilePath(__file__).with_name("policy.lark")
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_document(
    text: str, name: str, limits: Limits = DEFAULT_LIMITS
) -> tuple[Node | None, list[Diagnostic]]:
    """The Nodes of a JSON text, and what is wrong with it.

    The Node is None where the text cannot be read at all. It is there, with repeated keys left out and
    unreadable numbers as 0, where the errors leave its shape clear: check the diagnostics, too.
    Read files with `errors="surrogateescape"` (as `parse_bytes` does) to have broken UTF-8 placed.
    """
    job = Job(Source(name, text.removeprefix("\ufeff")), limits)
    refused = too_large(job) or not_utf8(job)
    if refused:
        return None, [refused]
    return _parse(job), sorted(job.problems, key=_first_offset)


def parse_bytes(
    data: bytes, name: str, limits: Limits = DEFAULT_LIMITS
) -> tuple[Node | None, list[Diagnostic]]:
    """`parse_document` for the bytes of a file."""
    return parse_document(data.decode("utf-8", "surrogateescape"), name, limits)


def _parse(job: Job) -> Node | None:
    try:
        node: Node = json_parser().parse(job)  # type: ignore[assignment]  # our lexer takes a Job
        return node
    except TooDeepError as deep:
        job.problems.append(deep.diagnostic)
    except UnexpectedInput:
        from shardwright.grammar.recovery import explain

        job.problems.clear()
        explain(job, recogniser())
    return None


@cache
def json_parser() -> Lark:
    return _lark(transformer=Builder())


@cache
def recogniser() -> Lark:
    """The same grammar without callbacks, for texts that are known to be wrong."""
    return _lark()


def _lark(**options: Any) -> Lark:
    text = GRAMMAR.read_text(encoding="utf-8")
    return Lark(
        text, parser="lalr", lexer=JsonLexer, keep_all_tokens=True, maybe_placeholders=False, **options
    )


def _first_offset(diagnostic: Diagnostic) -> tuple[int, str]:
    return (diagnostic.spans[0].place.start if diagnostic.spans else 0, diagnostic.code)


def too_large(job: Job) -> Diagnostic | None:
    text, limit = job.source.text, job.limits.max_document_bytes
    # A character has at most four bytes, so most texts need no counting.
    if len(text) * 4 <= limit:
        return None
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= limit:
        return None
    return Diagnostic(
        "E5001",
        f"the document `{job.source.name}` has {size} bytes, more than {limit}",
        (Span(Place(job.source, 0, 0), "this document"),),
        notes=(f"the setting `max_document_bytes` is {limit}",),
        helps=(Help("split the document into several policies"),),
        data={"setting": "max_document_bytes", "value": limit},
    )


def not_utf8(job: Job) -> Diagnostic | None:
    text = job.source.text
    found = None if text.isascii() else _SURROGATE.search(text)
    if found is None:
        return None
    code = ord(found[0])
    byte = (
        f"the byte `0x{code - 0xDC00:02x}`" if 0xDC80 <= code <= 0xDCFF else f"the code point `U+{code:04X}`"
    )
    return Diagnostic(
        "E0017",
        f"{byte} is not valid UTF-8",
        (Span(job.place(found.start(), found.end()), "not a character"),),
        helps=(Help("save the file as UTF-8"),),
    )
