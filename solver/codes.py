"""The diagnostic codes of solving; a page each in docs/codes/."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "W2101": "policies that wait for nodes",
    "W2102": "policies that hold together on some clusters only",
    "W2103": "a policy or rule that nothing can ever be subject to",
    "W2104": "a rule that adds nothing",
    "W2105": "a rule that a more important one leaves nothing to decide",
    "W2106": "goals of one priority that pull apart",
    "W2107": "rules that give way to each other",
    "W2108": "a condition with too many alternatives",
    "E3001": "policies in conflict",
    "E4101": "a cluster on which the built-in rules cannot hold",
    "E5100": "a worker that ended without an answer",
    "E5101": "the memory limit",
    "E5102": "the rule limit",
    "E5103": "the time limit",
    "E5104": "too large for search",
}
