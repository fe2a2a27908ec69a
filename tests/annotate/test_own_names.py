"""A user's own names in text: recognised as written, over the vocabularies' and the text's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.annotate.annotator import Annotator
from kg.vocabulary.compiling import open_lexicon

Find = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    def annotate(content: str, *fields: str) -> list[tuple[str, str, str]]:
        path = tmp_path / "own.tsv"
        path.write_text(content)
        lexicon = open_lexicon(
            vocabularies=("famplex",), own_names=[path], cache=tmp_path / "cache"
        )
        found = Annotator(lexicon).annotate(fields)
        return [(one.text, one.best.term, one.best.method) for ms in found for one in ms]

    return annotate


def test_the_method_is_told(find: Find) -> None:
    own = "zorgin\tMESH:C1\tChemical\nzorgoid cell\tCL:9\tCellType\nZRG-7\tHGNC:9\tGene\n"
    assert find(own, "Zorgin acts on zorgoid cells by ZRG-7 and ZRG7.") == [
        ("Zorgin", "MESH:C1", "own name"),
        ("zorgoid cells", "CL:9", "own name"),
        ("ZRG-7", "HGNC:9", "own name"),
        ("ZRG7", "HGNC:9", "own name"),
    ]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("QX\tMONDO:9\tDisease", "QX is an acronym that no text need define"),
        ("REST\tHGNC:9\tGene", "REST is a word too"),
        ("was\tHGNC:9\tGene", "the was gene"),
        ("qx\tMONDO:9\tDisease\tNARROW", "a short name: qx"),
    ],
)
def test_what_is_written_as_the_user_has_it_is_recognised(find: Find, own: str, text: str) -> None:
    (name,) = find(own, text)
    assert name[0] == own.split("\t", maxsplit=1)[0]


@pytest.mark.parametrize("text", ["qx was seen", "Qx was seen"])
def test_an_acronym_needs_its_case(find: Find, text: str) -> None:
    assert find("QX\tMONDO:9\tDisease", text) == []


def test_a_forbidden_name_is_left_out(find: Find) -> None:
    assert [one[0] for one in find("# none\nx y\t\n", "AKT and STAT5")] == ["AKT", "STAT5"]
    assert [one[0] for one in find("STAT5\t\n", "AKT and STAT5")] == ["AKT"]


def test_a_forbidden_name_stays_out_where_the_text_defines_it(find: Find) -> None:
    own = "quuxian disease\tMONDO:9\tDisease\n"
    text = "quuxian disease (QD) was seen; QD is rare"
    assert [one[0] for one in find(own, text)] == ["quuxian disease", "QD", "QD"]
    assert [one[0] for one in find(own + "QD\t\n", text)] == ["quuxian disease"]


def test_the_user_overrules_the_definition_of_a_text(find: Find) -> None:
    text = "the quite different thing (QDT) was seen; QDT is rare"
    assert [one[1] for one in find("QDT\tMONDO:9\tDisease\n", text)] == ["MONDO:9", "MONDO:9"]
