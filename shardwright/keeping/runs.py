"""Solving as an execution that is kept: what is recorded, and how it is done again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import orjson

from shardwright.policies.policy import PolicySet
from shardwright.store.executions import About, Content, Execution

if TYPE_CHECKING:
    from shardwright.solver.result import Result

# What says how long something took, or how it was found out: no part of the answer.
CLOCKED = ("timings", "statistics", "limits")


@dataclass(frozen=True)
class Asked:
    """A question to the solver: the snapshot's file as it was read, and the settings as they were given."""

    snapshot: Content
    settings: dict[str, Any]
    started_at: datetime


def execution_of(asked: Asked, policies: PolicySet, result: Result, completed_at: datetime) -> Execution:
    """What is kept of a solve."""
    document = result.to_json()
    return Execution(
        kind="solve",
        status=result.status,
        policies=_about(policies, document),
        policies_hash=result.policies_hash,
        cluster_hash=result.cluster_hash,
        snapshot=asked.snapshot,
        settings=asked.settings,
        taken=plain(result.statistics),
        result=Content("result", "result.json", encoded(document)),
        summary=_summary(document),
        program=program_version(),
        started_at=asked.started_at,
        completed_at=completed_at,
    )


def encoded(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def plain(document: Any) -> Any:
    """The same in ordinary Python data, whatever arrays are in it."""
    return orjson.loads(encoded(document))


def program_version() -> str:
    try:
        return version("shardwright")
    except PackageNotFoundError:  # run from a folder that was never installed
        return ""


def answer(document: dict[str, Any]) -> dict[str, Any]:
    """A result without what differs from run to run: what a replay must repeat to the letter."""
    kept = {key: value for key, value in document.items() if key not in CLOCKED}
    if kept.get("certificate"):
        kept["certificate"] = {key: value for key, value in kept["certificate"].items() if key != "seconds"}
    return kept


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The keys of a result whose values are not the same, as they are spelled in JSON."""
    old, new = answer(before), answer(after)
    keys = [*old, *(key for key in new if key not in old)]
    return [key for key in keys if json.dumps(old.get(key)) != json.dumps(new.get(key))]


def _about(policies: PolicySet, document: dict[str, Any]) -> dict[str, About]:
    gave_up = Counter(item["policy"] for item in document["gave_up"])
    why = {item["policy"]: item["why"] for item in document["not_applied"]}
    blamed = {cause["policy"] for conflict in document["conflicts"] for cause in conflict["causes"]}
    found = {}
    for policy in policies:
        name, result = policy.name, dict[str, Any]()
        status = "applied"
        if name in why:
            status, result = "not_applied", {"why": why[name]}
        elif name in blamed:
            status = "in_conflict"
        elif name in gave_up:
            status, result = "gave_up", {"cases": gave_up[name]}
        found[name] = About(policy.revision or 0, status, result)
    return found


def _summary(document: dict[str, Any]) -> dict[str, Any]:
    placement = document["placement"]
    return {
        "strategy": document["strategy"],
        "shards": None if placement is None else len(placement),
        "moves": len(document["moves"]),
        "gave_up": len(document["gave_up"]),
        "conflicts": len(document["conflicts"]),
        "limits": document["limits"],
    }
