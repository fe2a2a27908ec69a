"""Tables compile to a lexicon; what is wrong with one is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from kg.errors import VocabularyError
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon

NAMES = ("genes", "families", "cells", "mesh")


def compile_small(tables: Path, cache: Path) -> Lexicon:
    return open_lexicon(tables, vocabularies=NAMES, cache=cache)


def curies(lexicon: Lexicon, text: str) -> list[str]:
    return [candidate.curie for candidate in lexicon.candidates(text)]


def test_names_find_their_terms_in_order_of_trust(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_small(tables, tmp_path / "cache")
    assert curies(lexicon, "ABC-1") == ["HGNC:1", "HGNC:2"]
    assert curies(lexicon, "abc protein 1") == ["HGNC:1"]
    assert curies(lexicon, "ABC") == ["FPLX:ABC"]
    assert curies(lexicon, "OLD3") == []
    assert curies(lexicon, "cell") == []
    assert lexicon.families("HGNC:1") == (("FPLX:ABC", "isa"),)
    lexicon.close()


def test_a_mesh_descriptor_lends_its_names_to_its_namesake(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_small(tables, tmp_path / "cache")
    assert curies(lexicon, "zeta corpuscle") == ["CL:1"]
    term = lexicon.term("CL:1")
    assert term is not None
    assert "MESH:D1" in term.xrefs
    assert lexicon.term("MESH:D1") is None
    assert curies(lexicon, "quux disease") == ["MESH:D2"]
    lexicon.close()


def test_a_table_that_is_not_the_manifests_is_refused(tables: Path, tmp_path: Path) -> None:
    path = tables / "cells.tsv.zst"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(VocabularyError, match=r"cells\.tsv\.zst: sha256"):
        compile_small(tables, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not zstd", "damaged"),
        (zstandard.compress(b"a\tb\n"), ":1: the columns"),
        (
            zstandard.compress(
                b"id\tlabel\tsynonyms\txrefs\tparents\tobsolete\tdefinition\textra\nCL:1\tx\n"
            ),
            ":2: ",
        ),
    ],
)
def test_a_damaged_table_says_where(
    tables: Path,
    tmp_path: Path,
    rewrite: Callable[[str, bytes], None],
    content: bytes,
    message: str,
) -> None:
    rewrite("cells", content)
    with pytest.raises(VocabularyError, match=message):
        compile_small(tables, tmp_path / "cache")


def test_missing_things_are_named(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="no vocabulary called 'nope'"):
        open_lexicon(tables, vocabularies=("nope",), cache=tmp_path)
    (tables / "cells.tsv.zst").unlink()
    with pytest.raises(VocabularyError, match=r"cells\.tsv\.zst: no such file"):
        compile_small(tables, tmp_path)
    with pytest.raises(VocabularyError, match=r"MANIFEST\.json: no such file"):
        open_lexicon(tmp_path / "none", cache=tmp_path)
    (tables / "MANIFEST.json").write_text("[]")
    with pytest.raises(VocabularyError, match="not a manifest"):
        compile_small(tables, tmp_path)


def test_a_heading_without_counterpart_stands_under_its_parents_counterpart(
    lexicon: Lexicon,
) -> None:
    """As MeSH's leukemia of precursor cells under Mondo's lymphoid leukemia."""
    term = lexicon.term("MESH:D054198")
    assert term is not None
    assert any(one.startswith("MONDO:") for one in term.parents)


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("T-cell receptor", "FPLX:TCR"),  # a heading of proteins lends its names to the family
        ("plasma", "UBERON:0001969"),  # and one noun to what its entry terms say in full
    ],
)
def test_headings_lend_their_names(lexicon: Lexicon, text: str, curie: str) -> None:
    assert lexicon.candidates(text)[0].curie == curie
