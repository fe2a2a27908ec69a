"""The saved queries that ask other endpoints, against servers that hold a sample of each."""

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from pyoxigraph import QuerySolutions

from kg.queries import SavedQuery, load_saved_queries, run_query
from kg.queries.saved import parse_saved_query
from kg.queries.scopes import check_saved_query
from kg.resources import resource_path
from kg.store import FederatedGraph, Graph, Services, open_graph
from kg.vocabulary.lexicon import Lexicon
from kg.web.endpoints import ENDPOINTS, EndpointClient
from tests.cli.test_query import run
from tests.endpoints import ask, oxigraph_server

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SAMPLES = Path(__file__).parent / "endpoints"
ONLINE = [query for query in load_saved_queries().values() if query.online]
# Their default graph is all of their named graphs; Bgee's and Wikidata's data have none.
UNION = ("uniprot", "ubergraph")


@pytest.fixture(scope="module")
def endpoints() -> Iterator[dict[str, str]]:
    """The address of a server for each known endpoint, by its name."""
    with ExitStack() as stack:
        urls = {}
        for name in ENDPOINTS:
            options = ["--union-default-graph"] if name in UNION else []
            urls[name] = f"{stack.enter_context(oxigraph_server(*options))}/query"
            requests.post(
                urls[name].replace("/query", "/store"),
                data=(SAMPLES / f"{name}.trig").read_bytes(),
                headers={"Content-Type": "application/trig"},
                timeout=60,
            ).raise_for_status()
        yield urls


def services(endpoints: dict[str, str], told: list[str] | None = None) -> Services:
    said: list[str] = [] if told is None else told
    allowed = {ENDPOINTS[name]: url for name, url in endpoints.items()}
    client = EndpointClient(allowed=frozenset(endpoints.values()), agent="kg", timeout=30)
    return Services(allowed=allowed, ask=client.ask, tell=said.append)


def answer(
    name: str, graph: Path, lexicon: Lexicon, endpoints: dict[str, str], **given: str
) -> list[dict[str, Any]]:
    with open_graph(graph) as opened:
        asked = FederatedGraph(opened, services(endpoints))
        return list(run_query(asked, name, given, lexicon).rows)


def count_rows(graph: Graph, text: str, asked: Services) -> int:
    found = graph.query(text, services=asked)
    assert isinstance(found, QuerySolutions)
    return len(list(found))


def test_each_known_endpoint_has_a_query_and_a_sample() -> None:
    asked = {address for query in ONLINE for address in query.online}
    assert asked == set(ENDPOINTS.values())
    assert {path.stem for path in SAMPLES.glob("*.trig")} == set(ENDPOINTS)


@pytest.mark.parametrize("query", ONLINE, ids=lambda query: query.name)
def test_example_contains_what_it_says(
    query: SavedQuery, il7_graph: Path, lexicon: Lexicon, endpoints: dict[str, str]
) -> None:
    check_saved_query(query)
    with open_graph(il7_graph) as graph:
        asked = FederatedGraph(graph, services(endpoints))
        bound = run_query(asked, query, query.example.parameters, lexicon)
        assert count_rows(graph, query.text, services(endpoints)) == len(bound.rows)
    for wanted in query.example.contains:
        assert any(
            all(str(row[column]) == value for column, value in wanted.items()) for row in bound.rows
        ), wanted


def test_statements_of_uniprot(
    il7_graph: Path, lexicon: Lexicon, endpoints: dict[str, str]
) -> None:
    rows = answer("uniprot-of-gene", il7_graph, lexicon, endpoints, gene="IL-7,CD127")
    assert [(row["name"], row["aspect"], row["value"]) for row in rows] == [
        ("IL7", "function", "Hematopoietic cytokine of lymphoid cells."),
        ("IL7", "keyword", "Cytokine"),
        ("IL7", "location", "Secreted"),
        ("IL7R", "disease", "Immunodeficiency 104"),
        ("IL7R", "keyword", "Receptor"),
    ]


def test_places_of_bgee_meet_those_of_the_graph(
    il7_graph: Path, lexicon: Lexicon, endpoints: dict[str, str]
) -> None:
    rows = answer("expression-of-gene", il7_graph, lexicon, endpoints, gene="IL-7,CD127")
    assert {(row["name"], row["place_name"]) for row in rows} == {
        ("IL7", "bone marrow"),
        ("IL7", "liver"),
        ("IL7R", "T cell"),
        ("IL7R", "thymus"),
    }
    with open_graph(il7_graph) as graph:
        for row in rows:
            papers = (
                "PREFIX kg: <https://w3id.org/litkg/ontology#> SELECT DISTINCT ?p "
                f"{{ ?p kg:mentions <{row['member']}>, <{row['place']}> }}"
            )
            assert count_rows(graph, papers, Services()) == row["papers"]
    assert any(int(row["papers"]) > 0 for row in rows)


def test_items_of_wikidata(il7_graph: Path, lexicon: Lexicon, endpoints: dict[str, str]) -> None:
    rows = answer(
        "wikidata-of-entity", il7_graph, lexicon, endpoints, entity="rheumatoid arthritis"
    )
    assert {row["id"] for row in rows} == {"MONDO_0008383", "DOID:7148", "D001172"}
    assert {row["article"] for row in rows} == {
        "https://en.wikipedia.org/wiki/Rheumatoid_arthritis"
    }
    assert {row["label"] for row in rows} == {"rheumatoid arthritis"}


