"""Saved queries over HTTP: a real server on the graph of the reading list, and a real client."""

import csv
import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from kg.namespaces import DEFAULT_BASE, queries_graph
from kg.queries import SavedQuery, load_saved_queries
from kg.queries.formats import query_prefixes
from kg.store import update_graph
from kg.web.endpoints import ENDPOINTS
from tests.endpoints import oxigraph_server
from tests.queries.test_executables import FIND_EXAMPLES, FIND_PREFIXES
from tests.service.conftest import running, served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SAVED = load_saved_queries()
HERE = [query for query in SAVED.values() if not query.online]
PAIR = {"entity_a": "IL-7", "entity_b": "STAT5"}
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
JOURNALS = "papers-by-journal-and-year"


def ask(url: str, name: str, accept: str = "application/json", **given: Any) -> requests.Response:
    return requests.get(
        f"{url}/queries/{name}", params=given, headers={"accept": accept}, timeout=60
    )


def example(query: SavedQuery) -> dict[str, Any]:
    return {name: list(values) for name, values in query.example.parameters.items()}


def plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_list_says_what_each_takes_and_leads_to_it(il7_url: str) -> None:
    listed = requests.get(f"{il7_url}/queries", timeout=60).json()["queries"]
    assert [each["name"] for each in listed] == sorted(SAVED)
    entry = next(each for each in listed if each["name"] == "papers-connecting")
    assert entry["parameters"]["entity_a"]["required"] is True
    assert entry["parameters"]["level"]["choices"] == ["sentence", "paper"]
    assert entry["parameters"]["level"]["default"] == "sentence"
    assert "title" in entry["columns"]
    assert requests.get(entry["example"]["href"], timeout=60).json()["rows"]
    described = requests.get(entry["links"]["describe"], timeout=60).json()
    assert described["sparql"].startswith("PREFIX")
    assert {key: value for key, value in described.items() if key != "sparql"} == entry
    [online] = [each for each in listed if each["name"] == "uniprot-of-gene"]
    assert (online["online"], online["runs_here"]) == ([ENDPOINTS["uniprot"]], False)


