"""What those who run a server see of it: its log, its figures, its gates, and how it starts."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from kg.cli.serve import serve
from kg.service import worker
from kg.service.gate import Rates
from kg.service.protocol import RefusalError
from tests.docs_pages import DOCS, read_page, rows_under
from tests.endpoints import free_port, oxigraph_server
from tests.service.conftest import served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = read_page("endpoint.md")
NAME = "SELECT ?name { <http://example.org/7> <http://example.org/name> ?name }"
JOIN = "ASK { ?a <http://example.org/knows> ?b . ?b <http://example.org/knows> ?c }"
FIGURES = 'kg_http_requests_total{method="GET",route="/sparql",status="200"}'


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.jsonl"


@pytest.fixture(scope="module")
def url(people: Path, log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server as one that stands behind a proxy at https://example.org/kg."""
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text("correct horse\n")
    with served(
        people,
        *("--processes", "2", "--public-url", "https://example.org/kg/"),
        *("--proxy", "127.0.0.1", "--access-log", str(log), "--token-file", str(token)),
        *("--cors", "https://app.example", "--max-rows", "100"),
    ) as address:
        yield address


def ask(url: str, query: str, **headers: str) -> requests.Response:
    return requests.get(f"{url}/sparql", params={"query": query}, headers=headers, timeout=60)


def tell(other: str, update: str) -> None:
    headers = {"content-type": "application/sparql-update"}
    answer = requests.post(f"{other}/update", data=update, headers=headers, timeout=60)
    assert answer.ok


def wait_for(check: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not check():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.05)


