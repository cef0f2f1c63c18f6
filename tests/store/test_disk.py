"""A full disk, a folder without rights, files that were changed: a clear error, and nothing worse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shardwright.store import codes
from shardwright.store.faults import StoreError
from shardwright.store.open import read_store, write_store
from tests.store.making import by, create, update

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may look into, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run(script: str, *arguments: object) -> list[str]:
    """What a script prints, in a process of its own."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert told.returncode == 0, told.stderr
    return list(told.stdout.splitlines())


FILL = """
import resource, sys
from shardwright.store.faults import StoreError
from shardwright.store.open import write_store
from tests.store.making import by, create
with write_store(sys.argv[1], create=by()) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    made = 0
    for attempt in range(100):
        try:
            create(store, f"p{attempt:03}", filling="x" * 20_000)
            made += 1
        except StoreError as error:
            print(error.code, made)
    print(len(store.names()), store.verify())
"""


def test_a_full_disk_loses_nothing_and_the_store_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the disk: no file grows beyond it."""
    *refused, last = run(FILL, tmp_path / "s")
    made = int(refused[0].split()[1])
    assert made > 3
    assert set(refused) == {f"{codes.NO_ROOM} {made}"}
    assert len(refused) == 100 - made
    assert last == f"{made} None"
    with write_store(tmp_path / "s") as store:
        assert len(store.names()) == made
        create(store, "later")
        assert store.verify() is None


TRY = """
import os, pickle, shutil, sys
from shardwright.store.faults import StoreError
from shardwright.store.open import read_store, write_store
from tests.store.making import by
if os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
try:
    write_store(sys.argv[1], create=by()).close()
except StoreError as error:
    print(error.code)
try:
    with read_store(sys.argv[1]) as store:
        print(store.names())
except StoreError as error:
    print(error.code)
"""


def test_a_folder_that_cannot_be_written_can_be_read(open_folder: Path) -> None:
    folder = open_folder / "s"
    with write_store(folder, create=by()) as store:
        create(store)
    if os.getuid() != 0:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert run(TRY, folder, NOBODY) == [codes.NO_ACCESS, "['p']"]
        folder.chmod(0)
        assert run(TRY, folder, NOBODY) == [codes.NO_ACCESS, codes.NO_ACCESS]
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was opened and closed a few times, so that it has files of all kinds."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    for number in range(3):
        with write_store(folder, create=by()) as store:
            for policy in range(20):
                create(store, f"p{number}-{policy}", filling="x" * 500)
    return folder


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 14, len(data), max(1, len(data) // 7)):
        data[at] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


# What RocksDB does not need in order to read: logs for people, copies of settings.
NEEDLESS = ("LOG", "OPTIONS", "IDENTITY", "rocksdict", "LOCK")


@pytest.mark.parametrize("harm", [flip, cut, Path.unlink], ids=["flipped", "cut", "gone"])
def test_a_file_that_was_harmed_is_told_or_does_not_matter(harm: object, whole: Path, tmp_path: Path) -> None:
    """Whichever file it is, nobody gets an older state, and no reader or writer makes it worse."""
    assert callable(harm)
    files = [path.name for path in (whole / "db").iterdir() if path.stat().st_size]
    told = 0
    for name in sorted(files):
        folder = tmp_path / name
        shutil.copytree(whole, folder)
        harm(folder / "db" / name)
        for opened in (read_store, write_store, lambda path: write_store(path, create=by())):
            try:
                with opened(folder) as store:
                    assert len(store.names()) == 60
                    assert store.verify() is None
                    assert name.startswith((*NEEDLESS, "0")), name
            except StoreError as error:
                if error.code != codes.DAMAGED:
                    raise
                told += 1
    assert told >= 9


KILLED = """
import os, pickle, shutil, sys
from shardwright.store.open import write_store
from tests.store.making import by, create
store = write_store(sys.argv[1], create=by())
for number in range(50):
    create(store, f"p{number}", filling="x" * 200)
print("written", flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_log_that_was_changed_in_its_middle_is_told(tmp_path: Path) -> None:
    """It opens without what stands after the change, if one lets it."""
    folder = tmp_path / "s"
    command = [sys.executable, "-c", KILLED, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert told.stdout == "written\n"
    with read_store(folder) as store:
        assert len(store.names()) == 50
    (log,) = [path for path in (folder / "db").glob("*.log") if path.stat().st_size > 1000]
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)
    for opened in (read_store, write_store):
        with pytest.raises(StoreError, match="is damaged") as caught:
            opened(folder)
        assert caught.value.code == codes.DAMAGED


def test_a_database_that_went_back_behind_its_mark_is_told(tmp_path: Path) -> None:
    """An older copy of the files put in its place, say."""
    folder = tmp_path / "s"
    with write_store(folder, create=by()) as store:
        create(store)
    shutil.copytree(folder / "db", tmp_path / "older")
    with write_store(folder) as store:
        update(store, priority=2)
    shutil.rmtree(folder / "db")
    shutil.copytree(tmp_path / "older", folder / "db")
    with pytest.raises(StoreError, match="it had come to change 3, and ends at 2"):
        read_store(folder)


def test_a_file_where_a_store_is_meant_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text("{}")
    for opened in (read_store, write_store, lambda folder: write_store(folder, create=by())):
        with pytest.raises(StoreError, match=r"policy\.json` is a file, and a store is a folder"):
            opened(path)
    assert path.read_text() == "{}"


TAKE_AWAY = """
import os, pickle, shutil, sys, tempfile
from pathlib import Path
from shardwright.grammar.spelling import did_you_mean
from shardwright.store.faults import StoreError
from shardwright.store.open import write_store
from tests.store.making import by, create
if os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
made = 0
with write_store(sys.argv[1], create=by()) as store:
    create(store, "first")
    for path in [Path(sys.argv[1]), *Path(sys.argv[1]).rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for made in range(1000):
            create(store, f"p{made}", filling="x" * 400_000)
    except StoreError as error:
        print(error.code, made + 1)
"""


def test_rights_that_go_while_a_writer_writes_lose_nothing(open_folder: Path) -> None:
    """What is open stays open; the first new file is refused, and the change with it."""
    open_folder.chmod(0o777)
    folder = open_folder / "s"
    try:
        (told,) = run(TAKE_AWAY, folder, NOBODY)
        code, made = told.split()
        assert code == codes.NO_ACCESS
        with read_store(folder) as store:
            assert len(store.names()) == int(made)
            assert store.verify() is None
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
