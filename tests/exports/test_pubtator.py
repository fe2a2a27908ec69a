"""PubTator's lines, read back with this project's own reader."""

from pathlib import Path

from kg.exports.pubtator import PubtatorProfile
from kg.model import Problem, Record
from kg.readers.pubtator import PubtatorReader
from kg.store import open_graph
from tests.exports.graphs import FIRST, SECOND, THIRD, make_view, whole_view, written
from tests.exports.reading_back import graph_mentions, read_mentions, read_records


def test_all_mentions_of_a_graph_are_read_back(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        path = written(PubtatorProfile(), whole_view(graph), tmp_path)
        expected = graph_mentions(whole_view(graph))
    records = read_records(PubtatorReader(), path)
    assert [problem for record in records for problem in record.problems] == []
    assert read_mentions(records) == expected
    assert sum(map(len, expected)) == 426


def test_places_hold_over_what_lines_and_columns_cannot_have(tmp_path: Path) -> None:
    path = written(PubtatorProfile(), make_view(), tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    title = FIRST.replace("\x0b", " ")
    body = f"{SECOND}     {THIRD}".replace("\t", " ")
    assert lines[lines.index(f"17|t|{title}") + 1] == f"17|a|{body}"
    whole = f"{title} {body}"
    rows = [line.split("\t") for line in lines if line.startswith("17\t")]
    mentions = [row for row in rows if row[1].isdigit()]
    assert [whole[int(row[1]) : int(row[2])] for row in mentions] == [row[3] for row in mentions]
    # The longest of "T cell" and "T cells" that stands there, and all places of "IL-7".
    assert [(row[3], row[4], row[5]) for row in mentions] == [
        ("IL-7", "Gene", "HGNC:6023"),
        ("STAT5", "GeneFamily", "FPLX:STAT5"),
        ("T cells", "CellType", "CL:0000084"),
        ("IL-7", "Gene", "HGNC:6023"),
        ("IL-7", "Gene", "HGNC:6023"),
        ("mTORC1", "GeneFamily", "FPLX:mTORC1"),
        ("T cell", "CellType", "CL:0000084"),
        ("IL-7", "Gene", "HGNC:6023"),
        ("colitis", "Disease", "MONDO:0005292"),
        ("CD3", "Entity", "HGNC:1674"),
        ("T cells", "CellType", "CL:0000084"),
    ]


def test_only_what_is_stated_outright_is_a_relation(tmp_path: Path) -> None:
    target = tmp_path / "out.pubtator"
    told = PubtatorProfile().write(make_view(), target)
    rows = [line.split("\t") for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row[1:] for row in rows if len(row) == 4] == [["activates", "HGNC:6023", "FPLX:STAT5"]]
    [note] = told.notes
    assert note.startswith("2 relations that are negated or speculative were left out: ")


def test_a_paper_of_a_title_alone_is_kept_and_one_of_nothing_is_not(tmp_path: Path) -> None:
    records = read_records(PubtatorReader(), written(PubtatorProfile(), make_view(), tmp_path))
    assert all(isinstance(record, Record | Problem) for record in records)
    assert [record.title for record in records] == [FIRST.replace("\x0b", " "), "A title alone"]
