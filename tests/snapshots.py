"""A cluster in a few lines, for stories: see tests/cases/README.md for the notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_RANGE = re.compile(r"(.*?)(\d+)\.\.(.*?)(\d+)$")
_NODE_KEYS = ("state", "cost_per_hour")
_SHARD_KEYS = ("group", "replicas", "move_cost")


def snapshot(text: str) -> dict[str, Any]:
    """The snapshot document that the lines describe."""
    document: dict[str, Any] = {"version": "1.0", "resources": {}, "nodes": [], "shards": [], "links": []}
    for line in filter(None, map(str.strip, text.splitlines())):
        kind, *words = line.split()
        _LINES[kind](document, words)
    return document


def _resources(document: dict[str, Any], words: list[str]) -> None:
    for word in words:
        document["resources"][word.rstrip("*")] = {"transient": True} if word.endswith("*") else {}


def _topology(document: dict[str, Any], words: list[str]) -> None:
    document["topology"] = words


def _metrics(document: dict[str, Any], words: list[str]) -> None:
    document["metrics"] = dict(map(_pair, words))


def _node(document: dict[str, Any], words: list[str]) -> None:
    for name in _names(words[0]):
        node: dict[str, Any] = {"id": name, "labels": {}, "capacity": {}, "safe": {}, "metrics": {}}
        for key, value in map(_pair, words[1:]):
            _put(node, key, value, "capacity", _NODE_KEYS, document["resources"])
        document["nodes"].append(node)


def _shard(document: dict[str, Any], words: list[str]) -> None:
    at = words.index("on") if "on" in words else len(words)
    for name in _names(words[0]):
        shard: dict[str, Any] = {"id": name, "labels": {}, "load": {}, "metrics": {}}
        for key, value in map(_pair, words[1:at]):
            _put(shard, key, value, "load", _SHARD_KEYS, document["resources"])
        shard["placement"] = [{"node": node} for node in words[at + 1 :]]
        document["shards"].append(shard)


def _link(document: dict[str, Any], words: list[str]) -> None:
    document["links"].append({"from": words[0], "to": words[1], **dict(map(_pair, words[2:]))})


_LINES = {
    "resources": _resources,
    "topology": _topology,
    "metrics": _metrics,
    "node": _node,
    "shard": _shard,
    "link": _link,
}


def _put(
    thing: dict[str, Any], key: str, value: Any, amounts: str, own: tuple[str, ...], resources: Any
) -> None:
    """`cpu=4` is an amount of a resource, `metrics.x=1` and `safe.x=1` say so, the rest are labels."""
    space, _, name = key.rpartition(".")
    if key in own:
        thing[key] = value
    elif key in resources:
        thing[amounts][key] = value
    elif space in ("metrics", "safe", "labels"):
        thing[space][name] = value
    else:
        thing["labels"][key] = str(value)


def _pair(word: str) -> tuple[str, Any]:
    key, _, value = word.partition("=")
    return key, _value(value)


def _value(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _names(word: str) -> Iterator[str]:
    """`n1..n4` names four things."""
    match = _RANGE.match(word)
    if not match:
        yield word
        return
    for number in range(int(match[2]), int(match[4]) + 1):
        yield f"{match[1]}{number}"
