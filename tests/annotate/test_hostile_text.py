"""Recognition holds its promises for any text at all.

The text found is what stands at its offsets; mentions are in order and do not overlap; sentences
are in order and cut none of them.
"""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.annotate.annotator import Annotator, sentence_bounds
from kg.vocabulary.lexicon import Lexicon

NAMES = [
    "IL-7", "IL-7Rα", "IL7R", "rhIL-7", "STAT5", "STAT5A", "Foxp3", "p53", "CD4", "CD8+", "CD45RO",
    "T cell", "T cells", "B and T cells", "regulatory T cells", "memory", "naïve", "thymus",
    "rheumatoid arthritis", "rheumatoid arthritis (RA)", "RA", "multiple sclerosis", "MS",
    "breast cancer", "mice", "Mus musculus", "human", "E. coli", "bone marrow", "apoptosis",
    "T cell homeostasis", "glucose", "2-deoxy-D-glucose", "Na+", "TNF-alpha", "TNFα",
    "interleukin 7", "tumour necrosis factor", "acquired immunodeficiency syndrome (AIDS)", "the",
    "rest", "CAT",
]  # fmt: skip
GREEK = [*"αβγδεκλμΑΒΓΔΩµ", "alpha", "beta"]
PUNCTUATION = [*" .,;:!?()[]{}<>/\\-–—−+*=&%$#@'\"’“”`~^_|…·×®™°\n\t\r", "  ", "+/-", "e.g. "]
ODD = [
    "\x00", "\x07", "\x1b[0m", "\x7f", "\x85", "\u2028", "\u200b", "\u00ad", "\ufeff", "\ufffd",
    "\u0301", "e\u0301", "\u202e", "\u200f", "שלום", "عربي", "हिन्दी", "한국어", "中文", "мышь", "İ",
    "ı", "ß", "ﬁ", "Ⅳ", "²", "½", "①", "٣", "𝛼", "𝐈𝐋", "🧬", "👩‍🔬", "🏳️‍🌈", "ǆ", "ŉ", "K", "Å",
]  # fmt: skip
CELL_PARTS = [
    "CD4+",
    "CD8(+)",
    "CD25hi",
    "CD62L-",
    "lo",
    "high",
    "memory ",
    "T",
    "cells",
    " and ",
    "or",
    "/",
]

mixture = st.lists(
    st.sampled_from([*NAMES, *GREEK, *PUNCTUATION, *ODD, *CELL_PARTS, " ", " ", " "])
    | st.text(max_size=4),
    max_size=25,
).map("".join)
# No surrogates: halves of a pair are no characters.
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
beyond_ascii = st.text(st.characters(min_codepoint=0x80, exclude_categories=["Cs"]), max_size=80)
astral = st.text(st.characters(min_codepoint=0x10000), max_size=60)
controls = st.text(st.characters(categories=["Cc", "Cf", "Mn", "Zs", "Zl", "Zp"]), max_size=60)
right_to_left = st.text(
    st.characters(min_codepoint=0x590, max_codepoint=0x8FF) | st.sampled_from("IL-7 T()"),
    max_size=60,
)
many = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def check(annotator: Annotator, *fields: str) -> None:
    for text, mentions in zip(fields, annotator.annotate(fields), strict=True):
        for one in mentions:
            assert 0 <= one.start < one.end <= len(text)
            assert text[one.start : one.end] == one.text
            assert one.groundings
            scores = [grounding.score for grounding in one.groundings]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score <= 1 for score in scores)
            assert len({grounding.term for grounding in one.groundings}) == len(scores)
        for one, after in pairwise(mentions):
            assert one.end <= after.start
        for field in ("title", "abstract"):
            bounds = list(sentence_bounds(field, text, mentions))
            for (_, end), (start, _) in pairwise(bounds):
                assert end <= start
            for one in mentions:
                assert sum(start <= one.start and one.end <= end for start, end in bounds) == 1
            outside = "".join(
                text[end:start]
                for (_, end), (start, _) in pairwise([(0, 0), *bounds, (len(text), len(text))])
            )
            assert not outside.strip()


@many
@given(mixture)
@example("CD4+CD8+" * 40)
@example("rheumatoid arthritis (RA) RAs RA-RA (RA)" * 5)
@example("E. coli. E. coli. p53. IL-7. T cells")
@example("İL-7 ıl-7 IL-7İ")
def test_names_in_any_surroundings(annotator: Annotator, text: str) -> None:
    check(annotator, text)


@many
@given(anything | beyond_ascii | astral | controls | right_to_left)
def test_any_characters(annotator: Annotator, text: str) -> None:
    check(annotator, text)


@many
@given(anything, st.sampled_from(NAMES), anything)
def test_a_name_inside_any_characters(
    annotator: Annotator, before: str, name: str, after: str
) -> None:
    check(annotator, f"{before}{name}{after}")


@many
@given(st.lists(mixture, max_size=4))
def test_any_number_of_fields(annotator: Annotator, fields: list[str]) -> None:
    check(annotator, *fields)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["IL-7", "regulatory T cells", "rheumatoid arthritis"])
def test_a_name_beside_each_odd_character(annotator: Annotator, odd: str, name: str) -> None:
    for text in (f"{odd}{name}", f"{name}{odd}", f"{odd} {name} {odd}", name.replace(" ", odd)):
        check(annotator, text)
    assert name in [one.text for one in annotator.annotate([f"{odd} {name} {odd}"])[0]]


def test_half_a_surrogate_pair_is_no_error(annotator: Annotator) -> None:
    check(annotator, "\ud800 IL-7 \udfff", "IL-7\udc00")
