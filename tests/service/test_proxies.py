"""The endpoint behind nginx and Caddy, which run on the files that operators are given."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from kg.namespaces import DEFAULT_BASE
from kg.store import write_generation
from tests.service.conftest import served
from tests.service.proxies import Proxy, make_certificate, run_caddy, run_nginx, wait_for

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl"),
]

HOST = "https://example.org"
PUBLIC = f"{HOST}/kg"
MINTED = f"{DEFAULT_BASE}sentence/a%20b"
TOKEN = "Authorization: Bearer correct horse"
PEOPLE = 2000
NAMES = "SELECT * { ?a <http://example.org/name> ?b }"
PAIRS = "SELECT * { ?a <http://example.org/name> ?b . ?c <http://example.org/name> ?d }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CUT = {18, 56, 92}
"""What curl ends with where an answer ends too early: over HTTP/1.1 (or TLS of it), over HTTP/2."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.jsonl"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[str]:
    """Run a server as the files tell operators to."""
    folder = tmp_path_factory.mktemp("proxied") / "people.kg"
    person = "<http://example.org/{}> <http://example.org/{}>"
    lines = [f'{person.format(number, "name")} "P{number}" .' for number in range(PEOPLE)]
    lines += [f"{person.format('hub', 'knows')} <http://example.org/{n}> ." for n in range(500)]
    lines.append(f'<{MINTED}> <http://example.org/name> "a sentence" .')
    with write_generation(folder, build_hash="6" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        with served(
            folder,
            *("--processes", "1", "--public-url", PUBLIC, "--proxy", "127.0.0.1"),
            *("--access-log", str(log), "--cors", "https://app.example"),
        ) as url:
            yield url


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest,
    behind: str,
    log: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp(request.param)
    make_certificate(folder)
    run = run_nginx if request.param == "nginx" else run_caddy
    with run(folder, behind) as port:
        yield Proxy(kind=request.param, port=port, behind=behind, log=log, folder=folder)


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_query_is_answered(proxy: Proxy, version: str) -> None:
    for answer in (
        proxy.query(NAMES, version),
        proxy.ask("/kg/sparql", version, "--data-urlencode", f"query={NAMES}"),
        proxy.query(NAMES, version, "--compressed"),
    ):
        assert (answer.code, answer.status) == (0, 200)
        assert answer.header("content-type") == "application/sparql-results+json"
        assert len(json.loads(answer.body)["results"]["bindings"]) == PEOPLE + 1
    assert answer.header("content-encoding") == "gzip"
    assert proxy.ask("/kg/sparql?query=SELEKT", version).status == 400


def test_pages_and_what_they_load_are_packed(proxy: Proxy) -> None:
    hub = "/kg/entity?iri=http://example.org/hub"
    html = ("-H", "Accept: text/html")
    page = proxy.ask(hub, *html, "--compressed")
    assert page.header("content-encoding") == "gzip"
    assert page.body == proxy.ask(hub, *html).body
    for path in ("/kg/static/style.css", "/kg/static/suggest.js"):
        packed = proxy.ask(path, "--compressed")
        assert packed.header("content-encoding") == "gzip"
        assert packed.body == proxy.ask(path).body


def test_addresses_are_the_public_ones(proxy: Proxy) -> None:
    hub = "/kg/entity?iri=http://example.org/hub"
    page = proxy.ask(hub, "-H", "Accept: text/html").body.decode()
    links = re.findall(r'(?:href|src|action)="([^"#]+)', page)
    own = [link for link in links if not link.startswith("http://example.org/")]
    assert len(own) > 20
    assert [link for link in own if not link.startswith(f"{PUBLIC}/")] == []
    style = next(link for link in own if ".css" in link)
    assert proxy.ask(style.removeprefix(HOST)).status == 200
    # The statements that lead on, and each page after it.
    pages = 0
    turtle = proxy.ask(hub, "-H", "Accept: application/n-triples").body.decode()
    [more] = re.findall(r"^<([^>]+)> <[^>]+/primaryTopic> ", turtle, re.MULTILINE)
    while more:
        assert more.startswith(f"{PUBLIC}/entity?")
        part = proxy.ask(more.removeprefix(HOST), "-H", "Accept: application/n-triples")
        assert part.status == 200
        more = next(iter(re.findall(r'<([^>]+)>; rel="next"', part.header("link"))), "")
        pages += 1
    assert pages > 1


def test_where_a_name_leads_is_public(proxy: Proxy) -> None:
    moved = proxy.ask(f"/kg/entity?iri={quote(MINTED)}")
    assert (moved.status, moved.header("location")) == (303, f"{PUBLIC}/sentence/a%20b")
    told = proxy.ask("/kg/sentence/a%20b", "-H", "Accept: text/turtle")
    assert told.header("content-location") == f"{PUBLIC}/sentence/a%20b?format=turtle"
    # Slashes are not merged on the way, nor escapes undone.
    for path in ("https://a.org//b", "https:%2F%2Fa.org%2F%2Fb"):
        moved = proxy.ask(f"/kg/{path}")
        assert moved.status == 301
        assert moved.header("location") == f"{PUBLIC}/entity?iri=https%3A%2F%2Fa.org%2F%2Fb"
    bare = proxy.ask("/kg")
    assert bare.status == 308
    assert bare.header("location") in ("/kg/", f"{PUBLIC}/")


def test_what_is_made_has_a_public_address(proxy: Proxy) -> None:
    sent = ("-H", "Content-Type: text/turtle", "--data", "<a> <b> <c> .")
    assert proxy.ask("/kg/store", *sent).status == 401
    made = proxy.ask("/kg/store", "-H", TOKEN, *sent)
    assert made.status == 201
    place = made.header("location")
    assert place.startswith(f"{PUBLIC}/store/")
    got = proxy.ask(place.removeprefix(HOST), "-H", "Accept: application/n-triples")
    assert got.body.startswith(f"<{PUBLIC}/store/a> ".encode())


def test_the_log_has_the_client_and_not_what_it_says_of_itself(proxy: Proxy) -> None:
    agent = f"test-of-{proxy.kind}"
    options = ("-A", agent, "-H", "X-Forwarded-For: 192.0.2.1", "-H", "Forwarded: for=192.0.2.2")
    # Linux has all of 127.0.0.0/8 as its own addresses; elsewhere there is but one.
    source = ("--interface", "127.0.0.9") if sys.platform == "linux" else ()
    assert proxy.query("ASK {}", *options, *source).status == 200

    def entries() -> list[dict[str, object]]:
        lines = proxy.log.read_text().splitlines() if proxy.log.exists() else []
        return [entry for line in lines if (entry := json.loads(line))["agent"] == agent]

    wait_for(lambda: len(entries()) == 1)
    assert entries()[0]["client"] == (source[1] if source else "127.0.0.1")
    assert entries()[0]["path"] == "/sparql"


@pytest.mark.parametrize("packed", [(), ("--compressed",)])
@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_an_answer_that_is_cut_looks_so(
    proxy: Proxy, version: str, packed: tuple[str, ...]
) -> None:
    answer = proxy.query(PAIRS, version, *packed, more="&timeout=0.5&format=csv")
    assert answer.status == 200
    assert answer.body.startswith(b"a,b,c,d\r\n")
    assert answer.code in CUT


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_who_goes_away_ends_the_query(proxy: Proxy, version: str) -> None:
    stopped = 'kg_queries_stopped_total{reason="client"}'
    # Figures are told in a moment: those of what was asked before have to be there.
    wait_for(lambda: proxy.figure("kg_queries_running") == 0)
    before = proxy.figure(stopped)
    command = proxy.command(f"/kg/sparql?query={quote(ENDLESS)}", version)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as client:
        wait_for(lambda: proxy.figure("kg_queries_running") == 1)
        client.terminate()
    wait_for(lambda: proxy.figure(stopped) == before + 1)
    wait_for(lambda: proxy.figure("kg_queries_running") == 0)


@pytest.mark.parametrize("packed", [(), ("--compressed",)])
def test_what_is_known_is_not_sent_again(proxy: Proxy, packed: tuple[str, ...]) -> None:
    text = f"{NAMES} LIMIT 100"
    etag = proxy.query(text, *packed).header("etag")
    assert etag
    again = proxy.query(text, *packed, "-H", f"If-None-Match: {etag}")
    assert (again.status, again.body) == (304, b"")
    other = proxy.query(f"{NAMES} LIMIT 101", *packed, "-H", f"If-None-Match: {etag}")
    assert other.status == 200


def test_the_head_alone(proxy: Proxy) -> None:
    for text in ("ASK {}", PAIRS):
        head = proxy.query(text, "--head", more="&format=csv" if text == PAIRS else "")
        assert (head.code, head.status, head.body[:4] == b"HTTP") == (0, 200, True)
    assert head.header("content-type") == "text/csv; charset=utf-8"


def test_a_query_of_ten_megabytes(proxy: Proxy) -> None:
    query = f"ASK {{ VALUES ?a {{ {' '.join(f'{number:07}' for number in range(1_310_000))} }} }}"
    assert 10_000_000 < len(query) < 10 << 20
    sent = proxy.folder / "query"
    for text, status in ((query, 200), (f"{query} # {query}", 413)):
        sent.write_text(text)
        answer = proxy.ask(
            "/kg/sparql",
            # Over HTTP/2 Caddy takes leave of who goes on sending in a way that curl takes amiss.
            *("--http2" if status == 200 else "--http1.1", "--data-binary", f"@{sent}"),
            *("-H", "Content-Type: application/sparql-query"),
        )
        assert answer.status == status


def test_a_long_query_in_an_address(proxy: Proxy) -> None:
    text = f"ASK {{ VALUES ?a {{ {' '.join(str(number) for number in range(3_000))} }} }}"
    assert proxy.query(text).status == 200


def test_pages_of_other_origins_are_told_once(proxy: Proxy) -> None:
    allowed = proxy.query("ASK {}", "-H", "Origin: https://app.example")
    assert allowed.header("access-control-allow-origin") == "https://app.example"
    other = proxy.query("ASK {}", "-H", "Origin: https://other.example")
    assert other.header("access-control-allow-origin") == ""
    asked = ("-X", "OPTIONS", "-H", "Access-Control-Request-Method: POST")
    preflight = proxy.ask("/kg/sparql", *asked, "-H", "Origin: https://app.example")
    assert (preflight.status, preflight.code) == (204, 0)
    assert "POST" in preflight.header("access-control-allow-methods")


@pytest.mark.parametrize("name", ["metrics", "healthz", "readyz"])
def test_what_is_for_the_operator_is_not_for_the_public(proxy: Proxy, name: str) -> None:
    assert requests.get(f"{proxy.behind}/{name}", timeout=60).status_code == 200
    escaped = f"%{ord(name[0]):02x}{name[1:]}"
    for path in (
        *(f"/kg/{name}", f"/kg/{escaped}", f"/kg//{name}", f"/kg/./{name}", f"/kg/a/../{name}"),
        *(f"/kg%2F{name}", f"/kg/{name}?a", f"/kg/{name}/", f"/kg/{name.upper()}", f"//kg/{name}"),
        *(f"/{name}", f"/kg/kg/{name}", f"/kg/a%2f..%2f{name}", f"/kg/{name}%20", f"/KG/{name}"),
        *(f"/kg/%2e/{name}", f"/kg/a/%2e%2e/{name}", f"/kg/%2f{name}", f"/kg/{name};a"),
    ):
        assert proxy.ask(path).status == 404, path


def test_nothing_is_served_elsewhere(proxy: Proxy) -> None:
    assert b"true" in proxy.query("ASK {}").body
    assert proxy.ask("/sparql?query=ASK%7B%7D").status == 404
    # What no site has, nginx gives to the first one, and Caddy answers with nothing.
    other = proxy.query("ASK {}", "-H", "Host: other.example")
    assert other.status == 421 or other.body == b""


def test_what_people_ask_is_in_no_log_of_the_proxy(proxy: Proxy) -> None:
    proxy.query(f"{PAIRS} # a-secret-question", more="&timeout=0.5&format=csv")
    logs = [path.read_text() for path in proxy.folder.rglob("*.log")]
    # Caddy tells of the answer that broke off.
    assert proxy.kind == "nginx" or any("aborting" in text for text in logs)
    assert logs
    assert not any("secret" in text for text in logs)


# Caddy has no limit of its own.
@pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
def test_who_asks_too_often_is_told_so(proxy: Proxy) -> None:
    many = proxy.command("/kg/sparql?query=ASK%7B%7D&n=[1-120]", "-w", "%{http_code}\n")
    done = subprocess.run([*many, "-o", "/dev/null"], capture_output=True, text=True, check=True)
    statuses = done.stdout.split()
    assert set(statuses) == {"200", "429"}
    assert statuses.count("200") >= 40
