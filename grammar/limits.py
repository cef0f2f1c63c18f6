"""How large a policy document may be. Every limit's error names the setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Settings of the front end; a document beyond one of them is refused with a code of the family E5."""

    max_document_bytes: int = 1_048_576
    max_depth: int = 64
    max_number_digits: int = 32
    max_string_length: int = 65_536
    max_condition_depth: int = 64
    max_syntax_errors: int = 20


DEFAULT_LIMITS = Limits()
