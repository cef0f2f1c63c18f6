"""Diagnostics for people and programs: exact words, safe characters, the same bytes every time."""

from __future__ import annotations

import json
import random
import re
from xml.etree import ElementTree

import pytest

from shardwright.grammar.diagnostics import Diagnostic, Help, Span, sort_diagnostics
from shardwright.grammar.parser import parse_document
from shardwright.grammar.places import Place, Source
from shardwright.grammar.render import FORMATS, render
from shardwright.grammar.render.sarif import file_uri

PIN = Source("policies/pin-42.json", '{\n  "name": "pin-42",\n  "node": "n1"\n}\n')
SPREAD = Source("policies/spread.json", '{"spread": {"max": 1}}\n')
CONFLICT = Diagnostic(
    "E3001",
    "policies cannot all hold: `spread` and `pin-42`",
    (
        Span(Place(PIN, 32, 36, "/node"), "keeps a replica of `42` on n1"),
        Span(Place(SPREAD, 19, 20, "/spread/max"), "allows one replica in a zone", primary=False),
    ),
    policy="pin-42",
    version=7,
    notes=("minimal: drop either and it holds",),
    helps=(Help("make `pin-42` yielding", ({"op": "add", "path": "/enforcement", "value": "yielding"},)),),
)
WARNING = Diagnostic("W1001", "100 % of `x`, so: odd", (Span(Place(PIN, 0, 1)),), severity="warning")


def problems(text: str, name: str = "x.json") -> list[Diagnostic]:
    return parse_document(text, name)[1]


def test_for_people() -> None:
    assert render([CONFLICT], "human") == (
        "error[E3001]: policies cannot all hold: `spread` and `pin-42`\n"
        " --> policies/pin-42.json:3:11  (/node)   pin-42@v7\n"
        "  |\n"
        '3 |   "node": "n1"\n'
        "  |           ^^^^ keeps a replica of `42` on n1\n"
        " ::: policies/spread.json:1:20  (/spread/max)\n"
        "  |\n"
        '1 | {"spread": {"max": 1}}\n'
        "  |                    - allows one replica in a zone\n"
        "  = note: minimal: drop either and it holds\n"
        "  = help: make `pin-42` yielding\n"
    )


def test_places_in_one_file_share_an_excerpt() -> None:
    text = '{"a": 1,\n "b": 2,\n "c": 3,\n "a": 4}'
    assert render(problems(text), "human") == (
        "error[E0018]: the key `a` stands twice in one object\n"
        " --> x.json:4:2  (/a)\n"
        "  |\n"
        '1 | {"a": 1,\n'
        "  |  --- first here\n"
        "...\n"
        '4 |  "a": 4}\n'
        "  |  ^^^ again here\n"
        "  = help: keep one of them\n"
    )


def test_marks_stand_below_wide_characters_and_behind_tabs() -> None:
    lines = render(problems('{\n\t"漢字é": "x" "y": 1}'), "human").splitlines()
    assert lines[3:5] == ['2 |     "漢字é": "x" "y": 1}', "  |                 ^ a comma is missing here"]


def test_a_long_line_is_cut_around_the_place() -> None:
    lines = render(problems('["' + "a" * 500 + '" 1, "' + "b" * 500 + '"]'), "human").splitlines()
    assert lines[3].startswith("1 | ...aaaa")
    assert lines[3].endswith("bbb...")
    assert len(lines[3]) <= 104
    column = lines[4].index("^")
    assert lines[3][column - 1] == '"'


def test_a_value_of_several_lines_is_marked_on_its_first() -> None:
    source = Source("x", '{"a": {\n  "b": 1\n}}')
    found = Diagnostic("E1101", "m", (Span(Place(source, 6, 20), "here"),))
    assert render([found], "human").splitlines()[3:] == ['1 | {"a": {', "  |       ^ here"]


