"""Reading holds its promises for any text with any mentions."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.assertions.doubling import CONSTRUCTIONS, composed
from kg.assertions.reading import AssertionReader
from kg.model import EntityType, Grounding, Mention

TYPES = list(EntityType)
WORDS = """
    activates activate activated activating inhibits inhibited inhibitor inhibitors promotes binds
    requires expressed expressing produced treats predicts correlates leads result induced increases
    increased reduced decrease lack loss knockdown deficiency antibody anti role effect association
    interaction expression levels treatment therapy response regulator marker risk factor activation
    of of of in by via through to for on with between after from as the a no its their this that
    which who whose whether if while although but and or nor neither either both not never may might
    could would can cannot is are was were has have had does did been being shown suggest suggests
    suggesting found known investigated demonstrate evidence unclear unlikely likely potential such
    including namely only also well rather than together combined mice patients cells group genes
    able capable required essential dependent independent due sufficient useful it we there studies
    up down regulates regulated alone without absence presence order dose-dependently
""".split()
SIGNS = [*",;:.?!()[]{}/-–—+*=%'\"&<>|", "-/-", "...", " ", "\n", "e.g.", "i.e.", "-induced", "'s"]
ODD = ["\x00", "\u2028", "\u00ad", "é", "İ", "ß", "ﬁ", "中文", "𝛼", "🧬", "n't", "n’t", "\ufeff"]

plain = st.tuples(
    st.sampled_from([*WORDS, *SIGNS, *ODD]) | st.text(max_size=4), st.none() | st.none()
)
named = st.tuples(
    st.sampled_from(["IL-7", "T cells", "x", "expression", "(a, b)", "TNF-α", "İ"])
    | st.text(min_size=1, max_size=4),
    st.sampled_from(TYPES),
)
sentences = st.lists(plain | plain | named, max_size=40)
many = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

Parts = list[tuple[str, EntityType | None]]


def compose(parts: Parts, offset: int, *, joint: str = " ") -> tuple[str, tuple[Mention, ...]]:
    """Return the text that parts make, and a mention of each part with a type."""
    text = ""
    mentions = []
    for words, kind in parts:
        if kind is not None:
            mentions.append(
                Mention(
                    start=offset + len(text),
                    end=offset + len(text) + len(words),
                    text=words,
                    type=kind,
                    groundings=(Grounding(term=words.lower(), score=0.9, method="name"),),
                )
            )
        text += words + joint
    return text, tuple(mentions)


def check(reader: AssertionReader, text: str, mentions: tuple[Mention, ...], offset: int) -> int:
    """Hold what is read of a sentence against what is promised; return how much that is."""
    found = reader.read_sentence(text, mentions, offset)
    for one in found:
        assert one.subject in mentions
        assert one.object in mentions
        assert one.subject.best.term != one.object.best.term
        assert 0 <= one.start - offset < one.end - offset <= len(text)
        assert text[one.start - offset : one.end - offset] == one.trigger
        assert 0 < one.confidence <= 1
        assert one.method
    assert reader.read_sentence(text, mentions, offset) == found
    return len(found)


@many
@given(sentences, st.integers(0, 50), st.sampled_from([" ", ""]))
@example([("x", EntityType.GENE), ("activates", None), ("y", EntityType.GENE)] * 3, 7, " ")
@example([("x", EntityType.GENE), ("-induced", None), ("y", EntityType.GENE)] * 3, 7, "")
@example([("its", None), ("x", EntityType.GENE), ("is", None)] * 5, 0, " ")
def test_any_words_with_any_mentions(
    reader: AssertionReader, parts: Parts, offset: int, joint: str
) -> None:
    check(reader, *compose(parts, offset, joint=joint), offset)


@many
@given(
    st.text(max_size=80),
    st.lists(st.integers(0, 80), max_size=12, unique=True),
    st.sampled_from(TYPES),
)
def test_any_characters_with_mentions_anywhere(
    reader: AssertionReader, text: str, places: list[int], kind: EntityType
) -> None:
    bounds = sorted(place for place in places if place <= len(text))
    mentions = tuple(
        Mention(
            start=start,
            end=end,
            text=text[start:end],
            type=kind,
            groundings=(Grounding(term=str(start), score=0.5, method="name"),),
        )
        for start, end in list(pairwise(bounds))[::2]
    )
    check(reader, text, mentions, 0)


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
def test_a_construction_may_be_repeated(reader: AssertionReader, construction: str) -> None:
    check(reader, *composed([construction] * 400), 0)


@many
@given(st.lists(st.sampled_from(CONSTRUCTIONS), max_size=12))
@example(["of X ", "X is activated by cells ", "in a X -dependent manner "])
def test_any_constructions_together(reader: AssertionReader, constructions: list[str]) -> None:
    check(reader, *composed(constructions), 0)


def test_one_sentence_of_thousands_of_mentions(
    reader: AssertionReader, mark: Callable[..., tuple[str, tuple[Mention, ...]]]
) -> None:
    text, mentions = mark("[leptin] activates [STAT3] in [liver], and so on; " * 700)
    assert len(mentions) > 2000
    assert check(reader, text, mentions, 0)
