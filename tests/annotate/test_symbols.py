"""How genes are written in texts, and what only looks like a gene."""

import pytest

from kg.annotate.annotator import Annotator
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("b-catenin", "HGNC:2514"),
        ("TGF-b1", "HGNC:11766"),
        ("IFN-g", "HGNC:5438"),
        ("EGF receptor", "HGNC:3236"),
        ("EGF-R", "HGNC:3236"),
        ("FGF receptor 4", "HGNC:3691"),
        ("IL-7 receptor", "HGNC:6024"),
        ("podocin", "HGNC:13394"),
        ("insulin", "HGNC:6081"),
        ("prolactin", "HGNC:9445"),
    ],
)
def test_ways_of_writing(annotator: Annotator, text: str, term: str) -> None:
    (mention,) = annotator.annotate([f"levels of {text} fell"])[0]
    assert (mention.text, mention.best.term) == (text, term)


@pytest.mark.parametrize(
    "text",
    [
        "cAMP rose",
        "a group (n=10) of them",
        "Mg+2 was given",
        "cell surface antigen",
        "NETs formed",
    ],
)
def test_what_only_looks_like_a_gene(annotator: Annotator, text: str) -> None:
    assert not [one for one in annotator.annotate([text])[0] if one.type == "Gene"]


def test_a_symbol_explained_by_words_that_name_no_gene(annotator: Annotator) -> None:
    text = "the unheard-of orphan receptor (LIFR) was there; LIFR rose"
    assert "HGNC:6597" in [one.best.term for one in annotator.annotate([text])[0]]


def test_the_change_of_an_amino_acid_is_no_short_form(annotator: Annotator) -> None:
    mentions = annotator.annotate(["Kras(G12D) and G12D"])[0]
    assert [one.text for one in mentions] == ["Kras"]


def test_an_alias_with_a_number_that_genes_share_is_kept(annotator: Annotator) -> None:
    (mention,) = annotator.annotate(["activation of PAR1"])[0]
    assert {"HGNC:3537", "HGNC:30224"} <= {one.term for one in mention.groundings}
