"""Citations for reference managers: read back by readers of both formats, whatever is in them."""

from io import BytesIO

import pytest

from kg.exports.citations import Citation, make_key, write_bibtex, write_ris
from kg.model import Record
from kg.readers.bibtex import BibtexReader
from kg.readers.ris import RisReader

PLAIN = Citation(
    key="li2009receptor",
    title="IL-7 & its receptor: 100% of T cells, #1_a",
    authors=("Li XY", "van der Berg J", "Müller J-P", "Smith J Jr", "The IL-7 Group, and others"),
    journal="J Exp Med",
    year=2009,
    volume="206",
    issue="7",
    pages="1421-34",
    doi="10.1084/jem_2009(1)",
    pmid="19546248",
)
HOSTILE = Citation(
    key="a{b}, @string{x}",
    title="}} @comment{ \\input{/etc/passwd} \n\nER  - \r\nTY  - BOOK\u2028AU  - Nobody \x00",
    authors=("A and B {", "\\evil X"),
    pages="e12",
)


def read(reader: BibtexReader | RisReader, text: str) -> list[Record]:
    items = list(reader.read(BytesIO(text.encode()), "a"))
    return [item for item in items if isinstance(item, Record)]


@pytest.mark.parametrize("form", ["bibtex", "ris"])
def test_a_citation_is_read_back(form: str) -> None:
    if form == "bibtex":
        (record,) = read(BibtexReader(), write_bibtex(PLAIN))
    else:
        (record,) = read(RisReader(), write_ris(PLAIN))
    assert record.title == PLAIN.title
    assert (record.journal, record.year, record.volume) == ("J Exp Med", 2009, "206")
    assert record.issue == "7"
    assert record.pages.replace("--", "-") == "1421-34"
    assert [author.name.split(" ")[0] for author in record.authors] == [
        "Li",
        "van",
        "Müller",
        "Smith",
        "The",
    ]
    assert record.authors[0].name == "Li XY"
    assert record.identifiers["DOI"] == "10.1084/jem_2009(1)"
    assert record.identifiers["PMID"] == "19546248"


def test_what_is_hostile_stays_in_its_field() -> None:
    bibtex = write_bibtex(HOSTILE)
    assert bibtex.count("@") == bibtex.count("@article{") + bibtex.count("@comment")
    assert bibtex.startswith("@article{a-b-string-x,\n")
    assert bibtex.count("{") == bibtex.count("}")
    assert "\\input" not in bibtex
    (record,) = read(BibtexReader(), bibtex)
    assert "@comment" in record.title
    ris = write_ris(HOSTILE)
    assert [line[:6] for line in ris.splitlines() if line] == [
        *("TY  - ", "ID  - ", "AU  - ", "AU  - ", "TI  - ", "SP  - ", "ER  - "),
    ]
    assert len(read(RisReader(), ris)) == 1


def test_there_are_others_where_not_all_are_named() -> None:
    some = Citation(key="a", authors=("Li X",), et_al=True)
    assert "author = {Li, X. and others}," in write_bibtex(some)
    assert write_ris(some).count("AU  - ") == 1


def test_a_key_is_made_of_what_is_there() -> None:
    assert make_key(PLAIN) == "li2009receptor"
    assert make_key(Citation(key="cit-1", title="On it")) == "cit-1"
