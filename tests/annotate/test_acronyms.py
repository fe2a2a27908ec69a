"""Acronyms that nothing but the rest of the document explains."""

import pytest

from kg.annotate.annotator import Annotator
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def found(annotator: Annotator, *fields: str) -> list[tuple[str, str]]:
    return [(one.text, one.best.term) for ms in annotator.annotate(fields) for one in ms]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("A drug for leukemia", "in the treatment of ALL", ("ALL", "MONDO:0004967")),
        ("A drug for leukemia", "both in T-ALL and others", ("T-ALL", "MONDO:0004963")),
        ("On psoriatic arthritis", "in PsA patients", ("PsA", "MONDO:0011849")),
        ("On multiple sclerosis", "susceptibility to MS in", ("MS", "MONDO:0005301")),
    ],
)
def test_the_document_explains_an_acronym(
    annotator: Annotator, title: str, text: str, expected: tuple[str, str]
) -> None:
    assert expected in found(annotator, title, text)
    assert expected not in found(annotator, "On this", text)


@pytest.mark.parametrize(
    ("title", "text", "absent"),
    [
        ("A drug for asthma", "in the treatment of ALL", "ALL"),  # another disease
        ("A drug for leukemia", "All of them", "All"),
        ("On deafness", "in CA and NY", "CA"),  # too short
        ("Familial adenomatous polyposis", "mutations of APC", None),  # a gene by itself
    ],
)
def test_an_acronym_stays_unexplained(
    annotator: Annotator, title: str, text: str, absent: str | None
) -> None:
    named = found(annotator, title, text)
    if absent is None:
        assert ("APC", "HGNC:583") in named
    else:
        assert absent not in dict(named)


def test_a_definition_comes_first(annotator: Annotator) -> None:
    text = "Leukemia. The anterior lateral line (ALL) and the ALL there"
    assert ("ALL", "MONDO:0004967") not in found(annotator, text)
