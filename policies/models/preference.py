"""A wish for some nodes, with its weight."""

from __future__ import annotations

from typing import Annotated

from shardwright.policies.models.values import OneOrMore, Part, PreferenceWeight, Selector


class Preference(Part):
    """A replica on a node that `labels` does not match costs `weight`; a negative weight is an aversion."""

    labels: Selector
    weight: PreferenceWeight = 1


Preferences = Annotated[tuple[Preference, ...], OneOrMore]
