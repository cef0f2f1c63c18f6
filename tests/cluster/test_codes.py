"""Every code has a title and a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from shardwright.cluster.codes import TITLES

PAGES = Path(__file__).parents[2] / "docs" / "codes"


@pytest.mark.parametrize("code", TITLES)
def test_a_code_has_its_page(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text()
    assert page.startswith(f"# {code}: {TITLES[code]}\n")
    assert "```sh\n" in page
