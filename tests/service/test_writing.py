"""Writing over HTTP: SPARQL Update and the Graph Store Protocol, with and without the token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kg.store import list_history
from tests.service.conftest import served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TOKEN = {"authorization": "Bearer correct horse"}
TURTLE = {"content-type": "text/turtle"}
EDITED = "http://example.org/edited"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written") / "people.kg"
    write_people(path, 20, "3" * 12)
    return path


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        with served(folder, "--processes", "2") as address:
            yield address


def update(url: str, text: str, headers: dict[str, str]) -> requests.Response:
    return requests.post(f"{url}/sparql", data={"update": text}, headers=headers, timeout=60)


def ask(url: str, query: str) -> bool:
    answer = requests.get(f"{url}/sparql", params={"query": query}, timeout=60)
    return bool(answer.json()["boolean"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": "Basic correct horse"},
        {"authorization": "correct horse"},
    ],
)
def test_without_the_token_nothing_is_written(url: str, headers: dict[str, str]) -> None:
    answers = [
        update(url, "CLEAR ALL", headers),
        requests.put(f"{url}/store?default", data="", headers={**TURTLE, **headers}, timeout=60),
        requests.delete(f"{url}/store?default", headers=headers, timeout=60),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "correct" not in answer.text
    assert ask(url, "ASK { <http://example.org/7> ?p ?o }")


def test_who_writes_reads_it_at_once(url: str) -> None:
    for number in range(12):
        fact = f'<http://example.org/new> <http://example.org/name> "N{number}"'
        assert update(url, f"INSERT DATA {{ {fact} }}", TOKEN).status_code == 204
        # Whichever process answers.
        for _ in range(4):
            assert ask(url, f"ASK {{ {fact} }}")


@pytest.mark.parametrize("text", ["", "# nothing", "PREFIX ex: <http://example.org/>"])
def test_an_update_of_no_operation_is_one(url: str, folder: Path, text: str) -> None:
    before = len(list_history(folder).generations)
    answer = requests.post(
        f"{url}/sparql",
        data=text.encode(),
        headers={**TOKEN, "content-type": "application/sparql-update"},
        timeout=60,
    )
    assert answer.status_code == 204
    assert len(list_history(folder).generations) == before
    wrong = update(url, "PREFIX ex: <http://example.org/> nothing", TOKEN)
    assert wrong.status_code == 400


def test_an_update_that_is_wrong_says_where(url: str) -> None:
    answer = update(url, "INSERT DATA {\n <http://a/b> ?p 1 }", TOKEN)
    assert answer.status_code == 400
    assert answer.text.startswith("line 2, column 15 of the update: a variable cannot stand")
    assert update(url, "LOAD <http://127.0.0.1:1/>", TOKEN).status_code == 400


def test_a_graph_of_the_store_is_put_got_added_to_and_deleted(url: str, folder: Path) -> None:
    address, graph = f"{url}/store", {"graph": EDITED}
    headers = {**TOKEN, **TURTLE}
    assert requests.get(address, params=graph, timeout=60).status_code == 404
    first, second = (f"<http://a/{name}> <http://a/p> {name!r} ." for name in "xy")
    put = requests.put(address, params=graph, data=first, headers=headers, timeout=60)
    assert put.status_code == 201
    post = requests.post(address, params=graph, data=second, headers=headers, timeout=60)
    assert post.status_code == 204
    got = requests.get(
        address, params=graph, headers={"accept": "application/n-triples"}, timeout=60
    )
    assert sorted(got.text.splitlines()) == [each.replace("'", '"') for each in (first, second)]
    head = requests.head(address, params=graph, timeout=60)
    assert head.status_code == 200
    assert head.headers["content-type"] == "text/turtle; charset=utf-8"
    again = requests.put(address, params=graph, data=second, headers=headers, timeout=60)
    assert again.status_code == 204
    assert not ask(url, f"ASK {{ GRAPH <{EDITED}> {{ <http://a/x> ?p ?o }} }}")
    assert requests.delete(address, params=graph, headers=TOKEN, timeout=60).status_code == 204
    assert requests.delete(address, params=graph, headers=TOKEN, timeout=60).status_code == 404
    kinds = [each.action for each in list_history(folder).generations]
    assert len(kinds) >= 3


def test_a_graph_with_an_iri_of_any_letters(url: str) -> None:
    graph = {"graph": "http://example.org/Größe/a%20b"}
    address, statement = f"{url}/store", "<http://a/a> <http://a/b> 1 ."
    headers = {**TOKEN, **TURTLE}
    put = requests.put(address, params=graph, data=statement, headers=headers, timeout=60)
    assert put.status_code == 201
    assert requests.get(address, params=graph, timeout=60).status_code == 200
    bad = requests.get(address, params={"graph": "http://a/> { } #"}, timeout=60)
    assert bad.status_code == 400


def test_a_new_graph_gets_an_address_of_its_own(url: str) -> None:
    answer = requests.post(
        f"{url}/store", data="<> <http://a/p> 1 .", headers={**TOKEN, **TURTLE}, timeout=60
    )
    assert answer.status_code == 201
    place = answer.headers["location"]
    assert place.startswith(f"{url}/store/")
    got = requests.get(place, headers={"accept": "application/n-triples"}, timeout=60)
    assert got.text.startswith(f"<{place}> <http://a/p> ")


@pytest.mark.parametrize(
    ("method", "query_string", "body", "media_type", "status"),
    [
        ("GET", "", b"", "", 400),
        ("GET", "graph=nonsense", b"", "", 400),
        ("GET", "default&graph=http://a/", b"", "", 400),
        ("LOCK", "default", b"", "", 405),
        ("PATCH", "", b"", "application/sparql-update", 400),
        ("PATCH", "graph=http://a/>", b"", "application/sparql-update", 400),
        ("PATCH", "default", b"\xff", "application/sparql-update", 400),
        ("PATCH", "default", b"INSERT { ?s", "application/sparql-update", 400),
        ("PATCH", "default", b"SELECT * {}", "application/sparql-update", 400),
        ("PUT", "default", b"<a> <b", "text/turtle", 400),
        ("PUT", "default", b"x", "image/png", 415),
    ],
)
def test_what_the_store_does_not_take(
    url: str, method: str, query_string: str, body: bytes, media_type: str, status: int
) -> None:
    headers = {**TOKEN, "content-type": media_type} if media_type else TOKEN
    answer = requests.request(
        method, f"{url}/store?{query_string}", data=body, headers=headers, timeout=60
    )
    assert answer.status_code == status
    assert answer.text.strip()


PATCH = {**TOKEN, "content-type": "application/sparql-update"}
PATCHED = "http://example.org/patched/graph"
PREFIX = "PREFIX ex: <http://example.org/>"
COUNT = "{ SELECT ?s (COUNT(*) AS ?c) { ?s ?p ?o } GROUP BY ?s }"
FORGET = "DELETE WHERE { ?s ex:graph ?with }"
RENEW = "DELETE { ?s ?p ?o } INSERT { ?s ?p ex:new } WHERE { ?s ?p ?o FILTER(?p = ex:n) }"


def patch(url: str, text: str, graph: str = PATCHED) -> requests.Response:
    name = {"graph": graph} if graph else {"default": ""}
    return requests.patch(
        f"{url}/store", params=name, data=text.encode(), headers=PATCH, timeout=60
    )


def lines_of(url: str, graph: str = PATCHED) -> list[str]:
    name = {"graph": graph} if graph else {"default": ""}
    headers = {"accept": "application/n-triples"}
    got = requests.get(f"{url}/store", params=name, headers=headers, timeout=60)
    return sorted(line.replace("http://example.org/", ":") for line in got.text.splitlines())


def test_a_graph_is_changed_by_an_update_of_its_own(url: str) -> None:
    elsewhere = lines_of(url, "")
    made = patch(url, f"{PREFIX} INSERT DATA {{ ex:a ex:graph 'x GRAPH y' . <s> ex:b 1 }}")
    assert made.status_code == 201
    assert lines_of(url) == [
        '<:a> <:graph> "x GRAPH y" .',
        '<:patched/s> <:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]
    steps = [
        (f"{PREFIX} DELETE DATA {{ <s> ex:b 1 }}", ['<:a> <:graph> "x GRAPH y" .']),
        (
            f"{PREFIX} INSERT {{ ?s ex:n ?c }} WHERE {{ {COUNT} }}",
            [
                '<:a> <:graph> "x GRAPH y" .',
                '<:a> <:n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
            ],
        ),
        (
            f"{PREFIX} {RENEW} ; {FORGET} ; {PREFIX} INSERT DATA {{ ex:b ex:n ex:new }}",
            ["<:a> <:n> <:new> .", "<:b> <:n> <:new> ."],
        ),
        ("# nothing", ["<:a> <:n> <:new> .", "<:b> <:n> <:new> ."]),
        (f"CLEAR DEFAULT; {PREFIX} INSERT DATA {{ ex:c ex:n 'last' }}", ['<:c> <:n> "last" .']),
    ]
    for text, wanted in steps:
        answer = patch(url, text)
        assert answer.status_code == 204, answer.text
        assert lines_of(url) == wanted
    assert lines_of(url, "") == elsewhere
    assert patch(url, "DROP DEFAULT").status_code == 204
    assert requests.get(f"{url}/store", params={"graph": PATCHED}, timeout=60).status_code == 404


def test_the_default_graph_is_changed_too(url: str) -> None:
    before = lines_of(url, "")
    fact = "<http://example.org/7> <http://example.org/with> 'all'"
    assert patch(url, f"INSERT DATA {{ {fact} }}", "").status_code == 204
    assert set(lines_of(url, "")) - set(before) == {'<:7> <:with> "all" .'}
    assert patch(url, "DELETE WHERE { ?s <http://example.org/with> ?o }", "").status_code == 204
    assert lines_of(url, "") == before


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } }",
        "INSERT DATA { <x:a> <x:b> 1 . graph<x:g>{ <x:a> <x:b> 1 } }",
        f"INSERT DATA {{ GRAPH <{PATCHED}> {{ <x:a> <x:b> 1 }} }}",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT; PREFIX x: <x:> WITH x:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING <x:g> WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DELETE WHERE { GRAPH <x:g> { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p 1GRAPH <x:g> { ?a ?b ?c } }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { GRAPH#\n<x:g> { ?a ?b ?c } } }",
        "CLEAR ALL",
        "CLEAR NAMED",
        "DROP GRAPH <x:g>",
        "CREATE GRAPH <x:g>",
        "COPY DEFAULT TO <x:g>",
        "MOVE <x:g> TO DEFAULT",
        "ADD <x:g> TO DEFAULT",
        "INSERT DATA { <x:a> <x:b> 1 }; CLEARALL",
        "LOAD <http://127.0.0.1:1/>",
        "LOAD <http://127.0.0.1:1/> INTO GRAPH <x:g>",
    ],
)
def test_an_update_that_names_graphs_is_of_no_graph(url: str, folder: Path, text: str) -> None:
    before = len(list_history(folder).generations)
    for graph in (PATCHED, ""):
        answer = patch(url, text, graph)
        assert answer.status_code == 422
        assert "the request itself says which graph" in answer.text
        assert answer.text.startswith("line ")
    assert len(list_history(folder).generations) == before


def test_a_graph_is_changed_by_an_update_alone_and_with_the_token(url: str) -> None:
    text = "INSERT DATA { <x:a> <x:b> 1 }"
    for media_type in ("text/turtle", "application/sparql-query", ""):
        headers = {**TOKEN, "content-type": media_type} if media_type else TOKEN
        answer = requests.patch(
            f"{url}/store?default", data=text.encode(), headers=headers, timeout=60
        )
        assert answer.status_code == 415
        assert answer.headers["accept-patch"] == "application/sparql-update"
    headers = {"content-type": "application/sparql-update"}
    answer = requests.patch(f"{url}/store?default", data=text, headers=headers, timeout=60)
    assert answer.status_code == 401
    refused = patch(url, "INSERT { ?s ?p ?o } WHERE { SERVICE <x:a> { ?s ?p ?o } }")
    assert refused.status_code == 400
