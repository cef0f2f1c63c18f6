"""Every code of the house has a page; every code of the grammar an example that fails with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shardwright.grammar.codes import CODES, registry
from shardwright.grammar.parser import parse_bytes
from shardwright.policies.load import load_text

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "codes"
SOURCES = [path for path in (ROOT / "grammar").rglob("*.py") if path.name != "codes.py"]
GIVEN = {code for path in SOURCES for code in re.findall(r'"([EW]\d{4})"', path.read_text(encoding="utf-8"))}

# Examples that no page can show.
UNSHOWN = {
    "E0017": b'{"name": "caf\xe9"}',
    "E5001": b" " * 1_048_577,
    "E5004": b'{"name": "' + b"x" * 70_000 + b'"}',
}


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(registry()))
def test_every_code_has_a_page_with_its_title(code: str) -> None:
    assert page(code).startswith(f"# {code}: {registry()[code].title}\n")


def test_every_page_has_a_code() -> None:
    assert {path.stem for path in PAGES.glob("[EW]*.md")} <= set(registry())


def test_the_grammar_gives_the_codes_that_it_registers_and_no_others() -> None:
    assert {code.code for code in CODES} == GIVEN


@pytest.mark.parametrize("code", sorted({code.code for code in CODES} - set(UNSHOWN)))
def test_the_example_of_a_page_fails_with_its_code_alone(code: str) -> None:
    example = re.search(r"```json policy.json\n(.*?)```", page(code), re.DOTALL)
    assert example
    _, problems = load_text(example[1], "policy.json")
    assert {problem.code for problem in problems} == {code}
    assert f"error[{code}]: {problems[0].message}\n" in page(code)


@pytest.mark.parametrize("code", sorted(UNSHOWN))
def test_what_no_page_can_show_fails_with_its_code(code: str) -> None:
    _, problems = parse_bytes(UNSHOWN[code], "policy.json")
    assert [problem.code for problem in problems] == [code]
