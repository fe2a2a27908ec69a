"""Reading holds its promises for any text with any mentions, and its time grows with the text."""

import time
from collections.abc import Callable
from itertools import cycle, pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

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


# A construction that is repeated, "X" where a mention stands, each a term of its own.
CONSTRUCTIONS = [
    "X , ",
    "X and ",
    "X or X , ",
    "cells , ",
    "the x cells , the ",
    "X ( ",
    "( X , X ) ",
    "( X ( ",
    "[ X { ",
    "X - ",
    "X / ",
    "X -induced ",
    "X-induced X ",
    "X-induced and ",
    "of X ",
    "of the ",
    "the activation of ",
    "the activation of X by ",
    "activation ",
    "activation X ",
    "the role of X in ",
    "the role of X by X in ",
    "the effect of X on X and ",
    "the association between X and ",
    "expression of X in ",
    "X expression ",
    "in X , ",
    "in the X of ",
    "with X after ",
    "activates ",
    "X activates ",
    "X activates X , ",
    "X activates X and ",
    "X activates X ; ",
    "X activates X by X via ",
    "and activates X ",
    ", and activates X ",
    ", activating X ",
    "X is activated by ",
    "activated by X ",
    "to activate X ",
    "to activate ",
    "by activating X ",
    "by activating ",
    "of activating ",
    "that X ",
    "that activates X ",
    "that X activates X ",
    "that ",
    ", which activates X ",
    "X that was ",
    "we suggest that X ",
    "whether X ",
    "X is a ",
    "X is X ",
    "X , X is a ",
    "is ",
    "may ",
    "X may activate X and ",
    "not ",
    "X does not activate X , ",
    "but not X ",
    "neither X nor ",
    "no ",
    "without X ",
    "such as X ",
    "including X , ",
    "X , such as ",
    "its X ",
    "its X activates ",
    "an inhibitor of X , ",
    "X , an inhibitor of X , ",
    "the X inhibitors X , X and ",
    "anti - X effect of ",
    "anti - X ",
    "X deficient ",
    "X -/- mice had reduced X and ",
    "patients with X had ",
    "X was increased in X and ",
    "treatment of X with ",
    "X levels in X of ",
    "X , but ",
    "as well as X ",
    "e . g . X ",
    "X ? ",
    "X : ",
    ": ",
    "- ",
    "increased X and decreased ",
    "X after ",
]
_SHORT, _TIMES = 150, 8  # repetitions, and how many times that
_MOST = 3  # a quadratic one takes 8 times as long for a repetition


def repeated(construction: str, times: int) -> tuple[str, tuple[Mention, ...]]:
    """Return a construction time and again, between two mentions and a verb."""
    kinds = cycle([EntityType.GENE, EntityType.CELL_TYPE, EntityType.DISEASE, EntityType.PROCESS])
    words = f"X activates X {construction.replace('X-', 'X -') * times} activates X".split()
    return compose(
        [
            (f"N{number}", next(kinds)) if word == "X" else (word, None)
            for number, word in enumerate(words)
        ],
        0,
    )


def seconds(reader: AssertionReader, text: str, mentions: tuple[Mention, ...]) -> float:
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        reader.read_sentence(text, mentions)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
def test_time_grows_with_the_text_and_depth_is_no_error(
    reader: AssertionReader, construction: str
) -> None:
    short = seconds(reader, *repeated(construction, _SHORT))
    long = seconds(reader, *repeated(construction, _SHORT * _TIMES))
    assert long < max(short, 0.002) * _TIMES * _MOST


def test_one_sentence_of_thousands_of_mentions(
    reader: AssertionReader, mark: Callable[..., tuple[str, tuple[Mention, ...]]]
) -> None:
    text, mentions = mark("[leptin] activates [STAT3] in [liver], and so on; " * 700)
    assert len(mentions) > 2000
    assert check(reader, text, mentions, 0)