@pytest.mark.parametrize("query", HERE, ids=lambda query: query.name)
def test_examples_answer_what_they_say_and_all_pages_are_the_whole(
    il7_url: str, query: SavedQuery
) -> None:
    is_graph = query.form.value == "CONSTRUCT"
    most = {} if is_graph else {"limit": "10000"}
    answer = ask(il7_url, query.name, **example(query), **most)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["complete"] is True
    # A reading list has none of what databases add to a record.
    for wanted in () if "indexing" in query.keywords else query.example.contains:
        assert any(
            all(plain(row[column]) == value for column, value in wanted.items())
            for row in document["rows"]
        ), wanted
    if is_graph:
        return
    size = max(2, len(document["rows"]) // 5)
    rows: list[dict[str, Any]] = []
    page = ask(il7_url, query.name, **example(query), limit=size)
    while True:
        said = page.json()
        assert page.status_code == 200, page.text
        rows += said["rows"]
        assert page.headers["kg-complete"] == str(said["complete"]).lower()
        assert page.links.get("next", {}).get("url") == said.get("next")
        if said["complete"]:
            break
        page = requests.get(said["next"], timeout=60)
    assert rows == document["rows"]


def test_pages_of_a_table_are_the_whole_table(il7_url: str) -> None:
    whole = ask(il7_url, "papers-mentioning", "text/csv", entity="IL-7").text
    answer = ask(il7_url, "papers-mentioning", entity="IL-7", limit=11, format="csv")
    lines: list[list[str]] = []
    while True:
        head, *rows = csv.reader(io.StringIO(answer.text))
        lines += rows
        if "next" not in answer.links:
            break
        answer = requests.get(answer.links["next"]["url"], timeout=60)
    assert [head, *lines] == list(csv.reader(io.StringIO(whole)))
    assert len(lines) > 22


def test_a_query_with_a_limit_of_its_own_says_that_there_is_more(il7_url: str) -> None:
    document = ask(il7_url, "most-mentioned").json()
    assert len(document["rows"]) == 20
    assert document["complete"] is False
    following = requests.get(document["next"], timeout=60).json()
    whole = ask(il7_url, "most-mentioned", limit=40).json()["rows"]
    assert document["rows"] + following["rows"] == whole


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-query", "application/sparql-query"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"limit": "3"}], ids=["whole", "page"])
def test_each_format_says_what_names_were_taken_for(
    il7_url: str, accept: str, media_type: str, more: dict[str, str]
) -> None:
    answer = ask(il7_url, "papers-connecting", accept, **PAIR, **more)
    assert answer.headers["content-type"] == media_type
    taken = json.loads(answer.headers["kg-parameters"])
    assert taken["entity_a"] == {"given": "IL-7", "id": "HGNC:6023", "label": "IL7"}
    assert taken["level"] == "sentence"
    assert "describedby" in answer.links


def test_results_are_those_of_the_text_that_is_asked(il7_url: str) -> None:
    text = requests.get(
        f"{il7_url}/queries/papers-connecting/sparql", params={**PAIR, "limit": "4"}, timeout=60
    ).text
    assert "#+" not in text
    raw = requests.post(
        f"{il7_url}/sparql",
        data=text.encode(),
        headers={"content-type": "application/sparql-query"},
        timeout=60,
    )
    results = "application/sparql-results+json"
    page = ask(il7_url, "papers-connecting", results, **PAIR, limit=4)
    assert page.json() == raw.json()
    assert len(page.json()["results"]["bindings"]) == 4
    whole = ask(il7_url, "papers-connecting", results, **PAIR).json()
    assert whole["results"]["bindings"][:4] == raw.json()["results"]["bindings"]


@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_graph_in_each_format(il7_url: str, media_type: str) -> None:
    answer = ask(il7_url, "entity-neighbourhood", media_type, entity="dendritic cell")
    assert answer.headers["content-type"].partition(";")[0] == media_type
    form = RdfFormat.from_media_type(media_type)
    triples = list(parse(answer.content, format=form))
    rows = ask(il7_url, "entity-neighbourhood", entity="dendritic cell").json()["rows"]
    assert len(triples) == len(rows) > 20


def test_a_graph_comes_as_turtle_unless_asked_otherwise(il7_url: str) -> None:
    answer = ask(il7_url, "entity-neighbourhood", "*/*", entity="dendritic cell")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_what_a_name_was_taken_for_leads_to_it(il7_url: str) -> None:
    document = ask(il7_url, "papers-mentioning", entity=["IL-7", "STAT5"]).json()
    one, other = document["parameters"]["entity"]
    assert (one["iri"], one["type"], one["in_graph"]) == (
        "http://identifiers.org/hgnc/6023",
        "Gene",
        True,
    )
    assert parse_qs(urlsplit(other["href"]).query) == {"iri": [other["iri"]]}
    assert document["links"]["entity"] == f"{il7_url}/entity?iri={{iri}}"


def test_an_empty_answer_says_what_is_not_mentioned(il7_url: str) -> None:
    document = ask(il7_url, "papers-mentioning", entity="aneurysmal bone cyst").json()
    assert document["rows"] == []
    assert document["unmentioned"] == ["MONDO:0018815"]


def test_the_header_stays_short(il7_url: str) -> None:
    given = [f"HGNC:{number}" for number in (6023, 6024, 11366, 11367, 6001)] * 40
    answer = requests.post(
        f"{il7_url}/queries/papers-mentioning", json={"entity": given}, timeout=60
    )
    assert json.loads(answer.headers["kg-parameters"])["entity"] == 200
    assert len(answer.json()["parameters"]["entity"]) == 200


@pytest.mark.parametrize("how", [{"json": True}, {"data": True}], ids=["json", "form"])
def test_what_is_posted_is_what_is_in_the_address(il7_url: str, how: dict[str, bool]) -> None:
    given: dict[str, Any] = {**PAIR, "subtypes": "false", "limit": "5"}
    if "json" in how:
        sent: dict[str, Any] = {"json": {**PAIR, "subtypes": False, "limit": 5}}
    else:
        sent = {"data": given}
    posted = requests.post(f"{il7_url}/queries/papers-connecting", timeout=60, **sent)
    assert posted.json() == ask(il7_url, "papers-connecting", **given).json()
    assert posted.json()["parameters"]["subtypes"]["label"] == "false"


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("text/plain", b"entity=IL-7", 415),
        ("application/json", b"{", 400),
        ("application/json", b"[" * 100_000, 422),
        ("application/json", b"\xff", 400),
        ("application/json", b"[]", 422),
        ("application/json", b'{"entity": {"a": 1}}', 422),
        ("application/x-www-form-urlencoded", b"entity=%ff", 400),
    ],
)
def test_bodies_that_cannot_be_read(
    il7_url: str, media_type: str, body: bytes, status: int
) -> None:
    answer = requests.post(
        f"{il7_url}/queries/papers-mentioning",
        data=body,
        headers={"content-type": media_type},
        timeout=60,
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "given", "reason", "parameter", "said"),
    [
        ("papers-mentioning", {"entity": "IL-77x"}, "unknown", "entity", "did you mean"),
        ("papers-mentioning", {"entity": "PD"}, "ambiguous", "entity", "'PD' is ambiguous"),
        ("genes-for-disease", {"disease": "IL-7"}, "type", "disease", "takes a Disease"),
        ("papers-connecting", {"entity_a": "IL-7"}, "missing", "entity_b", "needs entity_b"),
        (JOURNALS, {"year": "2001"}, "no-parameter", "year", "no parameter 'year'"),
        (JOURNALS, {"year_from": "x"}, "invalid", "year_from", "a whole number"),
        (JOURNALS, {"limit": "0"}, "invalid", "limit", "from 1 to 10,000"),
        (JOURNALS, {"limit": ["1", "2"]}, "invalid", "limit", "takes one value"),
        (JOURNALS, {"after": "x"}, "invalid", "after", "no cursor"),
        ("papers-mentioning", {"entity": " "}, "invalid", "entity", "is empty"),
        ("entity-neighbourhood", {"entity": "IL7", "limit": "5"}, "no-parameter", "limit",
         "no rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_parameter(
    il7_url: str, name: str, given: dict[str, Any], reason: str, parameter: str, said: str
) -> None:
    answer = ask(il7_url, name, **given)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["reason"], problem["parameter"]) == (422, reason, parameter)
    assert said in problem["detail"]
    assert bool(problem["candidates"]) == (reason in ("unknown", "ambiguous", "type"))
    for candidate in problem["candidates"]:
        assert candidate["id"] in problem["detail"]
        assert set(candidate) == {"id", "label", "type", "score"}


