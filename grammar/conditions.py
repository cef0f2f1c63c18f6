"""Conditions as JSON, in both spellings, to one syntax tree."""

from __future__ import annotations

from shardwright.grammar.attributes import Misread, read_attribute
from shardwright.grammar.comparisons import Operand, Report, comparison
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.infix import parse_infix
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.grammar.offsets import TextPlaces
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.syntax import COMBINATIONS, SYMBOLS, Attribute, Condition, Not, Scalar
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object
from shardwright.grammar.wording import listed, quoted

KINDS = (*COMBINATIONS, "not", "expr")
COMPARISON_KEYS = ("metric", "operator", "value")
LATER_KEYS = ("function", "args")
# What other languages call them.
FOREIGN = {
    "=": "eq",
    "<>": "neq",
    "!": "neq",
    "=~": "matches",
    "ge": "gte",
    "le": "lte",
    "ne": "neq",
    "nin": "not_in",
}
BY_SYMBOL = {symbol: name for name, symbol in SYMBOLS.items()}


def parse_condition(node: Node, limits: Limits = DEFAULT_LIMITS) -> tuple[Condition | None, list[Diagnostic]]:
    """The condition that a JSON value spells; None if there is any error.

    Both spellings of one condition give equal trees. Every error is placed, all of them are listed.
    """
    reader = Reader(Report(limits))
    condition = reader.condition(node, 0)
    problems = reader.report.problems
    return (None if problems else condition), problems