def test_kinds_and_parts_of_ubergraph(
    il7_graph: Path, lexicon: Lexicon, endpoints: dict[str, str]
) -> None:
    def given(how: str) -> dict[str, tuple[str, int]]:
        rows = answer(
            "subclasses-by-ubergraph", il7_graph, lexicon, endpoints, entity="T cell", how=how
        )
        return {row["name"]: (row["relation"], row["papers"]) for row in rows}

    assert given("kind") == {
        "CD4-positive, alpha-beta T cell": ("kind", 6),
        "double-positive, alpha-beta thymocyte": ("kind", 0),
    }
    assert given("part") == {"immunological synapse": ("part", 0)}
    assert given("any") == given("kind") | given("part")


def test_entity_without_a_counterpart_asks_nobody(il7_graph: Path, lexicon: Lexicon) -> None:
    """No protein, no request: an address that nobody serves is not noticed."""
    nowhere = dict.fromkeys(ENDPOINTS, "http://127.0.0.1:9/query")
    rows = answer("uniprot-of-gene", il7_graph, lexicon, nowhere, gene="MIR17HG")
    assert rows == []


def test_command_asks_only_when_told(
    il7_graph: Path,
    endpoints: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["uniprot-of-gene", "gene=IL-7", "-g", str(il7_graph), "--format", "csv"]
    code, out, err = run(capsys, *words)
    assert (code, out) == (1, "")
    assert "asks https://sparql.uniprot.org/sparql over the internet" in err
    assert "--online" in err
    mirror = f"uniprot={endpoints['uniprot']}"
    for extra in (["--allow-service", mirror], ["--online", "--allow-service", mirror]):
        code, out, err = run(capsys, *words, *extra)
        assert code == 0
        assert "UniProt:P13232" in out or "http://purl.uniprot.org/uniprot/P13232" in out
        assert f"asking '<https://sparql.uniprot.org/sparql>' at '<{endpoints['uniprot']}>'" in err
    monkeypatch.setenv("KG_ALLOW_SERVICE", f"{mirror} bgee")
    assert run(capsys, *words)[0] == 0


def test_list_and_description_mark_what_needs_the_internet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys)
    assert out.count("(needs the internet: --online)") == len(ONLINE)
    _, out, _ = run(capsys, "expression-of-gene", "--describe")
    assert "Needs the internet" in out
    assert "https://www.bgee.org/sparql/" in out
    assert "kg query expression-of-gene gene=IL-7 --online" in out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("#+   - https://sparql.uniprot.org/sparql\n", ""), "which the header does not name"),
        (
            ("#+   - https://sparql.uniprot.org/sparql\n", "#+   - https://e.org/\n"),
            "does not name under online",
        ),
        (("SERVICE <https://sparql.uniprot.org/sparql>", ""), "which the query does not ask"),
        (("SERVICE <https://sparql.uniprot.org/sparql>", "SERVICE ?protein"), "address in full"),
    ],
)
def test_header_names_what_is_asked(change: tuple[str, str], said: str) -> None:
    text = next(query for query in ONLINE if query.name == "uniprot-of-gene").text
    with pytest.raises(Exception, match=said):
        parse_saved_query("uniprot-of-gene", text.replace(*change))


def test_samples_are_in_the_shape_that_the_examples_of_their_owners_ask(
    endpoints: dict[str, str],
) -> None:
    """Queries in the form of those that the endpoints publish find something in the samples."""
    published = {
        "uniprot": "PREFIX up: <http://purl.uniprot.org/core/> "
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?p ?n { ?p up:annotation/up:disease/skos:prefLabel ?n }",
        "bgee": "PREFIX genex: <http://purl.org/genex#> PREFIX lscr: <http://purl.org/lscr#> "
        "PREFIX ensembl: <http://rdf.ebi.ac.uk/resource/ensembl/> "
        "SELECT ?anat { ?seq lscr:xrefEnsemblGene ensembl:ENSG00000104432 ; "
        "genex:isExpressedIn ?anat . ?anat a genex:AnatomicalEntity }",
        "wikidata": "PREFIX wdt: <http://www.wikidata.org/prop/direct/> "
        'SELECT ?item { ?item wdt:P351 "3574" ; wdt:P353 "IL7" }',
        "ubergraph": "PREFIX obo: <http://purl.obolibrary.org/obo/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s { "
        "GRAPH <http://reasoner.renci.org/redundant> { ?s rdfs:subClassOf obo:CL_0000084 } "
        "?s rdfs:label ?name }",
    }
    for name, query in published.items():
        assert ask(endpoints[name].removesuffix("/query"), query), name


PAGE = (resource_path("docs") / "federation.md").read_text(encoding="utf-8")


def test_commands_of_the_page_run(
    il7_graph: Path,
    endpoints: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With mirrors in the place of the endpoints, as the page says."""
    mirrors = " ".join(f"{name}={url}" for name, url in endpoints.items())
    monkeypatch.setenv("KG_ALLOW_SERVICE", mirrors)
    monkeypatch.setenv("KG_GRAPH", str(il7_graph))
    commands = re.findall(r"^kg query (.*) --online$", PAGE, flags=re.MULTILINE)
    assert {shlex.split(command)[0] for command in commands} == {query.name for query in ONLINE}
    for command in commands:
        code, out, _ = run(capsys, *shlex.split(command), "--online")
        assert code == 0, command
        assert "row" in out, command


def test_outputs_of_the_page_are_what_is_printed(
    il7_graph: Path,
    endpoints: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KG_GRAPH", str(il7_graph))
    shown = re.findall(r"^```\n\$ kg query (.*)\n((?:.*\n)*?)```$", PAGE, flags=re.MULTILINE)
    assert len(shown) == 2
    for command, output in shown:
        here = re.sub(r"http://127.0.0.1:\d+/query", endpoints["uniprot"], command)
        _, out, err = run(capsys, *shlex.split(here))
        printed = (err + out).replace(endpoints["uniprot"], "http://127.0.0.1:7921/query")
        assert re.sub(r"\s+", " ", printed) == re.sub(r"\s+", " ", output)
