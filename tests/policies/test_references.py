"""What policies say of each other: names that are taken, missing, or lead in a circle."""

from __future__ import annotations

import json

from shardwright.policies.load import load_texts
from shardwright.policies.read import Text
from tests.policies.making import codes, helps, load, only, policy, problems, text_of, underlined


def test_a_name_that_is_taken_is_an_error_at_both_places() -> None:
    found = only(policy(name="a"), policy(name="a", priority=2))
    assert (found.code, found.message) == ("E2001", "two policies have the name `a`")
    assert [(span.place.file, text_of(span)) for span in found.spans] == [
        ("1.json", '"a"'),
        ("0.json", '"a"'),
    ]


def test_a_missing_dependency_is_a_warning() -> None:
    policies, [found] = load(policy(name="spread"), policy(name="b", depends_on=["sprad"]))
    assert (found.code, found.severity) == ("W2002", "warning")
    assert found.message == "`b` depends on `sprad`, and there is no such policy"
    assert (underlined(found), helps(found)) == ('"sprad"', ["did you mean `spread`?"])
    assert [item.name for item in policies] == ["b", "spread"]


def test_a_missing_parent_is_an_error() -> None:
    found = only(policy(name="base-eu"), policy(name="b", extends="bas-eu"))
    assert (found.code, found.severity) == ("E2002", "error")
    assert found.message == "there is no policy `bas-eu` to extend"
    assert (underlined(found), helps(found)) == ('"bas-eu"', ["did you mean `base-eu`?"])


def test_what_a_missing_parent_may_give_is_not_called_missing() -> None:
    assert codes({"name": "b", "extends": "a", "description": "x"}) == ["E2002"]


def test_a_parent_with_a_syntax_error_is_not_called_missing() -> None:
    broken = json.dumps(policy(name="a"))[:-1] + ",}"
    child = json.dumps(policy(name="b", extends="a", depends_on="a"))
    found = load_texts([Text("a.json", broken), Text("b.json", child)])[1]
    assert {item.code[:2] for item in found} == {"E0"}


def test_a_circle_is_shown_with_every_step_and_place() -> None:
    found = only(
        policy(name="a", depends_on="b"),
        policy(name="b", depends_on=["x", "c"]),
        policy(name="c", extends="a"),
        policy(name="x"),
    )
    assert found.code == "E2003"
    assert found.message == (
        "policies need each other in a circle: `a` depends on `b`, `b` depends on `c`, `c` extends `a`"
    )
    assert [(span.place.file, text_of(span)) for span in found.spans] == [
        ("0.json", '"b"'),
        ("1.json", '"c"'),
        ("2.json", '"a"'),
    ]


def test_a_policy_that_depends_on_itself_is_a_circle() -> None:
    found = only(policy(name="a", depends_on="a"))
    assert found.message == "policies need each other in a circle: `a` depends on `a`"


def test_a_policy_that_extends_itself_is_a_circle() -> None:
    assert codes(policy(name="a", extends="a")) == ["E2003"]


def test_two_circles_are_two_errors() -> None:
    pairs = [policy(name=one, depends_on=other) for one, other in ("ab", "ba", "cd", "dc")]
    assert codes(*pairs) == ["E2003", "E2003"]


def test_a_circle_of_extends_says_nothing_of_what_might_be_inherited() -> None:
    one = {"name": "a", "extends": "b", "description": "x"}
    assert codes(one, {"name": "b", "extends": "a", "description": "x"}) == ["E2003"]


def test_a_long_chain_is_no_circle_and_no_recursion() -> None:
    chain = [policy(name="p0")] + [
        policy(name=f"p{index}", extends=f"p{index - 1}", depends_on=f"p{index - 1}")
        for index in range(1, 1500)
    ]
    assert problems(*chain) == []


def test_all_files_are_judged_in_one_run() -> None:
    found = problems(
        policy(name="a", priority=0), policy(name="b", extends="zzz"), policy(name="c", wieght=2)
    )
    assert [(item.code, item.spans[0].place.file) for item in found] == [
        ("E1104", "0.json"),
        ("E2002", "1.json"),
        ("E1102", "2.json"),
    ]
