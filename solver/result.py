"""The answer: every shape of docs/result.md as a frozen dataclass, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["optimal", "feasible", "conflict", "unknown"]

# shard id -> [{"node": ..., "role": ...}], shards and replicas in a fixed order
Placement = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Level:
    """One rung of the lexicographic order. `policy` and `goal` join several names with ", ".

    `cost` is what the placement costs there, `bound` what no placement can go below, given the
    optimum of the levels before it (None: nothing known beyond 0). `block` is 1 to 4.
    `terms` splits the cost by policy and rule kind: [{"policy", "rule", "kind", "cost"}].
    """

    block: int
    priority: int
    policy: str
    goal: str
    cost: int
    bound: int
    terms: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Move:
    """`source` None: a new replica; `target` None: a dropped one. JSON: from, to."""

    shard: str
    source: str | None
    target: str | None


@dataclass(frozen=True)
class GaveUp:
    """A rule that yielded: `rule` is its JSON pointer, `what` a sentence, `because` what forbade it.

    `because` items read like "`spread-zones`: sentence". Built-ins have no file.
    """

    policy: str
    version: int | None
    rule: str
    what: str
    amount: int
    because: list[str]
    file: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Cause:
    """A rule that takes part in a conflict. Built-ins have no file."""

    policy: str
    version: int | None
    pointer: str
    file: str | None
    line: int | None
    column: int | None
    text: str = ""


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together. `minimal`: any one of them dropped, the others were seen to hold.

    `summary` says why in a sentence; `shards` are those that it concerns: {"count", "examples"}.
    """

    minimal: bool
    causes: list[Cause]
    facts: list[str]
    repairs: list[dict[str, Any]] = field(default_factory=list)
    summary: str = ""
    shards: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Violation:
    """A broken rule as the certificate found it."""

    policy: str
    rule: str
    kind: str
    enforcement: str
    what: str
    amount: int
    tolerated: int = 0


@dataclass(frozen=True)
class Certificate:
    """What placement.lp says about a placement that was given to it as facts.

    `certified` is false when a required rule is broken. `violations` lists those (and no_worse ones made
    worse); `terms` maps "block/priority" to the cost of the level.
    """

    certified: bool
    violations: list[Violation]
    terms: dict[str, int]
    ground_rules: int
    seconds: float


@dataclass(frozen=True)
class Result:
    status: Status
    strategy: str
    reason_for_strategy: str
    placement: Placement | None
    moves: list[Move]
    levels: list[Level]
    gave_up: list[GaveUp]
    not_applied: list[dict[str, str]]
    conflicts: list[Conflict]
    certificate: Certificate | None
    best_effort: Placement | None
    seed: int
    policies_hash: str
    cluster_hash: str
    scale: dict[str, int]
    statistics: dict[str, Any]
    limits: list[str]
    timings: dict[str, float]
    conflicts_complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """The result in the published shape."""
        document = asdict(self)
        document["moves"] = [{"shard": m.shard, "from": m.source, "to": m.target} for m in self.moves]
        return document
