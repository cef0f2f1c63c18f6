"""A writer that is killed loses nothing that was acknowledged and leaves nothing half done."""

from __future__ import annotations

from tests.store.crash import run


def test_fifty_kills_lose_nothing() -> None:
    """Some while the store opens, most in the middle of writing; `python -m tests.store` does more."""
    report = run(kills=50, seed=1)
    assert report.kills == 50
    assert report.stages["writing"] > 25
    assert report.acknowledged > 100
