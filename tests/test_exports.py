"""Graph files: the same graph in every format, readable, and the same bytes each time."""

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from kg.errors import KgError
from kg.exports import (
    ExportFormat,
    View,
    export_graph,
    format_of,
    hash_graph,
    prefixes_of,
    write_export,
)
from kg.exports.sorting import sort_lines
from kg.namespaces import DEFAULT_BASE
from kg.prefixes import PREFIXES
from kg.store import Graph, open_graph, write_generation

# rdflib's own readers of datasets use what rdflib has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

SAMPLE = r"""
<@pubmed/17265423> <@type> <@kg#Publication> .
<@pubmed/17265423> <@title> "Ł\u00F3\u015B, \"IL-7\" \\ and\tβ-\u00E9\nτ\r\n" .
<@pubmed/17265423> <@kg#year> "2007"^^<@xsd#integer> .
<@pubmed/17265423> <@kg#mentions> <http://identifiers.org/hgnc/6023> .
<@pubmed/17265423> <@kg#mentions> <https://identifiers.org/fplx:STAT5> .
<@pubmed/17265423> <@seeAlso> <@search?term=a+b%20c(d)> .
<@base/paper/cit-0123456789abcdef0123> <@type> <@kg#Publication> .
<@base/paper/ends.with.dot.> <@type> <@kg#Publication> .
<@base/paper/10.1016/j.(x)%3Cy%3E;2-#> <@type> <@kg#Publication> .
<@base/paper/> <@type> <@kg#Publication> .
<@base/> <@label> "the base itself" .
<http://identifiers.org/hgnc/6023> <@type> <@kg#Gene> .
<http://identifiers.org/hgnc/6023> <@type> <@kg#Entity> .
<http://identifiers.org/hgnc/6023> <@label> "IL7" .
<http://identifiers.org/hgnc/6023> <@label> "interleukin-7"@en-GB .
<https://identifiers.org/fplx:STAT5> <@type> <@kg#GeneFamily> .
<http://purl.obolibrary.org/obo/CL_0000815> <@type> <@kg#CellType> .
<http://purl.obolibrary.org/obo/CL_0000815> <@type> <http://www.w3.org/2002/07/owl#Class> .
<@base/sentence/PMID.17265423.title.0-57> <@type> <@kg#Sentence> .
<@base/sentence/PMID.17265423.title.0-57> <@kg#text> "" .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@type> <@kg#Mention> .
<@base/mention/PMID.17265423.title.0-4.HGNC:6023> <@type> <@kg#Mention> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#score> "0.95"^^<@xsd#decimal> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#score> "1"^^<@xsd#decimal> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#score> "-0.5"^^<@xsd#decimal> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#score> "1.0E0"^^<@xsd#double> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#start> "-7"^^<@xsd#integer> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#best> "true"^^<@xsd#boolean> .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#exact> "ends in \\" .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#exact> "\"^^<http://not.a/datatype>" .
<@base/mention/PMID.17265423.title.0-4.HGNC.6023> <@kg#exact> "\U0001F9EC 😀 ''' \"\"\"" .
<http://example.org/ünïcode/é> <@label> "an IRI beyond ASCII" .
<@pubmed/1> <@replacedBy> <@pubmed/17265423> .
"""
NAMED = """
<@base/about> <@label> "what it was built from" <@base/graph/about> .
<@base/about> <@kg#year> "2026"^^<@xsd#integer> <@base/graph/about> .
<@base/query> <@label> "a saved query" <@base/graph/queries> .
"""
SHORT = {
    "@type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "@label": "http://www.w3.org/2000/01/rdf-schema#label",
    "@seeAlso": "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    "@title": "http://purl.org/dc/terms/title",
    "@replacedBy": "http://purl.org/dc/terms/isReplacedBy",
    "@pubmed": "http://www.ncbi.nlm.nih.gov/pubmed",
    "@search": "https://pubmed.ncbi.nlm.nih.gov/",
    "@kg": "https://w3id.org/litkg/ontology",
    "@xsd": "http://www.w3.org/2001/XMLSchema",
    "@base": "https://w3id.org/litkg",
}
READERS = {
    ExportFormat.TURTLE: (RdfFormat.TURTLE, "turtle"),
    ExportFormat.NTRIPLES: (RdfFormat.N_TRIPLES, "nt"),
    ExportFormat.NQUADS: (RdfFormat.N_QUADS, "nquads"),
    ExportFormat.TRIG: (RdfFormat.TRIG, "trig"),
    ExportFormat.RDFXML: (RdfFormat.RDF_XML, "xml"),
    ExportFormat.JSONLD: (RdfFormat.JSON_LD, "json-ld"),
}
WITH_GRAPHS = (ExportFormat.NQUADS, ExportFormat.TRIG, ExportFormat.JSONLD)


