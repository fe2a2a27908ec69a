"""Which terms the identifiers of other registries, and the headings of MeSH, stand for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.headings import lend_names
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.overruling import Overruling
from kg.vocabulary.referents import index_headings
from kg.vocabulary.writing import write_lexicon


def term(
    curie: str,
    label: str,
    *xrefs: str,
    kind: EntityType = EntityType.ANATOMY,
    synonyms: tuple[str, ...] = (),
    close: tuple[str, ...] = (),
) -> Term:
    return Term(
        curie=curie,
        label=label,
        type=kind,
        xrefs=xrefs,
        close=close,
        synonyms=tuple(
            Synonym(text=text, scope=Scope.EXACT, kind="", source="t") for text in synonyms
        ),
    )


TERMS = [
    term("UBERON:1", "quux"),
    term("UBERON:2", "pair of quuxes", synonyms=("quux",)),
    term("UBERON:3", "zed sinus", "MESH:D2", "UMLS:C1", "SNOMED:1"),
    term("UBERON:4", "zed"),
    term("CL:0000000", "cell", "MESH:D5", kind=EntityType.CELL_TYPE),
    term("CHEBI:1", "metzin", "CAS:1-2-3", "MESH:C1", "MESH:C2", kind=EntityType.CHEMICAL),
    term("CHEBI:2", "metzin salt", "MESH:C2", close=("MESH:C3",), kind=EntityType.CHEMICAL),
    term("MONDO:1", "zed itis", "MESH:D6", kind=EntityType.DISEASE),
    term("GO:1", "zeditis", "MESH:D6", kind=EntityType.PROCESS),
    term("GO:2", "zed assembly", "MESH:D9", kind=EntityType.PROCESS),
    term("FPLX:ABC", "ABC", "MESH:D7", kind=EntityType.GENE_FAMILY),
    term("HGNC:1", "ABC1", "NCBIGene:11", "MGI:1", kind=EntityType.GENE),
    term("MGI:1", "Abc1", "NCBIGene:12", "HGNC:1", kind=EntityType.GENE),
    replace(
        term("HGNC:2", "ZK22", kind=EntityType.GENE),
        synonyms=(
            Synonym(text="zedikine 22", scope=Scope.EXACT, kind="name", source="t"),
            Synonym(text="zedikine", scope=Scope.EXACT, kind="alias_symbol", source="t"),
        ),
    ),
]
DESCRIPTORS = [
    term("MESH:D1", "Quux"),
    term("MESH:D2", "Zed"),
    term("MESH:D3", "Zed Fever", kind=EntityType.DISEASE),
    term("MESH:D4", "Nowhere"),
    term("MESH:D5", "Cells", kind=EntityType.CELL_TYPE),
    term("MESH:D6", "Zed Inflammation", kind=EntityType.DISEASE),
    term("MESH:D10", "Zedikine-22", kind=EntityType.GENE_FAMILY),
    term("MESH:D11", "Abc1 Proteins", kind=EntityType.GENE_FAMILY),
    term("MESH:D12", "Zedikine", kind=EntityType.GENE_FAMILY),
]
HEADINGS = {one.curie: one.label for one in DESCRIPTORS} | {
    "MESH:D7": "Abc Kinases",
    "MESH:D8": "Adult",
    "MESH:D9": "Zed Assembly Factors",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    folder = tmp_path_factory.mktemp("lexicon")
    gathered = Gathered()
    for one in TERMS:
        gathered.add(one)
    lend_names(gathered, DESCRIPTORS)
    index_headings(gathered, DESCRIPTORS, HEADINGS)
    write_lexicon(folder, gathered, [], [], Overruling(gathered, []))
    lexicon = Lexicon(folder)
    yield lexicon
    lexicon.close()


def test_a_term_stands_for_itself(small: Lexicon) -> None:
    assert small.referents("UBERON:1") == ("UBERON:1",)
    assert small.referents("MESH:D3") == ("MESH:D3",)
    assert small.referents("UBERON:9") == ()


def test_ids_of_other_registries_stand_for_what_is_equal(small: Lexicon) -> None:
    assert small.referents("UMLS:C1") == ("UBERON:3",)
    assert small.referents("CAS:1-2-3") == ("CHEBI:1",)
    assert small.referents("MESH:C2") == ("CHEBI:1", "CHEBI:2")
    assert small.referents("MESH:C3") == (), "close is not equal"


def test_genes_of_other_species_are_not_the_same(small: Lexicon) -> None:
    assert small.referents("NCBIGene:11") == ("HGNC:1",)
    assert small.referents("NCBIGene:12") == ("MGI:1",)
    assert small.referents("MGI:1") == ("MGI:1",)


def test_a_heading_is_the_term_of_its_name(small: Lexicon) -> None:
    for heading in ("Quux", "quux", "MESH:D1"):
        assert small.heading(heading) == "UBERON:1"


def test_a_heading_is_what_bears_its_name_before_what_is_mapped_to_it(small: Lexicon) -> None:
    assert small.heading("Zed") == "UBERON:4"
    assert small.referents("MESH:D2") == ("UBERON:4",)


def test_a_heading_that_was_taken_in_stands_for_itself(small: Lexicon) -> None:
    assert small.heading("Zed Fever") == "MESH:D3"


def test_a_heading_is_of_the_type_of_its_descriptor(small: Lexicon) -> None:
    assert small.heading("Zed Inflammation") == "MONDO:1"


def test_a_heading_of_no_type_is_the_genes_that_are_mapped_to_it(small: Lexicon) -> None:
    assert small.heading("Abc Kinases") == "FPLX:ABC"


def test_a_heading_for_one_protein_is_the_gene_of_that_name(small: Lexicon) -> None:
    assert small.heading("Zedikine-22") == "HGNC:2"
    assert small.heading("Abc1 Proteins") == small.heading("Zedikine") == ""


@pytest.mark.parametrize(
    "heading",
    ["Nowhere", "Cells", "MESH:D5", "Zed Assembly Factors", "MESH:D9", "Adult", "Time Factors", ""],
)
def test_headings_that_are_no_entity_are_not_known(small: Lexicon, heading: str) -> None:
    assert small.heading(heading) == ""


def test_the_real_tables(lexicon: Lexicon) -> None:
    for curie, referent in (
        ("NCBIGene:3574", "HGNC:6023"),
        ("NCBIGene:16196", "MGI:96561"),
        ("MESH:D003924", "MONDO:0005148"),
        ("OMIM:125853", "MONDO:0005148"),
        ("MESH:D015851", "HGNC:6023"),
        ("MESH:C540383", "CHEBI:66919"),
    ):
        assert lexicon.referents(curie) == (referent,)
    for name, referent in (
        ("Lung", "UBERON:0002048"),
        ("Microglia", "CL:0000129"),
        ("Mice", "NCBITaxon:10090"),
        ("Receptors, Interleukin-7", "HGNC:6024"),
        ("Interleukins", "MESH:D007378"),
        ("CD8 Antigens", "FPLX:CD8"),
        ("Interleukin-22", "HGNC:14900"),
    ):
        assert lexicon.heading(name) == referent
