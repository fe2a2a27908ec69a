"""Chunks, and noun phrases that are joined: which of its readings a form has in its place."""

from collections.abc import Callable

import pytest

from kg.assertions.chunks import Chunk, Chunker, Kind
from kg.assertions.coordination import join_coordinated
from kg.assertions.tokens import Tagger, Token
from kg.assertions.triggers import load_triggers
from kg.model import Mention

Mark = Callable[..., tuple[str, tuple[Mention, ...]]]


@pytest.fixture(scope="module")
def chunks_of(mark: Mark) -> Callable[[str], tuple[list[Chunk], list[Token]]]:
    triggers = load_triggers()
    tagger = Tagger(triggers)
    chunker = Chunker(triggers, tagger.verbs)

    def read(marked: str) -> tuple[list[Chunk], list[Token]]:
        text, mentions = mark(marked)
        tokens = tagger.tag(text, mentions, 0)
        return join_coordinated(chunker.chunk(tokens), tokens), tokens

    return read


@pytest.mark.parametrize(
    ("marked", "groups"),
    [
        ("[leptin] activates [STAT3]", "activates:active"),
        ("[leptin] has activated [STAT3]", "has activated:active"),
        ("[leptin] is activating [STAT3]", "is activating:active"),
        ("[leptin] did not activate [STAT3]", "did not activate:active:negated"),
        ("[leptin] cannot activate [STAT3]", "cannot activate:active:negated"),
        ("[leptin] was not activated by [STAT3]", "was not activated:passive:negated"),
        ("[leptin] may be activated by [STAT3]", "may be activated:passive"),
        ("[leptin] activated by [STAT3] was seen", "activated:participle, was seen:passive"),
        ("[leptin] activated [STAT3]", "activated:active"),
        ("activated [STAT3] was seen", "was seen:passive"),
        ("the activated [T cells] grow", "grow:active"),
        ("[leptin] is required for [lipolysis]", "is required:adjective"),
        ("the required [leptin] was seen", "was seen:passive"),
        ("able to activate [STAT3]", "able:adjective, to activate:infinitive"),
        ("by activating [STAT3]", "activating:gerund"),
        ("[leptin] is a hormone", "is:copula"),
        # forms that are nouns as often
        ("[leptin] increases [apoptosis]", "increases:active"),
        ("the increases of [leptin] were seen", "were seen:passive"),
        ("an increase in [leptin] was seen", "was seen:passive"),
        ("the controls of [leptin]", ""),
        ("[p53] controls [apoptosis]", "controls:active"),
        ("the cells that control [apoptosis]", "control:active"),
        ("the control of [apoptosis]", ""),
        ("the results show that [leptin] activates [STAT3]", "show:active, activates:active"),
        ("[leptin] results in [apoptosis]", "results:active"),
    ],
)
def test_verbs(
    chunks_of: Callable[[str], tuple[list[Chunk], list[Token]]], marked: str, groups: str
) -> None:
    chunks, tokens = chunks_of(marked)
    found = [
        ":".join(
            (
                " ".join(token.word for token in tokens[one.start : one.end]),
                one.voice,
                *(["negated"] if one.negated else []),
            )
        )
        for one in chunks
        if one.kind is Kind.VERB
    ]
    assert ", ".join(found) == groups


@pytest.mark.parametrize(
    ("marked", "phrases"),
    [
        ("[IL-6] and [TNF] bind", "il-6 + tnf"),
        ("[IL-6], [TNF] and [IL-1] bind", "il-6 + tnf + il-1"),
        ("[IL-6], [TNF], and [IL-1] bind", "il-6 + tnf + il-1"),
        ("[IL-6], [TNF], [IL-1] bind", "il-6 + tnf + il-1"),
        ("[IL-6] or [TNF] binds", "il-6 + tnf"),
        ("the [liver] and the [spleen] grow", "the liver + the spleen"),
        # what begins a clause of its own is no conjunct
        ("[IL-6] binds [TNF], and [IL-1] binds [p53]", "il-6 | tnf | il-1 | p53"),
        ("[IL-6] binds [TNF] and [IL-1] binds [p53]", "il-6 | tnf | il-1 | p53"),
        ("[IL-6] binds [TNF] but [IL-1] binds [p53]", "il-6 | tnf | il-1 | p53"),
        ("[IL-6] binds [TNF] and its receptor", "il-6 | tnf | its receptor"),
        # the comma behind an opening phrase joins nothing
        ("In [T cells], [IL-6] and [TNF] bind", "t cells | il-6 + tnf"),
        ("[IL-6], a cytokine, binds", "il-6 | a cytokine"),
        (
            "[IL-6] binds [TNF] and [IL-1] in [liver] and [spleen]",
            "il-6 | tnf + il-1 | liver + spleen",
        ),
    ],
)
def test_noun_phrases(
    chunks_of: Callable[[str], tuple[list[Chunk], list[Token]]], marked: str, phrases: str
) -> None:
    chunks, tokens = chunks_of(marked)
    found = [
        " + ".join(
            " ".join(token.word for token in tokens[start:end])
            for start, end in (one.parts or [(one.start, one.end)])
        )
        for one in chunks
        if one.kind is Kind.NOUN
    ]
    assert " | ".join(found) == phrases


@pytest.mark.parametrize(
    "marked",
    ["", "[leptin]", "and and, of", "[leptin] activates", ", [leptin], and", "is was may not to"],
)
def test_chunks_are_in_order_and_do_not_overlap(
    chunks_of: Callable[[str], tuple[list[Chunk], list[Token]]], marked: str
) -> None:
    chunks, tokens = chunks_of(marked)
    end = 0
    for one in chunks:
        assert end <= one.start < one.end <= len(tokens)
        end = one.end
