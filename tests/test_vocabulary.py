"""One rule, one name: every kind of the vocabulary has its logic, its page and its stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shardwright.grammar.rules import Kind

ROOT = Path(__file__).parents[1]


def kinds(kind: type[Kind] = Kind) -> Iterator[str]:
    """The names of all subclasses."""
    for below in kind.__subclasses__():
        yield below.name
        yield from kinds(below)


NAMES = sorted(set(kinds()))
HOMES = ("docs/rules/{}.md", "solver/lp/rules/{}.lp", "solver/search/terms/{}.py", "tests/cases/{}.txt")
SECTIONS = ("**What**", "**Amount**", "## Avoid", "## Prefer", "## Why")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("home", HOMES)
def test_a_kind_is_at_home_everywhere(name: str, home: str) -> None:
    assert (ROOT / home.format(name)).exists()


@pytest.mark.parametrize("home", HOMES[:3])
def test_nothing_is_at_home_without_a_kind(home: str) -> None:
    """Cases may tell of other things, too."""
    folder, suffix = (ROOT / home).parent, Path(home).suffix
    assert (
        sorted(path.stem for path in folder.glob(f"*{suffix}") if path.stem not in ("README", "__init__"))
        == NAMES
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_how_much_and_what_for(name: str) -> None:
    page = (ROOT / HOMES[0].format(name)).read_text(encoding="utf-8")
    assert page.startswith(f"# {name}\n")
    assert [section for section in SECTIONS if section not in page] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_rules_has_the_kind(name: str) -> None:
    assert f"[{name}]({name}.md)" in (ROOT / "docs" / "rules" / "README.md").read_text(encoding="utf-8")
