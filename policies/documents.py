"""From texts to policy documents: a file holds one policy or a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.limits import Limits
from shardwright.grammar.parser import parse_document
from shardwright.grammar.tree import Array, Leaf, Node, Object
from shardwright.policies.checks.say import problem
from shardwright.policies.models.words import kind_of
from shardwright.policies.read import Text

NAME = re.compile(r'"name"\s*:\s*"([^"\\]*)"')


@dataclass
class Documents:
    """The policy objects of all texts.

    `lost` holds the names that stand in texts with syntax errors: whoever refers to one of them has made
    no mistake of their own.
    """

    objects: list[Object] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


def parse_texts(texts: Iterable[Text], limits: Limits) -> Documents:
    """Every policy object of the texts, and what is wrong with their syntax."""
    documents = Documents()
    for text in texts:
        node, problems = parse_document(text.text, text.name, limits)
        documents.problems += problems
        if node is None or any(problem.severity == "error" for problem in problems):
            documents.lost.update(NAME.findall(text.text))
        else:
            gather(node, documents)
    return documents


def name_of(tree: Object) -> str | None:
    """The name that a policy gives itself, if it does."""
    return _text_of(tree.child("name"))


def parent_of(tree: Object) -> str | None:
    """The name of the policy that it extends, if any."""
    return _text_of(tree.child("extends"))


def gather(node: Node, documents: Documents) -> None:
    """Add the policy, or the list of policies, that a value is."""
    items = node.items if isinstance(node, Array) else (node,)
    if not items:
        documents.problems.append(problem("E1107", "this list holds no policy", node.place))
    for item in items:
        if isinstance(item, Object):
            documents.objects.append(item)
        else:
            message = f"expected a policy (an object), got {kind_of(item.plain())}"
            documents.problems.append(problem("E1107", message, item.place, "expected an object"))


def _text_of(node: Node | None) -> str | None:
    return node.value if isinstance(node, Leaf) and isinstance(node.value, str) and node.value else None
