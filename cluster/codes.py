"""The diagnostic codes of snapshots and placements; a page each in docs/codes/."""

from __future__ import annotations

BROKEN_JSON = "E0501"
KEY_TWICE = "E0502"
UNREADABLE = "E0503"
UNKNOWN_KEY = "E1501"
WRONG_KIND = "E1502"
MISSING_KEY = "E1503"
OUT_OF_RANGE = "E1504"
ID_TWICE = "E1505"
UNUSABLE_TEXT = "E1506"
UNKNOWN_NODE = "E2501"
UNKNOWN_RESOURCE = "E2502"
UNKNOWN_SHARD = "E2503"
NO_CAPACITY = "E4001"

TITLES: dict[str, str] = {
    BROKEN_JSON: "a snapshot or placement that is not valid JSON",
    KEY_TWICE: "the same key twice in one object of a snapshot",
    UNREADABLE: "a snapshot or placement that cannot be read",
    UNKNOWN_KEY: "an unknown key in a snapshot",
    WRONG_KIND: "a value of the wrong kind in a snapshot",
    MISSING_KEY: "a key that a snapshot must have",
    OUT_OF_RANGE: "a number out of range in a snapshot",
    ID_TWICE: "two nodes or two shards with the same id",
    UNUSABLE_TEXT: "a text that cannot be used as a name",
    UNKNOWN_NODE: "a placement on a node that the snapshot does not have",
    UNKNOWN_RESOURCE: "a resource that the snapshot does not declare",
    UNKNOWN_SHARD: "a placement of a shard that the snapshot does not have",
    NO_CAPACITY: "a loaded resource without capacity on a node",
}
