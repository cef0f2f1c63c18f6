"""What became of a story, as expectations read it: an answer of the solver, or a verdict on a placement."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shardwright.api import Certification, Program
from shardwright.cluster.cluster import Cluster
from shardwright.cluster.placement import load_placement, named
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.tree import Leaf
from shardwright.solver.result import GaveUp, Level, Move, Placement, Result
from shardwright.testing.models import Solve
from shardwright.testing.selecting import labels_of
from shardwright.testing.setting import Setting, path_of, placed_in
from shardwright.testing.stories import Story


@dataclass(frozen=True)
class Outcome:
    """One of `result` and `certification` is there; `answers` knows what was solved before."""

    story: Story
    setting: Setting
    result: Result | None
    certification: Certification | None
    placement: Placement | None
    seconds: float
    limits: dict[str, Any]
    answers: Answers = field(repr=False)

    @property
    def program(self) -> Program:
        return self.setting.program

    @property
    def cluster(self) -> Cluster:
        return self.setting.cluster

    @property
    def levels(self) -> Sequence[Level]:
        return self._answer.levels

    @property
    def gave_up(self) -> Sequence[GaveUp]:
        return self._answer.gave_up

    @property
    def moves(self) -> Sequence[Move]:
        return self._answer.moves

    @property
    def _answer(self) -> Result | Certification:
        answer = self.result or self.certification
        assert answer is not None
        return answer

    @cached_property
    def settled(self) -> dict[str, set[str]]:
        """The nodes of every shard in the snapshot."""
        cluster = self.cluster
        nodes: dict[str, set[str]] = {shard: set() for shard in cluster.shards.ids}
        for shard, node in zip(cluster.settled.shard.tolist(), cluster.settled.node.tolist(), strict=True):
            nodes[cluster.shards.ids[shard]].add(cluster.nodes.ids[node])
        return nodes

    def nodes_of(self, shard: str) -> list[str]:
        """Where a shard is, in the order of names; there must be a placement."""
        assert self.placement is not None
        return sorted(replica["node"] for replica in self.placement[shard])

    def leader_of(self, shard: str) -> str | None:
        assert self.placement is not None
        return next((item["node"] for item in self.placement[shard] if item["role"] == "leader"), None)

    @cached_property
    def node_labels(self) -> dict[str, dict[str, str]]:
        return labels_of(self.cluster.nodes)

    @cached_property
    def held(self) -> dict[str, list[str]]:
        """The shards on every node."""
        assert self.placement is not None
        held: dict[str, list[str]] = {node: [] for node in self.cluster.nodes.ids}
        for shard, replicas in self.placement.items():
            for replica in replicas:
                held[replica["node"]].append(shard)
        return held


def outcome_of(story: Story, setting: Setting, limits: dict[str, Any], answers: Answers) -> Outcome:
    """Solve the story, or certify the placement that it gives; `limits` are the command line's."""
    started = time.monotonic()
    limits = _limits(story, limits)
    if story.model.placement is None:
        result = answers.solve(setting, limits)
        seconds = time.monotonic() - started
        return Outcome(story, setting, result, None, result.placement, seconds, limits, answers)
    placement = _given(story, setting)
    certification = setting.program.certify(setting.cluster, placement)
    seconds = time.monotonic() - started
    return Outcome(story, setting, None, certification, placement, seconds, limits, answers)


@dataclass
class Answers:
    """Stories that differ only in what they expect share one answer."""

    known: dict[tuple[str, str, str], Result] = field(default_factory=dict)

    def solve(self, setting: Setting, limits: dict[str, Any]) -> Result:
        """The answer to the policies on the cluster under limits. Raises DiagnosticError."""
        key = (setting.identity, setting.cluster.hash, repr(sorted(limits.items())))
        if key not in self.known:
            self.known[key] = setting.program.solve(setting.cluster, ways_out=False, **limits)
        return self.known[key]


def _limits(story: Story, limits: dict[str, Any]) -> dict[str, Any]:
    solve = story.model.solve or story.common.solve or Solve()
    own: dict[str, Any] = {}
    own |= {"strategy": solve.strategy, "steps": solve.steps, "workers": solve.workers, "seed": solve.seed}
    if solve.time_limit is not None:
        own["time_limit"] = float(solve.time_limit)
    return {**limits, **own}


def _given(story: Story, setting: Setting) -> Placement:
    """The story's placement: of a file, or written in the story. Raises DiagnosticError."""
    node = story.tree.find("/placement")
    text = isinstance(node, Leaf) and isinstance(node.value, str)
    source = path_of(node, story) if text else {"placement": node.plain()}
    try:
        placed = load_placement(source, setting.cluster)
    except DiagnosticError as error:
        if text:
            raise
        raise DiagnosticError([placed_in(story.tree, item) for item in error.diagnostics]) from None
    return named(placed, setting.cluster)
