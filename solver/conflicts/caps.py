"""The caps on looking for conflicts, by the names under which answers mention them."""

from __future__ import annotations

MAX_CONFLICTS = 20  # `max_conflicts`: so many are listed
MAX_CHECKS = 2_000  # `max_checks`: so many sets of rules are tried
MAX_EFFORT = 50_000  # `max_effort`: solver conflicts before the verdict on one set is left open
MAX_PAIRS = 150_000  # `max_pairs`: pairs of shard and node that are looked at as a whole
MAX_EASY = 5_000  # up to here the logic alone looks at the whole; beyond it, placements are looked for first
MAX_WITNESSES = 12  # `max_witnesses`: placements that are looked for to show that there are no others
MAX_WITNESS_STEPS = 300_000  # steps of the search for one of them
MAX_SEARCHED = 10_000_000  # pairs up to which the search looks for them
MAX_KINDS = 400  # `max_kinds`: kinds of shards that are looked at one by one
MAX_REPAIRED = 5  # `max_repaired`: conflicts for which ways out are looked for
MAX_REPAIRS = 8  # `max_repairs`: ways out that are told of each
MAX_OPTIONS = 4  # `max_options`: nodes or values that are tried for one way out
MAX_ADDED = 16  # `max_added`: nodes that a way out adds, beyond what counting asks for
MAX_HOMES = 2_000  # kinds of shards, by where they stand today, of which one each is judged
MAX_JUDGED = 20_000  # shards that are judged one by one to see whether today's placement can be kept
MAX_FEW = 50  # shards up to which the logic places them, beyond it the search does
MAX_ANEW = 500  # shards that are placed anew beside all others
MAX_WAYS = 16  # ways to leave out rules, for each of which a shard without a place gets one

# What those say that stop an answer.
TOLD = {
    "max_conflicts": f"{MAX_CONFLICTS} are listed",
    "max_checks": f"{MAX_CHECKS:,} sets of rules were tried",
    "max_effort": f"a set of rules was not decided within {MAX_EFFORT:,} solver conflicts",
    "max_kinds": f"{MAX_KINDS} kinds of shards were looked at one by one",
    "max_pairs": f"more than {MAX_PAIRS:,} pairs of shard and node are not looked at as a whole",
}
