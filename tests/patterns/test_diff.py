"""What a change of policies means: the verdict, and clusters on which the certificate sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shardwright
from shardwright.cli import main
from shardwright.differing import diff, impact, side
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.compare.forms import sides_of
from shardwright.solver.patterns.compare.near import near
from shardwright.solver.patterns.compare.pairing import left_over
from tests.patterns.comparing import trial
from tests.solver.making import Json, cluster, constrained, node, policy, shard

GOLD = {"scope": {"shards": {"tier": "gold"}}}
TIN = {"scope": {"shards": {"tier": "tin"}}}
GOLD_AND_TIN = {"scope": {"shards": {"tier": ["gold", "tin"]}}}


def preferring(disk: str) -> Json:
    return policy("like", "placement", {"preferences": [{"labels": {"disk": disk}, "weight": 2}]})


def even(tolerance: float, memory: float = 90) -> Json:
    asked = {"resources": ["cpu"], "tolerance": tolerance, "max_utilization": {"memory": memory}}
    return policy("even", "load_balancing", asked)


def saving(priority: int) -> Json:
    return policy("cheap", "cost_optimization", {"minimize": "cost"}) | {"priority": priority}


def leaving(name: str, condition: str, priority: int) -> Json:
    return policy(name, "migration", {"leave": True}) | {
        "conditions": {"expr": condition},
        "priority": priority,
    }


def copies(name: str, count: int, priority: int, **more: Json) -> Json:
    kind = {"priority": priority, "enforcement": "required"}
    return policy(name, "replication", {"replicas": count}) | kind | more


BESIDE = [
    constrained("west", region="west") | GOLD,
    constrained("apart", "yielding", spread={"by": "rack", "max": 1}),
]
CASES: dict[str, tuple[list[Json], list[Json], tuple[str, str]]] = {
    "a tolerance, by half a percent": (
        [*BESIDE, even(25)],
        [*BESIDE, even(25.5)],
        ("different", "witness"),
    ),
    "a share of the capacity, by one percent": (
        [*BESIDE, even(25, 90)],
        [*BESIDE, even(25, 89)],
        ("stricter", "witness"),
    ),
    "goals of two priorities that now have one": (
        [*BESIDE, even(25) | {"priority": 3}, saving(4)],
        [*BESIDE, even(25) | {"priority": 3}, saving(3)],
        ("different", "witness"),
    ),
    "who leaves first": (
        [leaving("hot", "node.cpu_usage > 85", 3), leaving("old", "node.labels.disk == 'hdd'", 4)],
        [leaving("hot", "node.cpu_usage > 85", 4), leaving("old", "node.labels.disk == 'hdd'", 3)],
        ("different", "witness"),
    ),
    "the weight of a preference that is alone at its priority": (
        [policy("like", "placement", {"preferences": [{"labels": {"disk": "ssd"}, "weight": 2}]})],
        [policy("like", "placement", {"preferences": [{"labels": {"disk": "ssd"}, "weight": 3}]})],
        ("equivalent", "forms"),
    ),
    "a preference that turns about": (
        [policy("like", "placement", {"preferences": [{"labels": {"disk": "ssd"}, "weight": 2}]})],
        [policy("like", "placement", {"preferences": [{"labels": {"disk": "ssd"}, "weight": -2}]})],
        ("different", "witness"),
    ),
    "the priority of an exact count that is alone": (
        [copies("three", 3, 1)],
        [copies("three", 3, 2)],
        ("equivalent", "forms"),
    ),
    "nothing": ([constrained("p", zone="a")], [constrained("p", zone="a")], ("equivalent", "forms")),
    "another name": ([constrained("p", zone="a")], [constrained("q", zone="a")], ("equivalent", "forms")),
    "a list of one": ([constrained("p", zone="a")], [constrained("p", zone=["a"])], ("equivalent", "forms")),
    "one policy as two": (
        [constrained("p", zone="a") | GOLD_AND_TIN],
        [
            constrained("p", zone="a") | {"scope": {"shards": {"tier": "gold"}}},
            constrained("q", zone="a") | {"scope": {"shards": {"tier": "tin"}}},
        ],
        ("equivalent", "forms"),
    ),
    "two lists that meet in one": (
        [constrained("p", zone=["a", "b"]), constrained("q", zone=["b", "c"])],
        [constrained("p", zone="b")],
        ("equivalent", "forms"),
    ),
    "fewer values": (
        [constrained("p", zone=["a", "b"])],
        [constrained("p", zone="a")],
        ("stricter", "witness"),
    ),
    "a wider scope": (
        [constrained("p", zone="a") | {"scope": {"shards": {"tier": "gold"}}}],
        [constrained("p", zone="a") | GOLD_AND_TIN],
        ("stricter", "witness"),
    ),
    "more of them in a zone": (
        [constrained("p", spread={"by": "zone", "max": 1})],
        [constrained("p", spread={"by": "zone", "max": 2})],
        ("looser", "witness"),
    ),
    "values that no longer count for a skew": (
        [constrained("even", spread={"by": "zone", "max_skew": 0})],
        [
            constrained("even", spread={"by": "zone", "max_skew": 0}),
            constrained("p", zone=["a", "b"]),
        ],
        ("different", "witness"),
    ),
    "another value": ([constrained("p", zone="a")], [constrained("p", zone="b")], ("different", "witness")),
    "another value, where no node may hold the shards before or after": (
        [constrained("p", zone="a"), constrained("law", zone="c")],
        [constrained("p", zone="b"), constrained("law", zone="c")],
        ("equivalent", "forms"),
    ),
    "another value, where one of two kinds of shards has a node": (
        [constrained("p", zone="a") | GOLD_AND_TIN, constrained("law", zone="c") | GOLD],
        [constrained("p", zone="b") | GOLD_AND_TIN, constrained("law", zone="c") | GOLD],
        ("different", "witness"),
    ),
    "another value, which leaves the shards no node any more": (
        [constrained("p", zone="a"), constrained("law", zone=["a", "c"])],
        [constrained("p", zone="b"), constrained("law", zone=["a", "c"])],
        ("stricter", "witness"),
    ),
    "what other rules together forbid already": (
        [constrained("p", zone=["a", "b"]) | GOLD_AND_TIN, constrained("q", zone=["b", "c"]) | GOLD],
        [
            constrained("p", zone=["a", "b"]) | GOLD_AND_TIN,
            constrained("q", zone=["b", "c"]) | GOLD,
            constrained("r", zone=["b", "d"]) | GOLD,
        ],
        ("equivalent", "forms"),
    ),
    "more replicas than there is room for": (
        [constrained("p", zone=["a", "b"]), constrained("even", spread={"by": "zone", "max": 1})],
        [
            constrained("p", zone=["a", "b"]),
            constrained("even", spread={"by": "zone", "max": 1}),
            constrained("few", max_replicas=3),
        ],
        ("equivalent", "forms"),
    ),
    "fewer replicas, where a shard may ask for none": (
        [constrained("p", zone="a"), constrained("law", zone="c")],
        [constrained("p", min_replicas=2), constrained("law", zone="c"), constrained("q", zone="a")],
        ("stricter", "witness"),
    ),
    "more replicas, where others may stay as bad as they are": (
        [
            constrained("p", "no_worse", spread={"by": "zone", "max": 1}),
            constrained("q", "no_worse", max_replicas=2),
        ],
        [
            constrained("p", "no_worse", spread={"by": "zone", "max": 1}),
            constrained("r", "no_worse", zone="a"),
        ],
        ("different", "witness"),
    ),
    "fewer replicas, though others want more of them": (
        [constrained("p", "yielding", max_replicas=1), constrained("q", "yielding", min_replicas=2)],
        [constrained("q", "yielding", min_replicas=2)],
        ("different", "witness"),
    ),
    "a limit of replicas that yields and is never broken": (
        [constrained("p", "yielding", max_replicas=2)],
        [constrained("p", max_replicas=2)],
        ("equivalent", "forms"),
    ),
    "a limit of replicas that yields, taken away": (
        [constrained("p", "yielding", max_replicas=2)],
        [],
        ("different", "witness"),
    ),
    "a rule about moves that may stay as bad as it is": (
        [policy("p", "migration", {"stay": True}, enforcement="no_worse")],
        [policy("p", "migration", {"stay": True}, enforcement="required")],
        ("equivalent", "forms"),
    ),
    "a rule that becomes a preference": (
        [constrained("p", "yielding", zone="a")],
        [constrained("p", "preferred", zone="a")],
        ("looser", "witness"),
    ),
    "fewer on a node": (
        [constrained("p", max_per_node=2)],
        [constrained("p", max_per_node=1)],
        ("stricter", "witness"),
    ),
    "apart from more shards": (
        [constrained("p", apart_from={"shards": {"tier": "gold"}})],
        [constrained("p", apart_from={"shards": {"tier": ["gold", "tin"]}})],
        ("stricter", "witness"),
    ),
    "a goal for shards that have no node": (
        [constrained("p", zone="a"), constrained("law", zone="c")],
        [
            constrained("p", zone="a"),
            constrained("law", zone="c"),
            policy("cheap", "cost_optimization", {"minimize": "cost"}),
        ],
        ("equivalent", "forms"),
    ),
    "the same wish with another weight, alone": (
        [constrained("p", "yielding", zone="a")],
        [constrained("p", "yielding", zone="a") | {"weight": 3}],
        ("equivalent", "forms"),
    ),
    "the same wish with another weight, beside one for other shards": (
        [constrained("p", "yielding", zone="a") | GOLD, constrained("q", "yielding", zone="b") | TIN],
        [
            constrained("p", "yielding", zone="a") | GOLD | {"weight": 3},
            constrained("q", "yielding", zone="b") | TIN,
        ],
        ("different", "witness"),
    ),
    "a wish less important than one for other shards": (
        [
            constrained("p", "yielding", zone="a") | GOLD,
            constrained("q", "yielding", max_per_node=2) | TIN | {"priority": 2},
        ],
        [
            constrained("p", "yielding", zone="a") | GOLD | {"priority": 3},
            constrained("q", "yielding", max_per_node=2) | TIN | {"priority": 2},
        ],
        ("different", "witness"),
    ),
    "other tastes": ([preferring("ssd")], [preferring("hdd")], ("different", "witness")),
    "from yielding to required": (
        [constrained("p", "yielding", zone="a")],
        [constrained("p", zone="a")],
        ("stricter", "witness"),
    ),
    "the same wish at another priority, alone": (
        [constrained("p", "yielding", zone="a")],
        [constrained("p", "yielding", zone="a") | {"priority": 2}],
        ("equivalent", "forms"),
    ),
    "the same order of priorities": (
        [constrained("p", "yielding", zone="a"), constrained("q", "yielding", zone="b") | {"priority": 4}],
        [
            constrained("p", "yielding", zone="a") | {"priority": 2},
            constrained("q", "yielding", zone="b") | {"priority": 4},
        ],
        ("equivalent", "forms"),
    ),
    "another order of priorities": (
        [constrained("p", "yielding", zone="a"), constrained("q", "yielding", zone="b") | {"priority": 2}],
        [
            constrained("p", "yielding", zone="a") | {"priority": 3},
            constrained("q", "yielding", zone="b") | {"priority": 2},
        ],
        ("different", "witness"),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_verdict_on_a_change(name: str) -> None:
    old, new, expected = CASES[name]
    found = diff(old, new)
    assert (found.verdict, found.proof) == expected


@pytest.mark.parametrize("name", ["fewer values", "a wider scope"])
def test_a_witness_is_certified_under_one_side_only(name: str) -> None:
    """By the same `certify` that users have."""
    old, new, _ = CASES[name]
    (witness,) = diff(old, new).witnesses
    document = witness.to_json()
    before = shardwright.compile(old).certify(document["cluster"], document["placement"])
    after = shardwright.compile(new).certify(document["cluster"], document["placement"])
    assert (before.certified, after.certified) == (True, False)


def test_the_reverse_change_has_the_reverse_verdict() -> None:
    reverse = {"stricter": "looser", "looser": "stricter"}
    for old, new, (verdict, proof) in CASES.values():
        if proof != "bounded":
            assert diff(new, old).verdict == reverse.get(verdict, verdict)


def test_a_change_that_nobody_sees_says_why() -> None:
    """The rules that leave no node, a smallest set of them on each side."""
    law, spare = constrained("law", zone="c"), constrained("spare", disk="ssd")
    found = diff([constrained("p", zone="a"), law, spare], [constrained("p", zone="b"), law, spare])
    (one,) = found.unplaced
    assert [cause.policy for cause in one.new] == ["law", "p"]
    assert not one.alike
    assert one.to_json()["old"]["text"] == "no node can fulfil all of these at once"


def test_the_change_of_one_policy_among_many_looks_at_few() -> None:
    """Those that govern none of its shards are not judged: they are as on the other side."""
    others = [constrained(f"o{at}", zone="b") | {"scope": {"shards": {"tier": f"t{at}"}}} for at in range(50)]
    old, new = ([constrained("p", zone=zone) | GOLD, *others] for zone in ("a", "b"))
    first, second = (side(one) for one in (old, new))
    _, before, _ = sides_of(first.policies, second.policies, Reached())
    gone, _ = left_over(*sides_of(first.policies, second.policies, Reached()))
    assert [policy.name for policy in near(before, gone).policies] == ["p"]
    assert diff(old, new).verdict == "different"


def test_conditions_too_complex_for_regions_are_compared_by_their_text() -> None:
    """Nothing is claimed of two that are not spelled alike."""
    first, second = (
        constrained(name, zone="a") | {"conditions": {"expr": f"node.x > 1 or ({complex_}) "}}
        for name, limit in (("p", 5), ("q", 6))
        for complex_ in [" and ".join(f"(node.a{at} < {limit} or node.b{at} > 7)" for at in range(9))]
    )
    assert diff([first], [first | {"name": "q"}]).verdict == "equivalent"
    gone, come = left_over(*sides_of(side([first]).policies, side([first, second]).policies, Reached()))
    assert not gone
    assert [form.policy.name for form in come] == ["q"]


def test_who_decides_a_count_reads_another_one() -> None:
    """The same condition in a policy that decides counts, and in one that does not."""
    few = {"conditions": {"any": [{"expr": "node.cpu_usage < 50"}, {"expr": "shard.replicas >= 2"}]}}
    old = [constrained("p", min_replicas=2) | few]
    new = [constrained("p") | few, constrained("q", min_replicas=2)]
    gone, come = left_over(*sides_of(side(old).policies, side(new).policies, Reached()))
    assert [form.rule.kind.name for form in (*gone, *come)] == ["allow", "allow"]


def test_dates_of_a_dependency_count() -> None:
    """A policy that another one is needed for is in force only with it."""
    base = constrained("base", disk="ssd") | {"valid_until": "2026-01-01T00:00:00Z"}
    alone, dependent = constrained("p", zone="a"), constrained("p", zone="a") | {"depends_on": ["base"]}
    assert diff([base, alone], [base, dependent]).verdict == "looser"


def test_random_changes_hold_on_random_clusters() -> None:
    """`python -m tests.patterns.comparing` does the same with thousands."""
    for seed in range(18, 22):
        found, against, old, new = trial(seed, clusters=2)
        assert not against, (seed, found.verdict, against[0], old, new)


CLUSTER = cluster(
    [node("n1", labels={"zone": "a"}), node("n2", labels={"zone": "b"})],
    [shard("s1", placement=[{"node": "n1"}])],
)


def test_moves_and_costs_on_a_cluster() -> None:
    before = shardwright.compile([constrained("p", zone="a")])
    after = shardwright.compile([constrained("p", zone="b")])
    found = impact(before, after, CLUSTER, strategy="exact")
    assert not found.old.moves
    assert [(move.source, move.target) for move in found.only_new] == [("n1", "n2")]
    assert found.stays is False
    (moved,) = [item for item in found.to_json()["levels"] if item["block"] == 3]
    assert moved["old"]["cost"] < moved["new"]["cost"]


def test_a_rule_that_allows_does_so_too_where_it_is_given_up_in_any_case() -> None:
    """Two replicas never stand in three regions; but the limit takes the place of the shard's own count."""
    limits = {
        "max_replicas": 2,
        "spread": {"by": "region", "min_values": 3},
        "latency": {"from": "eu", "max_ms": 5},
    }
    added = constrained("p", "yielding", **limits)
    assert diff([], [added]).verdict == "different"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders in, one JSON document out, witnesses as files that `certify` takes."""
    for name, zones in (("old", ["a", "b"]), ("new", ["a"])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.json").write_text(json.dumps(constrained("p", zone=zones)))
    snapshot = tmp_path / "cluster.json"
    snapshot.write_text(json.dumps(CLUSTER))
    words = ["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--cluster", str(snapshot)]
    assert main([*words, "--format", "json", "--witness", str(tmp_path / "w")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "stricter"
    assert document["changes"][0]["change"] == "altered"
    assert document["on_cluster"]["old_answer_stays"] is True
    assert (tmp_path / "w" / "stricter.json").exists()
    assert main(words) == 0
    page = capsys.readouterr().out
    assert page.startswith("stricter: ")
    assert "Forbidden now" in page


def test_a_spread_is_broken_where_other_rules_want_more_places_than_one() -> None:
    """Two of three replicas in one zone, for the others want two zones."""
    copies = policy("copies", "replication", {"replicas": 3}, enforcement="required")
    wide = constrained("wide", spread={"by": "zone", "min_values": 2})
    found = diff([copies, wide], [copies, wide, constrained("narrow", spread={"by": "zone", "max": 1})])
    assert (found.verdict, found.proof) == ("stricter", "witness")
    assert found.witnesses[0].new.words == (
        "`narrow`: shard `s1` has 2 replicas in zone `zone-1`, 1 allowed",
    )


def test_a_change_that_leaves_no_answer_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And lists no moves beside an answer that is not there."""
    for name, zone in (("old", "a"), ("new", "c")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.json").write_text(json.dumps(constrained("p", zone=zone)))
    snapshot = tmp_path / "cluster.json"
    snapshot.write_text(json.dumps(CLUSTER))
    words = ["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--cluster", str(snapshot)]
    assert main(words) == 0
    page = capsys.readouterr().out
    assert "new: conflict, 1 conflict" in page
    assert "`p` leaves no node for" in page
    assert "Only with the old policies" not in page
    assert main([*words, "--format", "json"]) == 0
    new = json.loads(capsys.readouterr().out)["on_cluster"]["new"]
    assert [one["causes"][0]["policy"] for one in new["conflicts"]] == ["p"]


def test_an_empty_folder_is_a_side_without_policies(tmp_path: Path) -> None:
    """As before the first policies of all; a folder that is not there is still an error."""
    for name in ("nothing", "first"):
        (tmp_path / name).mkdir()
    (tmp_path / "first" / "p.json").write_text(json.dumps(constrained("p", zone="a")))
    assert diff(tmp_path / "nothing", tmp_path / "first").verdict == "stricter"
    assert diff(tmp_path / "first", tmp_path / "nothing").verdict == "looser"
    assert diff(tmp_path / "nothing", tmp_path / "nothing").verdict == "equivalent"
    with pytest.raises(DiagnosticError, match="there is no file or folder"):
        diff(tmp_path / "missing", tmp_path / "first")


def test_the_priority_of_an_exact_count_matters_beside_another() -> None:
    two = copies("two", 2, 2, **GOLD)
    assert diff([copies("three", 3, 1), two], [copies("three", 3, 3), two]).verdict != "equivalent"
    tin = copies("two", 2, 2, **TIN)
    of_gold = [copies("three", 3, priority, **GOLD) for priority in (1, 3)]
    assert diff([of_gold[0], tin], [of_gold[1], tin]).verdict == "equivalent"
