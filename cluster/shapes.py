"""Every fault in the shape of a document: the slow pass after msgspec, which stops at the first, said no.

The Structs of snapshot.py stay the only description of the shape; this walks their types.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from msgspec import inspect

from shardwright.cluster import codes
from shardwright.cluster.faults import Faults
from shardwright.grammar.tree import pointer

# What the user calls the things that the Structs describe.
NAMES = {
    "Snapshot": "a snapshot",
    "Head": "the head of a snapshot",
    "Resource": "a resource",
    "NodeRow": "a node",
    "ShardRow": "a shard",
    "ReplicaRow": "a replica",
    "LinkRow": "a link",
    "Line": "a line of a snapshot",
    "PlacementFile": "a placement",
}


def check_shape(
    value: object, shape: type | inspect.Type, faults: Faults, path: tuple[str | int, ...] = ()
) -> None:
    """Note everything in which a plain value differs from a msgspec type."""
    kind = shape if isinstance(shape, inspect.Type) else inspect.type_info(shape)
    if isinstance(kind, inspect.UnionType):
        kind = _branch(value, kind)
    if not _fits(value, kind):
        faults.add(codes.WRONG_KIND, pointer(*path), _wrong(value, kind, path))
    elif isinstance(kind, inspect.StructType):
        _check_struct(value, kind, faults, path)
    elif isinstance(kind, inspect.DictType | inspect.ListType):
        _check_items(value, kind, faults, path)
    elif isinstance(kind, inspect.FloatType | inspect.IntType):
        _check_range(value, kind, faults, path)
    elif isinstance(kind, inspect.LiteralType) and value not in kind.values:
        _check_literal(str(value), kind, faults, path)


def _branch(value: object, union: inspect.UnionType) -> inspect.Type:
    """The branch of a union that a value belongs to, else the union itself."""
    return next((branch for branch in union.types if _fits(value, branch)), union)


_FITS: tuple[tuple[type[inspect.Type], tuple[type, ...]], ...] = (
    (inspect.StructType, (dict,)),
    (inspect.DictType, (dict,)),
    (inspect.ListType, (list, tuple)),
    (inspect.StrType, (str,)),
    (inspect.LiteralType, (str,)),
    (inspect.IntType, (int,)),
    (inspect.FloatType, (int, float)),
    (inspect.BoolType, (bool,)),
    (inspect.NoneType, (type(None),)),
    (inspect.AnyType, (object,)),
)


def _fits(value: object, kind: inspect.Type) -> bool:
    types = next((types for known, types in _FITS if isinstance(kind, known)), ())
    if isinstance(kind, inspect.IntType) and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, types) and (bool in types or object in types or not isinstance(value, bool))


def _check_struct(value: Any, kind: inspect.StructType, faults: Faults, path: tuple[str | int, ...]) -> None:
    fields = {known.encode_name: known for known in kind.fields}
    whose = NAMES.get(kind.cls.__name__, kind.cls.__name__)
    for key in value:
        if key in fields:
            check_shape(value[key], fields[key].type, faults, (*path, key))
        elif kind.forbid_unknown_fields:
            _unknown_key(str(key), list(fields), whose, faults, path)
    for known in kind.fields:
        if known.required and known.encode_name not in value:
            faults.add(codes.MISSING_KEY, pointer(*path), f"{whose} must have `{known.encode_name}`")


A_POLICY = "this looks like a policy: `--policies` takes it"


def _unknown_key(key: str, known: list[str], whose: str, faults: Faults, path: tuple[str | int, ...]) -> None:
    here = pointer(*path, key)
    faults.add(
        codes.UNKNOWN_KEY,
        here,
        f"`{key}` is not a key of {whose}",
        on_key=True,
        word=key,
        among=known,
        patch=lambda meant: {"op": "move", "from": here, "path": pointer(*path, meant)},
        advice=A_POLICY if not path and key == "actions" else "",
        known=known,
    )


def _check_items(value: Any, kind: inspect.Type, faults: Faults, path: tuple[str | int, ...]) -> None:
    if isinstance(kind, inspect.DictType):
        for key, item in value.items():
            if not isinstance(key, str):
                faults.add(codes.WRONG_KIND, pointer(*path), f"a key must be a text, not {_word_of(key)}")
            check_shape(item, kind.value_type, faults, (*path, key))
    elif isinstance(kind, inspect.ListType):
        for at, item in enumerate(value):
            check_shape(item, kind.item_type, faults, (*path, at))


def _check_range(value: Any, kind: Any, faults: Faults, path: tuple[str | int, ...]) -> None:
    if not isfinite(value):
        faults.add(codes.OUT_OF_RANGE, pointer(*path), f"{_subject(path)} must be a finite number")
    elif kind.ge is not None and value < kind.ge:
        faults.add(
            codes.OUT_OF_RANGE, pointer(*path), f"{_subject(path)} must not be negative, but is {value}"
        )
    elif kind.le is not None and value > kind.le:
        faults.add(codes.OUT_OF_RANGE, pointer(*path), f"{_subject(path)} is too large: at most {kind.le}")


def _check_literal(
    value: str, kind: inspect.LiteralType, faults: Faults, path: tuple[str | int, ...]
) -> None:
    here = pointer(*path)
    known = [str(choice) for choice in kind.values]
    faults.add(
        codes.WRONG_KIND,
        here,
        f"{_subject(path)} is `{value}`; it must be one of {', '.join(f'`{choice}`' for choice in known)}",
        word=value,
        among=known,
        patch=lambda meant: {"op": "replace", "path": here, "value": meant},
    )


def _subject(path: tuple[str | int, ...]) -> str:
    """What a path leads to, in a word: `load.cpu`, `replicas`, `links`."""
    names = [str(token) for token in path if isinstance(token, str)]
    if not names:
        return "the document"
    name = f"`{'.'.join(names[-2:] if len(names) > 2 else names[-1:])}`"
    return f"an item of {name}" if isinstance(path[-1], int) else name


_WORDS: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.StructType, "an object"),
    (inspect.DictType, "an object"),
    (inspect.ListType, "a list"),
    (inspect.StrType, "a text"),
    (inspect.LiteralType, "a text"),
    (inspect.IntType, "a whole number"),
    (inspect.FloatType, "a number"),
    (inspect.BoolType, "true or false"),
    (inspect.NoneType, "null"),
)


def _wrong(value: object, kind: inspect.Type, path: tuple[str | int, ...]) -> str:
    return f"{_subject(path)} must be {_words(kind)}, not {_word_of(value)}"


def _words(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.UnionType):
        words = [_words(branch) for branch in kind.types]
        # "a whole number or a number" says no more than "a number".
        plain = [word for word in words if not (word == "a whole number" and "a number" in words)]
        *others, last = dict.fromkeys(plain)
        return f"{', '.join(others)} or {last}"
    return next((word for known, word in _WORDS if isinstance(kind, known)), "something else")


def _word_of(value: object) -> str:
    """A given value in words, with its text when it is short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if not isinstance(value, str | int | float | None):
        return f"a Python `{type(value).__name__}`"
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) or len(value) < 40 else ""
    return f"`{shown}`" if shown else "a long text"
