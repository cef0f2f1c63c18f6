"""How often each rule and goal matters in the random cases: `python -m tests.reference.distribution 1000`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from tests.reference.book import Book, book_of
from tests.reference.goal import Goal
from tests.reference.judge import judge_sets
from tests.reference.rule import Rule
from tests.reference.solve import Costs, Enumeration, least
from tests.reference.world import Placement, world_of
from tests.strategies import random_case

Answer = tuple[Costs, list[Placement]] | None


def measured(seed: int) -> Iterator[str]:
    """What is true of one case, as words to count."""
    book = book_of(world_of(*random_case(seed)))
    best = least(Enumeration(book))
    yield from states(book, best)
    parts = list(decisive(book, best))
    yield from {f"decisive: {name(part)}" for part in parts}
    own = [part for part in parts if isinstance(part, Rule) and part.pointer]
    yield from {f"decisive: any rule, {rule.enforcement}" for rule in own}


def states(book: Book, best: Answer) -> Iterator[str]:
    if best is None:
        yield "conflict"
        return
    judgement = judge_sets(book, best[1][0])
    yield from {f"broken at the optimum: {broken.kind}, {broken.enforcement}" for broken in judgement.broken}
    yield from ["something is given up"] if judgement.gave_up() else []
    yield from ["one optimal placement"] if len(best[1]) == 1 else []
    today = judge_sets(book, book.world.settled())
    yield from ["the start is broken"] if today.broken else []
    yield from {f"broken at the start: {broken.kind}, {broken.enforcement}" for broken in today.broken}
    yield from {f"costs at the optimum: block {block}" for (block, _), c in judgement.costs.items() if c}


def decisive(book: Book, best: Answer) -> Iterator[Rule | Goal]:
    """The rules and goals without which other placements would be best."""
    for rule in book.rules:
        without = replace(book, rules=[other for other in book.rules if other is not rule])
        if placements(least(Enumeration(without))) != placements(best):
            yield rule
    for goal in book.goals:
        without = replace(book, goals=[other for other in book.goals if other is not goal])
        if placements(least(Enumeration(without))) != placements(best):
            yield goal


def placements(answer: Answer) -> list[Placement] | None:
    return None if answer is None else answer[1]


def name(part: Rule | Goal) -> str:
    """A rule by kind and key; a goal by kind and block."""
    if isinstance(part, Goal):
        return f"goal {part.kind}, block {part.level[0]}"
    keys = part.pointer.split("/")
    key = "per" if "per" in keys else keys[-1]
    return f"rule {part.kind} {key if part.kind in ('spread', 'capacity', 'replicas') else ''}".strip()


def main(cases: int) -> None:
    start, found = perf_counter(), Counter(word for seed in range(cases) for word in measured(seed))
    print(f"{cases} cases, {perf_counter() - start:.0f} s")
    for word, count in sorted(found.items()):
        print(f"{100 * count / cases:6.1f} %  {word}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
