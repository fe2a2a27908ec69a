"""A real server and a real client."""

import csv
import io
import json
import shutil
import socket
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from kg.store import open_graph, update_graph, write_generation
from tests.service.conftest import PEOPLE, served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NAME = "SELECT ?name { <http://example.org/7> <http://example.org/name> ?name }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAIRS = "SELECT * { ?a <http://example.org/name> ?b . ?c <http://example.org/name> ?d }"


def ask(url: str, query: str, **parameters: str) -> requests.Response:
    return requests.get(f"{url}/sparql", params={"query": query, **parameters}, timeout=60)


def values(answer: requests.Response) -> list[str]:
    rows = answer.json()["results"]["bindings"]
    return [term["value"] for row in rows for term in row.values()]


def test_the_three_ways_to_send_a_query(url: str) -> None:
    address = f"{url}/sparql"
    answers = [
        ask(url, NAME),
        requests.post(address, data={"query": NAME}, timeout=60),
        requests.post(
            address,
            data=NAME.encode(),
            headers={"content-type": "application/sparql-query"},
            timeout=60,
        ),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert values(answer) == ["P7"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/json", "application/sparql-results+json"),
    ],
)
def test_tables_in_the_format_that_is_asked_for(url: str, accept: str, media_type: str) -> None:
    answer = requests.get(
        f"{url}/sparql", params={"query": NAME}, headers={"accept": accept}, timeout=60
    )
    assert answer.headers["content-type"] == media_type
    assert "P7" in answer.text


def test_graphs_in_turtle_and_others(url: str) -> None:
    query = "CONSTRUCT WHERE { <http://example.org/7> ?p ?o }"
    assert ask(url, query).headers["content-type"] == "text/turtle; charset=utf-8"
    answer = ask(url, query, format="ntriples")
    assert answer.headers["content-type"] == "application/n-triples"
    assert sorted(answer.text.splitlines())[1].endswith('<http://example.org/name> "P7" .')


def test_a_mistake_is_told_with_its_place(url: str) -> None:
    answer = ask(url, "SELECT * {\n ?s ?p ?o")
    assert answer.status_code == 400
    assert answer.text.startswith("line 2, column 10 of the query: ")


def test_what_cannot_be_had_is_not_acceptable(url: str) -> None:
    for query in (NAME, "SELECT * { ?s ?p ?o } LIMIT 1", "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = ask(url, query, format="pdf")
        assert answer.status_code == 406
        assert "gives" in answer.text


def test_service_reaches_nothing(url: str) -> None:
    answer = ask(url, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    assert answer.status_code == 400
    assert "SERVICE is refused" in answer.text


def test_an_update_is_refused(url: str) -> None:
    answer = requests.post(f"{url}/sparql", data={"update": "CLEAR ALL"}, timeout=60)
    assert answer.status_code == 403


def test_an_answer_that_is_known_is_not_sent_again(url: str) -> None:
    etag = ask(url, NAME).headers["etag"]
    again = requests.get(
        f"{url}/sparql", params={"query": NAME}, headers={"if-none-match": etag}, timeout=60
    )
    assert again.status_code == 304
    assert again.content == b""


def test_a_query_over_its_time_is_stopped_while_others_are_answered(url: str) -> None:
    statuses: list[int] = []

    def run() -> None:
        statuses.append(ask(url, ENDLESS, timeout="1").status_code)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    number = 0
    while any(thread.is_alive() for thread in threads):
        number += 1
        begun = time.monotonic()
        query = NAME.replace("/7>", f"/{number % PEOPLE}>")
        assert values(ask(url, query)) == [f"P{number % PEOPLE}"]
        slowest = max(slowest, time.monotonic() - begun)
    assert statuses == [503] * 4
    assert number > 4
    # The workers that took their place run queries again.
    for _ in range(4):
        assert values(ask(url, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == [str(2 * PEOPLE)]


def test_a_large_answer_comes_whole(url: str) -> None:
    answer = ask(url, f"{PAIRS} LIMIT 50000", format="csv")
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 50_001


def test_an_answer_that_is_cut_is_broken_off(url: str) -> None:
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        ask(url, PAIRS, format="csv", timeout="1")


def test_where_a_cut_could_not_be_seen_nothing_is_cut(url: str) -> None:
    def ask_old(query: str) -> bytes:
        place = urlsplit(url)
        with socket.create_connection((str(place.hostname), int(place.port or 0))) as client:
            asked = f"/sparql?query={quote(query)}&format=csv&timeout=1"
            client.sendall(f"GET {asked} HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n".encode())
            return b"".join(iter(lambda: client.recv(1 << 16), b""))

    answer = ask_old(PAIRS)
    assert b" 505 " in answer.splitlines()[0]
    assert b"takes HTTP/1.1" in answer
    assert len(answer) < 2_000
    short = ask_old("SELECT * { ?a <http://example.org/name> ?b } LIMIT 10")
    assert b" 200 " in short.splitlines()[0]
    assert len(short.splitlines()) > 10


def test_who_goes_away_leaves_no_query_running(url: str) -> None:
    place = urlsplit(url)
    assert place.hostname is not None
    assert place.port is not None
    for _ in range(12):
        with socket.create_connection((place.hostname, place.port)) as client:
            client.sendall(
                f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
            )
            time.sleep(0.1)
    # There are two processes with two workers each: had twelve gone on, there would be none free.
    for _ in range(8):
        assert ask(url, "ASK { ?s ?p ?o . ?o ?q ?r }", timeout="10").status_code == 200


def test_who_reads_slowly_is_left_in_time(people: Path) -> None:
    with served(people, "--processes", "1", "--workers", "1", "--timeout", "3") as url:
        place = urlsplit(url)
        address = (str(place.hostname), int(place.port or 0))
        with socket.create_connection(address) as client:
            asked = f"GET /sparql?query={quote(PAIRS)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
            client.sendall(asked.encode())
            assert client.recv(12) == b"HTTP/1.1 200"
            # Nothing more is read, and the only worker is free again for others.
            assert ask(url, "ASK { ?s ?p ?o . ?o ?q ?r }", timeout="20").status_code in (200, 503)
            time.sleep(4)
            assert ask(url, "ASK { ?s ?p ?o . ?o ?q ?r }", timeout="20").status_code == 200


def test_the_head_of_a_long_answer_has_no_body(url: str) -> None:
    answer = requests.head(f"{url}/sparql", params={"query": PAIRS, "format": "csv"}, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    # The connection is of use again.
    assert values(ask(url, NAME)) == ["P7"]


def test_what_is_said_of_one_thing_may_be_long(tmp_path: Path) -> None:
    folder = tmp_path / "hub.kg"
    lines = [f'<http://a/hub> <http://a/p> "{number:040}" .' for number in range(5_000)]
    with write_generation(folder, build_hash="4" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with served(folder, "--processes", "1") as url:
        answer = ask(url, "SELECT ?o { <http://a/hub> ?p ?o }", format="csv")
        assert len(answer.text.splitlines()) == 5_001
        assert "etag" not in answer.headers  # it came from a worker, as it was made


def test_a_new_generation_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "growing.kg"
    write_people(folder, 3, "1" * 12)
    count = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/name> ?o }"
    with served(folder, "--processes", "2") as url:
        assert values(ask(url, count)) == ["3"]
        write_people(folder, 5, "2" * 12)
        until = time.monotonic() + 10
        while values(ask(url, count)) != ["5"]:
            assert time.monotonic() < until
        # From then on, by each process.
        time.sleep(1)
        assert {tuple(values(ask(url, count))) for _ in range(10)} == {("5",)}


def test_a_query_that_wants_too_much_memory_ends_alone(people: Path) -> None:
    hungry = f"SELECT * {{ {{ {PAIRS} }} }} ORDER BY ?b ?d"
    with served(people, "--processes", "1", "--memory", "200", "--timeout", "50") as url:
        answer = ask(url, hungry)
        assert answer.status_code == 503
        assert "want of memory" in answer.text
        assert json.loads(ask(url, NAME).text)["head"] == {"vars": ["name"]}


def test_without_texts_the_words_of_sentences_are_not_served(
    sample_graph: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sample.kg"
    shutil.copytree(sample_graph, folder)
    kg = "PREFIX kg: <https://w3id.org/litkg/ontology#>"
    texts = f"{kg} SELECT DISTINCT ?field {{ ?s kg:text ?text ; kg:field ?field }}"
    digests = f"{kg} SELECT (COUNT(*) AS ?n) {{ ?s kg:textSha256 ?digest ; kg:end ?end }}"
    written = "ASK { <http://example.org/a> <http://example.org/b> 1 }"
    with served(folder, "--processes", "1", "--no-text") as url:
        assert values(ask(url, texts)) == ["title"]
        assert int(values(ask(url, digests))[0]) > 5
        update = requests.post(f"{url}/sparql", data={"update": "CLEAR ALL"}, timeout=60)
        assert update.status_code == 403
        # What is written into the graph itself is shown, and its texts are not.
        update_graph(folder, written.replace("ASK", "INSERT DATA"))
        until = time.monotonic() + 20
        while not ask(url, written).json()["boolean"]:
            assert time.monotonic() < until
        assert values(ask(url, texts)) == ["title"]
    with open_graph(folder) as graph:
        assert len(list(graph.query(texts))) > 1  # type: ignore[arg-type]
