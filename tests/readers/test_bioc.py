"""BioC in XML and JSON: passages, identifiers, annotations, as the tools write them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kg.model import Author, Problem, Record
from kg.readers import Item, read_file
from kg.readers.bioc_json import BiocJsonReader
from kg.readers.bioc_xml import BiocXmlReader

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> list[Record]:
    items = list(read_file(SAMPLES / name))
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


def read_json(value: object) -> list[Item]:
    return list(BiocJsonReader().read(io.BytesIO(json.dumps(value).encode()), "a.json"))


def read_xml(text: str) -> list[Item]:
    return list(BiocXmlReader().read(io.BytesIO(text.encode()), "a.xml"))


def passage(offset: int, text: str, kind: str = "", **infons: str) -> dict[str, Any]:
    named = {"type": kind, **infons} if kind else infons
    return {"offset": offset, "text": text, "infons": named, "annotations": []}


def only_record(*passages: dict[str, Any], **fields: Any) -> Record:
    [record] = read_json({"id": "1", "infons": {}, "passages": list(passages), **fields})
    assert isinstance(record, Record)
    return record


def mentions(record: Record) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.field, one.text, one.identifiers) for one in record.annotations]


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    return sample("bioc-xml.corpus.xml")


@pytest.fixture(scope="module")
def pubtator3() -> list[Record]:
    return sample("bioc-json.pubtator3.json")


# --- XML ---------------------------------------------------------------------------------------


def test_titles_and_abstracts_in_xml(corpus: list[Record]) -> None:
    assert [one.title for one in corpus] == [
        "Famotidine-associated delirium after thymectomy",
        "Interleukin-7 restrains zelitis in mice",
        "Lymphocytes in sentences",
    ]
    assert "(P < 0.05)" in corpus[0].texts[1].text
    assert corpus[2].texts[1].text == "Lymphocytes were counted. STAT5 was not."
    assert [one.position for one in corpus] == [1, 2, 3]
    assert not any(one.problems for one in corpus)


def test_annotations_in_xml(corpus: list[Record]) -> None:
    assert mentions(corpus[0]) == [
        ("title", "Famotidine", ("MESH:D015738",)),
        ("title", "delirium", ("MESH:D003693",)),
        ("abstract", "Breast", ("MESH:D001943",)),
        ("abstract", "ovarian carcinoma", ("MESH:D010051",)),
        ("abstract", "patients", ("NCBITaxon:9606",)),
        ("abstract", "TNF-α", ("NCBIGene:7124",)),
    ]
    assert mentions(corpus[2]) == [
        ("abstract", "Lymphocytes", ("CL:0000542",)),
        ("abstract", "STAT5", ("NCBIGene:6776",)),
    ]


def test_a_full_text_in_xml(corpus: list[Record]) -> None:
    record = corpus[1]
    assert record.identifiers == {
        "PMID": "90000042",
        "PMCID": "PMC9900042",
        "DOI": "10.5555/zel.042",
    }
    assert [one.name for one in record.authors] == ["Yeh E", "van Amelsfort JM"]
    assert (record.year, record.volume, record.issue) == (2011, "9", "8")
    assert (record.pages, record.first_page, record.last_page) == ("12-19", "12", "19")
    assert record.texts[1].text == "Results were mixed. Patients were not asked."
    assert mentions(record) == [
        ("title", "Interleukin-7", ("NCBIGene:16196",)),
        ("abstract", "Patients", ("NCBITaxon:9606",)),
    ]


def test_entities_of_a_document_type_are_never_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE collection [<!ENTITY a "zelitis"><!ENTITY b "&a;&a;">'
        '<!ENTITY c SYSTEM "file:///etc/passwd">]><collection><source/><date/><key/>'
        "<document><id>1</id><passage><offset>0</offset><text>&b;&c;</text></passage></document>"
        "</collection>"
    )
    [problem] = read_xml(bomb)
    assert isinstance(problem, Problem)
    assert problem.lost


def test_a_broken_document_costs_only_itself() -> None:
    document = (
        "<document><id>{}</id><passage><offset>0</offset><text>{}</text></passage></document>\n"
    )
    text = "<collection><source/><date/><key/>\n{}{}{}</collection>".format(
        document.format(1, "One."), document.format(2, "<b>Two"), document.format(3, "Three.")
    )
    first, broken, third = read_xml(text)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert (first.identifiers, third.identifiers) == ({"PMID": "1"}, {"PMID": "3"})
    assert isinstance(broken, Problem)
    assert (broken.code, broken.lost, broken.locator.line) == ("broken-xml", True, 3)


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"<collection><source>PMC</source><document><id>1</id>", True),
        (b'<?xml version="1.0"?><!DOCTYPE collection SYSTEM "BioC.dtd"><collection><source>', True),
        (b"<collection xmlns='http://www.loc.gov/MARC21/slim'><record>", False),
        (b"<PubmedArticleSet><PubmedArticle>", False),
        (b'{"documents": [{"passages": []}]}', False),
    ],
)
def test_which_xml_is_recognised(head: bytes, known: bool) -> None:
    assert BiocXmlReader().sniff(head) is known


# --- JSON --------------------------------------------------------------------------------------


def test_an_answer_of_pubtator(pubtator3: list[Record]) -> None:
    record = pubtator3[0]
    assert record.identifiers == {"PMID": "90000031", "DOI": "10.5555/jii.2018.031"}
    assert record.authors == (
        Author(name="Deng X", family="Deng", initials="X"),
        Author(name="van Amelsfort JM", family="van Amelsfort", initials="JM"),
    )
    assert (record.journal, record.year, record.volume, record.issue) == (
        "J Invent Immunol",
        2018,
        "17",
        "3",
    )
    assert record.last_page == "866"
    assert [part.label for part in record.texts[1].sections] == ["BACKGROUND", "CONCLUSIONS"]
    assert mentions(record) == [
        ("title", "Interleukin-7", ("NCBIGene:3574", "NCBIGene:16196")),
        ("title", "mice", ("NCBITaxon:10090",)),
        ("abstract", "TNF-α", ("NCBIGene:21926",)),
        ("abstract", "colitis", ("MESH:D003092",)),
        ("abstract", "Interleukin-7", ("NCBIGene:16196",)),
        ("abstract", "STAT5", ()),
        ("abstract", "c.94G>C", ("tmVar:c|SUB|G|94|C;HGVS:c.94G>C;VariantGroup:0",)),
    ]
    assert not record.problems


def test_of_a_full_text_title_and_abstract_are_kept(pubtator3: list[Record]) -> None:
    record = pubtator3[1]
    assert record.identifiers == {
        "PMID": "90000032",
        "PMCID": "PMC9900032",
        "DOI": "10.5555/pone.032",
    }
    assert [(text.field, text.text) for text in record.texts] == [
        ("title", "A full text on regulatory lymphocytes"),
        ("abstract", "RESULTS: Lymphocytes were counted in the spleen."),
    ]
    assert [one.name for one in record.authors] == ["Yeh E", "de la Cruz JP"]
    assert (record.pages, record.last_page) == ("e1001138", "")
    assert mentions(record) == [
        ("title", "lymphocytes", ("CL:0000542",)),
        ("abstract", "Lymphocytes", ("CL:0000542",)),
    ]
    assert not record.problems


def test_collections_in_a_list() -> None:
    found = sample("bioc-json.collections.json")
    assert [(one.position, one.identifiers) for one in found] == [
        (1, {"PMCID": "PMC9900033"}),
        (2, {"PMCID": "PMC9900034"}),
    ]


def test_documents_one_a_line() -> None:
    lines = "\n".join(
        json.dumps({"id": str(number), "passages": [passage(0, f"Zelitis {number}.", "title")]})
        for number in (1, 2)
    )
    assert BiocJsonReader().sniff(lines.encode())
    items = list(BiocJsonReader().read(io.BytesIO(lines.encode()), "a.jsonl"))
    assert [item.title for item in items if isinstance(item, Record)] == ["Zelitis 1", "Zelitis 2"]


def test_the_number_of_a_full_text_is_no_pmid() -> None:
    record = only_record(passage(0, "Zelitis.", "front", section_type="TITLE"), id="9900044")
    assert record.identifiers == {"PMCID": "PMC9900044"}


def test_identifiers_of_references_are_not_the_papers() -> None:
    record = only_record(
        passage(0, "Zelitis.", "title"),
        passage(9, "Doe J. A.", "ref", **{"pub-id_pmid": "77777777", "article-id_pmid": "7"}),
    )
    assert record.identifiers == {"PMID": "1"}


def test_passages_that_are_not_named_are_title_and_abstract() -> None:
    record = only_record(passage(0, "Zelitis in mice."), passage(17, "It is rare."))
    assert [(text.field, text.text) for text in record.texts] == [
        ("title", "Zelitis in mice"),
        ("abstract", "It is rare."),
    ]
    alone = only_record(passage(0, "Zelitis in mice is rare."))
    assert [text.field for text in alone.texts] == ["abstract"]
    assert [one.code for one in alone.problems] == ["missing-title"]


def test_sections_of_an_abstract() -> None:
    record = only_record(
        passage(0, "Zelitis", "front"),
        passage(8, "Abstract", "abstract_title_1", section_type="ABSTRACT"),
        passage(17, "We asked.", "abstract", section_type="ABSTRACT"),
        passage(27, "Methods", "abstract_title_2", section_type="ABSTRACT"),
        passage(35, "We counted.", "abstract", section_type="ABSTRACT"),
        passage(47, "Twice.", "abstract", section_type="ABSTRACT"),
    )
    assert record.texts[1].text == "ABSTRACT: We asked. METHODS: We counted. Twice."
    plain = only_record(
        passage(0, "Zelitis", "front"),
        passage(8, "Abstract", "abstract_title_1"),
        passage(17, "AIM: To ask. RESULTS: Many.", "abstract"),
    )
    assert plain.texts[1].text == "AIM: To ask. RESULTS: Many."
    assert [part.label for part in plain.texts[1].sections] == ["AIM", "RESULTS"]


def annotation(offset: int, text: str, length: int | None = None, **infons: str) -> dict[str, Any]:
    locations = [{"offset": offset, "length": len(text) if length is None else length}]
    return {"id": "1", "infons": infons, "text": text, "locations": locations}


def test_annotations_of_the_document() -> None:
    title = passage(0, "Zelitis in mice.", "title")
    body = passage(100, "Mice were kept.", "paragraph")
    found = [annotation(11, "mice", type="Species"), annotation(100, "Mice", type="Species")]
    record = only_record(title, body, annotations=found)
    assert [(one.start, one.text) for one in record.annotations] == [(11, "mice")]
    assert not record.problems, "what is not kept has annotations that are not missed"


@pytest.mark.parametrize("unit", ["code points", "bytes"])
@pytest.mark.parametrize("is_relative", [False, True])
def test_offsets_in_bytes_or_from_the_passage(unit: str, is_relative: bool) -> None:
    def measure(text: str) -> int:
        return len(text) if unit == "code points" else len(text.encode())

    title, text = "Größe der Milz", "Mäuse hatten Zelitis und TNF-α."
    abstract = passage(measure(title) + 1, text, "abstract")
    for word in ("Mäuse", "Zelitis", "TNF-α"):
        start = measure(text[: text.index(word)]) + (0 if is_relative else abstract["offset"])
        abstract["annotations"].append(annotation(start, word, measure(word), type="x"))
    record = only_record(passage(0, title, "title"), abstract)
    assert [one.text for one in record.annotations] == ["Mäuse", "Zelitis", "TNF-α"]
    assert not record.problems


def test_an_annotation_that_is_not_in_the_text_is_told() -> None:
    title = passage(0, "Zelitis in mice.", "title")
    title["annotations"] = [annotation(0, "colitis", type="Disease")]
    record = only_record(title)
    assert not record.annotations
    [problem] = record.problems
    assert (problem.code, problem.lost) == ("lost-annotation", False)
    assert "'colitis' (0-7)" in problem.message


def test_what_is_no_document_is_a_problem() -> None:
    good, bad = read_json(
        {"source": "s", "key": "k", "documents": [{"id": "1", "passages": []}, {"id": "2"}]}
    )
    assert isinstance(good, Record)
    assert [one.code for one in good.problems] == ["missing-title"]
    assert isinstance(bad, Problem)
    assert (bad.code, bad.lost) == ("no-document", True)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ({"PubTator3": []}, True),
        ({"source": "PMC", "date": "", "key": "k", "documents": []}, True),
        ([{"documents": [{"id": "1", "passages": []}]}], True),
        ([{"id": "1", "type": "article-journal"}], False),
        ({"resultList": {"result": []}, "hitCount": 0}, False),
        ({"documents": [1, 2]}, False),
    ],
)
def test_which_json_is_recognised(value: object, known: bool) -> None:
    assert BiocJsonReader().sniff(json.dumps(value).encode()) is known


@pytest.mark.parametrize(
    "citation",
    [
        "J Z. 2001 Jan 5;16(2):1-9. doi: 10.5555/z.1. Epub 2001 Jan 1.",
        "J Z; 2001 Jan 16 (2) 1-9. doi:10.5555/z.1",
        "J Z; 2001 16 (2) 1-9. doi:10.5555/z.1",
    ],
)
def test_citations_in_one_infon(citation: str) -> None:
    record = only_record(passage(0, "Zelitis", "title", journal=citation))
    assert (record.journal, record.year) == ("J Z", 2001)
    assert (record.volume, record.issue, record.pages) == ("16", "2", "1-9")
    assert record.identifiers["DOI"] == "10.5555/z.1"


def test_a_journal_alone_is_a_journal() -> None:
    record = only_record(passage(0, "Zelitis", "title", journal="Nature Communications"))
    assert (record.journal, record.year) == ("Nature Communications", None)
