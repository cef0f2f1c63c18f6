"""One document becomes a policy, or the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from shardwright.grammar.conditions import parse_condition
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.syntax import Condition
from shardwright.policies.checks.actions import (
    empty_requests,
    no_action,
    nothing_selected,
    other_types,
    stay_and_leave,
)
from shardwright.policies.checks.bounds import least_above_greatest, more_values_than_replicas
from shardwright.policies.checks.dates import never_valid
from shardwright.policies.checks.impossible import impossible_conditions
from shardwright.policies.checks.labels import near_keys
from shardwright.policies.checks.later import not_yet
from shardwright.policies.checks.nulls import stray_nulls
from shardwright.policies.checks.selectors import selector_errors
from shardwright.policies.checks.shape import About, shape_errors
from shardwright.policies.checks.style import no_description, no_priority
from shardwright.policies.checks.subjects import misplaced_current, mixed_conditions
from shardwright.policies.family import Heir
from shardwright.policies.models import PolicyModel
from shardwright.policies.policy import Policy

# What a document of the right shape is asked next, each question independent of the others.
CONCERNS: tuple[Callable[[Policy], list[Diagnostic]], ...] = (
    no_action,
    other_types,
    empty_requests,
    stay_and_leave,
    nothing_selected,
    least_above_greatest,
    more_values_than_replicas,
    never_valid,
    misplaced_current,
    mixed_conditions,
    impossible_conditions,
    no_description,
    no_priority,
)


def check_policy(heir: Heir) -> tuple[Policy | None, list[Diagnostic]]:
    """The policy, or None where an error stands in the way; and all errors and warnings."""
    tree, name = heir.tree, heir.name
    waiting = not_yet(tree, name)
    model, shape = _model(heir)
    condition, unread = _condition(heir)
    problems = [*waiting, *_beside(waiting, shape), *unread]
    problems += [*selector_errors(tree), *near_keys(tree, name)]
    problems += _untold(stray_nulls(tree, name), problems)
    if model is not None:
        policy = Policy(model.name, model, condition, tree)
        problems += [found for concern in CONCERNS for found in concern(policy)]
    problems = [_owned(problem, name) for problem in problems]
    if model is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    return policy, problems


def _model(heir: Heir) -> tuple[PolicyModel | None, list[Diagnostic]]:
    try:
        return PolicyModel.model_validate(heir.tree.plain()), []
    except ValidationError as error:
        problems = shape_errors(error, About(heir.tree, heir.name, PolicyModel, "the policy"))
    if heir.whole:
        return None, problems
    # What seems to be missing may well stand in the parent that could not be found.
    return None, [problem for problem in problems if problem.code != "E1101"]


def _condition(heir: Heir) -> tuple[Condition | None, list[Diagnostic]]:
    node = heir.tree.child("conditions")
    return parse_condition(node) if node is not None else (None, [])


def _beside(waiting: list[Diagnostic], shape: list[Diagnostic]) -> list[Diagnostic]:
    """The errors of shape that are not within a key that is refused anyway."""
    refused = [problem.spans[0].place.pointer for problem in waiting]
    return [problem for problem in shape if not _within(problem.spans[0].place.pointer, refused)]


def _untold(found: list[Diagnostic], told: list[Diagnostic]) -> list[Diagnostic]:
    """Those at places where nothing else was found."""
    places = {(place.file, place.start) for place in (item.spans[0].place for item in told)}
    return [item for item in found if (item.spans[0].place.file, item.spans[0].place.start) not in places]


def _within(pointer: str, others: list[str]) -> bool:
    return any(pointer == other or pointer.startswith(other + "/") for other in others)


def _owned(problem: Diagnostic, name: str | None) -> Diagnostic:
    return problem if problem.policy is not None or name is None else replace(problem, policy=name)
