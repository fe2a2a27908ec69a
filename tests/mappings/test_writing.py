"""Mappings written as SSSOM: valid to its own library, and the same when they are read again."""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import sssom_pydantic
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from kg.mappings import MATCHES, Mapping, MappingSet, SssomFormat, read_mappings, write_mappings
from kg.mappings.model import ADDRESSES, NUMBERS, REFERENCES, number_text
from kg.model import Problem
from kg.namespaces import OWL, SEMAPV, SKOS, SSSOM

SET = MappingSet(
    id="https://example.org/set",
    title="A set",
    version="1",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
)
IL7 = "http://identifiers.org/hgnc/6023"
MAPPING = Mapping(
    subject=IL7,
    predicate=f"{SKOS}exactMatch",
    object="http://purl.uniprot.org/uniprot/P13232",
    justification=f"{SEMAPV}ManualMappingCuration",
    slots=(
        ("author_id", "https://orcid.org/0000-0001"),
        ("author_id", "https://orcid.org/0000-0002"),
        ("confidence", "0.0"),
        ("object_source", "https://bioregistry.io/uniprot"),
    ),
)
OTHER = Mapping(
    subject="http://purl.obolibrary.org/obo/MONDO_0005301",
    predicate=f"{SKOS}broadMatch",
    object="http://purl.bioontology.org/ontology/ICD10CM/G35",
    justification=f"{SEMAPV}UnspecifiedMatching",
    negated=True,
)


def test_tsv() -> None:
    text = write_mappings([OTHER, MAPPING], SET, SssomFormat.TSV, labels={IL7: "IL7"})
    assert text == write_mappings([MAPPING, OTHER], SET, SssomFormat.TSV, labels={IL7: "IL7"})
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line.split("\t") for line in lines] == [
        [
            "subject_id",
            "subject_label",
            "predicate_id",
            "predicate_modifier",
            "object_id",
            "mapping_justification",
            "author_id",
            "object_source",
            "confidence",
        ],
        [
            "HGNC:6023",
            "IL7",
            "skos:exactMatch",
            "",
            "UniProt:P13232",
            "semapv:ManualMappingCuration",
            "orcid:0000-0001|orcid:0000-0002",
            "bioregistry:uniprot",
            "0.0",
        ],
        [
            "MONDO:0005301",
            "",
            "skos:broadMatch",
            "Not",
            "ns1:G35",
            "semapv:UnspecifiedMatching",
            "",
            "",
            "",
        ],
    ]
    # Only the prefixes that are used, each with the IRI that its CURIEs stand for.
    assert "#  ns1: http://purl.bioontology.org/ontology/ICD10CM/\n" in text
    assert "MESH" not in text


def test_the_librarys_own_reader_takes_it_without_an_error() -> None:
    text = write_mappings([OTHER, MAPPING], SET, SssomFormat.TSV, labels={})
    mappings, converter, of, errors = sssom_pydantic.read(io.StringIO(text), return_errors=True)
    assert errors == []
    assert str(of.id) == SET.id
    assert str(of.license) == SET.license
    assert [converter.expand(one.object.curie) for one in mappings] == [
        MAPPING.object,
        OTHER.object,
    ]
    assert [one.negated for one in mappings] == [False, True]


def test_json_is_json_ld() -> None:
    text = write_mappings([OTHER, MAPPING], SET, SssomFormat.JSON, labels={IL7: "IL7"})
    assert json.loads(text)["mappings"][0]["confidence"] == 0.0
    graph = Store()
    graph.load(text.encode(), format=RdfFormat.JSON_LD)
    found = graph.query(
        f"SELECT ?o {{ ?m <{SSSOM}subject_id> <{IL7}> ; <{SSSOM}object_id> ?o ; "
        f"<{SSSOM}author_id> <https://orcid.org/0000-0002> }}"
    )
    assert isinstance(found, QuerySolutions)
    assert [row["o"].value for row in found] == [MAPPING.object]
    objects = graph.quads_for_pattern(None, NamedNode(f"{SSSOM}object_id"), None)
    assert {str(quad.object) for quad in objects} == {f"<{MAPPING.object}>", f"<{OTHER.object}>"}


def test_no_folder_is_made_in_the_home_of_who_writes(tmp_path: Path) -> None:
    program = (
        "from kg.mappings.library import load_sssom; load_sssom(); "
        "import os, sssom_pydantic; assert 'PYSTOW_HOME' not in os.environ"
    )
    home = {name: value for name, value in os.environ.items() if name != "PYSTOW_HOME"}
    subprocess.run([sys.executable, "-c", program], check=True, env={**home, "HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Z")), min_size=1, max_size=20).map(
    str.strip
)
IRIS = st.sampled_from(
    [
        IL7,
        "https://identifiers.org/fplx:STAT5",
        "http://purl.obolibrary.org/obo/CL_0000815",
        "https://doi.org/10.1000/a(b)c",
        "http://purl.bioontology.org/ontology/ICD10CM/G35",
        "https://example.org/a#b",
        "https://example.org/a?id=7",
        "https://orcid.org/0000-0001",
        f"{OWL}Class",
    ]
)
UNIT = st.floats(0, 1)
MANY = ["author_label", "match_string", "curation_rule_text"]
ONE = ["comment", "object_label", "subject_label", "mapping_tool", "subject_source_version"]


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    slots: set[tuple[str, str]] = set()
    for name in draw(st.sets(st.sampled_from(sorted(REFERENCES)))):
        slots.add((name, draw(IRIS)))
    for name in draw(st.sets(st.sampled_from(sorted(ADDRESSES)))):
        slots.add((name, draw(st.sampled_from(["https://a.b/c", "https://a.b/d"]))))
    for name in draw(st.sets(st.sampled_from(sorted(NUMBERS)))):
        slots.add((name, number_text(draw(UNIT))))
    for name in draw(st.sets(st.sampled_from(ONE))):
        slots.add((name, draw(TEXT.filter(bool))))
    for name in draw(st.sets(st.sampled_from(MANY))):
        for value in draw(st.sets(TEXT.filter(lambda text: text and "|" not in text))):
            slots.add((name, value))
    return Mapping(
        subject=draw(IRIS),
        predicate=draw(st.sampled_from(list(MATCHES))),
        object=draw(IRIS),
        justification=f"{SEMAPV}{draw(st.sampled_from(['LexicalMatching', 'LogicalReasoning']))}",
        negated=draw(st.booleans()),
        slots=tuple(sorted(slots)),
    )


@settings(max_examples=60, deadline=None)
@given(written=st.lists(mappings(), max_size=4), form=st.sampled_from(SssomFormat))
def test_what_is_written_is_read_again(written: list[Mapping], form: SssomFormat) -> None:
    text = write_mappings(written, SET, form, labels={})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_text(text, encoding="utf-8")
        rows = list(read_mappings(path).rows)
    assert not [row for row in rows if isinstance(row, Problem)]
    found = [row for row in rows if isinstance(row, Mapping)]
    assert sorted(one.slots for one in found) == sorted(one.slots for one in written)
    assert {one.key() for one in found} == {one.key() for one in written}