def statements(text: str) -> list[str]:
    for short, iri in SHORT.items():
        text = text.replace(f"<{short}", f"<{iri}")
        text = text.replace(f"^^<{short}", f"^^<{iri}")
    return text.strip().splitlines()


def build(folder: Path, lines: list[str], base: str = DEFAULT_BASE) -> Path:
    with write_generation(folder, build_hash="0123456789ab") as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines), "base_iri": base})
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The sample, all in the default graph."""
    folder = build(tmp_path_factory.mktemp("plain"), statements(SAMPLE))
    with open_graph(folder) as graph:
        yield graph


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The sample, and two named graphs."""
    folder = build(tmp_path_factory.mktemp("named"), statements(SAMPLE) + statements(NAMED))
    with open_graph(folder) as graph:
        yield graph


def export(graph: Graph, kind: ExportFormat) -> bytes:
    out = io.BytesIO()
    export_graph(graph, out, kind)
    return out.getvalue()


def quads(graph: Graph) -> set[Quad]:
    return set(graph.quads())


@pytest.mark.parametrize("kind", ExportFormat)
def test_every_format_loads_unchanged_in_pyoxigraph(plain: Graph, kind: ExportFormat) -> None:
    assert set(parse(export(plain, kind), READERS[kind][0])) == quads(plain)


@pytest.mark.parametrize("kind", ExportFormat)
def test_every_format_loads_unchanged_in_rdflib(plain: Graph, kind: ExportFormat) -> None:
    expected = rdflib.Graph().parse(data=export(plain, ExportFormat.NTRIPLES), format="nt")
    assert len(expected) == len(plain)
    if kind in WITH_GRAPHS:
        dataset = rdflib.Dataset()
        dataset.parse(data=export(plain, kind), format=READERS[kind][1])
        found = rdflib.Graph()
        for subject, predicate, object_, _ in dataset.quads():
            found.add((subject, predicate, object_))
    else:
        found = rdflib.Graph().parse(data=export(plain, kind), format=READERS[kind][1])
    assert isomorphic(found, expected)


@pytest.mark.parametrize("kind", WITH_GRAPHS)
def test_named_graphs_are_kept_where_the_format_has_them(named: Graph, kind: ExportFormat) -> None:
    written = export(named, kind)
    assert set(parse(written, READERS[kind][0])) == quads(named)
    dataset = rdflib.Dataset()
    dataset.parse(data=written, format=READERS[kind][1])
    assert len({graph for *_, graph in dataset.quads()}) == 3


@pytest.mark.parametrize("kind", [each for each in ExportFormat if each not in WITH_GRAPHS])
def test_named_graphs_left_out_are_counted(named: Graph, plain: Graph, kind: ExportFormat) -> None:
    out = io.BytesIO()
    exported = export_graph(named, out, kind)
    assert (exported.statements, exported.left_out) == (len(plain), 3)
    assert out.getvalue() == export(plain, kind)


@pytest.mark.parametrize("kind", ExportFormat)
def test_bytes_do_not_depend_on_the_order_of_loading(
    tmp_path: Path, named: Graph, kind: ExportFormat
) -> None:
    backwards = [*reversed(statements(NAMED)), *reversed(statements(SAMPLE))]
    with open_graph(build(tmp_path, backwards)) as graph:
        assert export(graph, kind) == export(named, kind)


