"""Which policies govern a shard of a cluster, guards included."""

from __future__ import annotations

from shardwright.cluster.codes import UNKNOWN_SHARD
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.grammar.spelling import did_you_mean
from shardwright.solver.problem import Problem


def governing(problem: Problem, shard: str) -> frozenset[str]:
    """The names of the policies with a rule that speaks about a shard.

    Raises DiagnosticError for a shard that the snapshot does not have.
    """
    ids = problem.cluster.shards.ids
    if shard not in ids:
        near = did_you_mean(shard, ids)
        helps = (Help(f"did you mean `{near}`?"),) if near is not None else ()
        raise DiagnosticError(
            [Diagnostic(UNKNOWN_SHARD, f"the snapshot has no shard `{shard}`", helps=helps)]
        )
    of = problem.requirements.classes.shards.of[ids.index(shard)]
    speaks = problem.requirements.speaks[:, of]
    return frozenset(rule.policy for rule in problem.rules if rule.policy is not None and speaks[rule.id])
