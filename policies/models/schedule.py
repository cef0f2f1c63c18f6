"""Times of the week."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shardwright.policies.models.values import OneOrMore, Part, Text, one_of

DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[DayName, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Annotated[DayName, one_of(*DAYS)]


class Window(Part):
    days: tuple[Day, ...] = DAYS
    start: Text = Field(alias="from")
    end: Text = Field(alias="to")
    timezone: Text = "UTC"


Schedule = Annotated[tuple[Window, ...], OneOrMore]
