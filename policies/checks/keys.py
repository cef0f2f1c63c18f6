"""Which keys a model knows at a place of its document."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def keys_at(loc: Sequence[int | str], model: type[BaseModel]) -> tuple[str, ...]:
    """The known keys of the object at a pydantic location of a model; none where any key may stand."""
    return _keys(tuple(token for token in loc if isinstance(token, str)), model)


@cache
def _keys(path: tuple[str, ...], model: type[BaseModel]) -> tuple[str, ...]:
    models = [model]
    for token in path:
        fields = [field for model in models for name, field in _fields(model) if name == token]
        # A key of a table ({"region": {"us-west": ...}}) does not change the model below it.
        models = [model for field in fields for model in _models_in(field)] if fields else models
    return tuple(dict.fromkeys(name for model in models for name, _ in _fields(model)))


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field.annotation


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, dict):
        for argument in get_args(annotation):
            yield from _models_in(argument)
