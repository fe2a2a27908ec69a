"""The client: its pace, what it asks again, what it gives up, and what it says."""

import gzip
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import pytest
import requests

from kg.errors import ServiceError
from kg.web.client import Answer, RefusedError, TryAgainError, UnusableError, WebClient
from kg.web.services import Settings, crossref_client, europepmc_client, ncbi_client, read_settings
from tests.web.conftest import Clock
from tests.web.services import Fault, WebServices

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def client(clock: Clock, told: list[str]) -> Iterator[WebClient]:
    with WebClient(
        name="PubMed", warn=told.append, clock=clock, sleep=clock.sleep, chance=lambda: 0.5
    ) as made:
        yield made


def read_text(answer: Answer) -> str:
    return answer.body.decode()


def ask(client: WebClient, services: WebServices, term: str = "lymphocytes") -> str:
    return client.post(f"{services.url}/esearch.fcgi", {"term": term}, read_text)


def test_requests_keep_their_distance(
    client: WebClient, services: WebServices, clock: Clock
) -> None:
    client.interval = 0.35
    for _ in range(5):
        ask(client, services)
    times = [one.time for one in services.asked]
    assert [later - sooner for sooner, later in pairwise(times)] == [pytest.approx(0.35)] * 4
    clock.now += 60
    ask(client, services)
    assert services.asked[-1].time == clock.now, "nobody waits who came late"


def test_a_failure_is_asked_again_later_each_time(
    client: WebClient, services: WebServices, clock: Clock, told: list[str]
) -> None:
    for status in (500, 502, 503, 504, 429):
        services.fail("esearch.fcgi", Fault(status=status, body=b"<h1>Busy</h1>"))
    assert "eSearchResult" in ask(client, services)
    assert clock.slept == [1.5, 3.0, 6.0, 12.0, 24.0]
    assert told[-1] == "PubMed: 429 Too Many Requests (Busy); next try in 24 seconds"


def test_it_is_not_asked_for_ever(client: WebClient, services: WebServices, clock: Clock) -> None:
    services.fail("esearch.fcgi", *[Fault(status=503, body=b"down")] * 9)
    with pytest.raises(ServiceError, match=r"PubMed failed 6 times, the last time: 503 .*\(down\)"):
        ask(client, services)
    assert len(services.asked) == 6
    assert len(clock.slept) == 5


def test_a_service_says_how_long_to_wait(
    client: WebClient, services: WebServices, clock: Clock
) -> None:
    services.fail("esearch.fcgi", Fault(status=429, headers={"Retry-After": "7"}))
    ask(client, services)
    assert clock.slept == [7.5]


def test_a_pause_may_be_a_date_by_the_services_clock(
    client: WebClient, services: WebServices, clock: Clock
) -> None:
    until = format_datetime(
        datetime.now(UTC).replace(microsecond=0).replace(year=2031), usegmt=True
    )
    services.fail("esearch.fcgi", Fault(status=503, headers={"Retry-After": until}))
    with pytest.raises(ServiceError, match=r"asks to wait [0-9,]{7,} seconds"):
        ask(client, services)
    assert clock.slept == []


def test_a_pause_that_is_none_is_not_kept(
    client: WebClient, services: WebServices, clock: Clock
) -> None:
    services.fail("esearch.fcgi", Fault(status=503, headers={"Retry-After": "soon"}))
    ask(client, services)
    assert clock.slept == [1.5]


@pytest.mark.parametrize("cut", [0, 1, 50])
def test_a_cut_connection_is_asked_again(
    client: WebClient, services: WebServices, cut: int
) -> None:
    services.fail("esearch.fcgi", Fault(cut=cut), Fault(cut=cut))
    assert ask(client, services).endswith("</eSearchResult>\n")
    assert len(services.asked) == 3


def test_a_cut_connection_is_told_as_that(client: WebClient, services: WebServices) -> None:
    services.fail("esearch.fcgi", *[Fault(cut=5)] * 6)
    with pytest.raises(ServiceError, match="the connection was cut before the answer was whole"):
        ask(client, services)


def test_damaged_compression_is_asked_again(client: WebClient, services: WebServices) -> None:
    packed = gzip.compress(b"some text")
    damaged = Fault(body=packed[:-8] + b"checksum", headers={"Content-Encoding": "gzip"})
    services.fail("esearch.fcgi", damaged)
    assert "eSearchResult" in ask(client, services)
    assert len(services.asked) == 2


