"""Rules that judge single replicas: what a replica of a shard costs on a node, whatever the others do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import (
    Allow,
    Cost,
    FewestMoves,
    Leave,
    Nearness,
    NodeState,
    Prefer,
    Rule,
    Stay,
)
from shardwright.solver.facts import distances, homes
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.effects import Change, Effect, effect, leaving
from shardwright.solver.why.standing import NOBODY, Batch


def single(batch: Batch, rule: Rule) -> Effect:
    """A replica brings its amount where it arrives, and takes it along where it leaves."""
    if isinstance(rule.kind, NodeState) and not np.any(batch.standing.shut):
        return effect(rule, Change())
    amounts = AMOUNTS[type(rule.kind)](batch, rule, rule.kind)
    change = Change(amounts, leaving(batch, -batch.at_held(amounts)))
    if rule.enforcement != "no_worse":
        return effect(rule, change)
    beyond = np.where(batch.is_settled, 0, amounts)  # what is broken today is tolerated
    return effect(rule, change, Change(beyond, leaving(batch, -batch.at_held(beyond))))


def admitted(batch: Batch, rule: Rule) -> BoolArray:
    """Whether a rule's test holds, for each shard of the batch and node; shape (rows or 1, nodes)."""
    requirements = batch.standing.problem.requirements
    table = requirements.admits.get(rule.id)
    if table is None:
        return np.zeros((1, batch.standing.nodes), dtype=bool)
    if table.ndim == 1:
        return table[batch.standing.node_class][None, :]
    return table[batch.classes][:, batch.standing.node_class]


def _governed(batch: Batch, rule: Rule) -> BoolArray:
    return batch.standing.governed(rule.id, batch.rows)[:, None]


def _allow(batch: Batch, rule: Rule, kind: Allow) -> LongArray:
    forbidden = _governed(batch, rule) & ~admitted(batch, rule)
    return np.where(forbidden & ~batch.is_settled if kind.arrivals else forbidden, 1, 0)


def _leave(batch: Batch, rule: Rule, kind: Leave) -> LongArray:
    return np.where(_governed(batch, rule) & admitted(batch, rule), 1, 0)


def _prefer(batch: Batch, rule: Rule, kind: Prefer) -> LongArray:
    admits = admitted(batch, rule)
    costs = _governed(batch, rule) & (~admits if kind.weight > 0 else admits)
    return np.where(costs, abs(kind.weight), 0)


def _node_state(batch: Batch, rule: Rule, kind: NodeState) -> LongArray:
    down, closed = batch.standing.shut
    return np.where(down | (closed & ~batch.is_settled), 1, 0)


def _cost(batch: Batch, rule: Rule, kind: Cost) -> LongArray:
    price = batch.standing.problem.quantities.price
    return np.where(_governed(batch, rule) & admitted(batch, rule), price, 0)


def _nearness(batch: Batch, rule: Rule, kind: Nearness) -> LongArray:
    problem = batch.standing.problem
    home = homes(problem, kind)
    at = home.codes[batch.rows]
    far = distances(problem, kind)[np.where(at == NOBODY, len(home.values), at)]
    return np.where(_governed(batch, rule), far, 0)


AMOUNTS: dict[type, Callable[[Batch, Rule, Any], LongArray]] = {
    Allow: _allow,
    Cost: _cost,
    Leave: _leave,
    Nearness: _nearness,
    NodeState: _node_state,
    Prefer: _prefer,
}


def moved(batch: Batch, rule: Rule) -> Effect:
    """A settled replica that leaves counts, one that comes back no longer does."""
    weights = _weights(batch, rule)
    back = np.where(batch.is_settled, weights, 0)
    comes = None if np.array_equal(batch.held, batch.settled) else -back  # who has left can come back
    return effect(rule, Change(comes, leaving(batch, batch.at_held(back))))


def _weights(batch: Batch, rule: Rule) -> LongArray:
    """What it counts that a settled replica leaves, shape (rows, nodes or 1)."""
    if isinstance(rule.kind, Stay):
        counts = _governed(batch, rule) & admitted(batch, rule) & (batch.standing.states != "down")
        return np.where(counts, 1, 0)
    assert isinstance(rule.kind, FewestMoves)
    problem = batch.standing.problem
    measure = problem.move_measures.get(rule.id)
    weights = 1 if measure is None else problem.measures[measure].weights[batch.rows][:, None]
    return np.where(_governed(batch, rule), weights, 0)
