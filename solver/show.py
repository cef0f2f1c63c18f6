"""The stages of compiling in print."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from shardwright.cluster.cluster import Cluster
from shardwright.grammar.demands import demand
from shardwright.grammar.emit import emit
from shardwright.grammar.spell import spell
from shardwright.grammar.syntax import Condition
from shardwright.grammar.wording import visible
from shardwright.policies.lower import lower
from shardwright.solver.classes import ClassTable
from shardwright.solver.problem import Problem

if TYPE_CHECKING:
    from shardwright.api import Program

SHOWN_IDS = 5


def show(kind: str, program: Program, cluster: Cluster | None) -> str:
    """A stage by its name."""
    if kind == "tree":
        return "\n".join(
            _tree(policy.name, policy.condition, policy.tree.plain()) for policy in program.policies
        )
    if kind == "asp":
        policies = program.policies if cluster is None else program.on(cluster).policies
        return emit(lower(policies)).readable
    assert cluster is not None
    problem = program.on(cluster).problem
    return _classes(problem) if kind == "classes" else _requirements(problem)


def _tree(name: str, condition: Condition | None, plain: object) -> str:
    document = json.dumps(plain, indent=2, ensure_ascii=False)
    head = f"policy `{name}`"
    spelled = f"\ncondition: {visible(spell(condition))}" if condition is not None else ""
    return f"{head}{spelled}\n{document}\n"


def _classes(problem: Problem) -> str:
    classes, cluster = problem.requirements.classes, problem.cluster
    lines = [
        *_table("shard", classes.shards, cluster.shards.ids),
        *_table("node", classes.nodes, cluster.nodes.ids),
    ]
    return "\n".join(lines)


def _table(name: str, table: ClassTable, ids: tuple[str, ...]) -> list[str]:
    lines = [f"{len(ids)} {name}s in {table.size} classes"]
    for at in range(table.size):
        rows = np.flatnonzero(table.of == at)
        shown = ", ".join(visible(ids[row]) for row in rows[:SHOWN_IDS].tolist())
        more = f", ... ({len(rows)})" if len(rows) > SHOWN_IDS else ""
        lines.append(f"  {name} class {at}: {shown}{more}")
    return lines


def _requirements(problem: Problem) -> str:
    requirements = problem.requirements
    lines = [f"{requirements.ground_atoms} ground atoms over classes"]
    for rule in requirements.rules:
        governed = np.flatnonzero(requirements.speaks[rule.id])
        where = f" {rule.pointer}" if rule.pointer else ""
        lines.append(
            f"rule {rule.id} `{rule.owner}`{where}: {rule.kind.name}: {demand(rule)} ({rule.enforcement})"
        )
        lines.append(f"  shard classes {_numbers(governed)}")
        admits = requirements.admits.get(rule.id)
        if admits is not None and admits.ndim == 1:
            lines.append(f"  node classes {_numbers(np.flatnonzero(admits))}")
        elif admits is not None:
            lines += [
                f"  shard class {at}: node classes {_numbers(np.flatnonzero(admits[at]))}" for at in governed
            ]
    counts = zip(requirements.floor.tolist(), requirements.ceiling.tolist(), strict=True)
    lines += [f"shard class {at}: {low} to {high} replicas" for at, (low, high) in enumerate(counts)]
    return "\n".join(map(visible, lines))


def _numbers(numbers: Iterable[object]) -> str:
    listed = [str(number) for number in numbers]
    return ", ".join(listed) if listed else "none"
