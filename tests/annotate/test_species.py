"""Which organism's gene a text is about, and the identifiers that follow from it."""

import pytest

from kg.annotate.annotator import Annotator
from kg.annotate.identifiers import mention_ids
from kg.model import Mention
from kg.vocabulary.hosts import HUMAN, MOUSE, RAT
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def gene(annotator: Annotator, name: str, *fields: str) -> Mention:
    """Return the last mention that is written in a way."""
    mentions = [one for own in annotator.annotate(fields) for one in own if one.text == name]
    return mentions[-1]


@pytest.mark.parametrize(
    ("name", "text", "organism"),
    [
        ("IL7R", "IL7R was measured.", ""),
        ("IL7R", "IL7R was measured in mice.", MOUSE),
        ("IL7R", "Serum of patients held IL7R.", HUMAN),
        ("IL7R", "We kept Sprague-Dawley animals. IL7R was measured.", RAT),
        ("IL7R", "NIH3T3 fibroblasts expressed IL7R.", MOUSE),
        ("rhIL-7", "Mice were given rhIL-7.", HUMAN),
        # The nearest before the name, in its sentence.
        ("IL7R", "In rats and in mice IL7R was measured, and then in patients.", MOUSE),
        ("IL7R", "IL7R was found in rats. Mice and mice were kept.", RAT),
        # Nothing in the sentence: what most of the words say.
        ("IL7R", "Mice were kept. Mice and one patient were seen. IL7R rose.", MOUSE),
    ],
)
def test_species_is_told_by_the_words_around(
    annotator: Annotator, name: str, text: str, organism: str
) -> None:
    assert gene(annotator, name, text).organism == organism


def test_species_of_the_title_holds_in_the_abstract(annotator: Annotator) -> None:
    assert gene(annotator, "IL7R", "Ageing of mice", "IL7R rose.").organism == MOUSE


def test_case_of_symbols_tells_mouse_genes_where_nothing_else_does(annotator: Annotator) -> None:
    assert gene(annotator, "Sox2", "Sox2, Gata6 and Foxp3 were expressed.").organism == MOUSE
    assert gene(annotator, "Sox2", "Sox2, GATA6 and FOXP3 were expressed.").organism == ""


def test_ids_are_those_of_the_human_gene_and_of_the_judged_species(
    annotator: Annotator, lexicon: Lexicon
) -> None:
    mouse = mention_ids(gene(annotator, "IL-7", "IL-7 in mice"), lexicon)
    assert mouse[0] == "HGNC:6023"
    assert {"MGI:96561", "NCBIGene:3574", "NCBIGene:16196"} <= set(mouse)
    assert not [one for one in mouse if one.startswith("RGD:")]
    human = mention_ids(gene(annotator, "IL-7", "IL-7 in patients"), lexicon)
    assert not [one for one in human if one.startswith("MGI:")]


def test_genes_of_the_species_itself(lexicon: Lexicon) -> None:
    annotator = Annotator(lexicon, species="auto")
    assert gene(annotator, "IL-7", "IL-7 in mice").best.term == "MGI:96561"
    assert gene(annotator, "IL-7", "IL-7 in rats").best.term.startswith("RGD:")
    assert gene(annotator, "IL-7", "IL-7 in patients").best.term == "HGNC:6023"
    ids = mention_ids(gene(annotator, "IL-7", "IL-7 in mice"), lexicon)
    assert "NCBIGene:16196" in ids
    assert "HGNC:6023" not in ids


def test_a_gene_that_mice_alone_have(annotator: Annotator) -> None:
    mention = gene(annotator, "Ly-6A", "expression of Ly-6A")
    assert mention.best.term == "MGI:107527"
    assert mention.organism == MOUSE


def test_the_ortholog_that_the_text_names(annotator: Annotator, lexicon: Lexicon) -> None:
    ids = mention_ids(gene(annotator, "Agtr1a", "Agtr1a in mice"), lexicon)
    assert "MGI:87964" in ids
    assert "MGI:87965" not in ids  # Agtr1b


def test_a_family_has_the_ids_of_its_members(annotator: Annotator, lexicon: Lexicon) -> None:
    mention = gene(annotator, "STAT5", "STAT5 in mice")
    assert mention.best.term == "FPLX:STAT5"
    ids = mention_ids(mention, lexicon)
    assert ids[0] == "FPLX:STAT5"
    assert {"HGNC:11366", "NCBIGene:6776", "MGI:103036", "NCBIGene:20850"} <= set(ids)


def test_strains_and_cell_lines_are_no_mentions(annotator: Annotator) -> None:
    (found,) = annotator.annotate(["C57BL/6 and Wistar, HeLa and PC12"])
    assert found == []


@pytest.mark.parametrize(
    ("text", "organism"),
    [("the patients", HUMAN), ("two women", HUMAN), ("murine cells", MOUSE)],
)
def test_words_for_organisms(annotator: Annotator, text: str, organism: str) -> None:
    assert annotator.annotate([text])[0][0].best.term == organism
