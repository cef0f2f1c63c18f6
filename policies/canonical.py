"""One text for what policies say, whatever they look like: the basis of their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from shardwright.grammar.tree import Plain
from shardwright.policies.policy import Policy


def canonical_json(value: Plain) -> str:
    """JSON with sorted keys and no white space; 80.0 is written as 80."""
    return json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def policy_hash(policy: Policy) -> str:
    """SHA-256 (hex) of one policy after inheritance."""
    return _sha256(canonical_json(policy.tree.plain()))


def policies_hash(policies: Iterable[Policy]) -> str:
    """SHA-256 (hex) of several policies; their order does not matter. One that is not active says so."""
    ordered = sorted(policies, key=lambda policy: policy.name)
    return _sha256("\n".join(canonical_json(policy.tree.plain()) + _standing(policy) for policy in ordered))


def _standing(policy: Policy) -> str:
    return "" if policy.standing == "active" else policy.standing


def _canonical(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