def test_a_candidate_can_be_given_in_the_place_of_the_name(il7_url: str) -> None:
    [first, *_] = ask(il7_url, "papers-mentioning", entity="PD").json()["candidates"]
    document = ask(il7_url, "papers-mentioning", entity=first["id"]).json()
    assert document["parameters"]["entity"]["label"] == first["label"]


def test_a_query_that_there_is_none_of(il7_url: str) -> None:
    for part in ("", "/description", "/sparql"):
        answer = requests.get(f"{il7_url}/queries/papers-conecting{part}", timeout=60)
        assert answer.status_code == 404
        assert answer.json()["near"][0] == "papers-connecting"
    assert requests.get(f"{il7_url}/queries/{JOURNALS}/pdf", timeout=60).status_code == 404
    assert requests.get(f"{il7_url}/queries/{'a' * 5000}", timeout=60).status_code == 404


def test_methods_and_formats_that_there_are_none_of(il7_url: str) -> None:
    assert requests.put(f"{il7_url}/queries/{JOURNALS}", timeout=60).status_code == 405
    assert requests.post(f"{il7_url}/queries", timeout=60).status_code == 405
    assert ask(il7_url, JOURNALS, format="pdf").status_code == 406
    assert ask(il7_url, JOURNALS, "image/png").status_code == 406


