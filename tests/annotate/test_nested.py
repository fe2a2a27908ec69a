"""Names that go on behind the short form of their first part."""

import pytest

from kg.annotate.annotator import Annotator
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def found(annotator: Annotator, text: str) -> list[tuple[str, str]]:
    return [(one.text, one.best.term) for one in annotator.annotate([text])[0]]


@pytest.mark.parametrize(
    ("text", "span", "term"),
    [
        (
            "polymorphisms in the interleukin 7 (IL-7) receptor ? (IL-7R?) gene",
            "interleukin 7 (IL-7) receptor",
            "HGNC:6024",
        ),
        (
            "the epidermal growth factor (EGF) receptor there",
            "epidermal growth factor (EGF) receptor",
            "HGNC:3236",
        ),
        (
            "the tumor necrosis factor (TNF)-alpha gene",
            "tumor necrosis factor (TNF)-alpha",
            "HGNC:11892",
        ),
    ],
)
def test_the_short_form_parts_a_name(annotator: Annotator, text: str, span: str, term: str) -> None:
    assert (span, term) in found(annotator, text)


def test_what_follows_may_be_no_part_of_the_name(annotator: Annotator) -> None:
    assert found(annotator, "the interleukin 7 (IL-7) gene there") == [
        ("interleukin 7", "HGNC:6023"),
        ("IL-7", "HGNC:6023"),
    ]


def test_the_short_form_stands_for_its_own_part(annotator: Annotator) -> None:
    text = "the interleukin 7 (IL-7) receptor binds IL-7"
    assert found(annotator, text)[1:] == [("IL-7", "HGNC:6023")]
