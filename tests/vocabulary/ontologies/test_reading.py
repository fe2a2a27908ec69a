"""One ontology in all syntaxes comes to the same terms; what cannot be read is told."""

import gzip
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pyhornedowl
import pytest
import zstandard
from pyoxigraph import RdfFormat, parse, serialize

from kg.errors import InputError
from kg.model import Scope
from kg.vocabulary.ontologies import Ontology, OntologyTerm, read_ontology

FOLDER = Path(__file__).parents[2] / "ontologies"
ADAPTIVE = "http://example.org/immune#adaptive"
IMMUNE = "http://purl.obolibrary.org/obo/IMM_0000001"
PART_OF = "http://purl.obolibrary.org/obo/immune#part_of"


def as_rdf_xml() -> bytes:
    out = BytesIO()
    quads = parse(path=str(FOLDER / "immune.ttl"), format=RdfFormat.TURTLE)
    serialize((quad.triple for quad in quads), out, RdfFormat.RDF_XML)
    return out.getvalue()


def written(folder: Path, syntax: str) -> Path:
    """Return the ontology in a syntax, as the field's own tools write it."""
    if syntax in {"obo", "json", "ttl"}:
        return FOLDER / f"immune.{syntax}"
    path = folder / f"immune.{syntax}"
    if syntax == "rdf":
        path.write_bytes(as_rdf_xml())
    elif syntax in {"ofn", "owx", "omn"}:
        parsed = pyhornedowl.open_ontology_from_string(as_rdf_xml().decode(), "owl")
        path.write_text(parsed.save_to_string(cast("Any", syntax)), encoding="utf-8")
    elif syntax == "gz":
        path.write_bytes(gzip.compress((FOLDER / "immune.obo").read_bytes()))
    else:
        data = (FOLDER / "immune.json").read_bytes()
        path.write_bytes(zstandard.compress(data[:900]) + zstandard.compress(data[900:]))
    return path


def read(path: Path) -> tuple[Ontology, dict[str, OntologyTerm]]:
    ontology = read_ontology(path)
    return ontology, {term.id: term for term in ontology.terms}


@pytest.mark.parametrize("syntax", ["obo", "json", "ttl", "rdf", "ofn", "owx", "gz", "zst"])
def test_every_syntax_gives_the_same_terms(tmp_path: Path, syntax: str) -> None:
    ontology, terms = read(written(tmp_path, syntax))
    assert ontology.iri == "http://purl.obolibrary.org/obo/immune.owl"
    assert ontology.version == "immune/releases/2026-02-01/immune.owl"
    t_cell = terms["CL:0000084"]
    assert t_cell.label == "T cell"
    assert set(t_cell.parents) == {"CL:0000542", ADAPTIVE}
    assert {(one.text, one.scope) for one in t_cell.synonyms} == {
        ("thymus-derived lymphocyte (T)", Scope.EXACT),
        ('T-like "cell"', Scope.RELATED),
    }
    # What is part of a thing is none of its kind; nor is what "only" says an existence.
    assert t_cell.relations == ((PART_OF, "UBERON:0002370"),)
    assert terms[ADAPTIVE].definition == 'A cell that remembers; say "again".'
    assert terms[ADAPTIVE].parents == (IMMUNE,)
    assert terms[IMMUNE].parents == ()
    # The genus of a definition.
    assert terms["CL:0000236"].parents == ()
    assert terms["CL:0000236"].superclasses == (ADAPTIVE,)
    old = terms["http://purl.obolibrary.org/obo/IMM_0000009"]
    assert old.obsolete
    assert old.successor == "CL:0000084"
    assert ontology.names[PART_OF] == "part of"


def test_an_obsolete_term_has_a_successor_where_there_is_just_one() -> None:
    one = OntologyTerm(id="CL:1", obsolete=True, consider=("CL:2",))
    assert one.successor == "CL:2"
    assert OntologyTerm(id="CL:1", obsolete=True, consider=("CL:2", "CL:3")).successor == ""
    assert OntologyTerm(id="CL:1", consider=("CL:2",)).successor == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CL:1\nnonsense\n", "a.obo:5: 'nonsense'"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nname: x\n", r"a.obo:3: a \[Term\] without"),
        ("a.obo", b"format-version: 1.2\n[Term]\nid: CL:1\ndef: x\n", "a.obo:4: 'x' should begin"),
        ("a.obo", b"format-version: 1.2\n[Term\n", "a.obo:2: .* is no heading"),
        ("a.obo", b"format-version: 1.2\n", r"holds no \[Term\]"),
        ("a.obo", b"format-version: 1.2\n[Term]\nid: CL:1\nname: \xe9\n", "no UTF-8"),
        ("a.json", b'{"graphs": [\n{"nodes": [', "a.json:2: is no JSON.*was it fetched whole"),
        ("a.json", b'{"nodes": []}', "no obographs"),
        ("a.json", b'{"graphs": ' + b"[" * 200_000, "nested too deeply"),
        ("a.json", b'{"graphs": [{"nodes": [{"lbl": "x"}]}]}', "node 0 cannot be read .no 'id'."),
        ("a.json", b'{"graphs": [{"edges": [{"sub": "x"}]}]}', "edge 0 lacks"),
        ("a.json", b'{"graphs": [{"nodes": []}]}', "holds no classes"),
        ("a.ttl", b"@prefix owl: <http://a/> .\nowl:a owl:b", "a.ttl:2: is no Turtle"),
        ("a.ttl", b"@prefix owl: <http://a/> .\nowl:a owl:b owl:c .", "holds no classes"),
        ("a.ofn", b"Ontology(<http://a>\n  Nonsense(x))", "functional syntax: .*line 2, column 3"),
        ("a.owl", b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", "RDF/XML"),
        (
            "a.owx",
            b"<Ontology xmlns='http://www.w3.org/2002/07/owl#'><Declaration>",
            "is no OWL/XML",
        ),
        ("a.html", b"<!DOCTYPE html><html>not found</html>", "no ontology that can be read"),
        ("a.txt", b"Homeostasis of memory T cells.", "no ontology that can be read"),
        ("a.obo", b"", "is empty"),
        ("a.gz", b"\x1f\x8b\x08\x00broken", "is damaged"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        list(read_ontology(path).terms)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize("syntax", ["rdf", "owx", "ofn", "ttl", "json"])
def test_a_file_that_is_cut_is_not_taken_for_whole(tmp_path: Path, syntax: str) -> None:
    whole = written(tmp_path, syntax).read_bytes()
    path = tmp_path / f"cut.{syntax}"
    path.write_bytes(whole[: whole.rindex(b"UBERON")])
    with pytest.raises(InputError, match="cut"):
        list(read_ontology(path).terms)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_ontology(tmp_path / "none.obo")
    with pytest.raises(InputError, match="is a directory"):
        read_ontology(tmp_path)
