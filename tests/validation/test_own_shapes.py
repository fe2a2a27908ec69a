"""Shapes of others: what can be turned into SPARQL is, what cannot is refused by name."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.errors import InputError
from kg.validation import (
    UnsupportedShapesError,
    read_shapes,
    validate_store,
    validate_with_pyshacl,
)

HEAD = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix ex: <http://example.org/> .
"""
DATA = """
    @prefix ex: <http://example.org/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ex:Cat rdfs:subClassOf ex:Animal .
    ex:tom a ex:Cat ; ex:name "Tom", "Tomcat" ; ex:legs 5 ; ex:likes ex:milk .
    ex:rex a ex:Animal ; ex:legs "four" ; ex:friend ex:tom .
    _:nameless a ex:Animal ; ex:name 7 .
    ex:milk ex:colour "white"@en, "white" .
"""
SHAPES = """
    ex:AnimalShape a sh:NodeShape ; sh:targetClass ex:Animal ; sh:nodeKind sh:IRI ;
        sh:property ex:NameShape, ex:LegsShape .
    ex:NameShape sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string .
    ex:LegsShape sh:path ex:legs ; sh:datatype xsd:integer ; sh:maxInclusive 4 ;
        sh:severity sh:Warning .
    ex:FriendShape a sh:NodeShape ; sh:targetObjectsOf ex:friend, ex:likes ; sh:class ex:Animal .
    ex:MilkShape a sh:NodeShape ; sh:targetNode ex:milk ; sh:closed true ;
        sh:property [ sh:path ex:name ] .
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "shapes.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def data() -> Store:
    store = Store()
    store.load(DATA.encode(), format=RdfFormat.TURTLE)
    return store


def test_both_engines_agree_on_shapes_of_others(tmp_path: Path) -> None:
    path = written(tmp_path, SHAPES)
    store = data()
    ours = validate_store(store, read_shapes(path))
    theirs = validate_with_pyshacl(store, path)
    found = [(each.shape, each.component, str(each.focus)) for each in ours.results]
    wanted = [(each.shape, each.component, str(each.focus)) for each in theirs.results]
    assert sorted(found) == sorted(wanted)
    assert len(found) == 10


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sh:property [ sh:path ex:name ; sh:qualifiedMinCount 1 ]", "sh:qualifiedMinCount"),
        ("sh:or ( [ sh:class ex:A ] [ sh:class ex:B ] )", "sh:or"),
        ("sh:property [ sh:path ( ex:name ex:name ) ; sh:minCount 1 ]", "a path"),
        ("sh:property [ sh:path ex:name ; sh:property [ sh:path ex:name ] ]", "sh:property within"),
        ("sh:deactivated true", "sh:deactivated"),
        ("sh:severity ex:Grave ; sh:nodeKind sh:IRI", "severity"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, name: str) -> None:
    path = written(tmp_path, f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; {text} .")
    with pytest.raises(UnsupportedShapesError, match=f"{name}.*--engine pyshacl"):
        read_shapes(path)


def test_a_file_without_shapes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no SHACL shape"):
        read_shapes(written(tmp_path, "ex:a ex:b ex:c ."))


def test_a_file_that_is_no_turtle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as RDF"):
        read_shapes(written(tmp_path, "ex:a ex:b"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as RDF"):
        read_shapes(tmp_path / "none.ttl")
