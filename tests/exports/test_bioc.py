"""BioC in XML and JSON, read back with this project's readers and with the `bioc` library."""

import json
from pathlib import Path
from typing import Any

import bioc
import bioc.biocjson
import pytest

from kg.exports.bioc import BiocJsonProfile, BiocXmlProfile
from kg.readers.bioc_json import BiocJsonReader
from kg.readers.bioc_xml import BiocXmlReader
from kg.store import open_graph
from tests.exports.graphs import SECOND, make_view, whole_view, written
from tests.exports.reading_back import Reader, graph_mentions, read_mentions, read_records

BOTH = [
    pytest.param(BiocXmlProfile(), BiocXmlReader(), id="xml"),
    pytest.param(BiocJsonProfile(), BiocJsonReader(), id="json"),
]


def load(path: Path) -> Any:
    """A collection as the `bioc` library reads it."""
    with path.open(encoding="utf-8") as stream:
        return bioc.load(stream) if path.suffix == ".xml" else bioc.biocjson.load(stream)


@pytest.mark.parametrize(("profile", "reader"), BOTH)
def test_all_mentions_of_a_graph_are_read_back(
    profile: BiocXmlProfile | BiocJsonProfile, reader: Reader, il7_graph: Path, tmp_path: Path
) -> None:
    with open_graph(il7_graph) as graph:
        path = written(profile, whole_view(graph), tmp_path)
        expected = graph_mentions(whole_view(graph))
    records = read_records(reader, path)
    assert [problem for record in records for problem in record.problems] == []
    assert read_mentions(records) == expected
    assert {record.journal for record in records} >= {"J Immunol", "Blood"}
    assert all(record.year for record in records)


@pytest.mark.parametrize(("profile", "reader"), BOTH)
def test_the_library_of_bioc_finds_nothing_wrong(
    profile: BiocXmlProfile | BiocJsonProfile, reader: Reader, il7_graph: Path, tmp_path: Path
) -> None:
    with open_graph(il7_graph) as graph:
        path = written(profile, whole_view(graph), tmp_path)
    collection = load(path)
    # It compares each annotation with the text at its place.
    bioc.validate(collection)
    assert len(collection.documents) == 62
    assert sum(len(each.relations) for each in collection.documents) == 164
    assert reader is not None


@pytest.mark.parametrize(("profile", "reader"), BOTH)
def test_relations_keep_what_denies_and_what_only_supposes(
    profile: BiocXmlProfile | BiocJsonProfile, reader: Reader, tmp_path: Path
) -> None:
    path = written(profile, make_view(), tmp_path)
    collection = load(path)
    bioc.validate(collection)
    document = next(each for each in collection.documents if each.id == "17")
    assert document.infons["article-id_doi"] == "10.1000/x"
    annotations = {each.id: each for passage in document.passages for each in passage.annotations}
    said = []
    for relation in document.relations:
        ends = {node.role: annotations[node.refid].text for node in relation.nodes}
        infons = relation.infons
        flags = (infons["negated"], infons["speculative"])
        said.append((ends["subject"], infons["type"], ends["object"], *flags))
    assert said == [
        ("IL-7", "activates", "STAT5", "false", "false"),
        ("IL-7", "activates", "mTORC1", "true", "false"),
        ("IL-7", "treats", "colitis", "false", "true"),
    ]
    # Of two places of the subject the one next to the trigger is meant.
    denied = document.relations[1]
    start = document.passages[1].offset
    subject = annotations[denied.nodes[0].refid].total_span.offset
    assert subject - start == SECOND.rindex("IL-7")
    assert int(denied.infons["trigger_offset"]) - start == SECOND.index("activate")
    il7 = annotations[denied.nodes[0].refid]
    assert il7.infons["identifier"] == "HGNC:6023"
    assert il7.infons["alternatives"] == "HGNC:3942"
    assert read_records(reader, path)[0].pages == "513-33"


def test_the_json_has_a_document_a_line(tmp_path: Path) -> None:
    lines = written(BiocJsonProfile(), make_view(), tmp_path).read_text("utf-8").splitlines()
    ids = [json.loads(line.rstrip(","))["id"] for line in lines[1:-1]]
    assert ids == ["17", "cit-1"]