@pytest.mark.parametrize("kind", ExportFormat)
def test_bytes_do_not_depend_on_the_process(named: Graph, kind: ExportFormat) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from kg.exports import ExportFormat, export_graph; from kg.store import open_graph\n"
        "with open_graph(Path(sys.argv[1])) as graph:\n"
        "    export_graph(graph, sys.stdout.buffer, ExportFormat(sys.argv[2]))"
    )
    folder = named.path.parents[1]
    environment = os.environ | {"PYTHONHASHSEED": "7", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(kind)],
        capture_output=True,
        check=True,
        env=environment,
    )
    assert done.stdout == export(named, kind)


def test_turtle_is_readable(plain: Graph) -> None:
    text = export(plain, ExportFormat.TURTLE).decode()
    assert (
        "\nhgnc:6023 a kg:Entity ,\n        kg:Gene ;\n"
        '    rdfs:label "IL7" ,\n        "interleukin-7"@en-gb .\n'
    ) in text
    assert "kg:year 2007" in text
    assert "kg:best true" in text
    assert "sentence:PMID.17265423.title.0-57 a kg:Sentence" in text
    assert "<https://w3id.org/litkg/paper/ends.with.dot.> a kg:Publication" in text
    assert '"1"^^xsd:decimal' in text


def test_turtle_declares_the_prefixes_it_uses_and_no_others(plain: Graph) -> None:
    text = export(plain, ExportFormat.TURTLE).decode()
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == sorted(declared)
    body = text.split("\n\n", 1)[1]
    assert all(prefix in body for prefix in declared)
    assert "efo:" not in declared


def test_turtle_is_in_sections_papers_first(plain: Graph) -> None:
    text = export(plain, ExportFormat.TURTLE).decode()
    sections = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    assert sections == [
        "Publications",
        "Genes",
        "Gene families and complexes",
        "Cell types",
        "Sentences",
        "Mentions",
        "Everything else",
    ]


@pytest.mark.parametrize("kind", [ExportFormat.NTRIPLES, ExportFormat.NQUADS])
def test_lines_are_sorted(plain: Graph, kind: ExportFormat) -> None:
    lines = export(plain, kind).splitlines()
    assert lines == sorted(lines)


def test_minted_iris_have_prefixes_of_the_graphs_own_base(tmp_path: Path) -> None:
    line = (
        "<https://lab.example/kg/journal/abc> "
        '<http://www.w3.org/2000/01/rdf-schema#label> "Blood" .'
    )
    with open_graph(build(tmp_path, [line], base="https://lab.example/kg/")) as graph:
        text = export(graph, ExportFormat.TURTLE).decode()
    assert "@prefix journal: <https://lab.example/kg/journal/> ." in text
    assert 'journal:abc rdfs:label "Blood" .' in text


def test_graph_without_statements(tmp_path: Path) -> None:
    with open_graph(build(tmp_path, [])) as graph:
        for format_, (reader, _) in READERS.items():
            assert list(parse(export(graph, format_), reader)) == []


def test_prefixes_stand_for_one_namespace_each() -> None:
    prefixes = prefixes_of(DEFAULT_BASE)
    assert len(set(prefixes.values())) == len(prefixes)
    assert prefixes["fplx"] == PREFIXES["FPLX"].iri.removesuffix("$1")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (r'<http://a/s> <http://a/p> "a\u000Bb" .', "control character"),
        (r'<http://a/s> <http://a/p> "a\\\bb" .', "control character"),
        ('<http://a/s> <http://a/12> "b" .', "no element name"),
    ],
)
def test_what_rdfxml_cannot_hold_is_refused(tmp_path: Path, line: str, message: str) -> None:
    folder = build(tmp_path / "a.kg", [line])
    target = tmp_path / "a.rdf"
    target.write_text("mine")
    with open_graph(folder) as graph:
        with pytest.raises(KgError, match=message):
            write_export(graph, target, ExportFormat.RDFXML)
        assert set(parse(export(graph, ExportFormat.TURTLE), RdfFormat.TURTLE)) == quads(graph)
    assert target.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.kg", "a.rdf"]


