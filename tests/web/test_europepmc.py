"""Fetching from Europe PMC: every result once, as JSON lines, in its order."""

import gzip
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kg.errors import ServiceError
from kg.web.client import NothingFoundError, RefusedError, WebClient
from kg.web.download import Download
from kg.web.europepmc import EuropePmc, add_since, fetch_europepmc
from kg.web.pubmed import Fetched
from kg.web.services import Settings
from tests.web.conftest import Clock
from tests.web.services import Fault, Paper, WebServices

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Fetch = Callable[..., Fetched]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def fetch(
    services: WebServices,
    settings: Settings,
    clock: Clock,
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Fetch:
    monkeypatch.setattr("kg.web.europepmc.PAGE", 5)
    services.papers = {
        number: Paper(
            pmid=number,
            title=f"Lymphocytes in “invented” mice {number}",
            doi=f"10.5555/inv.{number}",
            entered=date(2024, 1, 1) + timedelta(days=number),
        )
        for number in range(1, 13)
    }

    def run(
        query: str = "lymphocytes", *, most: int | None = None, name: str = "found.jsonl"
    ) -> Fetched:
        client = WebClient(
            name="Europe PMC", warn=told.append, clock=clock, sleep=clock.sleep, chance=lambda: 0.0
        )
        with client, Download(tmp_path / name, {"query": query, "max": most}) as download:
            service = EuropePmc(client, settings)
            return fetch_europepmc(service, download, query, most=most, warn=told.append)

    return run


def ids_in(path: Path) -> list[int]:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return [int(json.loads(line)["pmid"]) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["found.jsonl", "found.jsonl.gz"])
def test_a_search_is_a_file_of_json_lines(fetch: Fetch, tmp_path: Path, name: str) -> None:
    assert fetch(name=name) == Fetched(records=12)
    assert ids_in(tmp_path / name) == list(range(1, 13))
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_texts_are_as_they_came(fetch: Fetch, tmp_path: Path) -> None:
    fetch(most=1)
    text = (tmp_path / "found.jsonl").read_text("utf-8")
    assert "“invented”" in text
    assert json.loads(text)["journalInfo"]["journal"]["medlineAbbreviation"] == "J Invent Immunol"


def test_what_is_asked_is_as_europe_pmc_documents_it(fetch: Fetch, services: WebServices) -> None:
    fetch()
    marks = [one.fields["cursorMark"] for one in services.asked_of("search")]
    assert marks == ["*", "AoIIP5=", "AoIIP10="]
    assert {
        "query": "lymphocytes", "resultType": "core", "format": "json", "pageSize": "5",
        "email": "ann@example.org",
    }.items() <= services.asked[0].fields.items()  # fmt: skip
    assert services.asked[0].method == "GET"


def test_a_long_query_is_posted(fetch: Fetch, services: WebServices) -> None:
    query = " AND ".join(["lymphocytes"] * 200)
    assert fetch(query).records == 12
    assert {(one.endpoint, one.method) for one in services.asked} == {("searchPOST", "POST")}
    assert services.asked[0].fields["query"] == query


def test_since_is_a_part_of_the_query(fetch: Fetch, tmp_path: Path) -> None:
    assert fetch(add_since("lymphocytes", date(2024, 1, 11))).records == 3
    assert ids_in(tmp_path / "found.jsonl") == [10, 11, 12]


@pytest.mark.parametrize("most", [1, 5, 7, 12, 99])
def test_no_more_than_wanted(fetch: Fetch, tmp_path: Path, most: int) -> None:
    assert fetch(most=most) == Fetched(records=min(most, 12))
    assert ids_in(tmp_path / "found.jsonl") == list(range(1, 13))[:most]


def test_nothing_found_leaves_no_file(fetch: Fetch, tmp_path: Path) -> None:
    with pytest.raises(NothingFoundError, match="Europe PMC finds nothing for 'granulocytes'"):
        fetch("granulocytes")
    assert list(tmp_path.iterdir()) == []


def test_what_is_counted_and_not_given_is_told(
    fetch: Fetch, services: WebServices, told: list[str]
) -> None:
    services.withheld = {3, 11}
    assert fetch() == Fetched(records=10, beyond=2)
    assert told[0] == "Europe PMC gives 4 of 5 records; it is asked again"


def test_a_page_that_is_short_once_is_whole_the_second_time(
    fetch: Fetch, services: WebServices
) -> None:
    def shorten(body: bytes) -> bytes:
        document = json.loads(body)
        document["resultList"]["result"].pop()
        return json.dumps(document).encode()

    services.fail("search", Fault(), Fault(edit=shorten))
    assert fetch() == Fetched(records=12)


FAULTS = {
    "429": Fault(status=429, headers={"Retry-After": "2"}),
    "502": Fault(status=502, body=b"<html>Bad Gateway</html>"),
    "cut": Fault(cut=300),
    "half": Fault(edit=lambda body: body[: len(body) // 2]),
    "other JSON": Fault(body=b'{"version": "6.9"}'),
    "a list": Fault(body=b"[]"),
    "texts": Fault(body=b'{"hitCount": 12, "resultList": {"result": ["one"]}}'),
    "no number": Fault(body=b'{"hitCount": "many", "resultList": {"result": []}}'),
    "a page": Fault(body=b"<html>maintenance</html>"),
    "deep": Fault(body=b"[" * 100_000),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_failure_in_passing_costs_nothing(
    fetch: Fetch, services: WebServices, tmp_path: Path, fault: Fault
) -> None:
    services.fail("search", fault, Fault(), fault, fault)
    assert fetch() == Fetched(records=12)
    assert ids_in(tmp_path / "found.jsonl") == list(range(1, 13))


def test_an_error_that_it_names_is_a_refusal(fetch: Fetch, services: WebServices) -> None:
    services.fail("search", Fault(body=b'{"errCode": 404, "errMsg": "bad cursorMark"}'))
    with pytest.raises(RefusedError, match="Europe PMC refuses: bad cursorMark"):
        fetch()
    assert len(services.asked) == 1


def test_a_stopped_run_goes_on_at_its_mark(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    services.fail("search", Fault(), *[Fault(status=500)] * 6)
    with pytest.raises(ServiceError, match="failed 6 times"):
        fetch()
    assert not (tmp_path / "found.jsonl").exists()
    before = len(services.asked)
    assert fetch() == Fetched(records=12)
    marks = [one.fields["cursorMark"] for one in services.asked[before:]]
    assert marks == ["AoIIP5=", "AoIIP10="]
    assert ids_in(tmp_path / "found.jsonl") == list(range(1, 13))


def test_a_mark_that_is_its_own_next_is_the_end(fetch: Fetch, services: WebServices) -> None:
    def repeat(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"nextCursorMark": "AoIIP10="}).encode()

    services.fail("search", Fault(), Fault(), Fault(edit=repeat))
    assert fetch() == Fetched(records=12)
    assert len(services.asked) == 3


def test_half_a_letter_does_not_stop_it(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    services.fail("search", Fault(edit=lambda body: body.replace(b"mice 1", b"mice \\ud800", 1)))
    assert fetch().records == 12
    assert len(ids_in(tmp_path / "found.jsonl")) == 12
