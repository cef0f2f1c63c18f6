"""What each policy costs the others, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shardwright.report.not_applied import not_applied_section
from shardwright.report.sections import indented, spaced
from shardwright.report.why import level_name
from shardwright.report.words import count, line, listing, number, quoted, some

Document = dict[str, Any]

TITLES = {
    "blocks": "In the way: only without it is there an answer",
    "enables": "Needed: without it there is no answer",
    "costs": "The others pay for it",
    "saves": "The others would pay more without it",
    "decides": "Costs the others nothing, but decides what is best",
    "never": "Never decisive here: nothing changes without it",
    "idle": "Idle around the answer: no exchange of one replica shows any use of it",
    "unknown": "Not decided",
}
FEW = 5  # of what is idle or not decided, by name
STILL_NONE = "Without it there is still no answer"
STATUSES = {
    "optimal": "the answer with all of them is proven optimal",
    "feasible": "the answer with all of them is not proven optimal",
    "conflict": "with all of them there is no answer",
    "unknown": "a limit came before an answer with all of them",
}


def tax_page(document: Document) -> RenderableType:
    """A section for each verdict that some policy has."""
    policies = document["policies"]
    titles = TITLES | ({"never": STILL_NONE} if document["status"] == "conflict" else {})
    sections = [
        _section(title, [one for one in policies if one["verdict"] == verdict])
        for verdict, title in titles.items()
    ]
    left_out = not_applied_section(document["not_applied"])
    return spaced([_headline(document), *sections, left_out, _limits(document)])


def _headline(document: Document) -> Text:
    moves = (
        f", with {count(document['moves'], 'move')}" if document["status"] in ("optimal", "feasible") else ""
    )
    policies = count(len(document["policies"]), "policy", "policies")
    return line((policies, "bold"), ": ", STATUSES[document["status"]], moves)


def _section(title: str, policies: Sequence[Document]) -> RenderableType | None:
    if not policies:
        return None
    if title in (TITLES["idle"], TITLES["unknown"]) and len(policies) > FEW:
        names = some([quoted(one["policy"]) for one in policies], FEW)
        return Group(
            line((title, "bold"), f": {count(len(policies), 'policy', 'policies')}"),
            indented(line(names), 2),
        )
    rows = [row for one in policies for row in _rows(one)]
    return Group(line((title, "bold")), *rows)


def _rows(one: Document) -> list[RenderableType]:
    """The policy, with the levels at which the others pay something else."""
    told = one["proven"] or one["verdict"] in ("idle", "unknown")
    proven = "" if told else " (that they pay is proven, how much is not)" if one["sure"] else " (not proven)"
    costs = [
        indented(
            line(
                f"{_signed(level['difference'])} for {level_name(level['block'], level['priority'])}: ",
                f"{_payer(level)}, {number(level['with'])} with it, ",
                f"{number(level['without'])} without",
            ),
            4,
        )
        for level in one["levels"]
        if level["difference"]
    ]
    return [line("  ", quoted(one["policy"]), proven), *costs]


def _payer(level: Document) -> str:
    """Whose level it is; built-ins are called after what they want."""
    policy, goal = level["policy"], level["goal"]
    return str(policy) if policy == goal else f"{policy} ({goal})"


def _signed(difference: int) -> str:
    return f"{'+' if difference > 0 else ''}{number(difference)}"


def _limits(document: Document) -> Text | None:
    limits = document["limits"]
    return line((f"stopped by {listing(map(quoted, limits))}", "dim")) if limits else None