def test_compressed_answers_are_unpacked(client: WebClient, services: WebServices) -> None:
    services.fail(
        "esearch.fcgi", Fault(body=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    )
    assert ask(client, services) == "hello"


def test_an_answer_without_end_is_given_up(
    client: WebClient, services: WebServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.client._BODY_BYTES", 1000)
    services.fail("esearch.fcgi", Fault(body=gzip.compress(b"x" * 5_000_000),
                                        headers={"Content-Encoding": "gzip"}))  # fmt: skip
    with pytest.raises(ServiceError, match="an answer of more than 1,000 bytes"):
        ask(client, services)


def test_an_answer_that_drips_is_asked_again(
    client: WebClient, services: WebServices, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.client._CHUNK", 100)

    def drip(body: bytes) -> bytes:
        clock.now += 1000  # each answer takes longer than it may
        return body * 20

    services.fail("esearch.fcgi", Fault(edit=drip))
    assert "eSearchResult" in ask(client, services)
    assert len(services.asked) == 2


def test_a_refusal_is_not_asked_again(client: WebClient, services: WebServices) -> None:
    refusal = b'{"error":"API key invalid","api-key":"0123secret","type":"client"}'
    services.fail("esearch.fcgi", Fault(status=400, body=refusal))
    with pytest.raises(RefusedError, match=r"PubMed refuses: 400 Bad Request \(API key invalid\)"):
        ask(client, services)
    assert len(services.asked) == 1


def test_an_answer_of_no_use_is_asked_again(client: WebClient, services: WebServices) -> None:
    seen: list[bytes] = []

    def read(answer: Answer) -> int:
        seen.append(answer.body)
        if len(seen) < 3:
            raise TryAgainError("half of it is missing")
        return len(seen)

    assert client.post(f"{services.url}/esearch.fcgi", {"term": "x"}, read) == 3

    def refuse(answer: Answer) -> int:
        raise TryAgainError(f"only {len(answer.body) and 'some'}")

    with pytest.raises(UnusableError, match="PubMed failed 6 times, the last time: only some"):
        client.post(f"{services.url}/esearch.fcgi", {"term": "x"}, refuse)


def test_nobody_there(client: WebClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceError, match="the connection was refused"):
        client.get(f"http://127.0.0.1:{port}/", {"api_key": "secret"}, read_text)


def test_silence_is_given_up(
    client: WebClient, services: WebServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.client._SILENCE_SECONDS", 0.05)
    never = threading.Event()
    services.fail("esearch.fcgi", *[Fault(hold=never)] * 6)
    with pytest.raises(ServiceError, match="no answer within"):
        ask(client, services)
    never.set()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (requests.exceptions.ConnectTimeout(), "no connection within 20 seconds"),
        (requests.exceptions.SSLError(), "the connection is not secure"),
        (requests.exceptions.ProxyError(), "the proxy cannot be reached"),
        (requests.ConnectionError("Failed to resolve 'x'"), "its name cannot be resolved"),
        (requests.ConnectionError("Connection reset by peer"), "the connection was cut"),
        (requests.TooManyRedirects(), "TooManyRedirects"),
    ],
)
def test_what_is_wrong_with_a_connection_is_told_without_its_address(
    client: WebClient,
    services: WebServices,
    monkeypatch: pytest.MonkeyPatch,
    error: requests.RequestException,
    message: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(requests.Session, "request", fail)
    with pytest.raises(ServiceError, match=message) as told:
        client.get(services.url, {"api_key": "secret"}, read_text)
    assert "secret" not in str(told.value)


def test_no_address(client: WebClient) -> None:
    with pytest.raises(ServiceError, match="is no address to ask"):
        client.get("http://", {}, read_text)


def test_long_and_foreign_queries_arrive_as_they_are(
    client: WebClient, services: WebServices
) -> None:
    term = 'Łukasiewicz & "β-cells" | 100% + ' + "x" * 5000
    ask(client, services, term)
    assert services.asked[0].fields["term"] == term
    client.get(f"{services.url}/esearch.fcgi", {"term": term[:500]}, read_text)
    assert services.asked[1].fields["term"] == term[:500]


def test_who_asks(services: WebServices, settings: Settings) -> None:
    with ncbi_client(settings) as client:
        ask(client, services)
    assert services.asked[0].headers["User-Agent"] == (
        "kg (https://w3id.org/litkg/; mailto:ann@example.org)"
    )


def test_the_paces_are_those_that_the_services_ask_for() -> None:
    def pace(client: WebClient) -> float:
        client.close()
        return 1 / client.interval

    nobody, someone = Settings(), Settings(email="a@b.org", api_key="k")
    assert 2.5 < pace(ncbi_client(nobody)) < 3
    assert 9 < pace(ncbi_client(someone)) < 10
    assert 0.9 < pace(crossref_client(nobody)) < 1
    assert 2.5 < pace(crossref_client(someone)) < 3
    assert 4 < pace(europepmc_client(nobody)) < 5


def test_settings_are_read_from_the_environment() -> None:
    given = {
        "NCBI_EMAIL": "ann@example.org",
        "NCBI_API_KEY": " 0123 ",
        "KG_EUTILS_URL": "http://localhost:8080/eutils/",
    }
    settings = read_settings(environment=given)
    assert (settings.email, settings.api_key) == ("ann@example.org", "0123")
    assert settings.eutils_url == "http://localhost:8080/eutils"
    assert settings.crossref_url == "https://api.crossref.org"
    assert read_settings("bo@example.org", given).email == "bo@example.org"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"NCBI_EMAIL": "ann"}, "'ann' is no email address"),
        ({"NCBI_EMAIL": "ann @example.org"}, "is no email address"),
        ({"KG_CROSSREF_URL": "localhost:80"}, "KG_CROSSREF_URL is 'localhost:80'"),
    ],
)
def test_wrong_settings_are_told(given: dict[str, str], message: str) -> None:
    with pytest.raises(ServiceError, match=message):
        read_settings(environment=given)
