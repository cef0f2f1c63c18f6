"""A cluster in a few lines, for stories: docs/testing.md has the notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Document = dict[str, Any]

MOST_IN_RANGE = 100_000

_RANGE = re.compile(r"(.*?)(\d+)\.\.(.*?)(\d+)$", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_NODE_KEYS = ("state", "cost_per_hour")
_SHARD_KEYS = ("group", "replicas", "move_cost")
_SPACES = ("metrics", "safe", "labels")
# Texts, even where they look like numbers.
_TEXTS = ("state", "group")


class NotationError(Exception):
    """A line that cannot be read; `line` counts from 0, `message` is lower case without a full stop."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class _UnreadableError(Exception):
    """What is wrong with the words of a line."""


def snapshot(text: str) -> Document:
    """The snapshot document that the lines describe. Raises NotationError."""
    document: Document = {"version": "1.0", "resources": {}, "nodes": [], "shards": [], "links": []}
    for at, line in enumerate(text.splitlines()):
        kind, *words = line.split() or ["#"]
        if kind.startswith("#"):
            continue
        try:
            _reader(kind)(document, words)
        except _UnreadableError as error:
            raise NotationError(at, str(error)) from None
    return document


def _reader(kind: str) -> Callable[[Document, list[str]], None]:
    if kind not in _LINES:
        known = ", ".join(f"`{word}`" for word in _LINES)
        raise _UnreadableError(f"a line begins with one of {known}, not with `{kind}`")
    return _LINES[kind]


def _resources(document: Document, words: list[str]) -> None:
    for word in words:
        document["resources"][word.rstrip("*")] = {"transient": True} if word.endswith("*") else {}


def _topology(document: Document, words: list[str]) -> None:
    document["topology"] = words


def _metrics(document: Document, words: list[str]) -> None:
    document["metrics"] = dict(map(_pair, words))


def _taken_at(document: Document, words: list[str]) -> None:
    document["taken_at"] = " ".join(words)


def _node(document: Document, words: list[str]) -> None:
    for name in _names(words, "node"):
        node: Document = {"id": name, "labels": {}, "capacity": {}, "safe": {}, "metrics": {}}
        for word in words[1:]:
            _put(node, word, "capacity", _NODE_KEYS, document["resources"])
        document["nodes"].append(node)


def _shard(document: Document, words: list[str]) -> None:
    at = words.index("on") if "on" in words else len(words)
    for name in _names(words, "shard"):
        shard: Document = {"id": name, "labels": {}, "load": {}, "metrics": {}}
        for word in words[1:at]:
            _put(shard, word, "load", _SHARD_KEYS, document["resources"])
        shard["placement"] = [{"node": node} for node in words[at + 1 :]]
        document["shards"].append(shard)


def _link(document: Document, words: list[str]) -> None:
    if len(words) < 2:
        raise _UnreadableError("a link joins two places: `link eu us latency_ms=62`")
    document["links"].append({"from": words[0], "to": words[1], **dict(map(_pair, words[2:]))})


_LINES: dict[str, Callable[[Document, list[str]], None]] = {
    "resources": _resources,
    "topology": _topology,
    "metrics": _metrics,
    "taken_at": _taken_at,
    "node": _node,
    "shard": _shard,
    "link": _link,
}


def _put(thing: Document, word: str, amounts: str, own: tuple[str, ...], resources: Document) -> None:
    """`cpu=4` is an amount of a resource, `metrics.x=1` and `safe.x=1` say so, the rest are labels."""
    key, text = _split(word)
    space, _, name = key.rpartition(".")
    if key in own:
        thing[key] = text if key in _TEXTS else _value(text)
    elif key in resources:
        thing[amounts][key] = _value(text)
    elif space in _SPACES and space in thing:
        thing[space][name] = text if space == "labels" else _value(text)
    else:
        thing["labels"][key] = text


def _pair(word: str) -> tuple[str, Any]:
    key, text = _split(word)
    return key, _value(text)


def _split(word: str) -> tuple[str, str]:
    key, equals, text = word.partition("=")
    if not equals or not key:
        raise _UnreadableError(f"expected `key=value`, got `{word}`")
    return key, text


def _value(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else number


def _names(words: list[str], kind: str) -> Iterator[str]:
    """`n1..n4` names four things, `n01..n12` twelve with two digits each."""
    if not words:
        raise _UnreadableError(f"a {kind} needs a name")
    match = _RANGE.match(words[0])
    if not match or match[3] not in ("", match[1]):
        yield words[0]
        return
    first, last = int(match[2]), int(match[4])
    if not first <= last < first + MOST_IN_RANGE:
        raise _UnreadableError(f"`{words[0]}` is not a range of at most {MOST_IN_RANGE} names that go up")
    for number in range(first, last + 1):
        yield f"{match[1]}{number:0{len(match[2])}}"
