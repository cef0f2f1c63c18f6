"""`actions.migration`: what must leave, may not leave, and where it goes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from shardwright.policies.models.schedule import Schedule
from shardwright.policies.models.values import Amount, Count, Flag, Part, Raw, Selector, Text, one_of
from shardwright.policies.models.words import expected


def _leave(value: object) -> object:
    if value is False:
        return None
    if value is True or isinstance(value, dict):
        return value
    raise expected("true or a selector over nodes", value)


class Migration(Part):
    """`leave` is True (every node that the policy speaks of), a selector over nodes, or None."""

    leave: Annotated[Literal[True] | dict[str, Raw] | None, BeforeValidator(_leave)] = None
    stay: Flag = False
    target: Selector | None = None
    minimize: Annotated[Literal["moves", "bytes", "cost"] | None, one_of("moves", "bytes", "cost")] = None
    max_moves: Count | None = None
    max_concurrent: Count | None = None
    max_moves_per_node: Count | None = None
    max_moves_per_group: Count | None = None
    max_bytes: Amount | None = None
    bandwidth: Amount | None = None
    cooldown: Text | None = None
    window: Schedule = ()
