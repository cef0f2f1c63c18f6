"""The benchmarks are scripts in a folder of their own; their modules import each other by plain names."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
