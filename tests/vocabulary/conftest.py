"""Small vocabulary tables, written for the tests in the form of the real ones."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard

Row = tuple[str, str, list[list[str]], str, str, str, str, dict[str, object]]

ROWS: dict[str, list[Row]] = {
    "genes": [
        ("HGNC:1", "ABC1", [["abc protein 1", "EXACT", "name", "t"]], "NCBIGene:11|MGI:5", "", "0",
         "", {"taxon": "NCBITaxon:9606"}),
        ("HGNC:2", "XYZ2", [["ABC1", "RELATED", "ncbi_alias", "t"]], "", "", "0", "", {}),
        ("HGNC:3", "OLD3", [], "", "", "1", "", {}),
    ],
    "families": [
        ("FPLX:ABC", "ABC", [], "", "", "0", "", {"members": [["isa", "HGNC:1"]]}),
    ],
    "cells": [
        ("CL:0000000", "cell", [], "", "", "0", "A cell that rests and the cat sat.", {}),
        ("CL:1", "zeta cell", [["zed cell", "EXACT", "", "t"]], "", "CL:0000000", "0", "", {}),
    ],
    "mesh": [
        ("MESH:D1", "Cells, Zeta", [["Zeta Corpuscle", "UNSPECIFIED", "entry_term", "t"]], "", "",
         "0", "", {"tree": ["A11.1"]}),
        ("MESH:D2", "Quux Disease", [], "", "", "0", "", {"tree": ["C01.1"]}),
    ],
}  # fmt: skip


def write_table(path: Path, rows: list[Row]) -> str:
    """Write a table and return its sha256."""
    lines = ["id\tlabel\tsynonyms\txrefs\tparents\tobsolete\tdefinition\textra"]
    for curie, label, synonyms, xrefs, parents, obsolete, definition, extra in rows:
        cells = (
            curie, label, json.dumps(synonyms) if synonyms else "", xrefs, parents, obsolete,
            definition, json.dumps(extra) if extra else "",
        )  # fmt: skip
        lines.append("\t".join(cells))
    path.write_bytes(zstandard.compress(("\n".join(lines) + "\n").encode()))
    return sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder of small tables with a manifest."""
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    manifest = {}
    for name, rows in ROWS.items():
        digest = write_table(folder / f"{name}.tsv.zst", rows)
        manifest[name] = {
            "vocabulary": name,
            "file": f"{name}.tsv.zst",
            "sha256": digest,
            "licence": "CC0",
            "contents": ["made for a test"],
        }
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def rewrite(tables: Path) -> Callable[[str, bytes], None]:
    """Replace a table's bytes and correct the manifest, as someone who edits a table does."""

    def change(name: str, content: bytes) -> None:
        path = tables / f"{name}.tsv.zst"
        path.write_bytes(content)
        manifest = json.loads((tables / "MANIFEST.json").read_text())
        manifest[name]["sha256"] = sha256(content).hexdigest()
        (tables / "MANIFEST.json").write_text(json.dumps(manifest))

    return change
