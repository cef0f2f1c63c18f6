"""Limits on sums over sites."""

from __future__ import annotations

from typing import Any

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.tables import COMES, FAULT, GOES, Meters


@kernel
def add_cell(t: Meters, cell: int, load: int, sign: int, out: Any) -> None:
    """What a load of a measure at a site costs; the last entry counts the limits that it breaks."""
    for row in range(t.start[cell], t.start[cell + 1]):
        excess = load - t.limit[row]
        if excess > 0:
            out[t.level[row]] += sign * t.price[row] * excess
            out[len(out) - 1] += sign
            if excess > t.tolerated[row]:
                out[FAULT] += sign * t.fault[row] * (excess - t.tolerated[row])


@kernel
def on_site(t: Meters, node: int, site: int) -> bool:
    for at in range(t.sites.shape[1]):
        if t.sites[node, at] == site:
            return True
    return False


@kernel
def site_count(t: Meters) -> int:
    return (len(t.start) - 1) // max(1, t.weight.shape[1])


@kernel
def add_exchange(
    t: Meters, load: Any, out_shard: int, in_shard: int, here: int, there: int, out: Any
) -> None:
    """The change when `here` gives a replica of `out_shard` to `there` for one of `in_shard` (or -1)."""
    sites = site_count(t)
    for measure in range(t.weight.shape[1]):
        moved = t.weight[out_shard, measure]
        if in_shard >= 0:
            moved -= t.weight[in_shard, measure]
        if moved == 0:
            continue
        for at in range(t.sites.shape[1]):
            site = t.sites[here, at]
            if site >= 0 and not on_site(t, there, site):
                cell = measure * sites + site
                add_cell(t, cell, load[cell], GOES, out)
                add_cell(t, cell, load[cell] - moved, COMES, out)
            site = t.sites[there, at]
            if site >= 0 and not on_site(t, here, site):
                cell = measure * sites + site
                add_cell(t, cell, load[cell], GOES, out)
                add_cell(t, cell, load[cell] + moved, COMES, out)


@kernel
def add_presence(t: Meters, load: Any, shard: int, node: int, sign: int, out: Any) -> None:
    """The change when a replica comes to a node (sign 1) or goes (-1); the load is not touched."""
    sites = site_count(t)
    for measure in range(t.weight.shape[1]):
        moved = sign * t.weight[shard, measure]
        if moved == 0:
            continue
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0:
                cell = measure * sites + site
                add_cell(t, cell, load[cell], GOES, out)
                add_cell(t, cell, load[cell] + moved, COMES, out)


@kernel
def carry(t: Meters, load: Any, shard: int, node: int, sign: int) -> None:
    """Put a replica's load on a node, or take it off."""
    sites = site_count(t)
    for measure in range(t.weight.shape[1]):
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0:
                load[measure * sites + site] += sign * t.weight[shard, measure]
