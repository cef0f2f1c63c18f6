"""What the snapshot's own placement breaks of company rules, so that no_worse rules bear with it."""

from __future__ import annotations

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.company import breaks, cell_of
from shardwright.solver.search.tables import State, Tables


@kernel
def mark_tolerated(t: Tables, settled: State) -> None:
    """Fill `t.company.tolerated` from the state of the settled placement."""
    company, home = t.company, t.alone.home
    for rule in range(len(company.key)):
        if not company.no_worse[rule]:
            continue
        for shard in range(home.shape[0]):
            bucket, sort = company.bucket[rule, shard], company.sort[rule, shard]
            if bucket < 0 or not company.governed[rule, shard]:
                continue
            for at in range(home.shape[1]):
                node = home[shard, at]
                value = t.shape.label[company.key[rule], node] if node >= 0 else -1
                if value >= 0:
                    first = cell_of(company, rule, bucket, value)
                    company.tolerated[rule, shard, at] = breaks(
                        company, settled.aim, rule, bucket, first, sort
                    )
