"""Random conditions for properties of the grammar."""

from __future__ import annotations

from hypothesis import strategies as st

from shardwright.grammar.attributes import SPACES, TIMES
from shardwright.grammar.places import Place, Source
from shardwright.grammar.syntax import All, AnyOf, Attribute, Comparison, Condition, NoneOf, Not

NOWHERE = Place(Source("<made>", ""), 0, 0)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
names = st.one_of(
    st.sampled_from(["cpu_usage", "tier", "a b", "labels", "in", "x.y", "é", "it's", 'q"', "\\"]), texts
)
numbers = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False))
scalars = st.one_of(st.booleans(), numbers, texts)


@st.composite
def attributes(draw: st.DrawFn) -> Attribute:
    subject = draw(st.sampled_from(sorted(SPACES)))
    if subject == "time":
        return Attribute("time", "", draw(st.sampled_from(TIMES)))
    space = draw(st.sampled_from(["", *SPACES[subject]]))
    return Attribute(subject, space, draw(names.filter(bool)))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    operator, value = draw(
        st.one_of(
            st.tuples(st.sampled_from(["lt", "lte", "gt", "gte"]), st.one_of(numbers, attributes())),
            st.tuples(st.sampled_from(["eq", "neq"]), st.one_of(scalars, attributes())),
            st.tuples(
                st.sampled_from(["in", "not_in"]), st.lists(scalars, min_size=1, max_size=3).map(tuple)
            ),
            st.tuples(st.just("between"), st.tuples(numbers, numbers).map(lambda ends: tuple(sorted(ends)))),
            st.tuples(st.sampled_from(["contains", "matches"]), texts),
            st.tuples(st.sampled_from(["exists", "not_exists"]), st.none()),
        )
    )
    return Comparison(draw(attributes()), operator, value, NOWHERE)


def _combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    items = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(All, items, st.just(NOWHERE)),
        st.builds(AnyOf, items, st.just(NOWHERE)),
        st.builds(NoneOf, items, st.just(NOWHERE)),
        st.builds(Not, inner, st.just(NOWHERE)),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(comparisons(), _combined, max_leaves=6)