def test_without_a_text_the_file_alone_is_named() -> None:
    found = Diagnostic("E2101", "no file `a`", (Span(Place(Source("a", ""), 0, 0)),))
    assert render([found], "human") == "error[E2101]: no file `a`\n --> a\n"


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" not in render([CONFLICT], "human")
    painted = render([CONFLICT], "human", colour=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == render([CONFLICT], "human")


def test_plain() -> None:
    assert render([CONFLICT, WARNING], "plain") == (
        "policies/pin-42.json:1:1: warning[W1001] 100 % of `x`, so: odd\n"
        "policies/pin-42.json:3:11: error[E3001] policies cannot all hold: `spread` and `pin-42`\n"
    )


def test_json_has_the_fields_of_the_contract() -> None:
    assert json.loads(render([CONFLICT], "json")) == {
        "diagnostics": [
            {
                "code": "E3001",
                "severity": "error",
                "message": "policies cannot all hold: `spread` and `pin-42`",
                "policy": "pin-42",
                "version": 7,
                "spans": [
                    {
                        "file": "policies/pin-42.json",
                        "pointer": "/node",
                        "line": 3,
                        "column": 11,
                        "end_line": 3,
                        "end_column": 15,
                        "primary": True,
                        "label": "keeps a replica of `42` on n1",
                    },
                    {
                        "file": "policies/spread.json",
                        "pointer": "/spread/max",
                        "line": 1,
                        "column": 20,
                        "end_line": 1,
                        "end_column": 21,
                        "primary": False,
                        "label": "allows one replica in a zone",
                    },
                ],
                "notes": ["minimal: drop either and it holds"],
                "helps": [
                    {
                        "text": "make `pin-42` yielding",
                        "patch": [{"op": "add", "path": "/enforcement", "value": "yielding"}],
                    }
                ],
                "docs": "docs/codes/E3001.md",
                "data": {},
            }
        ]
    }


def test_sarif() -> None:
    log = json.loads(render([CONFLICT, WARNING], "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["E3001", "W1001"]
    assert [result["level"] for result in run["results"]] == ["warning", "error"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    conflict = run["results"][1]
    (location,) = conflict["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/pin-42.json"},
        "region": {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 15},
    }
    assert conflict["relatedLocations"][0]["message"] == {"text": "allows one replica in a zone"}
    assert run["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/c.json", "a%20b/c.json"),
        ("/x/ä.json", "file:///x/%C3%A4.json"),
        ("<text>", "%3Ctext%3E"),
        ("\udcff", "%FF"),
    ],
)
def test_file_names_are_uris_in_sarif(name: str, uri: str) -> None:
    assert file_uri(name) == uri


def test_junit() -> None:
    suite = ElementTree.fromstring(render([CONFLICT, WARNING], "junit"))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    warning, conflict = suite
    assert warning.find("failure") is None
    failure = conflict.find("failure")
    assert failure is not None
    assert failure.get("message") == CONFLICT.message
    assert failure.text == render([CONFLICT], "human")


def test_junit_without_problems_is_a_case_that_passed() -> None:
    suite = ElementTree.fromstring(render([], "junit"))[0]
    assert [len(case) for case in suite] == [0]


def test_github() -> None:
    assert render([CONFLICT, WARNING], "github") == (
        "::warning file=policies/pin-42.json,line=1,endLine=1,col=1,endColumn=2,title=W1001"
        "::100 %25 of `x`, so: odd\n"
        "::error file=policies/pin-42.json,line=3,endLine=3,col=11,endColumn=15,title=E3001"
        "::policies cannot all hold: `spread` and `pin-42`"
        "%0Anote: minimal: drop either and it holds%0Ahelp: make `pin-42` yielding\n"
    )


def test_github_escapes_names() -> None:
    found = Diagnostic("E0001", "m", (Span(Place(Source("a,b:c%.json", "x"), 0, 1)),))
    assert "file=a%2Cb%3Ac%25.json," in render([found], "github")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_that_a_terminal_obeys_comes_through(format: str) -> None:
    evil = "\x1b[31m\x07\r\x9b\u202e\u2066"
    found = [
        *problems(f"{{'{evil}': 1, \"{evil}\": 2 3}}", f"{evil}.json"),
        Diagnostic("E0001", evil, (), policy=evil, notes=(evil,), helps=(Help(evil),)),
        Diagnostic("E0001", "\udcff", (Span(Place(Source("\udcff", "\udcff"), 0, 1)),)),
    ]
    text = render(found, format)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", text)
    text.encode("utf-8")
    if format == "junit":
        ElementTree.fromstring(text)


@pytest.mark.parametrize("format", FORMATS)
def test_the_order_of_the_input_changes_nothing_and_twice_is_once(format: str) -> None:
    found = [*problems('{"a": 1, "a": 2, "b": 1e999, "b": 3}'), CONFLICT, WARNING]
    expected = render(found, format)
    for seed in range(5):
        mixed = [*found, *found]
        random.Random(seed).shuffle(mixed)
        assert render(mixed, format) == expected


def test_sorted_by_file_place_and_code() -> None:
    def at(file: str, offset: int, code: str) -> Diagnostic:
        return Diagnostic(code, "m", (Span(Place(Source(file, "xxxxx"), offset, offset + 1)),))

    ordered = [at("a", 0, "E2"), at("a", 3, "E0"), at("a", 3, "E1"), at("b", 0, "E0")]
    assert sort_diagnostics(reversed(ordered)) == ordered


def test_no_diagnostics_are_an_empty_text_or_an_empty_document() -> None:
    assert [render([], format) for format in ("human", "plain", "github")] == ["", "", ""]
    assert json.loads(render([], "json")) == {"diagnostics": []}
    assert json.loads(render([], "sarif"))["runs"][0]["results"] == []


def test_sentences_are_wrapped_where_the_page_ends_and_lines_of_the_source_are_not() -> None:
    text = render([CONFLICT], "human", width=40)
    assert text.startswith("error[E3001]: policies cannot all hold:\n              `spread` and `pin-42`\n")
    assert "  = note: minimal: drop either and it\n          holds\n" in text
    assert "  |           ^^^^ keeps a replica of `42` on n1\n" in text
    assert render([CONFLICT], "human", width=200) == render([CONFLICT], "human")
