"""What goes wrong with a store, as diagnostics; all end a command with exit code 7."""

from __future__ import annotations

import os
from collections.abc import Sequence

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.store import codes

EXIT_CODE = 7
BACK = "go back to a backup: `shardwright store restore BACKUP --store DIR`, into a new folder"


class StoreError(DiagnosticError):
    """The store cannot do what is asked. `code` is that of the first diagnostic."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(list(diagnostics), exit_code=EXIT_CODE)

    @property
    def code(self) -> str:
        return self.diagnostics[0].code


def fault(
    code: str,
    message: str,
    *,
    notes: Sequence[str] = (),
    helps: Sequence[str] = (),
    policy: str | None = None,
    version: int | None = None,
    **data: object,
) -> StoreError:
    """An error without a place: a store has no lines."""
    ways_out = tuple(Help(text) for text in helps)
    return StoreError(
        Diagnostic(code, message, (), "error", policy, version, tuple(notes), ways_out, dict(data))
    )


def missing(folder: str) -> StoreError:
    if os.path.isfile(folder):
        return _a_file(codes.MISSING, folder)
    return fault(
        codes.MISSING,
        f"there is no store in `{folder}`",
        helps=["`shardwright policy create FILE --store DIR` makes one"],
    )


def _a_file(code: str, folder: str) -> StoreError:
    return fault(code, f"`{folder}` is a file, and a store is a folder", helps=["name another folder"])


def not_a_store(folder: str) -> StoreError:
    if os.path.isfile(folder):
        return _a_file(codes.NOT_A_STORE, folder)
    return fault(
        codes.NOT_A_STORE,
        f"`{folder}` is not empty and holds no store",
        helps=["name a new or an empty folder; nothing was changed"],
    )


# What the texts of RocksDB's errors (it has no types) tell.
_TELLING = (
    ("No space left", codes.NO_ROOM),
    ("File too large", codes.NO_ROOM),
    ("Disk quota exceeded", codes.NO_ROOM),
    ("Corruption", codes.DAMAGED),
    ("checksum", codes.DAMAGED),
    ("Permission denied", codes.NO_ACCESS),
    ("Read-only file system", codes.NO_ACCESS),
    ("Not a directory", codes.NO_ACCESS),
    ("No such file", codes.DAMAGED),
    ("lock hold by", codes.IN_USE),
    ("While lock file", codes.IN_USE),
)
_WORDS = {
    codes.IN_USE: "the store in `{folder}` is being written by somebody else",
    codes.NO_ROOM: (
        "the store in `{folder}` cannot be written: the disk is full, "
        "or a limit on the size of files is reached"
    ),
    codes.DAMAGED: "the store in `{folder}` is damaged",
    codes.NO_ACCESS: "the store in `{folder}` cannot be read or written with these permissions",
    codes.FAILED: "the storage engine failed on `{folder}`",
}
_HELPS = {
    codes.NO_ROOM: [
        "make room, and do it again: what was acknowledged is safe, and nothing of this change was made"
    ],
    codes.DAMAGED: [BACK],
    codes.NO_ACCESS: ["give the user who runs this command the rights to read and write the folder"],
}


def of_engine(error: Exception, folder: str) -> StoreError:
    """RocksDB's error in our words, with its own as a note."""
    text = str(error)
    code = next((code for token, code in _TELLING if token in text), codes.FAILED)
    return fault(code, _WORDS[code].format(folder=folder), notes=[text.strip()], helps=_HELPS.get(code, ()))
