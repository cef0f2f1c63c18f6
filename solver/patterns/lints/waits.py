"""Policies that only wait for nodes to come: they hold on some cluster, and need nodes of a kind there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.fits import Layout, Shard, shards_in
from shardwright.solver.patterns.judge import Judge, compared, needs_of, own_count
from shardwright.solver.patterns.lints.say import names, remark
from shardwright.solver.patterns.needs import Need, Part, Parts
from shardwright.solver.patterns.proof import verdict
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import Space
from shardwright.solver.patterns.words import nodes_words

CODE = "W2101"


def waiting(
    parts: Parts, judge: Judge, alone: set[int], most: int, about: frozenset[str] | None
) -> Iterator[Diagnostic]:
    """One note for each kind of nodes that policies wait for, with the smallest cluster where they hold.

    `about`: only what these policies wait for.
    """
    groups: dict[str, list[tuple[Policy, list[Part], Shard, Layout]]] = {}
    for name in sorted({part.policy.name for part in parts.items}):
        if about is not None and name not in about:
            continue
        mine = [part for part in parts.of(name) if part.needs and part.number not in alone]
        found = _smallest(parts.space, judge, mine)
        if found is not None and _asks(parts.space, judge, found[0], needs_of(mine)):
            own = own_count(parts.space, found[0], needs_of(mine))
            asking = f", for a shard of {own} replicas" if own > 1 else ""
            words = nodes_words(parts.space, found[1]) + asking
            groups.setdefault(words, []).append((mine[0].policy, mine, *found))
    for words in sorted(groups)[:most]:
        yield _told(parts.space, words, groups[words])


def _smallest(space: Space, judge: Judge, mine: list[Part]) -> tuple[Shard, Layout] | None:
    if not mine or not mine[0].guard:
        return None
    needs = needs_of(mine)
    shard = next(shards_in(space, mine[0].guard, compared(needs)))
    nodes = fewest(judge, shard, needs)
    return None if nodes is None else (shard, nodes)


def fewest(judge: Judge, shard: Shard, needs: Sequence[Need]) -> Layout | None:
    """The smallest cluster for a shard. Several nodes are told apart where they may be, one is plain."""
    plain = judge.layout(shard, needs, plain=True)
    return plain if plain is None or len(plain) < 2 else judge.layout(shard, needs)


def _asks(space: Space, judge: Judge, shard: Shard, needs: Sequence[Need]) -> bool:
    """Would one plain node, without labels and metrics, not do?"""
    plain = judge.layout(shard, needs, plain=True)
    return plain is not None and (len(plain) > 1 or bool(nodes_words(space, plain) != "1 node"))


def _told(space: Space, words: str, group: list[tuple[Policy, list[Part], Shard, Layout]]) -> Diagnostic:
    policy, mine, shard, nodes = group[0]
    own = own_count(space, shard, needs_of(mine))
    witness = snapshot(space, [mine[0].statement], [shard], nodes, own)
    proof = verdict([policy], witness)
    every = [policy.name for policy, *_ in group]
    verb = "waits" if len(every) == 1 else "wait"
    return remark(
        CODE,
        "note",
        f"{names(every)} {verb} for nodes, for example for {words}",
        [(policy, mine[0].rule.pointer, "holds only where such nodes are")],
        data={
            "kind": "waits",
            "policies": every,
            "needs": words,
            "witness": witness if proof is not None and proof.holds else None,
        },
    )
