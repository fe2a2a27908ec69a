"""PubTator: documents with their mentions, composite ones and relations among their lines."""

import io
from pathlib import Path

import pytest

from kg.model import Annotation, Problem, Record
from kg.readers import Item, read_file
from kg.readers.pubtator import PubtatorReader

SAMPLE = Path(__file__).parent / "samples" / "pubtator.annotated.txt"


def read(text: str) -> list[Item]:
    return list(PubtatorReader().read(io.BytesIO(text.encode()), "a.txt"))


def only_record(text: str) -> Record:
    [record] = read(text)
    assert isinstance(record, Record)
    return record


@pytest.fixture(scope="module")
def sample() -> list[Record]:
    return [item for item in read_file(SAMPLE) if isinstance(item, Record)]


def test_titles_abstracts_and_identifiers(sample: list[Record]) -> None:
    assert [(one.position, one.locator.line, one.identifiers) for one in sample] == [
        (1, 1, {"PMID": "90000011"}),
        (2, 15, {"PMID": "90000012"}),
        (3, 24, {"PMCID": "PMC9000013"}),
    ]
    assert sample[0].title == "Interleukin-7 signalling restrains experimental zelitis in mice"
    abstract = sample[0].texts[1]
    assert [part.label for part in abstract.sections] == [
        "BACKGROUND",
        "METHODS",
        "RESULTS",
        "CONCLUSIONS",
    ]
    assert [text.field for text in sample[2].texts] == ["title"]
    assert not any(one.problems for one in sample)


def test_mentions_stand_in_the_texts_as_shown(sample: list[Record]) -> None:
    assert [(one.field, one.text, one.type, one.identifiers) for one in sample[0].annotations] == [
        ("title", "Interleukin-7", "Gene", ("NCBIGene:16196",)),
        ("title", "zelitis", "Disease", ()),
        ("title", "mice", "Species", ("NCBITaxon:10090",)),
        ("abstract", "T cells", "CellType", ("CL:0000084",)),
        ("abstract", "Il7r", "Gene", ("NCBIGene:16197", "NCBIGene:3575")),
        ("abstract", "mice", "Species", ("NCBITaxon:10090",)),
        ("abstract", "dexanol", "Chemical", ()),
        ("abstract", "TNF-α", "Gene", ("NCBIGene:21926",)),
        ("abstract", "pleural", "Disease", ("MESH:D010996",)),
        ("abstract", "pericardial effusions", "Disease", ("MESH:D010490",)),
        ("abstract", "Interleukin-7", "Gene", ("NCBIGene:16196",)),
    ]
    for record in sample:
        shown = {text.field: text.text for text in record.texts}
        for one in record.annotations:
            assert shown[one.field][one.start : one.end] == one.text


def test_variants_are_kept_as_written(sample: list[Record]) -> None:
    [variant] = [one for one in sample[1].annotations if one.type == "DNAMutation"]
    assert variant.identifiers == (
        "tmVar:c|SUB|G|94|C;HGVS:c.94G>C;VariantGroup:0;CorrespondingGene:3274",
    )


def test_a_mention_without_identifier_keeps_its_place() -> None:
    for line in (
        "1\t0\t5\tAsker\tDisease\t",
        "1\t0\t5\tAsker\tDisease",
        "1\t0\t5\tAsker\tDisease\t-1",
    ):
        record = only_record(f"1|t|Asker fever\n1|a|None.\n{line}\n")
        assert record.annotations == (
            Annotation(field="title", start=0, end=5, text="Asker", type="Disease"),
        )


def test_documents_need_no_blank_line_between_them() -> None:
    first, second = read(
        "1|t|Asker fever\n1|a|It is rare.\n1\t0\t5\tAsker\tDisease\tD1\n"
        "2|t|Zed fever\n2|a|It is common.\n2\t0\t3\tZed\tDisease\tD2\n"
    )
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, second.title) == ("Asker fever", "Zed fever")
    assert [one.text for one in second.annotations] == ["Zed"]


def test_relations_are_passed_over() -> None:
    record = only_record(
        "1|t|Asker fever\n1|a|It is rare.\n1\tCID\tD008750\tD003866\n"
        "1\tAssociation\tD008750\t7157\tNovel\n1\tCID\tD008750\tD003866\tNo\t1\n"
    )
    assert not record.annotations
    assert not record.problems


def test_bad_lines_are_told_and_cost_nothing_else() -> None:
    items = read(
        "1|t|Asker fever\n1|a|It is rare.\n1\t5\t3\tAsker\tDisease\tD1\n2\t0\t5\tAsker\tDisease\n"
        "and so on\n1\t0\t5\tAsker\tDisease\tD1\n1|a|Another.\n"
    )
    *problems, record = items
    assert isinstance(record, Record)
    assert [one.text for one in record.annotations] == ["Asker"]
    assert [(one.code, one.locator.line) for one in record.problems] == [("broken-annotation", 3)]
    assert [
        (one.code, one.locator.line, one.lost) for one in problems if isinstance(one, Problem)
    ] == [("unknown-line", 4, False), ("unknown-line", 5, False), ("unknown-line", 7, False)]


def test_lines_before_any_document_are_lost() -> None:
    problem, record = read("1\t0\t5\tAsker\tDisease\tD1\n1|t|Asker fever\n")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("unknown-line", True)
    assert isinstance(record, Record)
    assert record.position == 1


def test_an_abstract_without_a_title_is_read_and_told() -> None:
    record = only_record("1|a|Asker fever is rare.\n1\t1\t6\tAsker\tDisease\tD1\n")
    assert [text.field for text in record.texts] == ["abstract"]
    assert [one.code for one in record.problems] == ["missing-title"]
    assert [(one.start, one.text) for one in record.annotations] == [(0, "Asker")]


def test_white_space_and_brackets_move_no_mention() -> None:
    record = only_record(
        "1|t|[Asker  fever  in mice.]\n1|a|The  fever   of mice.\n"
        "1\t1\t13\tAsker  fever\tDisease\tD1\n1\t18\t22\tmice\tSpecies\t10090\n"
        "1\t41\t45\tmice\tSpecies\t10090\n"
    )
    assert record.title == "Asker fever in mice"
    assert [(one.field, one.start, one.text) for one in record.annotations] == [
        ("title", 0, "Asker fever"),
        ("title", 15, "mice"),
        ("abstract", 13, "mice"),
    ]
    assert not record.problems


def test_a_cut_line_is_told_and_the_record_given() -> None:
    record, problem = sorted(
        read("1|t|Asker fever\n1|a|It is rare.\n1\t0\t5\tAsk"),
        key=lambda one: isinstance(one, Problem),
    )
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (record.title, record.problems) == ("Asker fever", ())
    assert (problem.code, problem.lost, problem.locator.line) == ("cut-file", True, 3)


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"26094|t|Asker", True),
        (b"\xef\xbb\xbf\r\n26094|a|Asker", True),
        (b"PMC26094|t|", True),
        (b"a|b|c", False),
        (b"1. Doe J. Asker. Z 2001;1:2.", False),
        (b"26094\t0\t5\tAsker\tDisease", False),
    ],
)
def test_what_is_recognised(head: bytes, known: bool) -> None:
    assert PubtatorReader().sniff(head) is known
