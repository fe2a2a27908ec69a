"""The profile `sssom`, whole and of a part, read back by the field's own library."""

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store
from sssom_pydantic import read

from kg.exports.profiles import find_profile, write_profile
from kg.exports.view import View

ENTITY = """
@prefix kg: <https://w3id.org/litkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://identifiers.org/hgnc/6023> kg:curie "HGNC:6023" ; rdfs:label "IL7" ;
    skos:exactMatch <http://identifiers.org/ncbigene/3574> .
<http://purl.obolibrary.org/obo/MONDO_0005301> kg:curie "MONDO:0005301" ; rdfs:label "MS" ;
    skos:closeMatch <http://id.nlm.nih.gov/mesh/D009103> .
"""


@pytest.fixture
def view() -> View:
    store = Store()
    store.load(ENTITY.encode(), RdfFormat.TURTLE)
    return View(store=store, manifest={"build_hash": "ab" * 32})


def test_mappings_of_a_view_are_read_back(view: View, tmp_path: Path) -> None:
    path = tmp_path / "all.sssom.tsv"
    written = write_profile(find_profile("sssom"), view, path)
    assert dict(written.files) == {path: "2 mappings"}
    mappings, _, details = read(path)
    found = {(one.subject.curie, one.predicate.curie, one.object.curie) for one in mappings}
    assert found == {
        ("HGNC:6023", "skos:exactMatch", "NCBIGene:3574"),
        ("MONDO:0005301", "skos:closeMatch", "MESH:D009103"),
    }
    assert str(details.id).endswith("/mappings/abababababab")


def test_a_file_that_ends_in_json_is_json(view: View, tmp_path: Path) -> None:
    path = tmp_path / "all.sssom.json"
    write_profile(find_profile("sssom"), view, path)
    assert len(json.loads(path.read_text(encoding="utf-8"))["mappings"]) == 2
