"""From paths to texts: files and folders, with a diagnostic for whatever cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.limits import Limits
from shardwright.grammar.places import Place, Source

PathLike = str | Path


@dataclass(frozen=True)
class Text:
    """The text of a file and the name that diagnostics give it."""

    name: str
    text: str


@dataclass(frozen=True)
class Kind:
    """What is looked for in folders: files with these endings; `code` is given for a folder without any."""

    noun: str
    endings: tuple[str, ...]
    code: str


POLICIES = Kind("policies", (".json",), "E2103")


def read_paths(
    paths: Sequence[PathLike], limits: Limits, kind: Kind = POLICIES
) -> tuple[list[Text], list[Diagnostic]]:
    """The texts of files and of what folders hold of a kind, each file once, in the order of their names."""
    texts: list[Text] = []
    problems: list[Diagnostic] = []
    seen: set[str] = set()
    for name in _file_names([os.fspath(path) for path in paths], kind, problems):
        real = os.path.realpath(name)
        if real in seen:
            continue
        seen.add(real)
        text = _read(name, limits)
        if isinstance(text, Diagnostic):
            problems.append(text)
        else:
            texts.append(text)
    return texts, problems


def _file_names(paths: Sequence[str], kind: Kind, problems: list[Diagnostic]) -> Iterator[str]:
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        names = sorted(_files_in(path, kind, set(), problems))
        if not names:
            endings = " or ".join(f"*{ending}" for ending in kind.endings)
            message = f"no {kind.noun} in `{path}`: it holds no {endings} file"
            problems.append(_about(path, kind.code, message))
        yield from names


def _files_in(folder: str, kind: Kind, above: set[str], problems: list[Diagnostic]) -> Iterator[str]:
    # `above` ends the circles that symbolic links can make.
    real = os.path.realpath(folder)
    if real in above:
        return
    try:
        entries = sorted(os.listdir(folder))
    except OSError as error:
        problems.append(_about(folder, "E2102", f"cannot read folder `{folder}`: {_reason(error)}"))
        return
    for entry in entries:
        path = os.path.join(folder, entry)
        if entry.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _files_in(path, kind, above | {real}, problems)
        elif entry.endswith(kind.endings) and (os.path.isfile(path) or os.path.islink(path)):
            yield path


def _read(name: str, limits: Limits) -> Text | Diagnostic:
    try:
        # One byte more than is allowed tells "too large" without reading all of a huge file.
        with open(name, "rb") as file:
            data = file.read(limits.max_document_bytes + 1)
    except FileNotFoundError:
        return _missing(name)
    except OSError as error:
        return _about(name, "E2102", f"cannot read `{name}`: {_reason(error)}")
    if len(data) > limits.max_document_bytes:
        return _too_large(name, limits)
    # The parser places what is not UTF-8.
    return Text(name, data.decode("utf-8", "surrogateescape"))


def _missing(name: str) -> Diagnostic:
    return _about(name, "E2101", f"there is no file or folder `{name}`")


def _too_large(name: str, limits: Limits) -> Diagnostic:
    limit = limits.max_document_bytes
    return Diagnostic(
        "E5001",
        f"the document `{name}` has more than {limit} bytes",
        (Span(Place(Source(name, ""), 0, 0), "this document"),),
        notes=(f"the setting `max_document_bytes` is {limit}",),
        helps=(Help("split the document into several policies"),),
        data={"setting": "max_document_bytes", "value": limit},
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _about(name: str, code: str, message: str) -> Diagnostic:
    return Diagnostic(code, message, (Span(Place(Source(name, ""), 0, 0)),))
