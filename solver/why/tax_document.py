"""Taxes as a JSON document; docs/result.md has the shape."""

from __future__ import annotations

from typing import Any

from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.why.tax import Tax, Taxes

Document = dict[str, Any]


def tax_document(found: Taxes) -> Document:
    """What `tax` says."""
    return {
        "status": found.best.status,
        "moves": found.best.moves,
        "policies": [_tax(tax) for tax in found.taxes],
        "not_applied": [{"policy": item.policy, "why": item.why} for item in found.not_applied],
        "limits": list(found.limits),
    }


def _tax(tax: Tax) -> Document:
    without = tax.without
    return {
        "policy": tax.policy,
        "verdict": tax.verdict,
        "proven": tax.proven,
        "sure": tax.sure,
        "without": None if without is None else {"status": without.status, "moves": without.moves},
        "levels": [
            _level(without.problem, tax, level) for level in without.problem.levels if level in tax.paid
        ]
        if without is not None
        else [],
        "limits": list(tax.limits),
    }


def _level(problem: Problem, tax: Tax, level: LevelKey) -> Document:
    rules = [rule for rule in problem.rules if rule.level == level]
    return {
        "block": level[0],
        "priority": level[1],
        "policy": ", ".join(dict.fromkeys(rule.owner for rule in rules)),
        "goal": ", ".join(dict.fromkeys(rule.kind.name for rule in rules)),
        "with": tax.paid[level],
        "without": tax.free[level],
        "difference": tax.paid[level] - tax.free[level],
    }
