"""`change`: the cluster of a story, and what is different this time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.document import to_document
from shardwright.cluster.load import cluster_from
from shardwright.grammar.diagnostics import DiagnosticError, Span
from shardwright.grammar.tree import pointer
from shardwright.policies.checks.say import problem
from shardwright.testing.names import hit, unknown
from shardwright.testing.spot import Spot
from shardwright.testing.stories import Story

Document = dict[str, Any]


def changed(cluster: Cluster, story: Story) -> Cluster:
    """The cluster after the story's change. Raises DiagnosticError."""
    change = story.model.change
    if change is None:
        return cluster
    document = to_document(cluster)
    before = {node["id"] for node in document["nodes"]}
    document["nodes"] = _patched(document["nodes"], change.nodes, "nodes", story)
    _without(document, before - {node["id"] for node in document["nodes"]})
    document["shards"] = _patched(document["shards"], change.shards, "shards", story)
    document["metrics"] = merged(document.get("metrics", {}), dict(change.metrics))
    if change.taken_at is not None:
        document["taken_at"] = change.taken_at
    place = story.tree.find("/change").place
    try:
        return cluster_from(document)
    except DiagnosticError as error:
        spans = (Span(place, "after this change"),)
        raise DiagnosticError([replace(item, spans=spans) for item in error.diagnostics]) from None


def _patched(things: list[Document], patches: Mapping[str, Any], kind: str, story: Story) -> list[Document]:
    names = [thing["id"] for thing in things]
    for wanted, patch in patches.items():
        chosen = set(hit(wanted, names))
        if not chosen:
            place = Spot(story.tree).at("change", kind).key(wanted)
            raise DiagnosticError([unknown(wanted, names, kind, place)])
        if patch is not None and not isinstance(patch, dict):
            place = story.tree.find(pointer("change", kind, wanted)).place
            raise DiagnosticError([problem("E1103", f"`{wanted}`: expected an object or null", place)])
        kept = [thing for thing in things if patch is not None or thing["id"] not in chosen]
        things = [merged(thing, patch) if thing["id"] in chosen else thing for thing in kept]
    return things


def merged(value: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    made = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), item)
    return made


def _without(document: Document, lost: set[str]) -> None:
    """What stood on a node that was taken away stands there no more."""
    for shard in document["shards"]:
        kept = [item for item in shard["placement"] if item["node"] not in lost]
        shard["placement"] = kept
