"""The lexicon of the real vocabularies answers as a curator would."""

import pytest

from kg.vocabulary.lexicon import Lexicon, equivalents


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("IL-7", "HGNC:6023"),
        ("IL7", "HGNC:6023"),
        ("interleukin-7", "HGNC:6023"),
        ("IL-7 receptor", "HGNC:6024"),
        ("IL-7Rα", "HGNC:6024"),
        ("CD127", "HGNC:6024"),
        ("IL-15Ralpha", "HGNC:5978"),
        ("STAT5", "FPLX:STAT5"),
        ("STAT5A", "HGNC:11366"),
        ("regulatory T cells", "CL:0000815"),
        ("T regulatory cell", "CL:0000815"),
        ("CD8-positive, alpha-beta memory T cell", "CL:0000909"),
        ("multiple sclerosis", "MONDO:0005301"),
        ("Arthritis, Rheumatoid", "MONDO:0008383"),
        ("mouse", "NCBITaxon:10090"),
        ("human", "NCBITaxon:9606"),
        ("bone marrow", "UBERON:0002371"),
        ("T cell homeostasis", "GO:0043029"),
        ("glucose", "CHEBI:17234"),
    ],
)
def test_the_best_candidate(lexicon: Lexicon, text: str, curie: str) -> None:
    assert lexicon.candidates(text)[0].curie == curie


@pytest.mark.parametrize("text", ["cell", "disease", "", "the", "qwertyuiop", "7"])
def test_what_names_nothing(lexicon: Lexicon, text: str) -> None:
    assert lexicon.candidates(text) == []


def test_suggestions_are_near(lexicon: Lexicon) -> None:
    assert "IL7" in {one.label for one in lexicon.suggest("IL77")}
    assert "rheumatoid arthritis" in {one.label for one in lexicon.suggest("reumatoid arthritis")}
    assert lexicon.suggest("qqqqzzzzqqqq") == []


def test_equivalents_hold_other_registries_but_no_orthologs(lexicon: Lexicon) -> None:
    term = lexicon.term("HGNC:6023")
    assert term is not None
    ids = equivalents(term)
    assert ids[0] == "HGNC:6023"
    assert {"NCBIGene:3574", "UniProt:P13232", "MESH:D015851"} <= set(ids)
    assert not any(one.startswith(("MGI:", "RGD:")) for one in ids)


def test_unknown_terms_are_none(lexicon: Lexicon) -> None:
    assert lexicon.term("HGNC:0") is None
    assert lexicon.families("HGNC:0") == ()


def test_words_come_from_definitions(lexicon: Lexicon) -> None:
    assert lexicon.is_word("rest")
    assert not lexicon.is_word("foxp")


def test_what_mesh_keeps_under_one_heading_is_close(lexicon: Lexicon) -> None:
    term = lexicon.term(lexicon.candidates("breast cancer")[0].curie)
    assert term is not None
    assert "MESH:D001943" in term.close
    assert "MESH:D001943" not in term.xrefs
    assert "MESH:D001943" in equivalents(term)
