"""The terms behind the headings and substances that an indexer gave a paper."""

import pytest

from kg.annotate.indexed import IndexingReader
from kg.model import Heading, IndexedTerm, Indexing, Qualifier, Substance
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> IndexingReader:
    return IndexingReader(lexicon)


def of_headings(reader: IndexingReader, *headings: Heading) -> tuple[IndexedTerm, ...]:
    return reader.read_terms(Indexing(headings=headings))


def of_substance(
    reader: IndexingReader, name: str, identifier: str = "", registry: str = ""
) -> str:
    found = reader.read_terms(
        Indexing(substances=(Substance(name=name, id=identifier, registry=registry),))
    )
    return found[0].term if found else ""


@pytest.mark.parametrize(
    ("name", "identifier", "term"),
    [
        ("Interleukin-7", "D015851", "HGNC:6023"),
        ("Receptors, Interleukin-7", "D020395", "HGNC:6024"),
        ("STAT5 Transcription Factor", "D050799", "FPLX:STAT5"),
        ("Diabetes Mellitus, Type 2", "D003924", "MONDO:0005148"),
        ("T-Lymphocytes", "D013601", "CL:0000084"),
        ("Mice", "D051379", "NCBITaxon:10090"),
        ("Lung", "D008168", "UBERON:0002048"),
        ("Apoptosis", "D017209", "GO:0006915"),
        ("Glucose", "D005947", "CHEBI:17234"),
        ("Interleukins", "D007378", "MESH:D007378"),
    ],
)
def test_headings_of_every_type_by_id_or_by_name(
    reader: IndexingReader, name: str, identifier: str, term: str
) -> None:
    expected = (IndexedTerm(term=term, heading=name),)
    assert of_headings(reader, Heading(name=name, id=identifier)) == expected
    assert of_headings(reader, Heading(name=name)) == expected


@pytest.mark.parametrize(
    "name",
    ["Adult", "Female", "Time Factors", "Signal Transduction", "Cells", "Disease", "Animals",
     "Mice, Inbred C57BL", "no heading at all", ""],
)  # fmt: skip
def test_headings_that_are_no_entity_give_none(reader: IndexingReader, name: str) -> None:
    assert of_headings(reader, Heading(name=name)) == ()


def test_an_id_that_is_not_known_leaves_the_name(reader: IndexingReader) -> None:
    [found] = of_headings(reader, Heading(name="Lung", id="D999999"))
    assert found.term == "UBERON:0002048"


def test_an_id_is_asked_before_a_name(reader: IndexingReader) -> None:
    [found] = of_headings(reader, Heading(name="Tobacco", id="D008168"))
    assert found == IndexedTerm(term="UBERON:0002048", heading="Tobacco")


def test_a_term_is_major_by_a_heading_or_a_qualifier(reader: IndexingReader) -> None:
    qualifiers = (Qualifier(name="genetics"), Qualifier(name="immunology", major=True))
    found = of_headings(
        reader,
        Heading(name="Lung", major=True),
        Heading(name="Mice"),
        Heading(name="Interleukin-7", qualifiers=qualifiers),
        Heading(name="T-Lymphocytes", qualifiers=qualifiers[:1]),
    )
    assert [(one.heading, one.major) for one in found] == [
        ("Lung", True),
        ("Mice", False),
        ("Interleukin-7", True),
        ("T-Lymphocytes", False),
    ]


def test_a_term_is_told_once(reader: IndexingReader) -> None:
    found = reader.read_terms(
        Indexing(
            headings=(Heading(name="Lung"), Heading(name="Lung", major=True)),
            substances=(Substance(name="Lung", id="D008168"),),
        )
    )
    assert found == (IndexedTerm(term="UBERON:0002048", heading="Lung", major=True),)


@pytest.mark.parametrize(
    ("name", "identifier", "registry", "term"),
    [
        ("Interleukin-7", "D015851", "", "HGNC:6023"),
        ("Interleukin-7", "", "", "HGNC:6023"),
        ("INCB018424", "C540383", "", "CHEBI:66919"),
        ("ruxolitinib", "", "82S8X8XX8H", "CHEBI:66919"),
        ("what is called otherwise", "", "657-24-9", "CHEBI:6801"),
        ("IL7R protein, human", "C000000000", "", "HGNC:6024"),
        ("Stat5a protein, mouse", "", "", "HGNC:11366"),
    ],
)
def test_substances(
    reader: IndexingReader, name: str, identifier: str, registry: str, term: str
) -> None:
    assert of_substance(reader, name, identifier, registry) == term


@pytest.mark.parametrize(
    "name",
    [
        "EDS1 protein, Arabidopsis",
        "Recombinant Proteins",
        "zelkinostat",
        "PAL protein, human extract",
        "",
    ],
)
def test_substances_that_are_not_known_give_none(reader: IndexingReader, name: str) -> None:
    assert of_substance(reader, name, "C999999999", "EC 1.2.3.4") == ""


def test_nothing_indexed_gives_nothing(reader: IndexingReader) -> None:
    assert reader.read_terms(Indexing()) == ()
