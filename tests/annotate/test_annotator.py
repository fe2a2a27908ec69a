"""What is named in text is found and grounded, and offsets are true for any text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate.annotator import Annotator
from kg.model import Mention
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def found(annotator: Annotator, *fields: str) -> list[tuple[str, str]]:
    return [(one.text, one.best.term) for ms in annotator.annotate(fields) for one in ms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "IL-7 promotes Glut1 trafficking via STAT5-mediated activation of Akt",
            [("IL-7", "HGNC:6023"), ("Glut1", "HGNC:11005"), ("STAT5", "FPLX:STAT5"),
             ("Akt", "FPLX:AKT")],
        ),
        ("the IL-15/IL-15Ralpha complex", [("IL-15", "HGNC:5977"), ("IL-15Ralpha", "HGNC:5978")]),
        ("RUNX2/CBFA1 activity", [("RUNX2", "HGNC:10472"), ("CBFA1", "HGNC:10472")]),
        ("given rhIL-7 in vivo", [("rhIL-7", "HGNC:6023")]),
        ("CD4+,CD25+ regulatory T cells", [("CD4+,CD25+ regulatory T cells", "CL:0000792")]),
        ("CD8 memory T cells", [("CD8 memory T cells", "CL:0000909")]),
        ("memory CD8(+) T cells", [("memory CD8(+) T cells", "CL:0000909")]),
        ("CD4+ and CD8+ T cells", [("CD4+", "CL:0000624"), ("CD8+ T cells", "CL:0000625")]),
        ("T and B cells", [("T", "CL:0000084"), ("B cells", "CL:0000236")]),
        (
            "CD8(+) and CD4(+) memory cells",
            [("CD8(+)", "CL:0000909"), ("CD4(+) memory cells", "CL:0000897")],
        ),
        ("the CD8+ memory cell pool", [("CD8+ memory cell", "CL:0000909")]),
        ("adult CD4(+)lineage(-) cells", []),
        ("in tumour necrosis factor alpha blockade", [("tumour necrosis factor alpha",
                                                       "HGNC:11892")]),
        ("Rag2-/-IL-2Rgammac-/- there", [("Rag2", "HGNC:9832"), ("IL-2Rgammac", "HGNC:6010")]),
        ("the IL-2Rγc chain", [("IL-2Rγc", "HGNC:6010")]),
        ("IL-7 receptor alpha is", [("IL-7 receptor alpha", "HGNC:6024")]),
        ("ROR gamma is needed", [("ROR gamma", "HGNC:10260")]),
        ("sorted ROR gamma+ cells", []),
        ("T cell antigen receptors", [("T cell antigen receptors", "FPLX:TCR")]),
        ("given c-ART; c-Fos", [("c-Fos", "HGNC:3796")]),
        ("thymic stromal-derived lymphopoietin",
         [("thymic stromal-derived lymphopoietin", "HGNC:30743")]),
        ("normal B-lineage cells", [("B-lineage cells", "CL:0000945")]),
        ("B lymphocyte precursors", [("B lymphocyte precursors", "CL:0000817")]),
        ("from the pre-pro-B to the pro-B stage", [("pre-pro-B", "CL:0002045"),
                                                   ("pro-B", "CL:0000826")]),
        ("a pre- and post-T value", []),
        ("lymphocyte cell lines", [("lymphocyte", "CL:0000542")]),
        ("ES cells", [("ES cells", "CL:0002322")]),
        ("Huh7 cells", []),
        ("B lymphopoiesis", [("B lymphopoiesis", "GO:0030183")]),
        ("osteoclastogenesis", [("osteoclastogenesis", "GO:0030316")]),
        ("thymopoiesis", [("thymopoiesis", "GO:0033077")]),
        ("homeostatic T cell proliferation", [("homeostatic T cell proliferation",
                                               "GO:0001777")]),
        ("levels in plasma", [("plasma", "UBERON:0001969")]),
        ("levels of CD127 and GATA-3", [("CD127", "HGNC:6024"), ("GATA-3", "HGNC:4172")]),
    ],
)  # fmt: skip
def test_immunology(annotator: Annotator, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(annotator, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The cat was at rest in all of them",
        "It was impact and a set of 1 in 5",
        "WE REST OUR CASE ON THE IMPACT OF AGE",
        "All mice",
    ],
)
def test_english_words_are_no_genes(annotator: Annotator, text: str) -> None:
    assert not [one for one in annotator.annotate([text])[0] if one.type in {"Gene", "GeneFamily"}]


def test_a_name_inside_a_longer_word_is_none(annotator: Annotator) -> None:
    assert found(annotator, "IL-77 and XIL-7Q") == []


def test_an_abbreviation_holds_in_the_whole_document(annotator: Annotator) -> None:
    title = "Blockade in patients with multiple sclerosis (MS)"
    assert ("MS", "MONDO:0005301") in found(annotator, title, "Cells in MS were fewer.")
    assert found(annotator, "Cells in MS were fewer.") == []


def test_a_short_form_of_nothing_known_is_suppressed(annotator: Annotator) -> None:
    assert found(annotator, "the clinical assessment tool (CAT) was used; CAT scored") == []


def test_initials_of_a_name_in_the_document(annotator: Annotator) -> None:
    assert ("MS", "MONDO:0005301") in found(annotator, "in multiple sclerosis", "to MS there")


def test_other_groundings_are_kept(annotator: Annotator) -> None:
    (mention,) = annotator.annotate(["STAT5"])[0]
    assert [one.term for one in mention.groundings] == ["FPLX:STAT5", "HGNC:11366", "HGNC:11367"]
    scores = [one.score for one in mention.groundings]
    assert scores == sorted(scores, reverse=True)


def check(text: str, mentions: list[Mention]) -> None:
    end = 0
    for one in mentions:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.groundings
        end = one.end


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["IL-7", "IL-7Rα", " T cells", "CD4+ ", "and ", "(RA)", " rheumatoid arthritis ",
             "\u0301", "мышь", "שלום", "\x00", "ﬁ", "İ", ", ", "-", "𝛼"]
        )
        | st.text(max_size=6),
        max_size=12,
    )
)  # fmt: skip
def test_offsets_are_true_for_any_text(annotator: Annotator, pieces: list[str]) -> None:
    text = "".join(pieces)
    check(text, annotator.annotate([text])[0])


@pytest.mark.parametrize("text", ["EAR was thin", "She was fed", "it is rich in DNA", "both arms"])
def test_words_and_acronyms_that_only_look_like_names(annotator: Annotator, text: str) -> None:
    assert found(annotator, text) == [] or found(annotator, text)[0][0] == "DNA"


@pytest.mark.parametrize("piece", ["CD4+", "CD4hi", "CD8+ and ", "memory ", "A", "( ", "IL-7/"])
def test_rows_of_one_thing_end(annotator: Annotator, piece: str) -> None:
    text = piece * 3000
    check(text, annotator.annotate([text])[0])
