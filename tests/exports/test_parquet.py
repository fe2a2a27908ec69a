"""Parquet, read back by pyarrow."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from kg.exports import parquet
from kg.exports.parquet import TABLES, ParquetProfile
from kg.store import open_graph
from tests.exports.graphs import (
    DENIED,
    FIRST,
    SECOND,
    THIRD,
    make_view,
    whole_view,
    without,
    written,
)

Tables = dict[str, list[dict[str, Any]]]


def read(folder: Path) -> Tables:
    return {path.stem: pyarrow.parquet.read_table(path).to_pylist() for path in folder.iterdir()}


def test_a_graph_is_seven_tables_that_join(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        tables = read(written(ParquetProfile(), whole_view(graph), tmp_path))
    counts = {name: len(rows) for name, rows in tables.items()}
    assert counts.keys() == TABLES.keys()
    assert counts["papers"] == 62
    assert counts["sentences"] == 119
    assert counts["mentions"] == 426
    assert counts["assertions"] == 144
    assert counts["evidence"] == 164
    assert counts["co_mentions"] == 453
    sentences = {(row["paper"], row["field"], row["start"]): row for row in tables["sentences"]}
    for row in tables["mentions"]:
        sentence = sentences[row["paper"], row["field"], row["sentence_start"]]
        start = row["start"] - sentence["start"]
        assert sentence["text"][start : row["end"] - sentence["start"]] == row["text"]
    for row in tables["evidence"]:
        sentence = sentences[row["paper"], row["field"], row["sentence_start"]]
        for role in ("subject", "object"):
            start = row[f"{role}_start"] - sentence["start"]
            words = sentence["text"][start : row[f"{role}_end"] - sentence["start"]]
            assert words == row[f"{role}_text"]
        assert row["trigger"] in sentence["text"]
    curies = {row["curie"] for row in tables["entities"]}
    assert {row["curie"] for row in tables["mentions"]} <= curies
    assert {row[end] for row in tables["assertions"] for end in ("subject", "object")} <= curies
    assertions = {row["assertion"] for row in tables["assertions"]}
    assert {row["assertion"] for row in tables["evidence"]} == assertions


def test_a_column_has_the_type_that_it_should(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        folder = written(ParquetProfile(), whole_view(graph), tmp_path)
    types = {"list": "list<element: string>", "float64": "double"}
    for name, columns in TABLES.items():
        schema = pyarrow.parquet.read_schema(folder / f"{name}.parquet")
        found = {field.name: str(field.type) for field in schema}
        assert found == {column: types.get(kind, kind) for column, kind in columns.items()}


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    tables = read(written(ParquetProfile(), make_view(), tmp_path))
    papers = {row["paper"]: row for row in tables["papers"]}
    assert papers["PMID:17"]["doi"] == "10.1000/x"
    assert papers["PMID:17"]["pmcid"] is None
    assert papers["PMID:17"]["year"] == 2001
    assert {row["text"] for row in tables["sentences"]} == {FIRST, SECOND, THIRD}
    [denied] = [row for row in tables["assertions"] if f"<{row['assertion']}>" == DENIED]
    assert (denied["negated"], denied["sign"]) == (True, "positive")


def test_without_texts_mentions_have_no_places(tmp_path: Path) -> None:
    target = tmp_path / "out"
    told = ParquetProfile().write(make_view(without("text")), target)
    tables = read(target)
    assert {row["text"] for row in tables["sentences"]} == {None}
    # Each wording of a sentence once.
    assert len(tables["mentions"]) == 4 + 3 + 4
    assert {row["start"] for row in tables["mentions"]} == {None}
    assert told.notes[0].startswith("3 sentences have no text")


@pytest.mark.parametrize("size", [1, 7, 100])
def test_rows_go_out_in_groups(
    size: int, il7_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", size)
    with open_graph(il7_graph) as graph:
        folder = written(ParquetProfile(), whole_view(graph), tmp_path)
    file = pyarrow.parquet.ParquetFile(folder / "assertions.parquet")
    assert file.num_row_groups == -(-144 // size)
    assert file.metadata.num_rows == 144
    file.close()
