"""Every code of policies is registered, has a page with an example, and is given somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shardwright.grammar.codes import registry
from shardwright.policies.codes import TITLES

ROOT = Path(__file__).parents[2]
SOURCES = [path for path in (ROOT / "policies").rglob("*.py") if path.name != "codes.py"]
GIVEN = {code for path in SOURCES for code in re.findall(r'"([EW]\d{4})"', path.read_text(encoding="utf-8"))}


def test_the_codes_that_are_given_are_those_that_are_registered() -> None:
    assert set(TITLES) <= GIVEN
    assert set(registry()) >= GIVEN


@pytest.mark.parametrize("code", sorted(TITLES))
def test_the_page_has_the_registered_title_and_shows_the_code(code: str) -> None:
    """tests/docs runs the example of each page and compares its output."""
    text = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {TITLES[code]}\n")
    assert f"[{code}]: " in text
    assert "## How to mend it" in text
