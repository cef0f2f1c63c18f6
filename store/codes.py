"""The diagnostic codes of the store; a page each in docs/codes/."""

from __future__ import annotations

MISSING = "E6001"
IN_USE = "E6002"
STALE = "E6003"
DAMAGED = "E6004"
NO_ROOM = "E6005"
NO_ACCESS = "E6006"
FORMAT = "E6007"
UNKNOWN_POLICY = "E6008"
NAME_TAKEN = "E6009"
UNKNOWN_VERSION = "E6010"
BROKEN_CHAIN = "E6011"
NOT_A_STORE = "E6012"
WRONG_STATE = "E6013"
UNKNOWN_EXECUTION = "E6014"
REPLAY = "E6015"
FAILED = "E6016"

TITLES: dict[str, str] = {
    MISSING: "no store",
    IN_USE: "a store that somebody else writes",
    STALE: "somebody else was faster",
    DAMAGED: "a damaged store",
    NO_ROOM: "no room on the disk",
    NO_ACCESS: "a store that cannot be read or written",
    FORMAT: "a store of another format",
    UNKNOWN_POLICY: "no such policy in the store",
    NAME_TAKEN: "a name that the store has already",
    UNKNOWN_VERSION: "no such version",
    BROKEN_CHAIN: "a broken audit chain",
    NOT_A_STORE: "a folder that holds something else",
    WRONG_STATE: "a step that the policy's state does not allow",
    UNKNOWN_EXECUTION: "no such execution",
    REPLAY: "an execution that cannot be replayed",
    FAILED: "the storage engine failed",
}
