"""The saved queries on a store elsewhere that holds the same graph, and the command line there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kg.cli import main
from kg.exports import ExportFormat, export_graph
from kg.queries import SavedQuery, load_saved_queries, run_query
from kg.store import Graph, open_graph
from kg.vocabulary.lexicon import Lexicon
from kg.web.remote import RemoteGraph
from tests.endpoints import free_port, oxigraph_server

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

QUERIES = [query for query in load_saved_queries().values() if not query.online]
LABEL = "SELECT ?label { HGNC:6023 rdfs:label ?label }"
TRIPLES = "CONSTRUCT { HGNC:6023 rdfs:label ?l } WHERE { HGNC:6023 rdfs:label ?l }"


@pytest.fixture(scope="module")
def graph(il7_graph: Path) -> Iterator[Graph]:
    with open_graph(il7_graph) as opened:
        yield opened


@pytest.fixture(scope="module")
def endpoint(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that holds the statements of the graph."""
    path = tmp_path_factory.mktemp("remote") / "il7.nq"
    with path.open("wb") as out:
        export_graph(graph, out, ExportFormat.NQUADS)
    with oxigraph_server() as url:
        kind = {"Content-Type": "application/n-quads"}
        sent = requests.post(f"{url}/store", data=path.read_bytes(), headers=kind, timeout=60)
        sent.raise_for_status()
        yield f"{url}/query"


@pytest.fixture(scope="module")
def remote(endpoint: str) -> Iterator[RemoteGraph]:
    opened = RemoteGraph(endpoint, seconds=60, agent="kg/test")
    yield opened
    opened.close()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_answer_is_that_of_the_graph_here(
    query: SavedQuery, graph: Graph, remote: RemoteGraph, lexicon: Lexicon
) -> None:
    here = run_query(graph, query, query.example.parameters, lexicon)
    there = run_query(remote, query, query.example.parameters, lexicon)
    assert there.columns == here.columns
    assert sorted(map(str, there.terms)) == sorted(map(str, here.terms))
    assert there.parameters == here.parameters
    assert there.complete == here.complete


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run a command as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main([*words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_query_prints_the_same(
    endpoint: str, il7_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["query", "papers-connecting", "entity_a=IL-7", "entity_b=STAT5"]
    for form in ("table", "json", "csv", "turtle"):
        here = run(capsys, *asked, "--format", form, "-g", str(il7_graph))
        assert run(capsys, *asked, "--format", form, "--endpoint", endpoint) == here
        assert here[0] == 0
    nothing = ["query", "papers-mentioning", "entity=melanoma"]
    _, out, _ = run(capsys, *nothing, "--endpoint", endpoint)
    assert "is not mentioned in this graph" in out


def test_sparql_prints_the_same(
    endpoint: str, il7_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = {
        LABEL: ("table", "json", "xml", "csv", "tsv", "markdown"),
        "ASK { HGNC:6023 a kg:Gene }": ("table", "json", "csv"),
        TRIPLES: ("turtle", "ntriples", "rdfxml", "jsonld"),
    }
    for query, known in forms.items():
        for form in known:
            asked = ["sparql", "-q", query, "--format", form]
            here = run(capsys, *asked, "-g", str(il7_graph))
            assert run(capsys, *asked, "--endpoint", endpoint) == here
            assert here[0] == 0


def test_mistake_is_pointed_at(endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "sparql", "-q", "SELECT * { ?s ?p }", "--endpoint", endpoint)
    assert code == 1
    assert "query:1:18: '}' is not expected here" in err
    assert err.endswith("^\n")


def test_graph_and_endpoint_exclude_each_other(
    endpoint: str,
    il7_graph: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = ["-g", str(il7_graph), "--endpoint", endpoint]
    for asked in (["sparql", "-q", LABEL], ["query", "most-mentioned"], ["serve"]):
        code, _, err = run(capsys, *asked, *both)
        assert code == 2
        assert "give one of --graph and --endpoint" in err
    # What the environment names is what is asked where nothing else is named.
    monkeypatch.setenv("KG_GRAPH", str(il7_graph / "nothing"))
    assert run(capsys, "sparql", "-q", LABEL, "--endpoint", endpoint)[0] == 0
    code, _, err = run(capsys, "sparql", "-q", LABEL, "--inferred", "--endpoint", endpoint)
    assert code == 2
    assert "ask GRAPH <https://w3id.org/litkg/graph/inferred>" in err


def test_without_a_graph_or_an_endpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "sparql", "-q", LABEL)
    assert code == 2
    assert "there is no graph" in err


def test_service_needs_leave(
    endpoint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_ALLOW_SERVICE", raising=False)
    query = f"SELECT ?l {{ ?g kg:curie 'HGNC:6023' SERVICE <{endpoint}> {{ ?g rdfs:label ?l }} }}"
    asked = ["sparql", "-q", query, "--endpoint", endpoint, "--format", "json"]
    code, _, err = run(capsys, *asked)
    assert code == 1
    assert "SERVICE is refused" in err
    code, out, _ = run(capsys, *asked, "--allow-service", endpoint)
    assert code == 0
    assert [row["l"]["value"] for row in json.loads(out)["results"]["bindings"]] == ["IL7"]


def test_store_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    for asked in (["sparql", "-q", LABEL], ["query", "most-mentioned"]):
        code, out, err = run(capsys, *asked, "--endpoint", address)
        assert (code, out) == (1, "")
        assert err == f"kg: {address} cannot be asked: the connection was refused\n"
