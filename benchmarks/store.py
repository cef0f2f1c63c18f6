"""How fast the store is, beside what the disk itself can do in the same run.

    python benchmarks/store.py [--policies 10000] [--versions 20] [--seconds 3] [--writers 32] [--folder DIR]

Fills a store, then times opening, get, list and durable writes. `fsync` is a file that grows by as many bytes
as one change adds to the store's log and is synced after each, by the same call; its short rounds alternate
with those of the store, so that both meet the same disk and the same neighbours. A write is one policy's next
version: its row, the version, the audit record, the head. The ratio is the median of the rounds' ratios, with
the tenth of the rounds that went worst and best beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from shardwright.keeping.listing import Filter, listed
from shardwright.store.changes import By, Change, Request
from shardwright.store.moments import Moment
from shardwright.store.open import read_store, write_store
from shardwright.store.store import Store

TOGETHER = 500  # changes in one batch while filling
ROUNDS = 30
SAMPLE = 50  # changes whose bytes in the log are counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policies", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each kind of writing")
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on the disk that is meant")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="store-benchmark-") as folder:
        for name, value in figures(Path(folder), options):
            print(f"{name:<52} {value}", flush=True)


def figures(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The lines of the table."""
    names = [f"policy-{number:05}" for number in range(options.policies)]
    path = folder / "store"
    with write_store(path, create=by()) as store:
        took = timed(lambda: fill(store, names, options.versions))
        total = options.policies * options.versions
        yield f"fill: {total:,} versions, {TOGETHER} in a batch", f"{total / took:,.0f} versions/s"
    yield "size on the disk", f"{sum(file.stat().st_size for file in path.rglob('*')) / 1e6:,.0f} MB"
    yield "open for reading", f"{timed(lambda: read_store(path).close()) * 1000:,.0f} ms"
    yield "open for writing", f"{timed(lambda: write_store(path).close()) * 1000:,.0f} ms"
    with write_store(path) as store:
        yield from reading(store, names)
        yield from writing(store, names, folder, options)
    with write_store(path) as store:
        took = timed(store.verify)
        yield f"verify {store.number:,} audit records, {total:,} versions", f"{took:.1f} s"


def reading(store: Store, names: list[str]) -> Iterator[tuple[str, str]]:
    """get and list on the full store."""
    picked = names[:: max(1, len(names) // 1000)]
    yield "get: median, 99th percentile", spread([timed(partial(store.policy, name)) for name in picked])
    old = [timed(partial(store.version, name, 1)) for name in picked]
    yield "get version 1: median, 99th percentile", spread(old)
    page = [timed(lambda: list(listed(store, Filter(limit=1000)))) for _ in range(10)]
    yield "list of 1,000: median, worst", f"{middle(page)}, {max(page) * 1000:.1f} ms"
    then = Moment(store.number // 2)
    past = [timed(lambda: list(listed(store, Filter(limit=1000), then))) for _ in range(3)]
    yield "list of 1,000 as of the middle of history", middle(past)
    one = [timed(lambda: list(listed(store, Filter(label=("team", "7"))))) for _ in range(3)]
    yield f"list of all {len(names):,} with one label", middle(one)


def writing(
    store: Store, names: list[str], folder: Path, options: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    """Durable writes by one and by many, in turns with the disk's own fsync."""
    each = options.seconds / ROUNDS
    ready = [Request("update", (change(name, 0),), by()) for name in names]  # their texts are not timed

    def update(at: int) -> None:
        store.write(ready[at % len(ready)])

    size = bytes_of(update, folder / "store")
    rounds = [
        (
            fsync_rate(folder / "plain", size, each),
            rate(update, 1, each),
            rate(update, options.writers, each),
        )
        for _ in range(ROUNDS)
    ]
    disk, one, many = (list(rates) for rates in zip(*rounds, strict=True))
    yield f"fsync of the disk itself, {size:,} bytes each", f"{statistics.median(disk):,.0f}/s"
    yield "durable changes, 1 writer", beside(one, disk)
    yield f"durable changes, {options.writers} writers", beside(many, disk)


def beside(rates: list[float], disk: list[float]) -> str:
    """Rates beside those of the disk in the same rounds."""
    shares = sorted(rate / plain for rate, plain in zip(rates, disk, strict=True))
    worst, best = shares[len(shares) // 10], shares[-1 - len(shares) // 10]
    middle = statistics.median(shares)
    return f"{statistics.median(rates):,.0f}/s, {middle:.2f} x fsync ({worst:.2f} to {best:.2f})"


def bytes_of(update: Callable[[int], None], path: Path) -> int:
    """What one change adds to the log; a log that is begun anew in between is counted from its start."""
    before = {file: file.stat().st_size for file in (path / "db").glob("*.log")}
    for at in range(SAMPLE):
        update(at)
    after = {file: file.stat().st_size for file in (path / "db").glob("*.log")}
    return max(1, sum(size - before.get(file, 0) for file, size in after.items()) // SAMPLE)


def rate(work: Callable[[int], object], threads: int, seconds: float) -> float:
    """Calls a second of several threads together."""
    counts = [0] * threads
    end = time.perf_counter() + seconds

    def run(number: int) -> None:
        while time.perf_counter() < end:
            work(counts[number] * threads + number)
            counts[number] += 1

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - began)


def fsync_rate(path: Path, size: int, seconds: float) -> float:
    """Appends and syncs of a plain file in a second."""
    with opened(path) as handle:
        data = os.urandom(size)

        def append(_: int) -> None:
            os.write(handle, data)
            os.fdatasync(handle) if hasattr(os, "fdatasync") else os.fsync(handle)

        return rate(append, 1, seconds)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        yield handle
    finally:
        os.close(handle)


def fill(store: Store, names: list[str], versions: int) -> None:
    for version in range(versions):
        for first in range(0, len(names), TOGETHER):
            changes = [change(name, version) for name in names[first : first + TOGETHER]]
            store.write(Request("import", tuple(changes), by()))


def change(name: str, version: int) -> Change:
    number = int(name.rpartition("-")[2])
    document = {
        "version": "1.0",
        "name": name,
        "description": f"Shards of tenant {number} stay in their region and on two nodes or more",
        "type": "placement",
        "priority": 1 + (number + version) % 50,
        "labels": {"team": str(number % 40), "change": str(version)},
        "scope": {"shards": {"tenant": f"tenant-{number}", "tier": ["gold", "silver"]}},
        "conditions": {"all": [{"metric": "node.cpu_usage", "operator": "lt", "value": 60 + number % 30}]},
        "actions": {"placement": {"constraints": {"region": "eu-central", "min_replicas": 2}}},
    }
    definition = json.dumps(document, indent=2) + "\n"
    return Change(name, "updated", "active", definition, None, "placement", 1 + (number + version) % 50)


def by() -> By:
    return By("benchmark", datetime.now(UTC))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def middle(found: list[float]) -> str:
    return f"{statistics.median(found) * 1000:.1f} ms"


def spread(found: list[float]) -> str:
    ordered = sorted(found)
    return f"{statistics.median(found) * 1000:.3f} ms, {ordered[int(0.99 * len(ordered))] * 1000:.3f} ms"


if __name__ == "__main__":
    main()
