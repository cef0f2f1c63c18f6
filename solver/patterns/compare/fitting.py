"""Random clusters on which most rules are kept, so that what a change does is not hidden by others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from random import Random

from shardwright.grammar.rules import Apart, Balance, Capacity, Headroom, Nearness, Together
from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.boxes import ALL, Region, without
from shardwright.solver.patterns.compare.clusters import Json, Sides, Trial, governing, governs, settled
from shardwright.solver.patterns.compare.drawn import drawn_atom, drawn_shard, with_distances, with_numbers
from shardwright.solver.patterns.compare.forms import Form
from shardwright.solver.patterns.compare.trial import Placing
from shardwright.solver.patterns.fits import Layout, Shard, layout
from shardwright.solver.patterns.judge import REPLICAS, needs_of
from shardwright.solver.patterns.needs import Need, Nodes
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID, Space

PLACINGS = 6
MOST_OWN = 4  # replicas that a shard asks for, where it is alone
ODDS = 0.5  # how often a yielding rule is kept, or a node has a label of its own
KEPT = 0.7  # how often all yielding rules are kept, where shards have company
LOADS = (1, 2, 3, 4, 5, 6, 7)
GROUP: Slot = ("shard", "", "group")


def fitting(space: Space, forms: Sequence[Form], sides: Sides, seed: int) -> Trial | None:
    """Placements that keep the required rules of a side, and some or all of the yielding ones.

    None where these rules leave a shard that was drawn nothing.
    """
    random = Random(seed)
    form = forms[seed % len(forms)]
    if form.by_text or not form.guard:
        return None
    if form.is_single and random.random() < ODDS:
        return _alone(space, form, sides, random)
    return _in_company(space, form, sides, random)


def _alone(space: Space, form: Form, sides: Sides, random: Random) -> Trial | None:
    """One shard, and some placements of it, each on nodes of its own."""
    shard = drawn_shard(space, random, form.guard)
    own = random.randint(1, MOST_OWN)
    found = [nodes for _ in range(PLACINGS - 1) if (nodes := _layout(space, sides, shard, own, random, ODDS))]
    if not found:
        return None
    document = _snapshot(space, sides, [shard], [found], [own])
    with_numbers(document, random)
    names = iter(node["id"] for node in document["nodes"])
    (only,) = document["shards"]
    placings = tuple({only["id"]: [next(names) for _ in nodes]} for nodes in found)
    return _standing(form, Trial(document, placings), random)


def _in_company(space: Space, form: Form, sides: Sides, random: Random) -> Trial | None:
    """Some shards, each with nodes that it may stand on; placements where they change places."""
    shards = [drawn_shard(space, random, form.guard)]
    shards += [_company(space, form, shards[0], random) for _ in range(_more_shards(form, random))]
    found = []
    for shard in shards:
        odds = 1 if random.random() < KEPT else ODDS
        if not (nodes := _layout(space, sides, shard, random.choice((1, 1, 2)), random, odds)):
            return None
        found.append(nodes)
    document = _snapshot(space, sides, shards, [[nodes] for nodes in found], [len(nodes) for nodes in found])
    kind = form.rule.kind
    # Limits of nodes matter only where there is about as much as they hold.
    loaded = isinstance(kind, (Balance, Headroom)) or (isinstance(kind, Capacity) and kind.replicas is None)
    with_numbers(document, random, LOADS if loaded else (1,))
    if isinstance(kind, Nearness):
        with_distances(document, random, [kind.source] if kind.source else [])
    names = iter(node["id"] for node in document["nodes"])
    homes = [[next(names) for _ in nodes] for nodes in found]
    return _standing(form, Trial(document, tuple(_placings(document, homes, random))), random)


def _standing(form: Form, trial: Trial, random: Random) -> Trial:
    """Now and then one of the placements is what there is today: `no_worse` rules may be broken so."""
    tolerated = form.rule.enforcement == "no_worse" and len(trial.placings) > 1
    if tolerated or random.random() < ODDS:
        return settled(trial, random.choice(trial.placings[tolerated:]))
    return trial


def _more_shards(form: Form, random: Random) -> int:
    """How many shards are there beside the first one; as many as break a limit of replicas."""
    kind = form.rule.kind
    if isinstance(kind, Capacity) and kind.replicas is not None:
        return min(kind.replicas, MOST_OWN)
    return random.choice((1, 1, 2))


def _company(space: Space, form: Form, shard: Shard, random: Random) -> Shard:
    """Another shard that the rule is about: one of those that it looks at, or governs too."""
    kind = form.rule.kind
    if not isinstance(kind, (Apart, Together)):
        # What a goal weighs is seen beside what it does not: a shard that few rules know.
        if form.is_goal and random.random() < ODDS and not governs(space, form.guard, {}):
            return {}
        return drawn_shard(space, random, form.guard)
    targets = kind.targets
    region: Region = without(ALL, form.guard, space.everything) if targets.ungoverned else form.looks
    found = dict(drawn_shard(space, random, region or form.guard))
    if targets.same_group and GROUP in shard:
        found[GROUP] = shard[GROUP]
    if targets.differing_in is not None:
        slot = ("shard", "labels", targets.differing_in)
        axis = space.axes[slot]
        values = axis.everything & ~axis.missing & ~(1 << shard.get(slot, axis.size - 1))
        if values:
            found[slot] = drawn_atom(random, values)
    return found


def _layout(space: Space, sides: Sides, shard: Shard, own: int, random: Random, odds: float) -> Layout | None:
    """Nodes that keep the required rules of a side, and each yielding one with such odds."""
    parts = governing(space, random.choice(sides), shard)
    required = [part for part in parts if part.required]
    needs = needs_of([*required, *(part for part in parts if not part.required and random.random() < odds)])
    count = own + random.choice((-1, 0, 0, 1)) if odds < 1 else own
    return _narrowed(space, random, shard, needs, count) or _narrowed(
        space, random, shard, needs_of(required), own
    )


def _narrowed(space: Space, random: Random, shard: Shard, needs: Sequence[Need], own: int) -> Layout | None:
    """Nodes that fit, each attribute with a value that was drawn where it may have that."""
    found = layout(space, shard, needs, own)
    if not found:
        return None
    for slot in sorted(space.axes):
        if slot[0] == "node" and slot != NODE_ID and random.random() < ODDS:
            atom = drawn_atom(random, space.axes[slot].everything)
            more = [*needs, Nodes(({slot: 1 << atom},))]
            if (narrower := layout(space, shard, more, own)) is not None:
                found, needs = narrower, more
    return found


def _snapshot(
    space: Space,
    sides: Sides,
    shards: Sequence[Shard],
    layouts: Sequence[Sequence[Layout]],
    owns: Sequence[int],
) -> Json:
    statements = [statement for side in sides for statement in side.statements]
    nodes = [node for found in layouts for one in found for node in one]
    document = snapshot(space, statements, shards, nodes)
    for shard, sample, own in zip(document["shards"], shards, owns, strict=True):
        if REPLICAS not in sample:
            shard["replicas"] = own
    return document


def _placings(document: Json, homes: Sequence[Sequence[str]], random: Random) -> Iterator[Placing]:
    """Everybody at home, and then at somebody else's or anywhere."""
    shards = [shard["id"] for shard in document["shards"]]
    base = {shard: list(home) for shard, home in zip(shards, homes, strict=True)}
    yield base
    if len(shards) > 2:
        yield {shard: (list(homes[0]) + home)[: len(home)] for shard, home in base.items()}
    visits = list(permutations(range(len(shards)), 2))
    random.shuffle(visits)
    for guest, host in visits[: PLACINGS - 3]:
        yield base | {shards[guest]: (list(homes[host]) + list(homes[guest]))[: len(homes[guest])]}
    names = [node["id"] for node in document["nodes"]]
    for _ in range(max(1, PLACINGS - 2 - len(visits))):
        yield {shard: random.sample(names, len(home)) for shard, home in base.items()}
