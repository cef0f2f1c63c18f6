"""All diagnostic codes: each has a title here, a page in docs/codes/ and an example that fails with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec


@dataclass(frozen=True)
class Code:
    """A code with its title, lower case, as `shardwright explain` lists it."""

    code: str
    title: str


# A module that reports codes of its own keeps `CODES: list[Code]` or `TITLES: dict[str, str]`.
MODULES = (
    "shardwright.grammar.codes",
    "shardwright.policies.codes",
    "shardwright.cluster.codes",
    "shardwright.solver.codes",
    "shardwright.store.codes",
    "shardwright.testing.codes",
)

CODES: list[Code] = [
    Code("E0001", "unexpected text"),
    Code("E0002", "a missing comma"),
    Code("E0003", "a comma before a closing bracket"),
    Code("E0004", "a key without colon or value"),
    Code("E0005", "a bracket that is never closed"),
    Code("E0006", "a closing bracket that fits no opening one"),
    Code("E0007", "single quotes"),
    Code("E0008", "a comment"),
    Code("E0009", "NaN or Infinity"),
    Code("E0010", "a word without quotes"),
    Code("E0011", "a number that JSON does not know"),
    Code("E0012", "a number out of range"),
    Code("E0013", "a text without its closing quote"),
    Code("E0014", "a control character in a text"),
    Code("E0015", "an unknown escape in a text"),
    Code("E0016", "half of a surrogate pair"),
    Code("E0017", "bytes that are not UTF-8"),
    Code("E0018", "the same key twice in one object"),
    Code("E0019", "an empty document"),
    Code("E0020", "text after the end of the document"),
    Code("E0021", "a missing value"),
    Code("E0022", "the NUL character in a text"),
    Code("E0023", "a key where none can stand, or something else where a key should"),
    Code("E0101", "unexpected text in an expression"),
    Code("E0102", "chained comparisons"),
    Code("E0103", "a comparison that begins with a value"),
    Code("E0104", "an operator of another language"),
    Code("E0105", "an unknown word in an expression"),
    Code("E0106", "a text in an expression that cannot be read"),
    Code("E0107", "an empty expression"),
    Code("E0108", "a bracket in an expression that is never closed"),
    Code("E1050", "an unknown operator"),
    Code("E1051", "a value that the operator cannot take"),
    Code("E1052", "a range with its ends swapped"),
    Code("E1053", "an empty list of values"),
    Code("E1054", "a value beside `exists`"),
    Code("E1055", "something that is not a condition"),
    Code("E1056", "a combination of no conditions"),
    Code("E1057", "two kinds of condition in one object"),
    Code("E1058", "an unknown key in a condition"),
    Code("E1059", "an incomplete comparison"),
    Code("E1060", "an unknown subject"),
    Code("E1061", "an unknown part of an attribute"),
    Code("E1062", "an attribute that cannot be read"),
    Code("E1070", "something that is not a selector"),
    Code("E1071", "an unknown operator in a selector"),
    Code("E1072", "a value that a selector cannot take"),
    Code("E1090", "not supported yet"),
    Code("E5001", "a document that is too large"),
    Code("E5002", "a document that nests too deep"),
    Code("E5003", "a number with too many digits"),
    Code("E5004", "a text that is too long"),
    Code("E5005", "a condition that nests too deep"),
]


@cache
def registry() -> dict[str, Code]:
    """Every code of the house, sorted."""
    found = [code for module in MODULES if find_spec(module) for code in _codes(module)]
    return {code.code: code for code in sorted(found, key=lambda code: code.code)}


def title(code: str) -> str:
    """The title of a code; the code itself while nobody has registered it."""
    known = registry().get(code)
    return known.title if known else code


def _codes(module: str) -> list[Code]:
    loaded = import_module(module)
    listed: list[Code] = list(getattr(loaded, "CODES", []))
    titles: dict[str, str] = getattr(loaded, "TITLES", {})
    return listed + [Code(code, words) for code, words in titles.items()]
