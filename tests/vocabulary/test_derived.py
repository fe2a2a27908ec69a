"""Names made from those of a vocabulary are what texts say, and no more."""

import pytest

from kg.model import EntityType
from kg.vocabulary.adjectives import EVERYDAY, RELATIONAL, adjectives
from kg.vocabulary.derived import ADJECTIVE, DERIVED, WITHOUT_PLACE, base_of, derived_names
from kg.vocabulary.lexicon import Lexicon

CELL, PROCESS = EntityType.CELL_TYPE, EntityType.PROCESS


@pytest.mark.parametrize(
    ("name", "kind", "made"),
    [
        ("bipolar neuron", CELL, ("bipolar cell", DERIVED)),
        ("precursor b cell", CELL, ("pre b cell", DERIVED)),
        ("erythroid lineage cell", CELL, ("erythroid cell", DERIVED)),
        ("cns neuron sensu vertebrata", CELL, ("cns neuron", DERIVED)),
        ("osteoblast", CELL, ("osteoblast cell", DERIVED)),
        ("retinal rod", CELL, ("rod", WITHOUT_PLACE)),
        ("ganglion cell of retina", CELL, ("ganglion cell", WITHOUT_PLACE)),
        ("neuron", CELL, ("neuronal", ADJECTIVE)),
        ("fraction a pre pro b cell", CELL, ("pre pro b cell", DERIVED)),
        ("precursor b cell", CELL, ("b lymphocyte precursor", DERIVED)),
        ("lymphocyte of b lineage", CELL, ("b lineage cell", DERIVED)),
        (
            "hematopoietic multipotent progenitor cell",
            CELL,
            ("multipotent progenitor", WITHOUT_PLACE),
        ),
        ("b lymphocyte differentiation", PROCESS, ("b lymphopoiesis", DERIVED)),
        ("osteoclast differentiation", PROCESS, ("osteoclastogenesis", DERIVED)),
        ("t cell homeostatic proliferation", PROCESS, ("homeostatic expansion of t cell", DERIVED)),
        ("thymic t cell selection", PROCESS, ("thymic selection", DERIVED)),
        ("cell cycle", PROCESS, ("cell cycling", DERIVED)),
        ("kidney development", PROCESS, ("development of the kidney", DERIVED)),
        ("nephron development", PROCESS, ("nephron formation", DERIVED)),
        ("pachytene", PROCESS, ("pachynema", ADJECTIVE)),
        ("erythropoiesis", PROCESS, ("erythropoietic", ADJECTIVE)),
    ],
)
def test_names_are_made(name: str, kind: EntityType, made: tuple[str, str]) -> None:
    assert made in set(derived_names(name, kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pancreatic a cell", CELL),  # "a cell"
        ("mammary gland epithelial cell", CELL),  # "gland epithelial cell"
        ("endothelial cell", CELL),  # "cell"
        ("receptor cell", CELL),  # "receptor"
        ("phagocyte", CELL),
        ("interleukin 7 mediated signaling pathway", PROCESS),
        ("regulation of neuron differentiation", PROCESS),
    ],
)
def test_misleading_names_are_not_made(name: str, kind: EntityType) -> None:
    assert {text for text, _ in derived_names(name, kind)} <= {f"{name} cell"}


def test_only_an_acronym_of_cells_takes_the_noun() -> None:
    assert list(derived_names("lti", CELL, cased=True)) == [("lti cell", DERIVED)]
    assert list(derived_names("mapk", PROCESS, cased=True)) == []


def test_salts_and_ions_have_a_base() -> None:
    assert base_of("quetiapine fumarate") == "quetiapine"
    assert base_of("zinc(2+)") == "zinc atom"
    assert base_of("sodium") is None


def test_every_word_of_the_tables_stands_for_a_term(lexicon: Lexicon) -> None:
    for table in (RELATIONAL, EVERYDAY):
        for kind, pairs in table.items():
            for word, noun in pairs.items():
                assert any(one.type is kind for one in lexicon.candidates(word)), (word, noun)


def test_adjectives_are_of_single_words() -> None:
    assert list(adjectives("primary spermatocyte", CELL)) == []


def test_what_the_lexicon_makes_of_them(lexicon: Lexicon) -> None:
    def terms(text: str) -> list[str]:
        return [one.curie for one in lexicon.candidates(text)]

    assert terms("pre-B cells")[0] == "CL:0000817"
    assert "CL:0000817" not in terms("B cells")
    assert terms("NKT cells")[0] == "CL:0000814"
    assert terms("T-cell memory") == []
    assert terms("spermatogonia") == ["CL:0000020"]
    assert terms("apoptosis")[0] == "GO:0006915"
    assert terms("Wnt signaling")[0] == "GO:0016055"


def test_ids_that_stand_for_the_same(lexicon: Lexicon) -> None:
    mouse, meiosis, drug = map(lexicon.term, ("NCBITaxon:10090", "GO:0051321", "CHEBI:8707"))
    assert mouse is not None
    assert "NCBITaxon:10088" in mouse.close
    assert meiosis is not None
    assert "GO:0007126" in meiosis.xrefs
    assert drug is not None
    assert "MESH:D000069348" in drug.close
