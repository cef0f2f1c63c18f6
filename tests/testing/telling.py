"""Runs stories that a test writes down, and tells what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from shardwright.testing.outcome import Answers
from shardwright.testing.running import Verdict, run_story
from shardwright.testing.setting import Shelf
from shardwright.testing.stories import read_stories

# Two zones; s1 and s2 in both, s3 is new.
CLUSTER = """\
resources cpu
node n1..n2 zone=a disk=ssd cpu=10
node n3 zone=b cpu=10
shard s1..s2 group=orders tier=gold replicas=2 cpu=2 on n1 n3
shard s3 cpu=1.5
"""

SPREAD = {
    "name": "spread",
    "type": "placement",
    "priority": 1,
    "enforcement": "required",
    "actions": {"placement": {"constraints": {"spread": {"by": "zone", "max": 1}}}},
}
NEW_ON_B = {
    "name": "new-on-b",
    "type": "placement",
    "priority": 2,
    "scope": {"ids": ["s3"]},
    "actions": {"placement": {"constraints": {"zone": "b"}}},
}
SSD = {
    "name": "ssd",
    "type": "placement",
    "priority": 3,
    "scope": {"ids": ["s3"]},
    "actions": {"placement": {"constraints": {"disk": "ssd"}}},
}
POLICIES = [SPREAD, NEW_ON_B, SSD]


def told(folder: Path, expect: Any, **keys: Any) -> Verdict:
    """The verdict on one story about CLUSTER and POLICIES, unless `keys` say otherwise."""
    story = {"name": "a story", "policies": POLICIES, "cluster": CLUSTER, **keys, "expect": expect}
    return verdicts(folder, {"stories": [story]})[0]


def write(folder: Path, document: Any) -> Path:
    path = folder / "stories.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def verdicts(folder: Path, document: Any) -> list[Verdict]:
    path = write(folder, document)
    stories, problems = read_stories([str(path)])
    assert not problems, problems
    shelf, answers = Shelf(), Answers()
    return [run_story(story, shelf, answers, {"time_limit": 60}) for story in stories]
