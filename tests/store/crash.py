"""Kills the writer of a store at random moments, thousands of times, and looks at what is left.

    .venv/bin/python -m tests.store --kills 2000 --seed 1

A child process writes with several threads and says what was acknowledged. It is ended by SIGKILL, somewhere
between opening the store and the middle of a large write. Then: every acknowledged change is there, no change
is there by half, the audit chain verifies, and the next child goes on from there. SIGKILL takes the process,
not the machine: what only an fsync saves is not put to the test here.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from shardwright.store.changes import Request
from shardwright.store.codes import MISSING
from shardwright.store.faults import StoreError
from shardwright.store.open import read_store, write_store
from shardwright.store.store import Store
from tests.store.making import by, change, execution, text

THREADS = 4
EARLY = 0.3  # of the children are killed while they open the store, all others while they write
LONGEST = 0.2  # seconds that a child lives at most, from its first line of code or from its first write
FRESH = 25  # kills after which a new store is begun
LARGE = 150_000  # bytes of a large definition or snapshot, so that RocksDB has to write its tables


@dataclass
class Acknowledged:
    """What the children were told is safe: hashes by name and version, and the numbers of executions."""

    versions: dict[tuple[str, int], str] = field(default_factory=dict)
    executions: dict[int, str] = field(default_factory=dict)


@dataclass
class Report:
    """What a run has seen; `stages` counts how far children had come when they were killed."""

    kills: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    stages: Counter[str] = field(default_factory=Counter)


def write(folder: str, pipe: Connection, seed: int) -> None:
    """The child: opens the store, and writes until it is killed."""
    pipe.send_bytes(b'{"stage": "started"}')
    store = write_store(folder, create=by(), wait_seconds=10)
    pipe.send_bytes(b'{"stage": "writing"}')
    lock = threading.Lock()

    def acknowledge(told: dict[str, object]) -> None:
        with lock:
            pipe.send_bytes(json.dumps(told).encode())

    for number in range(THREADS):
        chance = random.Random(f"{seed}/{number}")
        threading.Thread(target=_write, args=(store, number, chance, acknowledge)).start()
    threading.Event().wait()


def _write(store: Store, number: int, chance: random.Random, acknowledge: object) -> None:
    """Pairs of policies that always change together, and executions."""
    assert callable(acknowledge)
    while True:
        size = LARGE if chance.random() < 0.05 else 50
        filling = chance.randbytes(size // 2).hex()
        if chance.random() < 0.2:
            row = store.record(execution(9, snapshot=filling.encode(), result=filling.encode()), by(9))
            acknowledge({"execution": row.id, "result": row.result})
            continue
        pair = tuple(
            change(name, "updated", definition=text(name=name, filling=filling))
            for name in (f"a{number}", f"b{number}")
        )
        made = store.write(Request("update", pair, by()))
        acknowledge({"versions": [[row.name, row.version, row.hash] for row in made.versions]})


def run(kills: int, seed: int, tell: bool = False) -> Report:
    """Kill so often; raises AssertionError where something is lost, half done, or not as it was written."""
    chance, report = random.Random(seed), Report()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.crash"])
    began = time.monotonic()
    while report.kills < kills:
        folder = Path(tempfile.mkdtemp(prefix="crash-")) / "store"
        known, untold = Acknowledged(), 0
        for _ in range(min(FRESH, kills - report.kills)):
            stage = _kill_one(context, folder, chance, known)
            report.kills += 1
            report.stages[stage] += 1
            untold = examine(folder, known)
        report.acknowledged += len(known.versions) + len(known.executions)
        report.unacknowledged += untold
        shutil.rmtree(folder.parent)
        if tell:
            print(f"{report.kills} kills in {time.monotonic() - began:.0f} s, {report}", file=sys.stderr)
    return report


def _kill_one(
    context: multiprocessing.context.ForkServerContext,
    folder: Path,
    chance: random.Random,
    known: Acknowledged,
) -> str:
    """Start a child, kill it at a random moment, and note what it had been told; how far it had come."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=write, args=(str(folder), theirs, chance.randrange(2**32)), daemon=True)
    process.start()
    theirs.close()
    stage, end = "", None
    life, last = chance.random() ** 2 * LONGEST, "started" if chance.random() < EARLY else "writing"
    while True:
        left = 60.0 if end is None else end - time.monotonic()
        if left <= 0 or not ours.poll(left):
            break
        stage = _note(json.loads(ours.recv_bytes()), known) or stage
        if end is None and stage == last:
            end = time.monotonic() + life
    process.kill()
    process.join()
    try:
        while ours.poll(0):
            stage = _note(json.loads(ours.recv_bytes()), known) or stage
    except (EOFError, OSError):
        pass
    ours.close()
    return stage


def _note(told: dict[str, object], known: Acknowledged) -> str | None:
    if "execution" in told:
        known.executions[int(str(told["execution"]))] = str(told["result"])
    for name, version, hash in told.get("versions", []):  # type: ignore[attr-defined]
        known.versions[name, version] = hash
    return str(told["stage"]) if "stage" in told else None


def examine(folder: Path, known: Acknowledged) -> int:
    """Look at what a kill has left; how many versions are there that nobody was told of."""
    try:
        store = read_store(folder)
    except StoreError as error:
        if error.code != MISSING:
            raise
        assert not known.versions, "acknowledged changes, and no store"
        return 0
    with store:
        assert store.verify() is None, store.verify()
        found = {
            (row.name, row.version): row.hash for name in store.all_names() for row in store.history(name)
        }
        lost = {key: hash for key, hash in known.versions.items() if found.get(key) != hash}
        assert not lost, f"acknowledged and lost: {sorted(lost)}"
        for number in range(THREADS):
            pair = [store.find(name) for name in (f"a{number}", f"b{number}")]
            versions = [row.version if row else 0 for row in pair]
            assert versions[0] == versions[1], f"half a change: {versions}"
        for number, result in known.executions.items():
            assert store.execution(number).result == result
            assert store.content(result) is not None
    return len(found) - len(known.versions)
