"""From paths or texts to a policy set, with every error and warning of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.policies.check import check_policy
from shardwright.policies.checks.references import circles, unknown_dependencies
from shardwright.policies.documents import Documents, parse_texts
from shardwright.policies.family import Family
from shardwright.policies.policy import PolicySet
from shardwright.policies.read import PathLike, Text, read_paths


def load_policies(
    paths: Sequence[PathLike], limits: Limits = DEFAULT_LIMITS
) -> tuple[PolicySet, list[Diagnostic]]:
    """The policies of files and folders. Those with errors are left out of the set, and told."""
    texts, problems = read_paths(paths, limits)
    return load_texts(texts, limits, problems)


def load_text(
    text: str, name: str = "<text>", limits: Limits = DEFAULT_LIMITS
) -> tuple[PolicySet, list[Diagnostic]]:
    """The policies of one text: a policy, or a list of them."""
    return load_texts([Text(name, text)], limits)


def load_texts(
    texts: Iterable[Text], limits: Limits = DEFAULT_LIMITS, problems: Iterable[Diagnostic] = ()
) -> tuple[PolicySet, list[Diagnostic]]:
    """The policies of several texts; `problems` are what was found while reading them."""
    # INVARIANT: sorted, so that the order in which files are named changes nothing.
    documents = parse_texts(sorted(texts, key=lambda text: text.name), limits)
    return load_documents(documents, problems)


def load_documents(
    documents: Documents, problems: Iterable[Diagnostic] = ()
) -> tuple[PolicySet, list[Diagnostic]]:
    """The policies of documents that have been read; `problems` are what was found before."""
    family = Family(documents)
    heirs = family.heirs()
    checked = [check_policy(heir) for heir in heirs]
    policies = sorted((policy for policy, _ in checked if policy is not None), key=lambda policy: policy.name)
    found = [*problems, *documents.problems, *family.problems, *family.unknown_parents()]
    found += [*unknown_dependencies(heirs, documents.lost), *circles(heirs)]
    found += [problem for _, own in checked for problem in own]
    return PolicySet(tuple(policies)), in_order(found)


def in_order(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by place, each only once: what a parent has wrong, its heirs have wrong in the same place."""
    unique = {_identity(problem): problem for problem in reversed(list(problems))}
    return [unique[key] for key in sorted(unique)]


def _identity(problem: Diagnostic) -> tuple[str, int, int, str, str]:
    place = problem.spans[0].place if problem.spans else None
    where = (place.file, place.start, place.end) if place else ("", 0, 0)
    return (*where, problem.code, problem.message)
