"""Names are normalised so that the ways of writing one meet, and offsets stay true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.vocabulary.names import name_key, roman_to_arabic, singular, tokenise, uninvert


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IL-7", "IL7"),
        ("interleukin 7", "Interleukin-7"),
        ("IL-7Rα", "IL-7Ralpha"),
        ("IL-7R alpha", "IL7Ralpha"),
        ("TNF-α", "TNFalpha"),
        ("tumour", "tumors"),
        ("leukaemia", "Leukemia"),
        ("T-cell", "T cells"),
        ("Sjögren syndrome", "Sjogren Syndrome"),
    ],
)
def test_ways_of_writing_meet(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("IL-7", "IL-17"), ("CD4", "CD40"), ("JAK1", "JAK2")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_glued_marker_levels_are_cut() -> None:
    assert [token.form for token in tokenise("IL-7RalphalowCCR7-")] == [
        "il", "7", "r", "alpha", "low", "ccr", "7",
    ]  # fmt: skip


@given(st.text())
def test_tokens_are_in_order_and_inside_the_text(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        assert token.form
        end = token.end


@given(st.text(alphabet="aBsé7-α ", max_size=12) | st.text(max_size=12))
def test_a_key_is_the_tokens_in_the_singular(text: str) -> None:
    assert name_key(text) == "".join(f"{singular(token.form)} " for token in tokenise(text))


@given(st.text(alphabet="abcdeisxyz", min_size=1, max_size=12))
def test_singular_of_a_singular_is_itself_or_shorter(word: str) -> None:
    assert len(singular(word)) <= len(word) + 2


@pytest.mark.parametrize("word", ["virus", "aids", "arthritis", "as", "is", "mass"])
def test_words_that_only_look_plural(word: str) -> None:
    expected = "aid" if word == "aids" else word
    assert singular(word) == expected


def test_inverted_names() -> None:
    assert uninvert("Receptors, Interleukin-7") == "Interleukin-7 Receptors"
    assert uninvert("2,3-dihydroxy") is None
    assert uninvert("one, two, three, four, five") is None


def test_roman_numerals() -> None:
    assert roman_to_arabic(name_key("factor VIII")) == "factor 8 "
    assert roman_to_arabic("viii ") is None
