"""A table of a user's names is read line by line; what cannot be used is told, with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import EntityType, Problem, Scope
from kg.vocabulary.own_names import OwnName, OwnTable, load_own_table, read_own_names


def read(content: bytes) -> tuple[list[OwnName], list[Problem]]:
    table = OwnTable(path=Path("own.tsv"), content=content, sha256="")
    items = list(read_own_names(table))
    return (
        [one for one in items if isinstance(one, OwnName)],
        [one for one in items if isinstance(one, Problem)],
    )


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("heading", [b"", b"Name\tCURIE\ttype\tscope"])
def test_the_forms_that_a_table_comes_in(start: bytes, end: bytes, heading: bytes) -> None:
    lines = [heading, b"# remark", b"", b"alpha one\thgnc:1\tgene\trelated", b"beta\tCL:2", b""]
    names, problems = read(start + end.join(lines))
    assert [(one.text, one.curie, one.type, one.scope) for one in names] == [
        ("alpha one", "HGNC:1", EntityType.GENE, Scope.RELATED),
        ("beta", "CL:2", None, Scope.EXACT),
    ]
    assert [one.line for one in names] == [4, 5]
    assert problems == []


@pytest.mark.parametrize("line", ["CAT\t\t\t", "CAT\t", "CAT\tHGNC:1\tGene\tnone", "CAT\t\t\tNONE"])
def test_forbidden_names(line: str) -> None:
    (name,), problems = read(line.encode())
    assert (name.text, name.curie, problems) == ("CAT", "", [])


@pytest.mark.parametrize("kind", ["CellType", "celltype", "cell type", "Cell_Type"])
def test_types_in_any_case(kind: str) -> None:
    assert read(f"a b\tCL:1\t{kind}\t".encode())[0][0].type is EntityType.CELL_TYPE


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"alone", "1 columns"),
        (b"a b\tHGNC:1\tGene\tEXACT\tmore", "5 columns"),
        (b"a b\tLAB:1\tGene\tEXACT", "'LAB:1' is no CURIE"),
        (b"a b\tnothing\tGene\tEXACT", "'nothing' is no CURIE"),
        (b"a b\tHGNC:1\tProtein\tEXACT", "unknown type 'Protein'; use one of Gene"),
        (b"a b\tHGNC:1\tGene\tCLOSE", "unknown scope 'CLOSE'; use EXACT"),
        (b"a b\t\tGene\tEXACT", "no CURIE"),
        (b"--\tHGNC:1\tGene\tEXACT", "holds no letter or digit"),
        (b"\tHGNC:1\tGene\tEXACT", "holds no letter or digit"),
        (b"7\tHGNC:1\tGene\tEXACT", "too short"),
        (b"12-7\tHGNC:1\tGene\tEXACT", "too short"),
        (b"ab " * 80 + b"\tHGNC:1", "too long"),
        (b"a\xff\tHGNC:1", "not UTF-8 at byte 2"),
    ],
)
def test_a_line_that_cannot_be_used(line: bytes, message: str) -> None:
    names, (problem,) = read(b"good one\tHGNC:1\n" + line + b"\nlast one\tHGNC:1")
    assert [one.line for one in names] == [1, 3]
    assert str(problem.locator) == "own.tsv:2"
    assert message in problem.message
    assert problem.lost


def test_empty_cells_at_the_end_do_not_count() -> None:
    assert len(read(b"a b\tHGNC:1\tGene\tEXACT\t\t\t")[0]) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b" \n\n", "is empty"), ("a\tb".encode("utf-16"), "no UTF-8 text")],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_own_table(path)


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_own_table(tmp_path / "none.tsv")
    with pytest.raises(InputError, match="is a directory"):
        load_own_table(tmp_path)


def test_text_that_is_no_table() -> None:
    with pytest.raises(InputError, match="no table of names"):
        read(b"Dear all,\nplease find the names below.\n")


@given(st.binary(max_size=80))
def test_any_bytes_are_names_problems_or_refused(content: bytes) -> None:
    try:
        names, problems = read(content)
    except InputError:
        return
    lines = [one.line for one in names] + [one.locator.line for one in problems]
    assert len(lines) == len(set(lines)) <= content.count(b"\n") + 1
