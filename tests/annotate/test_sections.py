"""Sentences of structured abstracts: they begin behind the labels and stay in their section."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate.annotator import Annotator
from kg.annotate.sentences import list_sections
from kg.model import AnnotatedPublication, Publication, Section, Text
from kg.readers.fields import join_sections, make_text, split_sections
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def annotated(annotator: Annotator, *texts: Text) -> AnnotatedPublication:
    publication = Publication(
        key="pmid-1",
        other_keys=(),
        texts=texts,
        authors=(),
        et_al=False,
        journal="",
        year=None,
        volume="",
        issue="",
        pages="",
        first_page="",
        last_page="",
        identifiers={"PMID": "1"},
        origins=(),
    )
    return annotator.annotate_publication(publication)


def test_sentences_begin_behind_labels(annotator: Annotator) -> None:
    abstract = join_sections(
        [
            ("BACKGROUND", "IL-7 is needed by T cells"),
            ("METHODS", "We gave IL-7 to mice. Spleens were weighed."),
            ("CONCLUSIONS", "IL-7 acts through STAT5."),
        ]
    )
    paper = annotated(annotator, make_text("title", "IL-7 in mice"), abstract)
    assert [(one.sentence.section, one.text) for one in paper.sentences] == [
        ("", "IL-7 in mice"),
        ("BACKGROUND", "IL-7 is needed by T cells"),
        ("METHODS", "We gave IL-7 to mice."),
        ("METHODS", "Spleens were weighed."),
        ("CONCLUSIONS", "IL-7 acts through STAT5."),
    ]
    assert [one.sentence.order for one in paper.sentences] == list(range(5))
    for one in paper.sentences[1:]:
        assert abstract.text[one.sentence.start : one.sentence.end] == one.text
        for mention in one.mentions:
            assert abstract.text[mention.start : mention.end] == mention.text
            assert one.sentence.start <= mention.start < mention.end <= one.sentence.end
    assert [mention.text for mention in paper.sentences[-1].mentions] == ["IL-7", "STAT5"]


def test_what_a_label_names_is_no_mention(annotator: Annotator) -> None:
    abstract = join_sections(
        [("T CELLS", "They were counted."), ("INTERLEUKIN-7", "It was measured in T cells.")]
    )
    paper = annotated(annotator, abstract)
    assert [one.text for one in paper.sentences] == [
        "They were counted.",
        "It was measured in T cells.",
    ]
    assert [[mention.text for mention in one.mentions] for one in paper.sentences] == [
        [],
        ["T cells"],
    ]


def test_parts_without_a_label_keep_their_sentences(annotator: Annotator) -> None:
    abstract = join_sections(
        [
            ("", "We ask what IL-7 does."),
            ("RESULTS", "It activates STAT5."),
            ("", "More is to come."),
            ("FUNDING", "None."),
            ("", "See also the supplement."),
        ]
    )
    paper = annotated(annotator, abstract)
    assert [(one.sentence.section, one.text) for one in paper.sentences] == [
        ("", "We ask what IL-7 does."),
        ("RESULTS", "It activates STAT5."),
        ("", "More is to come."),
        ("FUNDING", "None."),
        ("", "See also the supplement."),
    ]


def test_both_ways_of_telling_sections_give_the_same_sentences(annotator: Annotator) -> None:
    parts = [("AIM", "To count T cells."), ("RESULTS", "There were many. IL-7 raised them.")]
    joined = join_sections(parts)
    found = split_sections(joined.text)
    assert annotated(annotator, joined).sentences == annotated(annotator, found).sentences


def test_an_abstract_without_sections_is_cut_as_before(annotator: Annotator) -> None:
    text = "IL-7 acts on T cells. METHODS: none are told."
    paper = annotated(annotator, make_text("abstract", text))
    assert [(one.sentence.section, one.text) for one in paper.sentences] == [
        ("", "IL-7 acts on T cells."),
        ("", "METHODS: none are told."),
    ]


def test_a_title_in_another_language_is_not_read(annotator: Annotator) -> None:
    paper = annotated(
        annotator,
        make_text("title", "IL-7 in asthma"),
        make_text("vernacular-title", "IL-7 bei Asthma. Eine Studie mit STAT5."),
        make_text("abstract", "IL-7 was measured."),
    )
    assert [one.sentence.field for one in paper.sentences] == ["title", "abstract"]


words = st.lists(
    st.sampled_from(["IL-7", "acts.", "T cells", "in", "METHODS:", "e.g.", "vs.", "It", ":", "?"]),
    max_size=12,
).map(" ".join)
labels = st.sampled_from(["", "METHODS", "T CELLS", "RESULTS", "IL-7", "A"])


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(labels, words), max_size=5))
def test_no_word_is_lost_and_no_label_kept(
    annotator: Annotator, parts: list[tuple[str, str]]
) -> None:
    abstract = join_sections(parts)
    found = list(list_sections(abstract))
    assert [part for part in found if part.label] == list(abstract.sections)
    expected = " ".join(body for _, text in parts if (body := " ".join(text.split())))
    assert " ".join(abstract.text[part.start : part.end] for part in found) == expected
    sentences = annotated(annotator, abstract).sentences
    assert " ".join(one.text for one in sentences) == expected
    for one in sentences:
        place = one.sentence
        assert any(
            part.label == place.section and part.start <= place.start and place.end <= part.end
            for part in found
        )


def test_a_label_that_the_text_has_not_is_no_reason_to_lose_words() -> None:
    text = "Some words. We counted."
    odd = Text(
        field="abstract",
        text=text,
        raw=text,
        sections=(Section(label="METHODS", start=12, end=len(text)),),
    )
    assert [text[part.start : part.end] for part in list_sections(odd)] == [
        "Some words.",
        "We counted.",
    ]
