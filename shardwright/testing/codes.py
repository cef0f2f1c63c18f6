"""The diagnostic codes of stories; a page each in docs/codes/."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "E0201": "broken YAML",
    "E0202": "a part of YAML that stories do not use",
    "E1201": "not a story file",
    "E1202": "a line that is not in the notation of clusters",
    "E1203": "an expectation that does not fit the story",
    "E2601": "a name that the story does not have",
    "E2602": "two stories with one name",
    "E2603": "a folder without stories",
    "E5006": "a YAML document that its aliases make too large",
    "W2601": "a policy that is never decisive",
    "E8001": "an expectation that does not hold",
}
