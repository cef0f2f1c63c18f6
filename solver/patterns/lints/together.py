"""Policies that hold together on some clusters only: those with more than each of them alone waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.boxes import Region, meet, meet_all
from shardwright.solver.patterns.fits import Layout, Shard, shards_in
from shardwright.solver.patterns.index import Bits, bits_of, numbers_in
from shardwright.solver.patterns.judge import compared, needs_of, own_count
from shardwright.solver.patterns.lints.say import names, remark
from shardwright.solver.patterns.lints.waits import fewest
from shardwright.solver.patterns.needs import Part, Parts
from shardwright.solver.patterns.proof import verdict
from shardwright.solver.patterns.sets import Finder
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.words import nodes_words

CODE = "W2102"
MOST_PAIRS = 4  # of policies that make the same two demands


@dataclass(frozen=True)
class Meeting:
    """Parts that govern one shard, with the fewest nodes on which all of them hold."""

    parts: tuple[Part, ...]
    shard: Shard
    nodes: Layout


class Together:
    """Looks for pairs of rules, and for all policies on one shard, that need a cluster of their own kind."""

    def __init__(
        self, parts: Parts, finder: Finder, reached: Reached, about: frozenset[str] | None = None
    ) -> None:
        """`about`: only what these policies take part in."""
        self.parts, self.space, self.finder, self.reached = parts, parts.space, finder, reached
        self.about = about
        self.most = reached.bounds.most_together
        if about is not None:
            # Who changes a policy waits for the answer, and conflicts come first.
            self.most = max(1, self.most - len(finder.found))
        # A policy that never holds, holds with no other.
        never = {parts.items[number].policy.name for number in finder.alone}
        self.usable = [
            part for part in parts.items if part.needs and part.guard and part.policy.name not in never
        ]
        self.of: dict[str, list[Part]] = {}
        for part in self.usable:
            self.of.setdefault(part.policy.name, []).append(part)

    def notes(self) -> Iterator[Diagnostic]:
        """One note for each pair of demands, and one for all demands on the shards of a scope."""
        seen: set[str] = set()
        told = 0
        for meeting in (*self._pairs(), *self._whole()):
            words = nodes_words(self.space, meeting.nodes)
            if words in seen:
                continue
            if told >= self.most:
                self.reached.note("most_together")
                return
            found = self._told(meeting, words)
            if found is not None:
                seen.add(words)
                told += 1
                yield found

    def _pairs(self) -> Iterator[Meeting]:
        """One pair of parts for each pair of demands that needs more than either of them."""
        kinds = _by_demand(self.usable)
        bits = [bits_of(part.number for part in group) for group in kinds]
        for first, second in self._chosen(kinds):
            pair = self._meeting_pair(first, bits[second])
            if pair is not None:
                yield pair

    def _chosen(self, kinds: list[list[Part]]) -> Iterator[tuple[list[Part], int]]:
        """Parts that make a demand, and the number of another demand."""
        if self.about is None:
            yield from ((kinds[one], other) for one, other in combinations(range(len(kinds)), 2))
            return
        for part in self.usable:
            if part.policy.name in self.about:
                yield from (([part], at) for at, group in enumerate(kinds) if _key(part) != _key(group[0]))

    def _meeting_pair(self, group: list[Part], others: Bits) -> Meeting | None:
        """All that two policies ask for that make these demands; others where theirs is not special."""
        for part, other in islice(self._of_two(group, others), MOST_PAIRS):
            if self._special((part, other)) is None:
                return None
            whole = self._special((*self.of[part.policy.name], *self.of[other.policy.name]))
            if whole is not None:
                return whole
        return None

    def _of_two(self, group: list[Part], others: Bits) -> Iterator[tuple[Part, Part]]:
        """Parts of two policies that meet."""
        for part in group:
            for number in numbers_in(self.finder.meets(part.number) & others):
                other = self.parts.items[number]
                if other.policy.name != part.policy.name:
                    yield part, other

    def _special(self, parts: tuple[Part, ...]) -> Meeting | None:
        """The meeting, if it needs a cluster that none of its policies asks for alone."""
        meeting = self._meeting(parts)
        if meeting is None:
            return None
        owners = dict.fromkeys(part.policy.name for part in parts)
        apart = (tuple(part for part in parts if part.policy.name == name) for name in owners)
        alone = {self._plain(self._meeting(own)) for own in apart}
        return None if self._plain(meeting) in alone else meeting

    def _plain(self, meeting: Meeting | None) -> str:
        """What a meeting needs at least."""
        if meeting is None:
            return ""
        nodes = self.finder.judge.layout(meeting.shard, needs_of(meeting.parts), plain=True)
        return "" if nodes is None else nodes_words(self.space, nodes)

    def _meeting(self, parts: tuple[Part, ...]) -> Meeting | None:
        region = meet_all(part.guard for part in parts)
        needs = needs_of(parts)
        shard = next(shards_in(self.space, region, compared(needs)), None)
        nodes = None if shard is None else fewest(self.finder.judge, shard, needs)
        return None if shard is None or nodes is None else Meeting(parts, shard, nodes)

    def _whole(self) -> Iterator[Meeting]:
        """All that meets on some shards of each scope."""
        scopes: dict[int, Part] = {}
        for part in self.usable:
            if self.about is None or part.policy.name in self.about:
                scopes.setdefault(id(part.guard), part)
        for part in list(scopes.values())[: 4 * self.most]:
            chosen = self._gathered(part)
            meeting = self._special(tuple(chosen)) if len(chosen) > 2 else None
            if meeting is not None:
                yield meeting

    def _gathered(self, part: Part) -> list[Part]:
        """As many policies as govern a shard together, and of which nothing clashes."""
        chosen = self._not_clashing(part)
        counts = Counter(one.policy.name for one in chosen)
        return [one for one in chosen if counts[one.policy.name] == len(self.of[one.policy.name])]

    def _not_clashing(self, part: Part) -> list[Part]:
        chosen: list[Part] = [part]
        region: Region = part.guard
        bad = [set(key) for key in self.finder.found]
        for number in numbers_in(self.finder.meets(part.number) & bits_of(one.number for one in self.usable)):
            numbers = {one.number for one in chosen} | {number}
            both = meet(region, self.parts.items[number].guard)
            if both and not any(key <= numbers for key in bad if number in key):
                chosen.append(self.parts.items[number])
                region = both
        return sorted(chosen, key=lambda one: one.number)

    def _told(self, meeting: Meeting, words: str) -> Diagnostic | None:
        policies = _policies(meeting.parts)
        statements = [part.statement for part in meeting.parts]
        own = own_count(self.space, meeting.shard, needs_of(meeting.parts))
        witness = snapshot(self.space, statements, [meeting.shard], meeting.nodes, own)
        proof = verdict(policies, witness)
        if proof is None or not proof.holds:
            return None
        every = [policy.name for policy in policies]
        return remark(
            CODE,
            "note",
            f"{names(every)} hold together only on some clusters, for example on {words}",
            [(part.policy, part.rule.pointer, "") for part in meeting.parts[:4]],
            data={"kind": "together", "policies": every, "needs": words, "witness": witness},
        )


def _by_demand(parts: list[Part]) -> list[list[Part]]:
    groups: dict[object, list[Part]] = {}
    for part in parts:
        groups.setdefault(_key(part), []).append(part)
    return list(groups.values())


def _key(part: Part) -> object:
    return repr(part.needs)


def _policies(parts: tuple[Part, ...]) -> list[Policy]:
    named = {part.policy.name: part.policy for part in parts}
    return [named[name] for name in sorted(named)]
