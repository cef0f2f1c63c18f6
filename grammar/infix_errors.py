"""What is wrong with an infix text: small examples, tried in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token
from lark.exceptions import UnexpectedToken

from shardwright.grammar.comparisons import Report
from shardwright.grammar.offsets import TextPlaces
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.syntax import SUBJECTS
from shardwright.grammar.wording import quoted

ORDERS = ("LT", "LTE", "GT", "GTE", "EQ", "NEQ")
VALUES = ("NUMBER", "STRING", "TRUE", "FALSE", "NULL", "ATTRIBUTE")
WORDS = (
    "and",
    "or",
    "not",
    "all",
    "any",
    "none",
    "in",
    "between",
    "contains",
    "matches",
    "exists",
    "true",
    "false",
    "null",
)
FOREIGN = {"&&": "and", "||": "or", "!": "not", "=": "==", "<>": "!=", "=~": "matches"}
ARITHMETIC = frozenset("+-*/%")


@dataclass(frozen=True)
class Found:
    """What an example says about the text: a code, the words and the stretch of text."""

    code: str
    message: str
    label: str
    help: str | None
    start: int
    end: int


def not_yet(tokens: Sequence[Token], places: TextPlaces, report: Report) -> bool:
    """Report every function call and every sum: known, but not there yet."""
    found = [say for at in range(len(tokens)) for say in _not_yet(tokens, at)]
    for start, end, message in found:
        place = places.place(start, end)
        report.error("E1090", message, place, "not yet", "compare one attribute with a value")
    return bool(found)


def _not_yet(tokens: Sequence[Token], at: int) -> list[tuple[int, int, str]]:
    token = tokens[at]
    following = tokens[at + 1].type if at + 1 < len(tokens) else ""
    if token.type == "WORD" and following == "LPAR" and token.lower() not in WORDS:
        return [(_start(token), _end(token), f"functions in conditions are not supported yet: `{token}`")]
    before = tokens[at - 1].type if at else ""
    if token in ARITHMETIC and token.type == "FOREIGN" and before in (*VALUES, "RPAR"):
        return [(_start(token), _end(token), f"arithmetic in conditions is not supported yet: `{token}`")]
    return []


def explain(
    error: UnexpectedToken, tokens: Sequence[Token], places: TextPlaces, text: str, report: Report
) -> None:
    """Report the first example that the text is like."""
    start = error.token.start_pos if error.token.type != "$END" else None
    at = next((at for at, token in enumerate(tokens) if token.start_pos == start), len(tokens))
    scene = Scene(tokens, at, text, frozenset(error.accepts or error.expected))
    found = next(found for example in EXAMPLES if (found := example(scene)))
    report.error(found.code, found.message, places.place(found.start, found.end), found.label, found.help)


@dataclass(frozen=True)
class Scene:
    """The tokens, which of them could not be taken, and what could have been."""

    tokens: Sequence[Token]
    at: int
    text: str
    accepts: frozenset[str]

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def before(self, steps: int = 1) -> str:
        return self.tokens[self.at - steps].type if self.at >= steps else ""

    def word(self, steps: int) -> str:
        return str(self.tokens[self.at - steps])

    def found(self, code: str, message: str, label: str, way: str | None) -> Found:
        """A finding about the token itself, or about the end of the text."""
        token = self.token
        end = len(self.text.rstrip())
        start, stop = (_start(token), _end(token)) if token else (end, end)
        return Found(code, message, label, way, start, stop)


def _empty(scene: Scene) -> Found | None:
    if scene.tokens:
        return None
    return Found(
        "E0107",
        "an empty expression",
        "nothing here",
        "leave out `conditions` to let it always hold",
        0,
        len(scene.text),
    )


def _unclosed_text(scene: Scene) -> Found | None:
    token = scene.token
    if token is None or token.type != "BAD" or token not in ("'", '"'):
        return None
    rest = scene.text[_start(token) :]
    if "\\" in rest:
        way = f"close it with `{token}`; a backslash stands only before a quote or another backslash"
    else:
        way = f"close it with `{token}`"
    message = f"the text {quoted(rest)} cannot be read"
    return Found("E0106", message, "begins here", way, _start(token), len(scene.text))


def _foreign(scene: Scene) -> Found | None:
    token = scene.token
    ours = FOREIGN.get(str(token)) if token is not None else None
    if ours is None and token is not None and token.type == "WORD" and token.lower() in WORDS:
        ours = token.lower()
    if ours is None:
        return None
    return scene.found("E0104", f"`{token}` is not an operator here", "not known", f"write `{ours}`")


def _chained(scene: Scene) -> Found | None:
    token = scene.token
    if token is None or token.type not in ORDERS or scene.at < 3 or scene.before(2) not in ORDERS:
        return None
    left, first, middle = scene.word(3), scene.word(2), scene.word(1)
    right = scene.tokens[scene.at + 1] if scene.at + 1 < len(scene.tokens) else "..."
    if scene.before(1) == "ATTRIBUTE":
        turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(first, first)
        one = f"{left} {first} {middle}" if scene.before(3) == "ATTRIBUTE" else f"{middle} {turned} {left}"
        way = f"write `{one} and {middle} {token} {right}`"
    else:
        way = "compare twice and join with `and`"
    return scene.found(
        "E0102", f"comparisons cannot be chained: `{left} {first} {middle} {token}`", "a second one", way
    )


def _value_first(scene: Scene) -> Found | None:
    token = scene.token
    if (
        token is None
        or token.type not in ("NUMBER", "STRING", "TRUE", "FALSE")
        or "ATTRIBUTE" not in scene.accepts
        or "NUMBER" in scene.accepts
    ):
        return None
    following = scene.tokens[scene.at + 1 : scene.at + 3]
    if len(following) == 2 and following[0].type in ORDERS and following[1].type == "ATTRIBUTE":
        later = Scene(scene.tokens, scene.at + 3, scene.text, scene.accepts)
        chained = _chained(later)
        if chained:
            return chained
        turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(str(following[0]), str(following[0]))
        way = f"write `{following[1]} {turned} {token}`"
    else:
        way = "begin with an attribute, such as `node.cpu_usage`"
    return scene.found("E0103", f"a comparison begins with an attribute, not with `{token}`", "a value", way)


def _bare_word(scene: Scene) -> Found | None:
    token = scene.token
    if token is None or token.type != "WORD":
        return None
    if token in SUBJECTS:
        way = f"write `{token}.NAME`, without spaces"
    elif "STRING" in scene.accepts:
        way = f"put a text in quotes: `'{token}'`"
    elif "ATTRIBUTE" in scene.accepts:
        near = did_you_mean(token, WORDS[:6])
        way = (
            f"did you mean `{near}`?"
            if near
            else f"an attribute has a subject: `{SUBJECTS[1]}.{token}` or `{SUBJECTS[0]}.{token}`"
        )
    else:
        near = did_you_mean(token, WORDS)
        way = f"did you mean `{near}`?" if near else "join comparisons with `and` or `or`"
    return scene.found("E0105", f"the word `{token}` means nothing here", "not known", way)


def _round_list(scene: Scene) -> Found | None:
    token = scene.token
    if token is None or token.type != "LPAR" or "LSQB" not in scene.accepts:
        return None
    return scene.found(
        "E0101", "unexpected `(`", "expected a value or a list", "a list stands in `[` and `]`"
    )


def _unclosed(scene: Scene) -> Found | None:
    if scene.token is not None:
        return None
    waiting: list[Token] = []
    for token in scene.tokens:
        if token.type in ("LPAR", "LSQB"):
            waiting.append(token)
        elif token.type in ("RPAR", "RSQB") and waiting:
            waiting.pop()
    if not waiting or not scene.accepts & {"RPAR", "RSQB"}:
        return None
    token = waiting[-1]
    closer = ")" if token.type == "LPAR" else "]"
    return Found(
        "E0108",
        f"this `{token}` is never closed",
        "opened here",
        f"add `{closer}`",
        _start(token),
        _end(token),
    )


def _attribute_alone(scene: Scene) -> Found | None:
    if scene.before() != "ATTRIBUTE" or "LT" not in scene.accepts:
        return None
    got = f"`{scene.token}`" if scene.token is not None else "the end"
    way = f"compare it, such as `{scene.word(1)} == 'x'`, or write `{scene.word(1)} exists`"
    return scene.found(
        "E0101", f"expected an operator after `{scene.word(1)}`, got {got}", "expected an operator", way
    )


def _anything(scene: Scene) -> Found:
    wanted = expectation(scene.accepts)
    after = f" after `{scene.word(1)}`" if scene.at else ""
    got = f"unexpected `{scene.token}`" if scene.token is not None else "unexpected end"
    return scene.found("E0101", f"{got}{after}", f"expected {wanted}", None)


def expectation(accepts: frozenset[str]) -> str:
    """What could stand here, in words."""
    parts = (
        ("a value", {"NUMBER", "STRING"}),
        ("an attribute", {"ATTRIBUTE"}),
        ("a list", {"LSQB"}),
        ("an operator", {"LT"}),
        ("`and` or `or`", {"OR"}),
        ("`and`", {"AND"}),
        ("`,`", {"COMMA"}),
        ("`)`", {"RPAR"}),
        ("`]`", {"RSQB"}),
        ("`(`", {"LPAR"}),
        ("`in` or `exists`", {"IN", "EXISTS"}),
    )
    words = [word for word, kinds in parts if kinds & accepts]
    if "`and` or `or`" in words and "`and`" in words:
        words.remove("`and`")
    shown = words[:3]
    return " or ".join(shown) if shown else "the end"


EXAMPLES = (
    _empty,
    _unclosed_text,
    _chained,
    _value_first,
    _foreign,
    _bare_word,
    _round_list,
    _unclosed,
    _attribute_alone,
    _anything,
)


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0
