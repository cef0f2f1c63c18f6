"""Attributes as text: `node.cpu_usage`, `shard.labels.tier`, `node.labels['a b']`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.syntax import SUBJECTS, Attribute
from shardwright.grammar.wording import listed, quoted

# The spaces that each subject has; a bare name is looked up by the rules of docs/semantics.md.
SPACES: dict[str, tuple[str, ...]] = {
    "shard": ("labels", "metrics", "load"),
    "node": ("labels", "metrics", "capacity", "safe"),
    "current": ("labels", "metrics", "capacity", "safe"),
    "cluster": ("metrics",),
    "time": (),
}
TIMES = ("hour", "weekday")

_SUBJECT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_QUOTED = re.compile(r"""\[\s*('(?:[^'\\]|\\[\\'\"])*'|\"(?:[^\"\\]|\\[\\'\"])*\")\s*\]\Z""", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Misread:
    """Why a text is no attribute; start and end are offsets in it."""

    code: str
    message: str
    label: str
    help: str | None
    start: int
    end: int


def read_attribute(text: str) -> Attribute | Misread:
    """The attribute that a text names. Whatever follows `labels.` and the like is the name, dots included."""
    found = _SUBJECT.match(text)
    subject = found[0] if found else ""
    rest = text[len(subject) :]
    if subject not in SUBJECTS:
        return _no_subject(text, subject)
    if not rest or rest == ".":
        return _nameless(text, subject)
    if rest[0] == "[":
        return _bracketed(text, subject, "", len(subject))
    if rest[0] != ".":
        return _odd(text, len(subject))
    return _spaced(text, subject, rest[1:])


def _spaced(text: str, subject: str, rest: str) -> Attribute | Misread:
    first = re.split(r"[.\[]", rest, maxsplit=1)[0]
    at = len(subject) + 1 + len(first)
    if first not in SPACES[subject]:
        return _bare(text, subject, rest, first)
    if at == len(text) or text[at:] == ".":
        return _nameless(text, f"{subject}.{first}")
    if text[at] == "[":
        return _bracketed(text, subject, first, at)
    return Attribute(subject, first, text[at + 1 :])


def _bare(text: str, subject: str, rest: str, first: str) -> Attribute | Misread:
    if first != rest:
        return _no_space(text, subject, first)
    if subject == "time" and rest not in TIMES:
        near = did_you_mean(rest, TIMES)
        way = f"did you mean `time.{near}`?" if near else f"`time.` knows {listed(TIMES, 'and')}"
        return Misread("E1061", f"`time` has no `{rest}`", "unknown", way, len(subject) + 1, len(text))
    return Attribute(subject, "", rest)


def _bracketed(text: str, subject: str, space: str, at: int) -> Attribute | Misread:
    found = _QUOTED.match(text, at)
    if found is None:
        return _odd(text, at)
    name = unquote(found[1])
    return Attribute(subject, space, name) if name else _nameless(text, text[:at])


def unquote(text: str) -> str:
    """The value of a text in single or double quotes; a backslash takes the next character as it is."""
    return _ESCAPE.sub(lambda match: match[1], text[1:-1])


def quote(value: str) -> str:
    """A text in single quotes, as infix conditions write it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def print_attribute(attribute: Attribute) -> str:
    """The shortest text that reads back as this attribute."""
    prefix = f"{attribute.subject}.{attribute.space}" if attribute.space else attribute.subject
    reserved = not attribute.space and attribute.name in SPACES[attribute.subject]
    if _PLAIN.match(attribute.name) and not reserved:
        return f"{prefix}.{attribute.name}"
    return f"{prefix}[{quote(attribute.name)}]"


def _no_subject(text: str, subject: str) -> Misread:
    near = did_you_mean(subject, SUBJECTS)
    if near:
        way = f"did you mean `{near}{text[len(subject) :]}`?"
    else:
        way = f"begin with {listed([f'{known}.' for known in SUBJECTS])}"
    message = (
        f"{quoted(text)} is not an attribute: unknown subject `{subject}`"
        if subject
        else f"{quoted(text)} is not an attribute"
    )
    return Misread("E1060", message, "unknown subject", way, 0, len(subject) or len(text))


def _no_space(text: str, subject: str, first: str) -> Misread:
    known = SPACES[subject]
    near = did_you_mean(first, known)
    start = len(subject) + 1
    if near:
        way = f"did you mean `{subject}.{near}{text[start + len(first) :]}`?"
    elif known:
        example = f"{subject}.{known[0]}[{quote(text[start:])}]"
        way = f"`{subject}` has {listed(known, 'and')}; a name with dots is written `{example}`"
    else:
        way = f"write `{subject}.NAME`"
    return Misread("E1061", f"`{subject}` has no `{first}`", "unknown", way, start, start + len(first))


def _nameless(text: str, prefix: str) -> Misread:
    message = f"{quoted(text)} is not an attribute: a name is missing"
    return Misread("E1062", message, "which one?", f"write `{prefix.rstrip('.')}.NAME`", 0, len(text))


def _odd(text: str, at: int) -> Misread:
    way = "write `node.NAME`, or `node['NAME']` for a name with odd characters"
    return Misread("E1062", f"{quoted(text)} is not an attribute", "cannot be read", way, at, len(text))
