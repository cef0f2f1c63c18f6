"""The logic files are documented, free of dead wood, and hold nothing but logic."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from clingo import ast

from tests.lp.reading import FILES, LOGIC, Logic, Predicate, comments, named_by_python, parses, read

ALL = [read(path) for path in FILES]
EACH = pytest.mark.parametrize("logic", ALL, ids=[logic.name for logic in ALL])

DOCUMENTED = {predicate for logic in ALL for predicate in logic.documented}
USED = {predicate for logic in ALL for predicate in logic.bodies}
IN_PYTHON = named_by_python()


def shown(predicates: set[Predicate]) -> list[str]:
    return sorted(f"{name}/{arity}" for name, arity in predicates)


def test_there_are_logic_files() -> None:
    assert len(FILES) > 10


@EACH
def test_a_file_parses_without_a_message(logic: Logic) -> None:
    assert logic.messages == []


@EACH
def test_a_file_starts_by_saying_what_it_is_for_or_with_a_commented_rule(logic: Logic) -> None:
    first = logic.path.read_text().split("\n", 1)[0]
    assert first.startswith(("% ", "#show"))


@EACH
def test_no_predicate_is_documented_twice_in_a_file(logic: Logic) -> None:
    assert [predicate for predicate, times in Counter(logic.documented).items() if times > 1] == []


@EACH
def test_every_input_is_documented_beside_its_declaration(logic: Logic) -> None:
    assert shown(logic.declared - set(logic.documented)) == []


@EACH
def test_a_predicate_of_another_file_is_documented(logic: Logic) -> None:
    """What a file uses and does not derive itself stands documented somewhere."""
    assert shown((logic.bodies - logic.heads) - DOCUMENTED) == []


@EACH
def test_everything_derived_is_used(logic: Logic) -> None:
    unused = logic.heads - USED
    assert shown({(name, arity) for name, arity in unused if name not in IN_PYTHON}) == []


@EACH
def test_everything_documented_exists(logic: Logic) -> None:
    known = USED | {predicate for other in ALL for predicate in other.heads}
    unknown = set(logic.documented) - known
    assert shown({(name, arity) for name, arity in unknown if name not in IN_PYTHON}) == []


@EACH
def test_heads_hold_no_text(logic: Logic) -> None:
    """The words are Python's; the logic derives terms."""
    heads = [statement.head for statement in logic.statements if statement.ast_type == ast.ASTType.Rule]
    assert [str(head) for head in heads if '"' in str(head)] == []


@EACH
def test_there_are_no_scripts(logic: Logic) -> None:
    assert [str(part) for part in logic.statements if part.ast_type == ast.ASTType.Script] == []


@EACH
def test_no_rule_is_commented_out(logic: Logic) -> None:
    looks_like_code = re.compile(r":-|^[a-z]\w*\([^()]*\)\.$|^#\w+")
    assert [text for text in comments(logic.path) if looks_like_code.search(text) and parses(text)] == []


def test_the_root_holds_includes_only() -> None:
    lines = (LOGIC / "placement.lp").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith(("%", "#include"))] == []


def test_the_root_includes_every_rule_in_order() -> None:
    included = re.findall(r'#include "(rules/.*)"', (LOGIC / "placement.lp").read_text())
    assert included == sorted(path.relative_to(LOGIC).as_posix() for path in LOGIC.glob("rules/*.lp"))


def test_showing_and_minimising_have_files_of_their_own() -> None:
    special = {ast.ASTType.Minimize: "minimize.lp", ast.ASTType.Heuristic: "heuristic.lp"}
    wrong = [
        (logic.name, str(part))
        for logic in ALL
        for part in logic.statements
        if logic.name != special.get(part.ast_type, logic.name)
    ]
    assert wrong == []
