from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shardwright.store.open import write_store
from shardwright.store.store import Store
from tests.store.making import by


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store; its first audit record (number 1) is its creation."""
    made = write_store(tmp_path / "store", create=by())
    yield made
    made.close()
