"""Floor 5: tab-separated downloads, read by the names of their columns."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import InputError
from kg.vocabulary.ontologies.opening import opened_text


def read_tsv(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each line, by column; there is no quoting.

    A line may be shorter than the header where its last cells are empty.

    Raises:
        InputError: if a column that is needed is missing, or a line is longer than the header.
    """
    with opened_text(path) as lines:
        header = next(lines).rstrip("\r\n").lstrip("#").split("\t")
        missing = [name for name in needed if name not in header]
        if missing:
            raise InputError(f"{path}:1: there is no column '{missing[0]}'")
        for number, line in enumerate(lines, start=2):
            text = line.rstrip("\r\n")
            if not text.strip():
                continue
            cells = text.split("\t")
            if len(cells) > len(header):
                raise InputError(
                    f"{path}:{number}: {len(cells)} cells where the header has {len(header)}"
                )
            yield number, dict(zip(header, cells, strict=False))


def parts(cell: str, mark: str = "|") -> list[str]:
    """Return the values of a cell that may hold several, perhaps in double quotes.

    >>> parts('"KIAA0366|ADAMTS-4"'), parts("ALDHX"), parts("-")
    (['KIAA0366', 'ADAMTS-4'], ['ALDHX'], [])
    """
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    values = (value.strip() for value in bare.split(mark))
    return [value for value in values if value and value != "-"]


def last_date(path: Path, columns: Sequence[str]) -> str:
    """Return the last day that stands in some columns, as 2026-09-01; empty where there is none."""
    days = {
        re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", cells.get(name, ""))
        for _, cells in read_tsv(path, ())
        for name in columns
    }
    return max((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default="")