def test_an_answer_that_is_known_is_not_sent_again(il7_url: str) -> None:
    etag = ask(il7_url, JOURNALS).headers["etag"]
    again = requests.get(
        f"{il7_url}/queries/{JOURNALS}", headers={"if-none-match": etag}, timeout=60
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_head_alone(il7_url: str) -> None:
    answer = requests.head(f"{il7_url}/queries/{JOURNALS}", timeout=60)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["kg-complete"] == "true"


def test_an_editor_finds_the_queries_in_the_description_of_the_endpoint(il7_url: str) -> None:
    # Nothing is in the default graph, so that the editor reads the description.
    found = requests.get(
        f"{il7_url}/sparql", params={"ac": "1", "query": FIND_EXAMPLES}, timeout=60
    )
    assert found.json()["results"]["bindings"] == []
    description = requests.get(
        f"{il7_url}/sparql", headers={"accept": "application/n-quads,*/*;q=0.1"}, timeout=60
    )
    store = Store()
    store.load(description.content, RdfFormat.N_QUADS)
    examples = store.query(FIND_EXAMPLES)
    assert isinstance(examples, QuerySolutions)
    texts = {row["comment"].value: row["query"].value for row in examples}
    assert sorted(texts) == sorted(query.summary for query in SAVED.values())
    prefixes = store.query(FIND_PREFIXES)
    assert isinstance(prefixes, QuerySolutions)
    assert {row["prefix"].value: row["namespace"].value for row in prefixes} == query_prefixes()
    target = f"ASK {{ ?q <https://schema.org/target> <{il7_url}/sparql> }}"
    assert store.query(target)
    text = texts[SAVED[JOURNALS].summary]
    assert requests.post(f"{il7_url}/sparql", data={"query": text}, timeout=60).ok


def test_the_queries_stand_in_a_graph_of_their_own(il7_url: str) -> None:
    query = FIND_EXAMPLES.replace("WHERE {", f"WHERE {{ GRAPH <{queries_graph(DEFAULT_BASE)}> {{")
    query = query.replace("} ORDER", "} } ORDER")
    found = requests.post(f"{il7_url}/sparql", data={"query": query}, timeout=60).json()
    assert len(found["results"]["bindings"]) == len(SAVED)


def test_what_asks_the_internet_is_refused(il7_url: str) -> None:
    answer = ask(il7_url, "uniprot-of-gene", gene="IL-7")
    assert answer.status_code == 403
    assert ENDPOINTS["uniprot"] in answer.json()["detail"]
    # Its text can be had, to run it elsewhere.
    assert "SERVICE" in ask(il7_url, "uniprot-of-gene", gene="IL-7", format="sparql").text


@pytest.fixture(scope="module")
def uniprot() -> Iterator[str]:
    """A server with a sample of UniProt; the address of its store, which queries are asked of."""
    sample = Path(__file__).parents[1] / "queries" / "endpoints" / "uniprot.trig"
    with oxigraph_server("--union-default-graph") as address:
        requests.post(
            f"{address}/store",
            data=sample.read_bytes(),
            headers={"content-type": "application/trig"},
            timeout=60,
        ).raise_for_status()
        yield address


def test_what_asks_an_endpoint_that_is_allowed_is_answered(il7_graph: Path, uniprot: str) -> None:
    mirror = f"uniprot={uniprot}/query"
    with served(il7_graph, "--processes", "1", "--allow-service", mirror) as url:
        answer = ask(url, "uniprot-of-gene", gene="IL-7", limit=5)
        assert answer.status_code == 200, answer.text
        assert any(row["value"] == "Secreted" for row in answer.json()["rows"])
        listed = requests.get(f"{url}/queries", timeout=60).json()["queries"]
        assert next(each for each in listed if each["name"] == "uniprot-of-gene")["runs_here"]
        # What the endpoint says is asked anew for each answer.
        cleared = requests.post(f"{uniprot}/update", data={"update": "CLEAR ALL"}, timeout=60)
        assert cleared.ok
        assert ask(url, "uniprot-of-gene", gene="IL-7").json()["rows"] == []


def test_a_cursor_of_before_an_update_is_gone(il7_graph: Path, tmp_path: Path) -> None:
    folder = tmp_path / "il7.kg"
    shutil.copytree(il7_graph, folder)
    with served(folder, "--processes", "1", "--memory", "64") as url:
        first = ask(url, "papers-mentioning", entity="IL-7", limit=2).json()
        assert requests.get(first["next"], timeout=60).status_code == 200
        update_graph(folder, "INSERT DATA { <http://a/b> <http://a/c> 1 }")
        until = time.monotonic() + 20
        while (answer := requests.get(first["next"], timeout=60)).status_code == 200:
            assert time.monotonic() < until
        assert answer.status_code == 410
        assert "the graph has changed" in answer.json()["detail"]
        again = ask(url, "papers-mentioning", entity="IL-7", limit=2).json()
        assert again["rows"] == first["rows"]
        assert requests.get(again["next"], timeout=60).status_code == 200


def test_without_a_lexicon_names_are_those_of_the_graph(
    il7_graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_CACHE", "/dev/null/nowhere")
    with served(il7_graph, "--processes", "1") as url:
        document = ask(url, "papers-mentioning", entity="IL7", limit=1).json()
        assert document["parameters"]["entity"]["id"] == "HGNC:6023"
        assert ask(url, "papers-mentioning", entity="IL-77x").json()["candidates"] == []


def test_own_names_are_those_of_the_lexicon_that_is_chosen(il7_graph: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("name\tcurie\nthe survival factor\tHGNC:6023\n", encoding="utf-8")
    options = ("--lexicon", str(names), "--vocabulary", "hgnc_human_genes")
    with served(il7_graph, "--processes", "1", *options) as url:
        document = ask(url, "papers-mentioning", entity="the survival factor", limit=1).json()
        assert document["parameters"]["entity"]["id"] == "HGNC:6023"


@pytest.fixture(scope="module")
def elsewhere(il7_ntriples: Path) -> Iterator[str]:
    """A server in front of another store that holds the graph of the reading list."""
    with oxigraph_server() as address:
        requests.post(
            f"{address}/store?default",
            data=il7_ntriples.read_bytes(),
            headers={"content-type": "application/n-triples"},
            timeout=60,
        ).raise_for_status()
        options = ("--endpoint-cache", "1", "--processes", "1")
        with running("--endpoint", f"{address}/query", *options) as url:
            yield url


@pytest.mark.parametrize(
    ("name", "given", "accept"),
    [
        ("papers-connecting", PAIR, "application/sparql-results+json"),
        ("papers-mentioning", {"entity": "IL-7", "limit": "3"}, "text/csv"),
        ("most-mentioned", {}, "text/tab-separated-values"),
    ],
)
def test_a_store_elsewhere_answers_the_same(
    il7_url: str, elsewhere: str, name: str, given: dict[str, str], accept: str
) -> None:
    here, there = (ask(url, name, accept, **given) for url in (il7_url, elsewhere))
    assert there.status_code == 200, there.text
    assert there.text == here.text
    for header in ("kg-parameters", "kg-complete"):
        assert there.headers[header] == here.headers[header]


def test_a_graph_from_a_store_elsewhere(il7_url: str, elsewhere: str) -> None:
    here, there = (
        set(
            ask(url, "entity-neighbourhood", "application/n-triples", entity="IL-7").text.split(
                "\n"
            )
        )
        for url in (il7_url, elsewhere)
    )
    assert here == there


def test_pages_of_a_store_elsewhere_go_on_while_nothing_has_moved(elsewhere: str) -> None:
    whole = ask(elsewhere, "papers-mentioning", entity="IL-7").json()["rows"]
    first = ask(elsewhere, "papers-mentioning", entity="IL-7", limit=5).json()
    time.sleep(1.5)  # what was kept of the store is forgotten by now
    second = requests.get(first["next"], timeout=60).json()
    assert first["rows"] + second["rows"] == whole[:10]