def test_text_that_looks_like_an_escape_is_fine_in_rdfxml(tmp_path: Path) -> None:
    with open_graph(build(tmp_path, [r'<http://a/s> <http://a/p> "a\\u000Bb" .'])) as graph:
        written = export(graph, ExportFormat.RDFXML)
        assert set(parse(written, RdfFormat.RDF_XML)) == quads(graph)


def test_file_is_replaced_whole(tmp_path: Path, plain: Graph) -> None:
    target = tmp_path / "il7.ttl"
    target.write_text("old")
    exported = write_export(plain, target, ExportFormat.TURTLE)
    assert exported.statements == len(plain)
    assert target.read_bytes() == export(plain, ExportFormat.TURTLE)
    assert [path.name for path in tmp_path.iterdir()] == ["il7.ttl"]


def test_device_is_written_to_not_replaced(plain: Graph) -> None:
    write_export(plain, Path(os.devnull), ExportFormat.TURTLE)
    assert not Path(os.devnull).is_file()


def test_folder_that_is_not_there(tmp_path: Path, plain: Graph) -> None:
    with pytest.raises(KgError, match=r"none/a\.ttl: cannot be written \(No such file"):
        write_export(plain, tmp_path / "none" / "a.ttl", ExportFormat.TURTLE)


def test_full_disk_leaves_the_old_file(
    tmp_path: Path, plain: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "il7.ttl"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kg.exports.rdf.shutil.copyfileobj", full)
    with pytest.raises(KgError, match="No space left"):
        write_export(plain, target, ExportFormat.TURTLE)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["il7.ttl"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.ttl", "turtle"), ("a.NT", "ntriples"), ("a.nq", "nquads"), ("a.trig", "trig"),
     ("a.rdf", "rdfxml"), ("a.owl", "rdfxml"), ("b.c.jsonld", "jsonld")],
)  # fmt: skip
def test_format_comes_from_the_suffix(name: str, expected: str) -> None:
    assert format_of(Path(name)) == expected


def test_unknown_suffix_is_refused() -> None:
    with pytest.raises(KgError, match=r"a\.csv: no format is known for '\.csv' .*--format"):
        format_of(Path("a.csv"))


@pytest.mark.parametrize("kind", ExportFormat)
def test_the_hash_is_that_of_what_was_written(named: Graph, kind: ExportFormat) -> None:
    out = io.BytesIO()
    exported = export_graph(named, out, kind)
    store = Store()
    store.load(out.getvalue(), format=READERS[kind][0])
    assert hash_graph(View(store=store, manifest={})) == exported.sha256
    assert (exported.sha256 == hash_graph(named)) == (kind in WITH_GRAPHS)


def test_sorting_through_files_changes_nothing(
    named: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {kind: export(named, kind) for kind in ExportFormat}
    monkeypatch.setattr("kg.exports.rdf.sort_lines", partial(sort_lines, held=300))
    assert {kind: export(named, kind) for kind in ExportFormat} == expected


def test_real_graph_loads_unchanged(il7_graph: Path) -> None:
    with open_graph(il7_graph) as graph:
        turtle = export(graph, ExportFormat.TURTLE)
        stated = graph.store.quads_for_pattern(None, None, None, DefaultGraph())
        assert set(parse(turtle, RdfFormat.TURTLE)) == set(stated)
        trig = export(graph, ExportFormat.TRIG)
        assert set(parse(trig, RdfFormat.TRIG)) == quads(graph)
        found = rdflib.Graph().parse(data=turtle, format="turtle")
        lines = export(graph, ExportFormat.NTRIPLES)
    assert set(found) == set(rdflib.Graph().parse(data=lines, format="nt"))
