"""What search cannot hold in its arrays."""

from __future__ import annotations

from shardwright.solver.problem import Problem
from shardwright.solver.search.build import Builder
from shardwright.solver.search.company import cells_of
from shardwright.solver.search.terms import add_term

MOST_CELLS = 100_000_000  # of rules about company: 12 bytes each
MOST_COST = 2**62  # of a level


def not_searched(problem: Problem) -> list[str]:
    """What of a problem is too large for the kernels, in words."""
    builder = Builder(problem)
    for rule in problem.rules:
        add_term(builder, rule)
    return [*_too_many_cells(builder), *_too_costly(builder)]


def _too_many_cells(builder: Builder) -> list[str]:
    cells = cells_of(builder)
    if int(cells.sum()) <= MOST_CELLS:
        return []
    rule = builder.company[int(cells.argmax())]
    return [f"`{rule.owner}` ({rule.kind.name}) looks at more than {MOST_CELLS} groups and values"]


def _too_costly(builder: Builder) -> list[str]:
    """Sums of whole numbers must not wrap around."""
    problem = builder.problem
    replicas = int(problem.ceiling.sum()) + int(problem.settled_count.sum()) + 1
    most = replicas * (int(abs(builder.rest).max(initial=0)) + int(builder.gone.max(initial=0)))
    for meter in builder.meters:
        rule = problem.rules[meter.rule]
        weights = problem.measures[meter.measure].weights
        most += int(abs(weights).max(initial=0)) * replicas * builder.price(rule, meter.factor)
    return ["costs beyond 2^62"] if most > MOST_COST else []
