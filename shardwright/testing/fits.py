"""Does a story expect things that its policies and cluster can be asked about at all?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.testing.expectations.conflict import BUILT_IN
from shardwright.testing.expectations.optima import KEYS
from shardwright.testing.models import AmountBounds, Bounds, Each, Expect, Where
from shardwright.testing.names import hit, unknown
from shardwright.testing.selecting import in_scope
from shardwright.testing.setting import Setting
from shardwright.testing.spot import Spot
from shardwright.testing.stories import Story

OF_ANSWERS = ("status", "conflict", "conflicts", *KEYS)


def misfits(story: Story, setting: Setting) -> list[Diagnostic]:
    """What is wrong with the expectations of a story. May raise DiagnosticError for a selector."""
    spot = Spot(story.tree.find("/expect"))
    return list(_Fitting(setting, spot).all(story.model.expect, story.model.placement is not None))


class _Fitting:
    def __init__(self, setting: Setting, spot: Spot) -> None:
        self.spot = spot
        self.cluster = setting.cluster
        self.shards = setting.cluster.shards.ids
        self.nodes = setting.cluster.nodes.ids
        self.own = [policy.name for policy in setting.program.policies]
        self.policies = [*self.own, *sorted(BUILT_IN)]

    def all(self, expect: Expect, is_given: bool) -> Iterator[Diagnostic]:
        yield from self._kind(expect, is_given)
        yield from self._wheres(expect)
        yield from self._optima(expect)
        yield from self._held(expect)
        yield from self._costs(expect)
        yield from self._policies(expect)
        if expect.moves is not None:
            yield from _bounded(expect.moves, self.spot.at("moves"))

    def _kind(self, expect: Expect, is_given: bool) -> Iterator[Diagnostic]:
        """`broken` is about placements that the story gives, `status` about answers."""
        if is_given:
            for key in OF_ANSWERS:
                if getattr(expect, key) not in (None, {}):
                    way = "expect `broken`, or leave out `placement`"
                    yield self.spot.at(key).misfit(f"a story with `placement` has no `{key}`", way)
        elif expect.broken is not None:
            way = "give the `placement` that breaks them, or expect `gave_up` or `conflict`"
            yield self.spot.at("broken").misfit("`broken` is for stories with `placement`", way)

    def _wheres(self, expect: Expect) -> Iterator[Diagnostic]:
        for word, where in expect.placed.items():
            here = self.spot.at("placed", word)
            if not hit(word, self.shards):
                yield unknown(word, self.shards, "shards", self.spot.at("placed").key(word))
            yield from self._where(where, here)
        for at, each in enumerate(expect.each):
            yield from self._each(each, self.spot.at("each").item(at))

    def _each(self, each: Each, here: Spot) -> Iterator[Diagnostic]:
        yield from self._names(each.scope.ids, here.at("scope", "ids"), self.shards, "shards")
        if not in_scope(self.cluster, each.scope, here):
            yield here.at("scope").misfit("this scope has no shard", "an empty expectation always holds")
        yield from self._where(each, here)

    def _where(self, where: Where, here: Spot) -> Iterator[Diagnostic]:
        for key, names in (("nodes", where.nodes), ("on", where.on), ("not_on", where.not_on)):
            yield from self._names(names, here.at(key), self.nodes, "nodes")
        yield from self._names([where.leader] if where.leader else (), here.at("leader"), self.nodes, "nodes")
        if where.replicas is not None:
            yield from _bounded(where.replicas, here.at("replicas"))
        yield from _all_bounded(where.values, here.at("values"))
        if where.model_fields_set <= {"scope"}:
            way = "say `nodes`, `on`, `not_on`, `in`, `not_in`, `replicas`, `leader`, `values` or `moved`"
            yield here.misfit("this expects nothing", way)

    def _optima(self, expect: Expect) -> Iterator[Diagnostic]:
        for key in KEYS:
            for word, names in getattr(expect, key).items():
                if not hit(word, self.shards):
                    yield unknown(word, self.shards, "shards", self.spot.at(key).key(word))
                yield from self._names(names, self.spot.at(key, word), self.nodes, "nodes")

    def _held(self, expect: Expect) -> Iterator[Diagnostic]:
        for word, wanted in expect.nodes.items():
            here = self.spot.at("nodes", word)
            if not hit(word, self.nodes):
                yield unknown(word, self.nodes, "nodes", self.spot.at("nodes").key(word))
            if wanted.replicas is not None:
                yield from _bounded(wanted.replicas, here.at("replicas"))
            for resource in wanted.load:
                if resource not in self.cluster.resources:
                    place = here.at("load").key(resource)
                    yield unknown(resource, self.cluster.resources, "resources", place)
            yield from _all_bounded(wanted.load, here.at("load"))
            if not wanted.model_fields_set:
                yield here.misfit("this expects nothing", "say `replicas` or `load`")

    def _costs(self, expect: Expect) -> Iterator[Diagnostic]:
        for at, cost in enumerate(expect.cost):
            here = self.spot.at("cost").item(at)
            yield from self._names([cost.policy] if cost.policy else (), here.at("policy"))
            if cost.exactly is None and cost.min is None and cost.max is None:
                yield here.misfit("this expects nothing", "say `is`, `min` or `max`")

    def _policies(self, expect: Expect) -> Iterator[Diagnostic]:
        for key in ("conflict", "not_applied", "broken"):
            yield from self._names(getattr(expect, key), self.spot.at(key))
        for key in ("decisive", "not_decisive"):
            for at, word in enumerate(getattr(expect, key)):
                here = self.spot.at(key).item(at)
                if word not in self.own:
                    yield unknown(word, self.own, "policies", here.place)
                elif key == "decisive" and word in expect.not_decisive:
                    yield here.misfit(f"`{word}` cannot be decisive and not decisive")
        for at, parties in enumerate(expect.conflicts or ()):
            yield from self._names(parties, self.spot.at("conflicts", at))
        for at, given in enumerate(expect.gave_up or ()):
            here = self.spot.at("gave_up").item(at)
            yield from self._names([given.policy], here.at("policy"))
            yield from self._names(given.because, here.at("because"))
            shards = [given.shard] if given.shard else ()
            yield from self._names(shards, here.at("shard"), self.shards, "shards")
            if given.amount is not None:
                yield from _bounded(given.amount, here.at("amount"))

    def _names(
        self, words: Iterable[str] | None, here: Spot, known: Collection[str] = (), kind: str = "policies"
    ) -> Iterator[Diagnostic]:
        names = known if kind != "policies" else self.policies
        for at, word in enumerate(words or ()):
            if word not in names:
                yield unknown(word, names, kind, here.item(at).place)


def _bounded(bounds: Bounds | AmountBounds, here: Spot) -> Iterator[Diagnostic]:
    if bounds.min is None and bounds.max is None:
        yield here.misfit("this expects nothing", "say a number, `min` or `max`")


def _all_bounded(
    bounds: Mapping[str, Bounds] | Mapping[str, AmountBounds], here: Spot
) -> Iterator[Diagnostic]:
    for key, item in bounds.items():
        yield from _bounded(item, here.at(key))
