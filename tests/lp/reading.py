"""Logic files as their predicates: where each is documented, defined and used."""

from __future__ import annotations

import ast as syntax
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clingo import ast

ROOT = Path(__file__).parents[2]
LOGIC = ROOT / "solver" / "lp"
FILES = sorted(LOGIC.rglob("*.lp"))

# `% settled(Shard, Node): the node holds the shard now.`, or two of them before the colon.
_ATOM = r"([a-z]\w*)\(([^()]*)\)"
_DOCUMENTED = re.compile(rf"^% (?P<atoms>{_ATOM}(?:, {_ATOM})*): \S")

Predicate = tuple[str, int]
Logger = Callable[[object, str], None]


@dataclass
class Logic:
    """One file. `declared` are its `#defined` statements."""

    path: Path
    documented: list[Predicate] = field(default_factory=list)
    declared: set[Predicate] = field(default_factory=set)
    heads: set[Predicate] = field(default_factory=set)
    bodies: set[Predicate] = field(default_factory=set)
    statements: list[ast.AST] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.relative_to(LOGIC).as_posix()


def read(path: Path) -> Logic:
    """One file without the files that it includes."""
    logic = Logic(path, list(_documented(path.read_text())))
    ast.parse_files([str(path)], lambda statement: _take(statement, logic), logger=_keep(logic.messages))
    return logic


def named_by_python() -> set[str]:
    """The predicate names in the texts of the Python files that write and read atoms."""
    texts = (path.read_text() for folder in ("grammar", "solver") for path in (ROOT / folder).rglob("*.py"))
    strings = (text for source in texts for text in _strings(source))
    return {name for text in strings for name in re.findall(r"[a-z]\w*", text)}


def _strings(source: str) -> Iterator[str]:
    for part in syntax.walk(syntax.parse(source)):
        if isinstance(part, syntax.Constant) and isinstance(part.value, str):
            yield part.value


def comments(path: Path) -> list[str]:
    """The text of each comment line."""
    return [line[1:].strip() for line in path.read_text().splitlines() if line.startswith("%")]


def parses(text: str) -> bool:
    """Is the text a program?"""
    try:
        ast.parse_string(text, lambda statement: None, logger=lambda code, message: None)
    except RuntimeError:
        return False
    return True


def _keep(messages: list[str]) -> Logger:
    return lambda code, message: messages.append(message)


def _documented(text: str) -> Iterator[Predicate]:
    for line in text.splitlines():
        if match := _DOCUMENTED.match(line):
            for name, arguments in re.findall(_ATOM, match["atoms"]):
                yield name, len(arguments.split(","))


def _take(statement: ast.AST, logic: Logic) -> None:
    if Path(statement.location.begin.filename) != logic.path:
        return
    logic.statements.append(statement)
    kind = statement.ast_type
    if kind == ast.ASTType.Defined:
        logic.declared.add((statement.name, statement.arity))
    elif kind == ast.ASTType.ShowSignature:
        logic.bodies.add((statement.name, statement.arity))
    elif kind == ast.ASTType.Rule:
        _walk(statement.head, logic, logic.heads)
        _walk(statement.body, logic, logic.bodies)
    else:
        _walk(statement, logic, logic.bodies)


def _walk(part: object, logic: Logic, into: set[Predicate]) -> None:
    """Add the atoms below a part of a statement; what stands behind a colon in a head is a body."""
    if isinstance(part, ast.ASTSequence):
        for item in part:
            _walk(item, logic, into)
    elif isinstance(part, ast.AST):
        _atom(part, into)
        for key in part.child_keys:
            _walk(getattr(part, key), logic, logic.bodies if key == "condition" else into)


def _atom(part: ast.AST, into: set[Predicate]) -> None:
    if part.ast_type == ast.ASTType.SymbolicAtom and part.symbol.ast_type == ast.ASTType.Function:
        into.add((part.symbol.name, len(part.symbol.arguments)))
