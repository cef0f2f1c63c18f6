"""From the user's files to single policies with a text each, as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.limits import DEFAULT_LIMITS
from shardwright.grammar.tree import Object
from shardwright.policies.documents import name_of, parse_texts
from shardwright.policies.read import Text, read_paths


@dataclass(frozen=True)
class Document:
    """A policy of a file: its name and its own text, which ends with a line end."""

    name: str
    text: str


def read_documents(paths: Sequence[str]) -> tuple[list[Document], list[Text]]:
    """The policies of files and folders, and the files' texts; raises DiagnosticError for what is no JSON."""
    texts, problems = read_paths(paths, DEFAULT_LIMITS)
    documents = parse_texts(texts, DEFAULT_LIMITS)
    problems = [*problems, *documents.problems]
    if any(problem.severity == "error" for problem in problems):
        raise DiagnosticError(problems)
    named = [(name_of(tree), tree) for tree in documents.objects]
    # Policies without a name are told by the check of all.
    return [Document(name, own_text(tree)) for name, tree in named if name is not None], texts


def own_text(tree: Object) -> str:
    """The text of one policy of a file, without the indentation that it has in a list."""
    place = tree.place
    lines = place.source.text[place.start : place.end].split("\n")
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()), default=0)
    outer = min(indent, place.column - 1)
    return "\n".join([lines[0], *(line[outer:] for line in lines[1:])]) + "\n"
