"""Short forms: what a text defines, and where it uses it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.abbreviations import find_uses

SHORT_FORMS = ["RA", "RAs", "IL-7R", "IL", "T-ALL", "A b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RA and RAs", ["RA", "RA", "RAs"]),
        ("(RA)-like, pRA, RA1, _RA, RA_1", ["RA"]),
        ("IL-7Rs, IL-7RA, IL-7", ["IL-7R", "IL", "IL", "IL"]),
        ("T-ALL", ["T-ALL"]),
        ("A b, A bs, A bc", ["A b", "A b"]),
        ("", []),
    ],
)
def test_where_short_forms_are_used(text: str, expected: list[str]) -> None:
    assert sorted(short for _, _, short in find_uses(text, SHORT_FORMS)) == sorted(expected)


def test_no_short_forms() -> None:
    assert list(find_uses("RA", [])) == []


@given(st.text(alphabet="RAsIL-7T b1_(é", max_size=30))
def test_one_pass_finds_what_a_pattern_for_each_finds(text: str) -> None:
    expected = {
        (use.start(), use.end(), short)
        for short in SHORT_FORMS
        for use in re.finditer(rf"(?<!\w){re.escape(short)}s?(?!\w)", text)
    }
    assert set(find_uses(text, SHORT_FORMS)) == expected
