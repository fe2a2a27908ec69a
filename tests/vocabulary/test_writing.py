"""What is written of names and terms is read back the same."""

import json
from collections.abc import Callable
from pathlib import Path

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.overruling import Overruling
from kg.vocabulary.writing import write_lexicon

ZED = Term(
    curie="CL:1",
    label="zeta cell",
    type=EntityType.CELL_TYPE,
    synonyms=(Synonym(text="ζ-cell", scope=Scope.RELATED, kind="", source="t"),),
    xrefs=("FMA:1",),
    close=("MESH:D1",),
    parents=("CL:0000000",),
    definition="A cell that Zed described.",
    taxon="NCBITaxon:9606",
)


def written(folder: Path, *terms: Term, own: Callable[[Gathered], None] | None = None) -> Lexicon:
    gathered = Gathered()
    for term in terms:
        gathered.add(term)
    if own is not None:
        own(gathered)
    write_lexicon(folder, gathered, [], [], Overruling(gathered, []))
    return Lexicon(folder)


def test_a_term_is_read_back(tmp_path: Path) -> None:
    lexicon = written(tmp_path, ZED)
    assert lexicon.term("CL:1") == ZED
    assert lexicon.term("CL:2") is None
    lexicon.close()


def test_names_are_read_back_best_first(tmp_path: Path) -> None:
    eta = Term(curie="UBERON:1", label="eta", type=EntityType.ANATOMY)
    zeta = Term(curie="UBERON:2", label="zeta cells", type=EntityType.ANATOMY)

    def lower(gathered: Gathered) -> None:
        gathered.add_name(eta, "zeta-cell", "synonym", 0.5)

    lexicon = written(tmp_path, eta, zeta, ZED, own=lower)
    anatomy, cell = EntityType.ANATOMY, EntityType.CELL_TYPE
    assert lexicon.names("zeta cell ") == (
        Name("UBERON:2", anatomy, "zeta cells", "zeta cells", "label", 1.0, False),
        Name("CL:1", cell, "zeta cell", "zeta cell", "label", 1.0, False),
        Name("CL:1", cell, "zeta cell", "ζ-cell", "related synonym", 0.78, False),
        Name("UBERON:1", anatomy, "eta", "zeta-cell", "synonym", 0.5, False),
    )
    assert lexicon.names("zeta ") == ()
    lexicon.close()


def test_a_name_with_a_line_end_harms_no_other(tmp_path: Path) -> None:
    def add(gathered: Gathered) -> None:
        gathered.add_name(ZED, "broken\tzed\nname", "synonym", 0.5)

    lexicon = written(tmp_path, ZED, own=add)
    assert [name.text for name in lexicon.names("broken zed name ")] == ["broken zed name"]
    lexicon.close()


def test_an_empty_lexicon_opens(tmp_path: Path) -> None:
    lexicon = written(tmp_path)
    assert lexicon.names("zeta cell ") == ()
    assert lexicon.term("CL:1") is None
    assert lexicon.vocabularies == []
    lexicon.close()


def test_a_lexicon_tells_its_tables(tables: Path, tmp_path: Path) -> None:
    manifest = json.loads((tables / "MANIFEST.json").read_text())
    lexicon = open_lexicon(tables, vocabularies=("cells",), cache=tmp_path / "cache")
    assert lexicon.vocabularies == [
        {
            "vocabulary": "cells",
            "file": "cells.tsv.zst",
            "sha256": manifest["cells"]["sha256"],
            "release": "made for a test",
        }
    ]
    lexicon.close()
