"""What a word stands for depends on its document, on what follows it, and on what it is part of."""

import pytest

from kg.annotate.annotator import Annotator
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def found(annotator: Annotator, *fields: str) -> list[tuple[str, str]]:
    return [(one.text, one.best.term) for ms in annotator.annotate(fields) for one in ms]


def test_a_name_without_its_place_needs_the_place_in_the_document(annotator: Annotator) -> None:
    assert ("rods", "CL:0000604") in found(annotator, "In the retina", "the rods were lost")
    assert found(annotator, "the rods were lost") == []


def test_a_cell_of_the_blood_needs_the_blood_in_the_document(annotator: Annotator) -> None:
    named = found(annotator, "On lymphoid lineages", "from multipotent progenitors")
    assert ("multipotent progenitors", "CL:0000837") in named
    assert found(annotator, "from multipotent progenitors of the nephron")[0][0] != (
        "multipotent progenitors"
    )


def test_an_adjective_stands_before_a_noun(annotator: Annotator) -> None:
    assert ("retinal", "UBERON:0000966") in found(annotator, "the retinal thickness")
    assert found(annotator, "bound to retinal.") == [("retinal", "CHEBI:15035")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("macrophage-like cells", []),
        ("non-B cells", []),
        ("the pre-B cells", [("pre-B cells", "CL:0000817")]),
        ("monocytic cells", [("monocytic cells", "CL:0000576")]),
        ("naive and memory T cells", [("naive", "CL:0000898"), ("memory T cells", "CL:0000813")]),
        ("natural killer (NK) cells", [("natural killer (NK) cells", "CL:0000623")]),
        ("CD8 memory T cell precursors", [("CD8 memory T cell", "CL:0000909")]),
        ("human invariant NKT cells", [("human", "NCBITaxon:9606"),
                                       ("invariant NKT cells", "CL:0000921")]),
        ("LTi cells", [("LTi cells", "CL:0011018")]),
        ("PBMC", [("PBMC", "CL:2000001")]),
        ("T cell homeostasis", [("T cell homeostasis", "GO:0043029")]),
        ("IL-7 production", [("IL-7", "HGNC:6023")]),
        ("ten cells. Division", []),
        ("shown in Figure S3", []),
    ],
)  # fmt: skip
def test_phrases(annotator: Annotator, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(annotator, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ca2+ entry", [("Ca2+", "CHEBI:29108")]),
        ("Ca(2+) entry", [("Ca(2+)", "CHEBI:29108")]),
        ("the Na+ gradient", [("Na+", "CHEBI:29101")]),
    ],
)
def test_ions(annotator: Annotator, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(annotator, text)[:1] == expected


def test_ions_are_no_markers(annotator: Annotator) -> None:
    assert not [one for one in found(annotator, "K2+ and CD4+ and Ca+ here") if "+" in one[0]]


@pytest.mark.parametrize(
    ("text", "taxon"),
    [("the patients", "NCBITaxon:9606"), ("murine", "NCBITaxon:10090"), ("Lens", "NCBITaxon:3863")],
)
def test_organisms(annotator: Annotator, text: str, taxon: str) -> None:
    assert found(annotator, text)[0][1] == taxon


def test_a_scientific_name_has_its_capital(annotator: Annotator) -> None:
    assert not [one for one in found(annotator, "the lens") if one[1].startswith("NCBITaxon")]
