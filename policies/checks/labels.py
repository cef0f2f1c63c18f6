"""Label keys of `constraints` that look like a known key with a slip of the pen."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.tree import Object
from shardwright.policies.checks.bounds import CONSTRAINTS
from shardwright.policies.checks.say import problem
from shardwright.policies.models import CONSTRAINT_KEYS

# Two edits lead from `zone` to `node`: such common labels are meant as they stand.
COMMON_LABELS = frozenset({"zone", "role", "mode", "host", "name", "code", "tier", "rack", "region", "disk"})


def near_keys(tree: Object, policy: str | None) -> list[Diagnostic]:
    """One error for each label key within two edits of a known key."""
    constraints = tree.find(CONSTRAINTS)
    if not isinstance(constraints, Object) or not constraints.place.pointer.endswith(CONSTRAINTS):
        return []
    strange = [member for member in constraints if member.key not in {*CONSTRAINT_KEYS, *COMMON_LABELS}]
    found = []
    for member in strange:
        near = did_you_mean(member.key, list(CONSTRAINT_KEYS))
        if near is not None:
            message = f"unknown key `{member.key}` in `constraints`"
            helps = [
                f"did you mean `{near}`?",
                f'if it is a label of your nodes, write `"labels": {{"{member.key}": ...}}`',
            ]
            found.append(
                problem("E1102", message, member.key_place, "not a key here", policy=policy, helps=helps)
            )
    return found
