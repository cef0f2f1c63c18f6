"""Ground requirements: what policies ask of a cluster, as tables over classes.

The emitted policy program is grounded with the facts about classes; every atom it derives is read back
into arrays. The logic (through `solver.facts`) and array kernels read these same tables.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.cluster.columns import BoolArray, Column, compare_column
from shardwright.grammar.emit import PolicyProgram
from shardwright.grammar.rules import Rule, Statement
from shardwright.grammar.syntax import Attribute
from shardwright.solver.classes import Classes, ClassTable, classify
from shardwright.solver.logic import Atom, Ground, facts


@dataclass(frozen=True)
class Requirements:
    """Tables over shard classes (S) and node classes (N); `rules[i].id == i`.

    `speaks` has shape (rules, S). `admits[rule]` has shape (N,), or (S, N) where the test mentions the
    shard. `targets[rule]` has shape (S,). `least` and `most` are (rule, class, count) rows.
    `floor` and `ceiling` have shape (S,). `ground_atoms` is how many atoms clingo derived, in `seconds`.
    """

    rules: tuple[Rule, ...]
    classes: Classes
    speaks: BoolArray
    admits: dict[int, BoolArray]
    targets: dict[int, BoolArray]
    least: tuple[Atom, ...]
    most: tuple[Atom, ...]
    floor: IntArray
    ceiling: IntArray
    ground_atoms: int
    seconds: float = field(default=0.0, compare=False)

    def by_pair(self, rule: int) -> bool:
        return rule in self.admits and self.admits[rule].ndim == 2


def require(
    built_in: Sequence[Rule],
    statements: Sequence[Statement],
    program: PolicyProgram,
    cluster: Cluster,
) -> Requirements:
    """Ground a policy program over the classes of a cluster."""
    rules = (*built_in, *(rule for statement in statements for rule in statement.rules))
    classes = classify(program.comparisons, cluster)
    texts = (*_facts(classes, program, rules), program.text)
    started = time.monotonic()
    ground = Ground(("derive", "counts"), texts)
    seconds = time.monotonic() - started
    shards, nodes = classes.shards.size, classes.nodes.size
    speaks = _table(ground.atoms("speaks", 2), (len(rules), shards))
    speaks[: len(built_in)] = True
    return Requirements(
        rules,
        classes,
        speaks,
        _admits(ground, shards, nodes),
        _by_rule(ground.atoms("targets", 2), (shards,)),
        tuple(ground.atoms("least", 3)),
        tuple(ground.atoms("most", 3)),
        _vector(ground.atoms("floor", 2), shards),
        _vector(ground.atoms("ceiling", 2), shards),
        len(ground.control.symbolic_atoms),
        seconds,
    )


def _facts(classes: Classes, program: PolicyProgram, rules: Sequence[Rule]) -> Iterator[str]:
    yield facts("shard_class", ((at,) for at in range(classes.shards.size)))
    yield facts("node_class", ((at,) for at in range(classes.nodes.size)))
    yield facts("own", enumerate(classes.own.tolist()))
    yield facts("shard_is", _true(classes.shards))
    yield facts("node_is", _true(classes.nodes))
    yield facts("given", ((at,) for at in sorted(classes.given)))
    for number in sorted(classes.both):
        yield facts("both_are", ((s, n, number) for s, n in np.argwhere(classes.both[number]).tolist()))
    yield facts("count_is", _counts(classes, program, rules))


def _true(table: ClassTable) -> Iterator[tuple[int, int]]:
    for number in sorted(table.truth):
        for at in np.flatnonzero(table.truth[number]).tolist():
            yield at, number


def _counts(classes: Classes, program: PolicyProgram, rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    """Which counts fulfil the comparisons that are asked of the decided count."""
    stated = [getattr(rule.kind, side, None) or 0 for rule in rules for side in ("least", "most")]
    most = max([0, *stated, *classes.own.tolist()]) if program.count_comparisons else 0
    column = Column(np.arange(most + 1, dtype=np.int32), np.arange(most + 1, dtype=float), ())
    for number in sorted(program.count_comparisons):
        comparison = program.comparisons[number]
        assert not isinstance(comparison.value, Attribute)
        truth = compare_column(column, comparison.operator, comparison.value)
        yield from ((count, number) for count in np.flatnonzero(truth[:-1]).tolist())


def _table(atoms: list[Atom], shape: tuple[int, int]) -> BoolArray:
    table = np.zeros(shape, dtype=bool)
    if atoms:
        table[tuple(np.array(atoms).T)] = True
    return table


def _by_rule(atoms: list[Atom], shape: tuple[int, ...]) -> dict[int, BoolArray]:
    tables: dict[int, BoolArray] = {}
    for rule, *index in atoms:
        tables.setdefault(rule, np.zeros(shape, dtype=bool))[tuple(index)] = True
    return tables


def _admits(ground: Ground, shards: int, nodes: int) -> dict[int, BoolArray]:
    return {
        **_by_rule(ground.atoms("admits", 2), (nodes,)),
        **_by_rule(ground.atoms("admits", 3), (shards, nodes)),
    }


def _vector(atoms: list[Atom], size: int) -> NDArray[np.int32]:
    vector = np.zeros(size, dtype=np.int32)
    for at, count in atoms:
        vector[at] = count
    return vector
