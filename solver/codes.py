"""The diagnostic codes of solving; a page each in docs/codes/."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "W2101": "policies that wait for nodes",
    "W2103": "a policy or rule that nothing can ever be subject to",
    "E3001": "policies in conflict",
    "E4101": "a cluster on which the built-in rules cannot hold",
    "E5100": "a worker that ended without an answer",
    "E5101": "the memory limit",
    "E5102": "the rule limit",
    "E5103": "the time limit",
    "E5104": "too large for search",
}
