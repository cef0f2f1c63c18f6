"""The crash harness as a command: see tests/store/crash.py."""

from __future__ import annotations

import argparse

from tests.store.crash import run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Kill the writer of a store at random moments.")
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(run(options.kills, options.seed, tell=True))
