"""What is checked before policies change: themselves, and everybody whom they need or who needs them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.spelling import did_you_mean
from shardwright.keeping.catalog import Catalog, needs_of
from shardwright.keeping.documents import Document
from shardwright.policies.load import load_texts
from shardwright.policies.policy import PolicySet
from shardwright.policies.read import Text

Identity = tuple[str, str, str, str]


@dataclass(frozen=True)
class Checked:
    """`problems` are those that a change brings, `policies` the changed policies and their relatives after
    it, `relying` the relatives' versions.
    """

    policies: PolicySet
    problems: list[Diagnostic]
    relying: dict[str, int]

    @property
    def errors(self) -> list[Diagnostic]:
        return [problem for problem in self.problems if problem.severity == "error"]


def check(
    catalog: Catalog, documents: Sequence[Document], texts: Sequence[Text], gone: Iterable[str] = ()
) -> Checked:
    """Policies that come into a store, or change there, with the files' `texts`; and those that go."""
    changed = {document.name for document in documents} | set(gone)
    relatives = _relatives(catalog, documents, changed)
    before = {
        _identity(problem)
        for problem in load_texts(catalog.texts(relatives | changed & set(catalog.rows)))[1]
    }
    policies, after = load_texts([*texts, *catalog.texts(relatives)])
    problems = [problem for problem in after if _identity(problem) not in before]
    relying = {name: catalog.rows[name].version for name in sorted(relatives)}
    return Checked(policies, problems, relying)


def _relatives(catalog: Catalog, documents: Sequence[Document], changed: set[str]) -> set[str]:
    """All others whom the changed policies need, who need them, and whom these need."""
    needed = {name for document in documents for name in needs_of(json.loads(document.text))}
    strangers = needed - set(catalog.rows) - changed
    # A misspelled name is told with the one that was meant.
    needed |= {near for name in strangers if (near := did_you_mean(name, sorted(catalog.rows)))}
    return catalog.closure(needed | catalog.dependents(changed)) - changed


def _identity(problem: Diagnostic) -> Identity:
    """The same problem before and after, wherever its text stands now."""
    place = problem.spans[0].place if problem.spans else None
    return problem.code, problem.message, place.pointer if place else "", problem.policy or ""
