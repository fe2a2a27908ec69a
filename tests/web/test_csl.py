"""The file of what was found: names and fields as CSL-JSON has them."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.readers.fields import make_author, make_group
from kg.web.csl import to_csl, write_csl
from kg.web.resolving import Resolution
from tests.web.test_candidates import RECORD


def resolved(**changes: object) -> Resolution:
    record = replace(RECORD, **changes)  # type: ignore[arg-type]
    return Resolution(record=record, identifiers={"PMID": "5"}, proposals=())


def test_names_of_all_kinds() -> None:
    authors = (
        make_author("van der Invent", "Jacob M."),
        make_author("Doe", "J", suffix="Jr"),
        make_author("Plato"),
        make_group("Invented Cells Consortium"),
    )
    assert to_csl(resolved(authors=authors))["author"] == [
        {"family": "van der Invent", "given": "Jacob M."},
        {"family": "Doe", "given": "J", "suffix": "Jr"},
        {"family": "Plato"},
        {"literal": "Invented Cells Consortium"},
    ]


def test_what_a_record_lacks_is_left_out() -> None:
    bare = resolved(authors=(), journal="", year=None, volume="", pages="", first_page="")
    assert set(to_csl(bare)) == {"id", "type", "title", "PMID", "note"}
    assert to_csl(bare)["type"] == "document"


def test_full_names_and_issns_are_kept() -> None:
    full = resolved(journal_title="Journal of Invented Immunology", issns=("1234-5679",))
    item = to_csl(full)
    assert item["container-title"] == "Journal of Invented Immunology"
    assert item["container-title-short"] == "J Invent Immunol"
    assert item["ISSN"] == "1234-5679"


def test_a_cut_byline_is_left_to_the_original_unless_it_is_all_there_is() -> None:
    assert "author" not in to_csl(resolved(et_al=True))
    assert "author" in to_csl(resolved(et_al=True, texts=()))


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no plain file"):
        write_csl(tmp_path, [resolved()])
    with pytest.raises(InputError, match="cannot be written"):
        write_csl(tmp_path / "none" / "ids.json", [resolved()])
    assert list(tmp_path.iterdir()) == []
