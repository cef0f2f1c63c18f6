"""Coverage: a policy is decisive in a story when something would be different without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shardwright.grammar.places import Place, Source
from shardwright.report.stories import Report, render_stories
from shardwright.testing.coverage import Covered, coverage
from shardwright.testing.outcome import Answers
from shardwright.testing.running import run_stories
from shardwright.testing.stories import read_stories
from tests.reference.solve import solve
from tests.running import run
from tests.strategies import random_case
from tests.testing.telling import CLUSTER, NEW_ON_B, SPREAD, SSD, write

SAME_AS_SPREAD = {**SPREAD, "name": "again"}
REQUIRED = {"enforcement": "required"}


def decisive(folder: Path, *stories: dict[str, Any]) -> dict[str, str | None]:
    """For each policy what it decides first; None if it never does."""
    path = write(
        folder, {"stories": [{"name": f"s{at}", "expect": {}, **it} for at, it in enumerate(stories)]}
    )
    told, problems = read_stories([str(path)])
    assert not problems
    answers = Answers()
    verdicts = run_stories(told, {"time_limit": 60}, answers)
    return {item.policy: item.why if item.story else None for item in coverage(verdicts, answers)}


CROWDED = "node n1..n2 zone=a\nnode n3 zone=b\nshard s1 replicas=2 on n1 n2"
SPLIT = "without it shard `s1` has 2 replicas in zone `a`, 1 allowed"
GROWS = "without it its `allow` grows from 0 to 1"
DISKS = (("ssd", "hdd"), ("hdd", "ssd"))
CLASH = "it takes part in a conflict"


@pytest.mark.parametrize(
    ("policies", "cluster", "expected"),
    [
        ([NEW_ON_B], CLUSTER, {"new-on-b": "without it `s3` may be on `n1`, too"}),
        ([SSD, NEW_ON_B], CLUSTER, {"ssd": None, "new-on-b": GROWS}),
        ([SPREAD], CLUSTER, {"spread": None}),
        ([SPREAD, SAME_AS_SPREAD], CROWDED, {"spread": None, "again": None}),
        ([SPREAD], CROWDED, {"spread": SPLIT}),
        ([{**SPREAD, "enabled": False}], CROWDED, {"spread": None}),
        ([{**SSD, "scope": {"ids": ["s9"]}}], CLUSTER, {"ssd": None}),
        ([{**SSD, **REQUIRED}, {**NEW_ON_B, **REQUIRED}], CLUSTER, {"ssd": CLASH, "new-on-b": CLASH}),
    ],
)
def test_what_is_decisive(
    policies: list[Any], cluster: str, expected: dict[str, str | None], tmp_path: Path
) -> None:
    assert decisive(tmp_path, {"policies": policies, "cluster": f"{cluster}\n"}) == expected


def test_a_policy_that_only_leaves_out_equals_is_decisive(tmp_path: Path) -> None:
    """Without it the answer may be one that it allows, but another one would be just as good."""
    clusters = [f"node n1 disk={first}\nnode n2 disk={second}\nshard s3\n" for first, second in DISKS]
    found = [decisive(tmp_path, {"policies": [SSD], "cluster": cluster})["ssd"] for cluster in clusters]
    assert any(why is not None and why.endswith(", too") for why in found)
    assert all(found)


def test_what_depends_on_a_policy_stays_in_force_without_it(tmp_path: Path) -> None:
    after = {**NEW_ON_B, "depends_on": ["again"]}
    found = decisive(tmp_path, {"policies": [SPREAD, SAME_AS_SPREAD, after], "cluster": CLUSTER})
    assert found == {"again": None, "new-on-b": GROWS, "spread": None}


def test_the_first_story_counts_and_every_story_is_asked(tmp_path: Path) -> None:
    given = {"policies": [SPREAD], "cluster": CLUSTER, "placement": {"s1": ["n1", "n2"]}}
    found = decisive(tmp_path, {"policies": [SPREAD], "cluster": CLUSTER}, given)
    assert found == {"spread": "shard `s1` has 2 replicas in zone `a`, 1 allowed"}


@pytest.mark.parametrize("seed", range(3000, 3012))
def test_what_is_called_decisive_changes_the_optimal_placements(seed: int, tmp_path: Path) -> None:
    """Against all placements of small clusters: no policy is called decisive that changes nothing."""
    policies, snapshot = random_case(seed)
    names = [policy["name"] for policy in policies]
    linked = {name for policy in policies for name in [*policy.get("depends_on", []), policy.get("extends")]}
    found = decisive(tmp_path, {"policies": policies, "cluster": snapshot})
    best = solve(policies, snapshot)
    for name in names:
        if name in linked:
            continue
        without = solve([policy for policy in policies if policy["name"] != name], snapshot)
        before, after = ([] if it is None else it.placements for it in (best, without))
        same = {frozenset(p.items()) for p in before} == {frozenset(p.items()) for p in after}
        if found[name] is not None and found[name] != CLASH:
            assert not same, (name, found[name])
        if found[name] is None and len(before) == len(after) == 1:
            assert same, name


def test_what_is_said_of_policies_fits_a_narrow_terminal() -> None:
    place = Place(Source("p.json", "{}"), 0, 1)
    covered = [Covered("spread", place, "a story", SPLIT), Covered("ssd", place, "a story", GROWS)]
    told = render_stories(Report([], covered, []), "human", 50)
    assert max(len(one) for one in told.splitlines()[1:]) <= 50
    assert " ".join(told.split()).count(SPLIT) == 1


def test_the_command_lists_what_is_decisive_and_warns_of_what_is_not(tmp_path: Path) -> None:
    story = {"name": "a story", "policies": [SPREAD, NEW_ON_B], "cluster": CLUSTER, "expect": {}}
    write(tmp_path, {"stories": [story]})
    answer = run("shardwright test stories.yaml --coverage", tmp_path)
    assert f"\n  a story\n    new-on-b: {GROWS}\n" in answer
    assert "warning[W2601]: `spread` is never decisive in these stories\n" in answer
    assert answer.endswith("1 story: 1 passed; 1 of 2 policies decisive\n")
