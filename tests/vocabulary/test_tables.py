"""The terms that vocabularies gave up, as their tables list them."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard

from kg.errors import VocabularyError
from kg.vocabulary.tables import Table, list_tables, read_obsolete, vocabulary_folder

HEADER = "id\tlabel\tsynonyms\txrefs\tparents\tobsolete\tdefinition\textra\n"


def table(folder: Path, *rows: str) -> Table:
    path = folder / "a.tsv.zst"
    path.write_bytes(zstandard.compress((HEADER + "".join(f"{row}\n" for row in rows)).encode()))
    digest = sha256(path.read_bytes()).hexdigest()
    return Table(
        name="a", vocabulary="A", path=path, sha256=digest, licence="CC0", contents=("A 1",)
    )


def test_obsolete_terms_and_what_replaces_them(tmp_path: Path) -> None:
    found = read_obsolete(
        table(
            tmp_path,
            "CL:1\tcell\t\t\t\t0\t\t",
            "CL:2\told\t\t\t\t1\t\t",
            'CL:3\told\t\t\t\t1\t\t{"replaced_by": "CL:1"}',
            'HGNC:6\told\t\t\t\t1\t\t{"replaced_by": ["HGNC:7", "HGNC:7", "HGNC:8"]}',
        )
    )
    assert list(found) == [
        ("CL:2", ()),
        ("CL:3", ("CL:1",)),
        ("HGNC:6", ("HGNC:7", "HGNC:8")),
    ]


@pytest.mark.parametrize("extra", ["{", "[1]"])
def test_a_damaged_row_is_told_with_its_line(tmp_path: Path, extra: str) -> None:
    damaged = table(tmp_path, "CL:1\tcell\t\t\t\t0\t\t", f"CL:2\told\t\t\t\t1\t\t{extra}")
    with pytest.raises(VocabularyError, match=r"a\.tsv\.zst:3: "):
        list(read_obsolete(damaged))


def test_the_tables_that_list_them() -> None:
    counts: Counter[str] = Counter()
    for each in list_tables(vocabulary_folder()):
        counts.update(curie.partition(":")[0] for curie, _ in read_obsolete(each))
    assert counts == {"HGNC": 5283, "MONDO": 3968, "UBERON": 1387, "CL": 199}
