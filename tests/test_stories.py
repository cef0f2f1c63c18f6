"""Every story in tests/cases ends as it is told there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import stories

TOLD = [(path, story) for path in sorted(stories.CASES.glob("*.txt")) for story in stories.read(path)]


@pytest.mark.parametrize(
    ("path", "story"), TOLD, ids=[f"{path.stem}: {story.why[:60]}" for path, story in TOLD]
)
def test_story(path: Path, story: stories.Story, tmp_path: Path, rewrite: bool) -> None:
    """The commands print what the story says."""
    assert story.why, f"a story without a reason: {story.question}"
    answer = story.tell(tmp_path)
    if rewrite:
        stories.rewrite(path, story, answer)
    else:
        assert answer == story.answer
