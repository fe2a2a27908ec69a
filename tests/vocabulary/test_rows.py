"""Numbered rows are read back as they were written."""

from pathlib import Path

import pytest

from kg.vocabulary.rows import Rows, write_rows


@pytest.mark.parametrize("texts", [[], [""], ["one", "", "zwei β", "three\nlines\n", ""]])
def test_rows_are_read_back(tmp_path: Path, texts: list[str]) -> None:
    write_rows(tmp_path / "rows", texts)
    rows = Rows(tmp_path / "rows")
    assert len(rows) == len(texts)
    assert [rows[number] for number in range(len(rows))] == texts
    rows.close()


def test_a_row_that_is_not_there(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows", ["one"])
    rows = Rows(tmp_path / "rows")
    with pytest.raises(IndexError):
        rows[1]
    rows.close()
