"""Conditions with more alternatives than the analysis looks at."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.solver.patterns.bounds import Bounds
from shardwright.solver.patterns.lints.say import remark
from shardwright.solver.patterns.needs import Parts

CODE = "W2108"


def beyond(parts: Parts, bounds: Bounds) -> Iterator[Diagnostic]:
    """One warning for each condition that is left out, with the name of the limit."""
    for policy, pointer in parts.beyond:
        yield remark(
            CODE,
            "warning",
            f"`{policy.name}`: a condition with more than {bounds.most_boxes} alternatives is not looked at",
            [(policy, pointer, "too many alternatives")],
            notes=[f"the limit is `most_boxes` = {bounds.most_boxes}"],
            data={"kind": "beyond", "setting": "most_boxes", "value": bounds.most_boxes},
        )