class Reader:
    """Walks the JSON of a condition. None stands for a part with an error."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def condition(self, node: Node, depth: int) -> Condition | None:
        if depth > self.report.limits.max_condition_depth:
            self.report.too_deep(node.place)
            return None
        if not isinstance(node, Object):
            self._no_object(node)
            return None
        kinds = [member for member in node if member.key in KINDS]
        if not kinds:
            return self._comparison(node)
        if len(node.members) > 1:
            self._mixed(node, kinds[0])
            return None
        return self._kind(kinds[0], node, depth)

    def _kind(self, member: Member, node: Object, depth: int) -> Condition | None:
        if member.key == "expr":
            return self._infix(member.value, depth)
        if member.key == "not":
            item = self.condition(member.value, depth + 1)
            return Not(item, node.place) if item else None
        items = self._items(member, depth)
        return COMBINATIONS[member.key](items, node.place) if items else None

    def _items(self, member: Member, depth: int) -> tuple[Condition, ...] | None:
        if not isinstance(member.value, Array):
            label, way = "expected a list", "put the conditions in `[` and `]`"
            self.report.error(
                "E1055", f"`{member.key}` needs a list of conditions", member.value.place, label, way
            )
            return None
        if not member.value.items:
            label, way = "expected a condition", "add a condition, or leave it out"
            self.report.error("E1056", f"the list of `{member.key}` is empty", member.value.place, label, way)
            return None
        items = [self.condition(item, depth + 1) for item in member.value.items]
        good = tuple(item for item in items if item is not None)
        return good if len(good) == len(items) else None

    def _infix(self, node: Node, depth: int) -> Condition | None:
        if isinstance(node, Leaf) and isinstance(node.value, str):
            return parse_infix(node.value, node, self.report, depth)
        self.report.error("E1055", "`expr` needs a text", node.place, "expected a text", None)
        return None

    def _no_object(self, node: Node) -> None:
        if isinstance(node, Array):
            way = 'write `{"all": [...]}`, or `any`'
        elif isinstance(node, Leaf) and isinstance(node.value, str):
            way = 'write `{"expr": "..."}` for infix text'
        else:
            way = 'write `{"metric": ..., "operator": ..., "value": ...}`'
        self.report.error("E1055", "a condition is an object", node.place, "expected an object", way)

    def _mixed(self, node: Object, kind: Member) -> None:
        other = next(member for member in node if member is not kind)
        message = f"`{other.key}` cannot stand beside `{kind.key}`"
        self.report.error(
            "E1057", message, other.key_place, "one of them", "put both into the list of an `all`"
        )

    def _comparison(self, node: Object) -> Condition | None:
        if any(member.key in LATER_KEYS for member in node):
            self._later(node)
            return None
        known = self._known_keys(node)
        metric, operator = node.member("metric"), node.member("operator")
        if metric is None or operator is None:
            self._incomplete(node)
            return None
        attribute = self._metric(metric.value)
        name = self._operator(operator.value)
        operand = self._operand(node)
        if not known or attribute is None or name is None or operand is None:
            return None
        return comparison(attribute, name, operand, node.place, self.report)

    def _known_keys(self, node: Object) -> bool:
        unknown = [member for member in node if member.key not in COMPARISON_KEYS]
        for member in unknown:
            near = did_you_mean(member.key, (*COMPARISON_KEYS, *KINDS))
            way = f"did you mean `{near}`?" if near else f"a comparison has {listed(COMPARISON_KEYS, 'and')}"
            message = f"unknown key {quoted(member.key)} in a condition"
            self.report.error("E1058", message, member.key_place, "unknown", way)
        return not unknown

    def _incomplete(self, node: Object) -> None:
        missing = [key for key in ("metric", "operator") if node.member(key) is None]
        # A misspelled key has been reported already.
        if all(member.key in COMPARISON_KEYS for member in node):
            message = f"{listed(missing, 'and')} missing in this condition"
            way = 'write `{"metric": "node.cpu_usage", "operator": "lt", "value": 80}`'
            self.report.error("E1059", message, node.place, "incomplete", way)

    def _later(self, node: Object) -> None:
        """Functions are understood, and refused: leaving them out would change what the policy means."""
        function = node.member("function") or node.member("args")
        assert function is not None
        value = function.value
        name = value.value if isinstance(value, Leaf) else function.key
        message = f"functions in conditions are not supported yet: {quoted(name)}"
        self.report.error("E1090", message, value.place, "not yet", "compare one attribute with a value")

    def _metric(self, node: Node) -> Attribute | None:
        if not isinstance(node, Leaf) or not isinstance(node.value, str):
            label, way = "expected an attribute", 'write a text such as `"node.cpu_usage"`'
            self.report.error("E1062", "`metric` needs a text", node.place, label, way)
            return None
        found = read_attribute(node.value)
        if not isinstance(found, Misread):
            return found
        place = TextPlaces(node.place, node.value).place(found.start, found.end)
        self.report.error(found.code, found.message, place, found.label, found.help)
        return None

    def _operator(self, node: Node) -> str | None:
        text = node.value if isinstance(node, Leaf) else None
        if isinstance(text, str) and (text in SYMBOLS or text in BY_SYMBOL):
            return text if text in SYMBOLS else BY_SYMBOL[text]
        word = str(text)
        near = FOREIGN.get(word) or did_you_mean(word, (*SYMBOLS, *BY_SYMBOL))
        way = f"did you mean `{near}`?" if near else f"one of {listed(list(SYMBOLS))}"
        message = f"unknown operator {quoted(word)}" if isinstance(text, str) else "`operator` needs a text"
        self.report.error("E1050", message, node.place, "unknown", way)
        return None

    def _operand(self, node: Object) -> Operand | None:
        member = node.member("value")
        if member is None:
            return Operand(None, node.place, missing=True)
        value = member.value
        if isinstance(value, Object):
            return self._dynamic(value)
        if isinstance(value, Array):
            return self._list(value)
        assert isinstance(value, Leaf)
        return Operand(value.value, value.place)

    def _list(self, node: Array) -> Operand | None:
        values: list[Scalar] = []
        for item in node.items:
            if isinstance(item, Leaf) and item.value is not None:
                values.append(item.value)
            elif isinstance(item, Leaf):
                self.report.null_in_list(item.place)
            else:
                message, way = (
                    "a list holds texts, numbers, `true` and `false`",
                    "write the values themselves",
                )
                self.report.error("E1051", message, item.place, "not a plain value", way)
        return Operand(tuple(values), node.place) if len(values) == len(node.items) else None

    def _dynamic(self, node: Object) -> Operand | None:
        keys = [member.key for member in node]
        if keys == ["metric"]:
            attribute = self._metric(node.members[0].value)
            return Operand(attribute, node.place) if attribute else None
        if "function" in keys:
            self._later(node)
        elif "expr" in keys:
            way = 'write a plain value, or `{"metric": "shard.home"}`'
            self.report.error(
                "E1090", "computed values are not supported yet: `expr`", node.place, "not yet", way
            )
        else:
            message, way = (
                "`value` cannot be this object",
                'an attribute is written `{"metric": "shard.home"}`',
            )
            self.report.error("E1051", message, node.place, "expected a value", way)
        return None
