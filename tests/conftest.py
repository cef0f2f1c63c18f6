"""What every test may use."""

from __future__ import annotations

import os

import pytest

# Answers are as wide as in a pipe, whatever terminal the tests run in.
os.environ.pop("COLUMNS", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite",
        action="store_true",
        help="write what the program answers now into the stories and pages; review the difference like code",
    )


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Shall expected answers be replaced by actual ones?"""
    return bool(request.config.getoption("--rewrite"))
