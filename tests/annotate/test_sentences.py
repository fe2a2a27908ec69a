"""Sentences cover the text, and end where a reader would end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One here. Two here.", ["One here.", "Two here."]),
        ("Seen in E. coli. Not in yeast.", ["Seen in E. coli.", "Not in yeast."]),
        ("As shown (Fig. 2). Next.", ["As shown (Fig. 2).", "Next."]),
        ("Smith et al. found it.", ["Smith et al. found it."]),
        ("At 0.5 mg. it failed", ["At 0.5 mg. it failed"]),
        ("It works. p53 is needed.", ["It works.", "p53 is needed."]),
        ('He said "yes." Then no?', ['He said "yes."', "Then no?"]),
        ("The receptor ? (R?) gene. End.", ["The receptor ? (R?) gene.", "End."]),  # a lost letter
        ("Is it so? It is.", ["Is it so?", "It is."]),
        ("no end", ["no end"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


@given(st.text(alphabet="aB .?!()\n1"))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    left, end = "", 0
    for start, stop in split_sentences(text):
        assert end <= start < stop
        left += text[end:start]
        end = stop
    assert not (left + text[end:]).strip()
