"""Files and folders: what is read, in what order, and what is said of what cannot be read."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.limits import Limits
from shardwright.policies.load import load_policies, load_text
from tests.policies.making import placement, policy, underlined


def write(path: Path, *documents: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(documents[0] if len(documents) == 1 else documents))
    return path


def names(*paths: Path) -> list[str]:
    policies, found = load_policies(paths)
    assert found == []
    return [item.name for item in policies]


def only(*paths: Path, **limits: int) -> Diagnostic:
    _, [found] = load_policies(paths, Limits(**limits))
    return found


def test_a_folder_is_read_with_all_that_is_below_it(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(name="a"))
    write(tmp_path / "deep" / "er" / "list.json", policy(name="c"), policy(name="b"))
    (tmp_path / "notes.txt").write_text("no policy")
    (tmp_path / ".hidden.json").write_text("no policy")
    assert names(tmp_path) == ["a", "b", "c"]


def test_a_file_that_is_named_may_have_any_name(tmp_path: Path) -> None:
    assert names(write(tmp_path / "policy.txt", policy(name="a"))) == ["a"]


def test_a_file_counts_once_however_often_it_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a.json", policy(name="a"))
    (tmp_path / "link.json").symlink_to(file)
    assert names(tmp_path, file) == ["a"]


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.json", policy(name="a"))
    (tmp_path / "in" / "back").symlink_to(tmp_path)
    assert names(tmp_path) == ["a"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(policy(name="a")).encode())
    assert names(tmp_path) == ["a"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    found = only(tmp_path / "nowhere.json")
    assert (found.code, found.spans[0].place.file) == ("E2101", str(tmp_path / "nowhere.json"))
    assert found.message == f"there is no file or folder `{tmp_path}/nowhere.json`"


def test_a_link_to_nowhere_in_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "gone.json")
    assert only(tmp_path).code == "E2101"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy()).chmod(0)
    found = only(tmp_path)
    assert (found.code, "permission denied" in found.message) == ("E2102", True)


def test_a_link_to_itself_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "a.json")
    found = only(tmp_path)
    assert (found.code, "too many levels" in found.message) == ("E2102", True)


def test_a_folder_without_policies(tmp_path: Path) -> None:
    found = only(tmp_path)
    assert (found.code, found.message) == ("E2103", f"no policies in `{tmp_path}`: it holds no *.json file")


def test_what_is_not_utf8_is_shown_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"name":\n "\xe4b"}')
    found = only(tmp_path)
    place = found.spans[0].place
    assert (found.code, place.line, place.column) == ("E0017", 2, 3)


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy())
    found = only(tmp_path, max_document_bytes=100)
    assert (found.code, found.data["setting"]) == ("E5001", "max_document_bytes")


def test_an_endless_file_is_refused() -> None:
    assert only(Path("/dev/zero")).code == "E5001"


def test_faults_of_some_files_leave_the_others_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.json", policy(name="a"))
    write(tmp_path / "b.json", policy(name="b", priority=0))
    (tmp_path / "c.json").write_text("{")
    policies, found = load_policies([tmp_path, tmp_path / "d.json"])
    assert [item.name for item in policies] == ["a"]
    assert [Path(item.spans[0].place.file).name for item in found] == ["b.json", "c.json", "d.json"]


DOCUMENTS = [
    policy(name="a", extends="c", conditions={"all": [{"expr": "node.x < 3"}]}),
    policy(name="b", depends_on=["a", "zzz"], actions=placement(region={"in": ["eu"]}, min_replicas=2)),
    policy(name="c", priority=2, labels={"k": "v", "a": "b"}, owner="ops"),
    policy(name="d", wieght=3, priority=0),
    policy(name="d", priority=None),
]


def shuffled(value: Any, dice: random.Random) -> Any:
    """The same value with the keys of every object in another order."""
    if isinstance(value, list):
        return [shuffled(item, dice) for item in value]
    if not isinstance(value, dict):
        return value
    keys = dice.sample(list(value), len(value))
    return {key: shuffled(value[key], dice) for key in keys}


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{index}.json", item) for index, item in enumerate(DOCUMENTS)]
    told = set()
    for seed in range(10):
        policies, found = load_policies(random.Random(seed).sample(files, len(files)))
        told.add((policies.hash, str(found)))
    assert len(told) == 1


def test_the_order_of_keys_and_the_white_space_change_no_hash() -> None:
    good = [policy(name="x", weight=2), *DOCUMENTS[:3]]
    hashes = set()
    for seed in range(10):
        dice = random.Random(seed)
        text = json.dumps(shuffled(dice.sample(good, len(good)), dice), indent=seed % 3 or None)
        hashes.add(load_text(text)[0].hash)
    assert len(hashes) == 1


def test_another_value_is_another_hash() -> None:
    one, other = (load_text(json.dumps(policy(priority=priority)))[0].hash for priority in (1, 2))
    assert one != other
    assert len(one) == 64


def test_the_hash_of_a_child_follows_its_parent() -> None:
    from shardwright.policies.canonical import policy_hash

    sets = [[policy(name="a", owner=owner), {"name": "b", "extends": "a"}] for owner in ("x", "y")]
    assert len({policy_hash(load_text(json.dumps(documents))[0]["b"]) for documents in sets}) == 2


def test_a_whole_number_has_one_hash_however_it_is_written() -> None:
    compare = {"metric": "node.x", "operator": "lt", "value": 80}
    document = json.dumps(policy(conditions=compare))
    hashes = {load_text(document.replace("80", number))[0].hash for number in ("80", "80.0", "8e1")}
    assert len(hashes) == 1


def many(folder: Path, count: int) -> Path:
    test = [
        {"metric": "node.cpu_usage", "operator": "lt", "value": 80},
        {"metric": "node.memory_usage", "operator": "lt", "value": 90},
    ]
    for index in range(count):
        actions = placement(region="us-west", min_replicas=2, spread={"by": "zone", "max": 1})
        document = policy(
            name=f"policy-{index:04d}",
            priority=index % 50 + 1,
            description="where the shards of one tenant may be, and in how many zones",
            scope={"shards": {"tenant": f"tenant-{index}", "tier": {"in": ["gold", "silver", "bronze"]}}},
            conditions={"all": test},
            actions=actions,
        )
        (folder / f"{index:04d}.json").write_text(json.dumps(document))
    return folder


def test_a_thousand_policies_are_checked_within_two_seconds(tmp_path: Path) -> None:
    many(tmp_path, 1000)
    begin = time.process_time()
    policies, found = load_policies([tmp_path])
    assert time.process_time() - begin < 2
    assert (len(policies), found) == (1000, [])


def test_checking_loads_neither_solver_nor_graph_library(tmp_path: Path) -> None:
    many(tmp_path, 2)
    script = (
        "import sys; from shardwright.policies.load import load_policies; "
        f"print(load_policies([{str(tmp_path)!r}])[1], "
        "[name for name in ('clingo', 'numpy', 'networkx', 'rich') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "[] []\n"


def test_the_first_line_of_a_fault_is_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(policy(priority="high"), indent=2))
    found = only(file)
    assert (underlined(found), found.spans[0].place.line) == ('"high"', 6)
