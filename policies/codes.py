"""The diagnostic codes of policies and policy sets; a page each in docs/codes/."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "E1101": "a key is missing",
    "E1102": "unknown key",
    "E1103": "wrong type",
    "E1104": "number out of bounds",
    "E1105": "unknown value",
    "E1106": "text in the wrong form",
    "E1107": "not a policy",
    "E1108": "a least number above the greatest",
    "E1109": "no action",
    "E1110": "an object that asks for nothing",
    "E1111": "keys that exclude each other",
    "E1112": "never valid",
    "E1113": "shard and node in one condition",
    "E2001": "a name twice",
    "E2002": "no such policy to extend",
    "E2003": "policies in a circle",
    "E2004": "`current.` outside of migration",
    "E2101": "no such path",
    "E2102": "a path that cannot be read",
    "E2103": "a folder without policies",
    "W1001": "no description",
    "W1002": "no priority",
    "W2001": "an action of another type",
    "W2002": "no such policy to depend on",
    "W2003": "conditions that are never true together",
    "W2004": "more places than replicas",
    "W2005": "a list that selects nothing",
    "W2006": "a name that the cluster does not have",
}
