"""The shape of a document: pydantic's errors, told in the user's words and placed in the user's text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object
from shardwright.grammar.wording import listed
from shardwright.policies.checks.keys import keys_at
from shardwright.policies.checks.say import meant, problem

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Loc = Sequence[int | str]


@dataclass(frozen=True)
class About:
    """The document that is wrong: its text, the policy that it is, if any, its model, and a word for it."""

    tree: Object
    policy: str | None
    model: type[BaseModel]
    word: str


Teller = Callable[[Any, About], Diagnostic]

A_SNAPSHOT = "this looks like a snapshot of a cluster: `--cluster` takes it"

# Names that models use for what the author writes in another way.
WRITTEN_AS = {"names": ("in", "not_in")}


def shape_errors(error: ValidationError, about: About) -> list[Diagnostic]:
    """One diagnostic for each thing that is wrong with a document's shape."""
    return [_diagnose(detail, about) for detail in error.errors(include_url=False)]


def _diagnose(detail: ErrorDetails, about: About) -> Diagnostic:
    tell: Teller = TELLERS.get(detail["type"], _other)
    return tell(detail, about)


def _missing(detail: ErrorDetails, about: About) -> Diagnostic:
    key = str(detail["loc"][-1])
    node = _node_at(about.tree, detail["loc"][:-1])
    where = _key_of(about, detail["loc"][:-1])
    message = f"{where} needs the key `{key}`"
    is_snapshot = key == "actions" and all(about.tree.child(part) is not None for part in ("nodes", "shards"))
    helps = [A_SNAPSHOT] if is_snapshot else []
    return problem("E1101", message, node.place, f"`{key}` is missing", policy=about.policy, helps=helps)


def _unknown_key(detail: ErrorDetails, about: About) -> Diagnostic:
    *above, key = detail["loc"]
    member = _member_at(about.tree, above, str(key))
    known = keys_at(above, about.model)
    message = f"unknown key `{key}` in {_key_of(about, above)}"
    hint = meant(str(key), known) or (f"the keys here are {', '.join(f'`{name}`' for name in known)}")
    return problem("E1102", message, member.key_place, "not a key here", policy=about.policy, helps=[hint])


def _wrong_type(detail: ErrorDetails, about: About) -> Diagnostic:
    context = _context(detail)
    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])}: expected {context['what']}, got {context['got']}"
    return problem("E1103", message, node.place, f"expected {context['what']}", policy=about.policy)


def _out_of_bounds(detail: ErrorDetails, about: About) -> Diagnostic:
    context = _context(detail)
    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])} must be {context['bounds']}, is {context['value']}"
    return problem("E1104", message, node.place, f"must be {context['bounds']}", policy=about.policy)


def _unknown_word(detail: ErrorDetails, about: About) -> Diagnostic:
    context = _context(detail)
    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])}: unknown value `{context['word']}`"
    choices = listed(context["choices"])
    helps = [meant(context["word"], context["choices"]) or f"possible values are {choices}"]
    return problem("E1105", message, node.place, f"expected {choices}", policy=about.policy, helps=helps)


def _bad_text(detail: ErrorDetails, about: About) -> Diagnostic:
    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])}: {_context(detail)['what']}"
    return problem("E1106", message, node.place, policy=about.policy)


def _not_an_object(detail: ErrorDetails, about: About) -> Diagnostic:
    from shardwright.policies.models.words import kind_of

    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])}: expected an object, got {kind_of(detail['input'])}"
    return problem("E1103", message, node.place, "expected an object", policy=about.policy)


def _other(detail: ErrorDetails, about: About) -> Diagnostic:
    node = _node_at(about.tree, detail["loc"])
    message = f"{_key_of(about, detail['loc'])}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return problem("E1103", message, node.place, policy=about.policy)


TELLERS: dict[str, Teller] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "expected": _wrong_type,
    "bounds": _out_of_bounds,
    "choice": _unknown_word,
    "text": _bad_text,
    "model_type": _not_an_object,
    "model_attributes_type": _not_an_object,
    "dict_type": _not_an_object,
}


def _context(detail: ErrorDetails) -> dict[str, Any]:
    return detail.get("ctx", {})


def _path(tree: Node, loc: Loc) -> Iterator[tuple[str, Node]]:
    """The steps of a pydantic location that exist in the text; what the models made up is skipped."""
    node = tree
    for token in loc:
        for name in WRITTEN_AS.get(str(token), (str(token),)):
            below = _below(node, name, token)
            if below is not None:
                yield name, below
                node = below
                break


def _below(node: Node, name: str, token: int | str) -> Node | None:
    # A single thing that a model made a list of has an index in the location, but not in the text.
    return node.child(name) if isinstance(node, Array) == isinstance(token, int) else None


def _node_at(tree: Object, loc: Loc) -> Node:
    node: Node = tree
    for _, below in _path(tree, loc):
        node = below
    return node


def _member_at(tree: Object, loc: Loc, key: str) -> Member:
    node = _node_at(tree, loc)
    member = node.member(key) if isinstance(node, Object) else None
    return member or Member(key, node.place, Leaf(node.place, None))


def _key_of(about: About, loc: Loc) -> str:
    """The last key of a location, in backticks; an item of a list is named after the list."""
    names = [name for name, _ in _path(about.tree, loc)]
    items = [name for name in names if not name.isdecimal()]
    if not items:
        return about.word
    return f"an item of `{items[-1]}`" if names[-1].isdecimal() else f"`{items[-1]}`"
