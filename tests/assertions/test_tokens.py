"""Words and their tags: what goes together, what is left out, where a text is cut."""

from collections.abc import Callable

import pytest

from kg.assertions.tokens import _LONGEST, Tagger, Token, pieces
from kg.assertions.triggers import load_triggers
from kg.model import Mention

Mark = Callable[..., tuple[str, tuple[Mention, ...]]]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_triggers())


@pytest.fixture(scope="module")
def tags(tagger: Tagger, mark: Mark) -> Callable[[str], str]:
    """Return the words of a marked sentence with their tags."""

    def tags_of(marked: str) -> str:
        text, mentions = mark(marked)
        return " ".join(f"{one.word}/{one.tag}" for one in tagger.tag(text, mentions, 0))

    return tags_of


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[leptin] activates it.", "leptin/E activates/V it/o ./;"),
        ("[leptin] is required for it", "leptin/E is/b required/A for/p it/o"),
        ("It may not bind", "it/o may/m not/g bind/V"),
        ("They have strongly activated", "they/o have/h strongly/a activated/V"),
        # a mention is one word, and what touches it another
        ("[T cells]s", "t cells/E s/n"),
        ("[LPS]-induced", "lps/E -/- induced/V"),
        ("receptor-induced", "receptor/n -/- induced/V"),
        ("[LPS]–induced", "lps/E –/- induced/V"),
        ("cell-free", "cell-free/n"),
        ("non-coding [p53]", "non-coding/n p53/E"),
        ("[JAK2]/[STAT3]", "jak2/E //- stat3/E"),
        # a dash between words parts clauses, one within a word does not
        ("[leptin] – it", "leptin/E –/; it/o"),
        ("[leptin] - it", "leptin/E -/; it/o"),
        # a full stop ends a clause, the point of a number does not
        ("rose 2.5 fold.", "rose/V 2.5/n fold/n ./;"),
        ("from 1-10,000 ng, [leptin]", "from/p 1-10,000/n ng/n ,/, leptin/E"),
        # words that go together
        ("such as [IL-6]", "such as/, il-6/E"),
        ("as well as [IL-6]", "as well as/c il-6/E"),
        ("not only [IL-6] but also", "not only/a il-6/E but also/c"),
        ("in order to bind", "in order to/t bind/V"),
        ("in the absence of [IL-6]", "in the absence of/p il-6/E"),
        ("in the liver", "in/p the/D liver/n"),
        ("up regulated by", "upregulated/A by/p"),
        ("down regulation", "downregulation/n"),
        ("up to ten", "up to/p ten/n"),
        ("give rise to", "give rise/V to/t"),
        ("gave rise to", "gave rise/V to/t"),
        # parentheses
        ("[leptin] (16 kDa) binds", "leptin/E binds/V"),
        ("[leptin] ([ghrelin]) binds", "leptin/E binds/V"),
        ("cytokines ([IL-6] and [TNF]) bind", "cytokines/n il-6/E and/c tnf/E bind/V"),
        ("cytokines (measured with [IL-6]) bind", "cytokines/n bind/V"),
        ("[leptin] (see (16)) binds", "leptin/E binds/V"),
        ("[leptin] ( binds", "leptin/E binds/V"),
        ("[leptin] ) binds", "leptin/E binds/V"),
        ("(([leptin] (x) binds", "leptin/E binds/V"),
        # a process that is only an aspect is a word
        ("[expression] of [p53]", "expression/n of/p p53/E"),
        ("", ""),
    ],
)
def test_tags(tags: Callable[[str], str], marked: str, expected: str) -> None:
    assert tags(marked) == expected


@pytest.mark.parametrize("offset", [0, 12])
def test_tokens_stand_where_they_say(tagger: Tagger, mark: Mark, offset: int) -> None:
    text, mentions = mark("[LPS]-induced [TNF] is up regulated, as well as [IL-6].", offset)
    tokens = tagger.tag(text, mentions, offset)
    for one in tokens:
        words = text[one.start : one.end].lower()
        assert one.word in (words, words.replace(" ", ""))
    assert [one.mention for one in tokens if one.tag == "E"] == [0, 1, 2]
    assert [one.start for one in tokens] == sorted(one.start for one in tokens)


def test_a_word_is_read_the_same_way_again(tags: Callable[[str], str]) -> None:
    assert tags("Activated by [LPS]") == tags("Activated by [LPS]") == "activated/V by/p lps/E"
    assert tags("ACTIVATED by [LPS]") == "activated/V by/p lps/E"


def tokens_of(*tags: str) -> list[Token]:
    return [Token(place, place + 1, tag, tag) for place, tag in enumerate(tags)]


@pytest.mark.parametrize("count", [0, 1, _LONGEST])
def test_a_sentence_is_one_piece(count: int) -> None:
    tokens = tokens_of(*"n" * count)
    assert list(pieces(tokens)) == [tokens]


@pytest.mark.parametrize(
    ("sign", "place", "cut"),
    [
        ("n", 0, _LONGEST),
        (",", _LONGEST - 10, _LONGEST - 9),
        (";", _LONGEST - 10, _LONGEST - 9),
        (";", 3, _LONGEST),  # a piece is not cut short
    ],
)
def test_what_is_longer_is_cut_behind_a_sign(sign: str, place: int, cut: int) -> None:
    tags = ["n"] * (_LONGEST + 50)
    tags[place] = sign
    tokens = tokens_of(*tags)
    found = list(pieces(tokens))
    assert [one for piece in found for one in piece] == tokens
    assert len(found[0]) == cut


def test_the_end_of_a_clause_goes_before_a_comma() -> None:
    tags = ["n"] * (_LONGEST + 50)
    tags[150], tags[200] = ";", ","
    assert len(next(pieces(tokens_of(*tags)))) == 151