def entries(log: Path) -> list[dict[str, object]]:
    """Return the lines of a log, but for those of who asked whether the server is ready."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [entry for line in lines if (entry := json.loads(line))["path"] != "/readyz"]


def test_the_log_has_a_line_for_each_request_and_no_secrets(url: str, log: Path) -> None:
    before = len(entries(log))
    ask(url, NAME, **{"x-forwarded-for": "192.0.2.9", "authorization": "Bearer sesame"})
    ask(url, NAME)
    ask(url, "SELEKT")
    requests.get(f"{url}/nowhere?secret=1", timeout=60)
    wait_for(lambda: len(entries(log)) == before + 4)
    new = sorted(entries(log)[before:], key=lambda entry: str(entry["time"]))
    assert [(entry["status"], entry["outcome"], entry["rows"]) for entry in new] == [
        (200, "answered", 1),
        (200, "answered", 1),
        (400, "refused", 0),
        (404, "refused", 0),
    ]
    assert [entry["client"] for entry in new] == ["192.0.2.9", *["127.0.0.1"] * 3]
    assert new[0]["query"] == new[1]["query"] != new[2]["query"]
    assert "query" not in new[3]
    whole = log.read_text()
    assert "sesame" not in whole
    assert "secret" not in whole
    assert "SELECT" not in whole
    told = [name for row in rows_under(PAGE, "field") for name in row[0].split("`, `")]
    assert {*new[0], "query"} == set(told)


def test_a_log_that_was_moved_away_is_made_anew(url: str, log: Path) -> None:
    ask(url, NAME)
    wait_for(log.exists)
    log.rename(log.with_suffix(".1"))
    ask(url, NAME)
    wait_for(lambda: len(entries(log)) > 0)


def figure(url: str, name: str) -> float:
    lines = requests.get(f"{url}/metrics", timeout=60).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def test_the_figures_are_those_of_all_processes(url: str) -> None:
    before = figure(url, FIGURES)
    for _ in range(20):
        ask(url, NAME)
    assert figure(url, FIGURES) == before + 20
    assert figure(url, "kg_generation_sequence ") == 1
    assert figure(url, "kg_statements ") == 6000
    assert figure(url, "kg_workers_idle ") >= 2
    stopped = figure(url, 'kg_queries_stopped_total{reason="time"}')
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    slow = requests.get(f"{url}/sparql", params={"query": endless, "timeout": "0.5"}, timeout=60)
    assert slow.status_code == 503
    assert figure(url, 'kg_queries_stopped_total{reason="time"}') == stopped + 1


def test_all_figures_are_on_the_page(url: str) -> None:
    text = requests.get(f"{url}/metrics", timeout=60).text
    families = {name for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)}
    told = {name for row in rows_under(PAGE, "figure") for name in row[0].split("`, `")}
    assert families == told


def test_all_options_are_on_the_page() -> None:
    rows = rows_under(PAGE, "option of kg serve")
    told = [name for row in rows for name in row[0].split("`, `")]
    options = {opt: each for each in serve.params for opt in each.opts if opt.startswith("--")}
    assert sorted(told) == sorted(set(options) - {"--help"})
    for row in rows:
        for name, default in zip(row[0].split("`, `"), row[1].split("; "), strict=False):
            given = options[name].default
            if isinstance(given, int | float) and not isinstance(given, bool):
                assert default == f"{given:g}", name


def test_all_statuses_of_errors_are_on_the_page() -> None:
    told = set(re.findall(r"\d{3}", " ".join(row[0] for row in rows_under(PAGE, "status"))))
    source = "".join(path.read_text() for path in Path(worker.__file__).parent.rglob("*.py"))
    given = set(re.findall(r"(?:RefusalError|_refuse)\(\s*(\d{3})", source))
    given |= {str(status) for _, status in worker._STATUSES}
    assert len(given) > 12
    assert given <= told


@pytest.mark.parametrize("name", ["security.md", "endpoint.md"])
def test_what_pages_point_to_is_there(name: str) -> None:
    page, root = read_page(name), DOCS.parent
    here = ""
    for path in re.findall(r"`([\w/.]+\.py)`", page):
        # Files after one with a folder are in the same one.
        here = str(Path(path).parent) if "/" in path and path[:2] in ("kg", "te") else here
        place = path if path.startswith(here) else f"{here}/{path}"
        assert (root / place).is_file(), place
    for path in re.findall(r"\]\(([^)#:]+)[)#]", page):
        assert (DOCS / path).is_file(), path
    for page_name, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page):
        text = (DOCS / page_name).read_text() if page_name else page
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in [each.lower().replace(" ", "-") for each in headings]


def test_pages_of_other_origins_read_where_they_are_allowed(url: str) -> None:
    answer = ask(url, NAME, origin="https://app.example")
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert "etag" in answer.headers["access-control-expose-headers"]
    other = ask(url, NAME, origin="https://other.example")
    assert "access-control-allow-origin" not in other.headers
    assert "origin" in other.headers["vary"]
    # A mistake can be read as well.
    wrong = ask(url, "SELEKT", origin="https://app.example")
    assert wrong.headers["access-control-allow-origin"] == "https://app.example"
    asked = requests.options(
        f"{url}/sparql",
        headers={"origin": "https://app.example", "access-control-request-method": "POST"},
        timeout=60,
    )
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "content-type" in asked.headers["access-control-allow-headers"]


def test_behind_a_proxy_addresses_are_the_public_ones(url: str) -> None:
    for path in ("/sparql", "/kg/sparql"):
        told = requests.get(f"{url}{path}", headers={"accept": "text/turtle"}, timeout=60)
        assert "<https://example.org/kg/sparql>" in told.text
    made = requests.post(
        f"{url}/kg/store",
        data="<a> <b> <c> .",
        headers={"content-type": "text/turtle", "authorization": "Bearer correct horse"},
        timeout=60,
    )
    assert made.status_code == 201
    assert made.headers["location"].startswith("https://example.org/kg/store/")
    assert requests.get(f"{url}/kgsparql", timeout=60).status_code == 404


def test_a_server_for_this_machine_answers_to_its_names_alone(url: str) -> None:
    for host in ("localhost:1", "127.0.0.1", "[::1]:80", "EXAMPLE.org"):
        assert ask(url, NAME, host=host).status_code == 200
    answer = ask(url, NAME, host="rebound.example:7878")
    assert answer.status_code == 421
    assert "--public-url" in answer.text


def test_an_answer_has_no_more_rows_than_it_may(url: str) -> None:
    select = "SELECT ?b { ?a <http://example.org/knows> ?b } LIMIT"
    for form in ("json", "xml", "csv", "tsv"):
        params = {"query": f"{select} 100", "format": form}
        assert requests.get(f"{url}/sparql", params=params, timeout=60).status_code == 200
        params = {"query": f"{select} 101", "format": form}
        try:
            answer = requests.get(f"{url}/sparql", params=params, timeout=60)
        except requests.exceptions.ChunkedEncodingError:
            continue
        assert answer.status_code == 413
        assert "more than 100 rows" in answer.text


def test_who_asks_too_often_is_told_to_wait(people: Path) -> None:
    with served(people, "--processes", "1", "--rate", "2") as url:
        statuses = [ask(url, NAME).status_code for _ in range(8)]
        assert statuses.count(429) >= 2
        assert statuses[0] == 200
        answer = next(one for one in iter(lambda: ask(url, NAME), None) if one.status_code == 429)
        assert int(answer.headers["retry-after"]) >= 1
        assert figure(url, "kg_requests_limited_total") >= 3


@given(st.lists(st.floats(0, 10), max_size=60), st.sampled_from([0.5, 1, 3, 20]))
def test_a_client_never_has_more_than_its_rate(gaps: list[float], rate: float) -> None:
    rates, now = Rates(rate), 0.0
    allowed: list[float] = []
    for gap in gaps:
        now += gap
        try:
            rates.check("2001:db8::1", now)
        except RefusalError:
            continue
        allowed.append(now)
    for place, begin in enumerate(allowed):
        for count, end in enumerate(allowed[place:], start=1):
            assert count <= max(1, 2 * rate) + rate * (end - begin) + 1e-6


def test_the_clients_of_a_network_of_ipv6_count_as_one() -> None:
    rates = Rates(1)
    rates.check("2001:db8::1", 0)
    rates.check("2001:db8::2", 0)
    with pytest.raises(RefusalError):
        rates.check("2001:db8::3", 0)
    rates.check("2001:db8:0:1::1", 0)


def test_an_endpoint_that_is_allowed_may_be_asked(people: Path) -> None:
    with oxigraph_server() as other:
        tell(other, "INSERT DATA { <http://example.org/7> <http://a/age> 42 }")
        query = (
            "SELECT ?name ?age { <http://example.org/7> <http://example.org/name> ?name "
            f"SERVICE <{other}/query> {{ <http://example.org/7> <http://a/age> ?age }} }}"
        )
        allowed = ("--processes", "1", "--allow-service", f"{other}/query")
        with served(people, *allowed, "--service-timeout", "5") as url:
            row = ask(url, query).json()["results"]["bindings"][0]
            assert (row["name"]["value"], row["age"]["value"]) == ("P7", "42")
            elsewhere = ask(url, query.replace("/query>", "/other>"))
            assert elsewhere.status_code == 400
            assert "SERVICE is refused" in elsewhere.text
            # What another endpoint answers is another thing next time.
            tell(other, "DELETE DATA { <http://example.org/7> <http://a/age> 42 }")
            assert ask(url, query).json()["results"]["bindings"] == []


def start(*options: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_what_keeps_it_from_starting_is_told_in_a_line(
    url: str, people: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    graph = ("-g", str(people))
    free = str(free_port())
    taken = url.rpartition(":")[2]
    for options, told in [
        ((*graph, "--port", taken), "address already in use"),
        ((*graph, "--host", "999.1.1.1", "--port", free), "'999.1.1.1' is no address"),
        ((*graph, "--host", "192.0.2.1", "--port", free), "cannot listen at 192.0.2.1"),
        ((*graph, "--port", free, "--access-log", str(tmp_path)), "the access log cannot"),
        ((*graph, "--port", free, "--token-file", str(empty)), "holds no token"),
        ((*graph, "--port", free, "--allow-service", "nonsense"), "'nonsense' is no endpoint"),
        (("-g", str(tmp_path / "no.kg"), "--port", free), "there is no graph here"),
    ]:
        code, said = start(*options)
        assert code != 0
        assert told in said
        assert len(said.splitlines()) == 1
    code, said = start(*graph, "--public-url", "example.org")
    assert "is no address such as" in said
    code, said = start(*graph, "--timeout", "0")
    assert code == 2


def test_it_says_where_it_serves_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "few.kg"
    write_people(folder, 3, "5" * 12)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "-g", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert f"http://127.0.0.1:{port}/sparql" in line
    # What it says is so: it can be asked.
    assert ask(f"http://127.0.0.1:{port}", NAME).status_code == 200
    process.terminate()
    out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("", "", 0)
