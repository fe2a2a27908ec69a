"""Names found in a text: the fast way finds what trying every stretch of words finds."""

import pytest

from kg.annotate.matching import Matcher
from kg.annotate.words import Words
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.names import name_key

_LONGEST = 8  # words

TEXTS = [
    "IL-7 and interleukin 7 receptor drive STAT5 in CD4+CD25+ regulatory T cells of the thymus.",
    "Breast and ovarian cancer, T-cell acute lymphoblastic leukaemia; systemic lupus erythematosus",
    "TNFα, TNFalpha and TGF-β1 with nuclear factor kappa B (NF-κB) – in naïve B cells",
    "covid19 covid-19 CD8 T-cell response to stress, p27Kip1 and Bcl-2 like protein 11",
]


def find_by_trying(text: str, matcher: Matcher, lexicon: Lexicon) -> set[tuple[int, int]]:
    """Return the stretches of whole words that are written like names."""
    words = Words(text)
    found = set()
    for first in range(len(words.forms)):
        for last in range(first, min(first + _LONGEST, len(words.forms))):
            start, end = words.start(first), words.end(last)
            key = name_key(text[start:end])
            if key in lexicon.trie and matcher._fitting(text[start:end], key, False):
                found.add((start, end))
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_finds_every_stretch_of_words_that_is_a_name(text: str, lexicon: Lexicon) -> None:
    matcher = Matcher(lexicon)
    expected = find_by_trying(text, matcher, lexicon)
    assert expected
    assert expected <= {(one.start, one.end) for one in matcher.find_matches(text)}


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_met_before_is_found_again(text: str, lexicon: Lexicon) -> None:
    matcher = Matcher(lexicon)
    first = matcher.find_matches(text)
    # The second time the names after two words are gathered, the third they are compared.
    assert matcher.find_matches(text) == first
    assert matcher.find_matches(text) == first


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("given rhIL-7 daily", "rhIL-7"),  # a prefix without a break
        ("CD4low cells", "CD4"),  # the level of a marker
        ("both IL-2s were", "IL-2s"),  # a plural belongs to a name that ends in a number
    ],
)
def test_a_name_ends_inside_a_word_only_before_a_level_or_a_plural(
    text: str, surface: str, lexicon: Lexicon
) -> None:
    found = {text[one.start : one.end] for one in Matcher(lexicon).find_matches(text)}
    assert surface in found


def test_no_name_ends_inside_a_word(lexicon: Lexicon) -> None:
    text = "CD4x and IL-7B2Q9 and thymusX"
    ends = {one.end for one in Matcher(lexicon).find_matches(text)}
    assert all(not text[end].isalnum() for end in ends)


def test_what_was_met_before_does_not_change_what_is_found(lexicon: Lexicon) -> None:
    fresh = [Matcher(lexicon).find_matches(text) for text in TEXTS]
    used = Matcher(lexicon)
    for text in reversed(TEXTS):
        used.find_matches(text.upper())
    assert [used.find_matches(text) for text in TEXTS] == fresh


def test_words_forgotten_for_want_of_room_are_read_again(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [Matcher(lexicon).find_matches(text) for text in TEXTS * 2]
    monkeypatch.setattr("kg.annotate.matching._MEMORY", 3)
    small = Matcher(lexicon)
    assert [small.find_matches(text) for text in TEXTS * 2] == expected
