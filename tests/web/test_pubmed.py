"""Fetching from PubMed: every record once, whatever its limits and its failures."""

import gzip
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree

from kg.errors import ServiceError
from kg.web.client import NothingFoundError, RefusedError, WebClient
from kg.web.download import Download
from kg.web.eutils import LAST_DAY, Eutils, Page
from kg.web.pubmed import Fetched, PubmedFetch, Slice, read_pmids
from kg.web.services import Settings
from tests.web.conftest import Clock
from tests.web.services import DOCTYPE, Fault, Paper, WebServices, efetch_error

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TODAY = date(2024, 6, 1)
Fetch = Callable[..., Fetched]


def papers(count: int, first: int = 1000) -> list[Paper]:
    """Return invented papers, entered and published one a day."""
    return [
        Paper(
            pmid=first + number,
            title=f"Lymphocytes of kind {number} in invented mice",
            entered=date(2020, 1, 1) + timedelta(days=number),
            published=date(2019, 6, 1) + timedelta(days=number),
        )
        for number in range(count)
    ]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def fetch(settings: Settings, clock: Clock, told: list[str], tmp_path: Path) -> Fetch:
    def run(
        term: str = "lymphocytes",
        *,
        pmids: Sequence[int] | None = None,
        since: date | None = None,
        most: int | None = None,
        name: str = "found.xml",
        restart: bool = False,
        interval: float = 0.0,
    ) -> Fetched:
        request = {"query": term, "pmids": pmids, "since": str(since), "max": most}
        client = WebClient(
            name="PubMed",
            interval=interval,
            warn=told.append,
            clock=clock,
            sleep=clock.sleep,
            chance=lambda: 0.0,
        )
        with client, Download(tmp_path / name, request, restart=restart) as download:
            fetching = PubmedFetch(
                Eutils(client, settings), download, most=most, warn=told.append, today=TODAY
            )
            if pmids is not None:
                return fetching.fetch_list(pmids)
            return fetching.fetch_search(term, since)

    return run


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, services: WebServices) -> None:
    """Make pages of 5, and show no more than 20 records of a search."""
    monkeypatch.setattr("kg.web.pubmed.PAGE", 5)
    monkeypatch.setattr("kg.web.pubmed.MOST_SHOWN", 20)
    services.most_shown = 20


def pmids_in(path: Path) -> list[int]:
    """Return the PMIDs of a file's records, in order; the file must be whole XML."""
    data = path.read_bytes()
    root = etree.fromstring(gzip.decompress(data) if path.suffix == ".gz" else data)
    assert root.tag == "PubmedArticleSet"
    return [
        int(record.findtext("*/PMID") or "")
        for record in root.iterchildren("PubmedArticle", "PubmedBookArticle")
    ]


def numbers(of: Sequence[Paper]) -> list[int]:
    return [paper.pmid for paper in of]


def add(services: WebServices, some: Sequence[Paper]) -> None:
    services.papers |= {paper.pmid: paper for paper in some}


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir() if ".part" in path.name)


def test_a_search_is_a_file_of_pubmed_xml(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, [*papers(3), Paper(pmid=7, title="Lymphocytes: a book", is_book=True)])
    assert fetch() == Fetched(records=4)
    assert sorted(pmids_in(tmp_path / "found.xml")) == [7, 1000, 1001, 1002]
    text = (tmp_path / "found.xml").read_text("utf-8")
    assert text.startswith(f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n<PubmedArticleSet>')
    assert left_behind(tmp_path) == []


@pytest.mark.usefixtures("small")
def test_what_is_asked_is_as_ncbi_documents_it(fetch: Fetch, services: WebServices) -> None:
    add(services, papers(7))
    fetch(since=date(2020, 1, 2))
    (search,) = services.asked_of("esearch.fcgi")
    assert {"db": "pubmed", "usehistory": "y", "retmode": "xml", "term": "lymphocytes",
            "tool": "kg-litkg", "email": "ann@example.org", "datetype": "edat",
            "mindate": "2020/01/02", "maxdate": "3000/12/31",
            }.items() <= search.fields.items()  # fmt: skip
    first, second = services.asked_of("efetch.fcgi")
    assert first.fields["WebEnv"] == second.fields["WebEnv"]
    assert first.fields["query_key"] == "1"
    places = [(one.fields["retstart"], one.fields["retmax"]) for one in (first, second)]
    assert places == [("0", "5"), ("5", "1")]
    assert {one.method for one in services.asked} == {"POST"}
    assert all("api_key" not in one.fields for one in services.asked)


def test_the_api_key_goes_with_every_request(
    services: WebServices, settings: Settings, tmp_path: Path
) -> None:
    add(services, papers(1))
    keyed = Settings(eutils_url=settings.eutils_url, api_key="0123")
    with WebClient(name="PubMed") as client, Download(tmp_path / "x.xml", {}) as download:
        PubmedFetch(Eutils(client, keyed), download).fetch_search("lymphocytes")
    assert {one.fields["api_key"] for one in services.asked} == {"0123"}
    assert all("email" not in one.fields for one in services.asked)


def test_since_leaves_out_what_was_entered_before(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(10))
    assert fetch(since=date(2020, 1, 8)).records == 3
    assert pmids_in(tmp_path / "found.xml") == [1009, 1008, 1007]


@pytest.mark.parametrize("most", [1, 5, 6, 12, 13])
@pytest.mark.usefixtures("small")
def test_the_newest_come_first_and_no_more_than_wanted(
    fetch: Fetch, services: WebServices, tmp_path: Path, most: int
) -> None:
    add(services, papers(12))
    assert fetch(most=most) == Fetched(records=min(most, 12))
    assert pmids_in(tmp_path / "found.xml") == list(range(1011, 999, -1))[:most]


def test_a_name_in_gz_is_compressed(fetch: Fetch, services: WebServices, tmp_path: Path) -> None:
    add(services, papers(450))
    assert fetch(name="found.xml.gz").records == 450
    assert sorted(pmids_in(tmp_path / "found.xml.gz")) == list(range(1000, 1450))


def test_more_than_pubmed_shows_is_fetched_in_slices_of_dates(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    start = date(1950, 1, 1)
    add(services, [
        Paper(pmid=number, title="Lymphocytes", entered=start + timedelta(days=number))
        for number in range(1, 25_001)
    ])  # fmt: skip
    assert fetch() == Fetched(records=25_000)
    found = pmids_in(tmp_path / "found.xml")
    assert sorted(found) == list(range(1, 25_001))
    assert found[0] > found[-1], "the newest slice comes first"
    assert all(int(one.fields["retmax"]) <= 9_999 for one in services.asked_of("esearch.fcgi"))
    ends = [
        int(one.fields["retstart"]) + int(one.fields["retmax"])
        for one in services.asked_of("efetch.fcgi")
    ]
    assert max(ends) <= 9_999
    # Few searches find nothing, or more than can be shown.
    assert len(services.asked_of("esearch.fcgi")) < 20


@pytest.mark.usefixtures("small")
def test_a_day_of_too_many_is_cut_by_publication(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    day = date(2009, 3, 3)
    add(services, [
        Paper(pmid=number, title="Lymphocytes", entered=day,
              published=date(1980, 1, 1) + timedelta(days=number * 40))
        for number in range(1, 91)
    ])  # fmt: skip
    assert fetch() == Fetched(records=90)
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1, 91))


@pytest.mark.usefixtures("small")
def test_what_no_slice_shows_is_told(fetch: Fetch, services: WebServices) -> None:
    add(services, [Paper(pmid=number, title="Lymphocytes") for number in range(1, 31)])
    assert fetch() == Fetched(records=20, beyond=10)


@pytest.mark.usefixtures("small")
def test_many_wanted_of_more_come_from_the_newest_slices(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(100))
    assert fetch(most=33) == Fetched(records=33)
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1067, 1100))


def test_a_search_that_finds_nothing_leaves_no_file(
    fetch: Fetch, services: WebServices, told: list[str], tmp_path: Path
) -> None:
    services.notes = "<ErrorList><PhraseNotFound>lymfocytes</PhraseNotFound></ErrorList>"
    with pytest.raises(NothingFoundError, match=r"nothing for 'lymfocytes', .* lymfocytes\[All"):
        fetch("lymfocytes")
    assert told == ["PubMed: not found: lymfocytes", "PubMed: No items found."]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_warnings_are_shown_once(fetch: Fetch, services: WebServices, told: list[str]) -> None:
    add(services, papers(30))
    services.notes = (
        "<ErrorList><FieldNotFound>titel</FieldNotFound></ErrorList><WarningList>"
        '<QuotedPhraseNotFound>"T cells of"</QuotedPhraseNotFound><PhraseIgnored>of</PhraseIgnored>'
        "<OutputMessage>Restrictions achieved. start and count adjusted</OutputMessage>"
        "</WarningList>"
    )
    fetch()
    assert told == [
        "PubMed: no such field, searched in all: titel",
        'PubMed: not found as a phrase: "T cells of"',
        "PubMed: left out of the search: of",
    ]


FAULTS = {
    "429": Fault(status=429, headers={"Retry-After": "2"}, body=b'{"error":"API rate limit"}'),
    "500": Fault(status=500, body=b"<html><h1>Internal Server Error</h1></html>"),
    "cut": Fault(cut=700),
    "cut at once": Fault(cut=0),
    "cut and closed": Fault(edit=lambda body: body[: len(body) // 2]),
    "malformed": Fault(edit=lambda body: body.replace(b"</", b"<", 1)),
    "an error of status 200": Fault(body=efetch_error("Resource temporarily unavailable")),
    "JSON": Fault(body=b'{"error":"API rate limit exceeded","api-key":"192.0.2.1"}'),
    "a page": Fault(body=b"<html><body>We are down for maintenance.</body></html>"),
    "nothing": Fault(body=b""),
}


@pytest.mark.parametrize("endpoint", ["esearch.fcgi", "efetch.fcgi"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.usefixtures("small")
def test_a_failure_in_passing_costs_nothing(
    fetch: Fetch, services: WebServices, tmp_path: Path, endpoint: str, fault: Fault
) -> None:
    add(services, papers(12))
    services.fail(endpoint, fault, fault)
    assert fetch() == Fetched(records=12)
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1000, 1012))


@pytest.mark.usefixtures("small")
def test_a_list_is_posted_and_then_fetched(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(50))
    wanted = [*range(1000, 1046), 1003]
    services.fail("epost.fcgi", FAULTS["500"], FAULTS["cut"], FAULTS["JSON"])
    assert fetch(pmids=wanted) == Fetched(records=46)
    assert pmids_in(tmp_path / "found.xml") == list(range(1000, 1046)), "in the order of the list"
    posted = {one.fields["id"] for one in services.asked_of("epost.fcgi")}
    assert sorted(len(ids.split(",")) for ids in posted) == [6, 20, 20]


@pytest.mark.usefixtures("small")
def test_pmids_that_do_not_exist_are_told(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(8))
    assert fetch(pmids=[1, 1000, 2, 1001, 3, 4, 1002, 5]) == Fetched(
        records=3, missing=(1, 2, 3, 4, 5)
    )
    assert pmids_in(tmp_path / "found.xml") == [1000, 1001, 1002]


def test_a_list_of_which_nothing_is_there_leaves_no_file(fetch: Fetch, tmp_path: Path) -> None:
    with pytest.raises(NothingFoundError, match="gives none of the records"):
        fetch(pmids=[1, 2])
    assert list(tmp_path.iterdir()) == []


def test_a_list_refused_for_one_pmid_gives_the_others(
    fetch: Fetch, services: WebServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(services, papers(9))
    asked: list[int] = []
    original = Eutils.fetch

    def refuse(self: Eutils, pmids: Sequence[int]) -> object:
        asked.append(len(pmids))
        if 1004 in pmids:
            raise RefusedError("PubMed refuses: 400")
        return original(self, pmids)

    monkeypatch.setattr(Eutils, "fetch", refuse)
    monkeypatch.setattr(Eutils, "fetch_page", lambda *_: Page(records=()))
    assert fetch(pmids=list(range(1000, 1009))) == Fetched(records=8, missing=(1004,))
    assert pmids_in(tmp_path / "found.xml") == [*range(1000, 1004), *range(1005, 1009)]
    assert sorted(asked) == [1, 1, 2, 3, 4, 5, 9]


@pytest.mark.usefixtures("small")
def test_a_short_page_is_asked_again_then_by_pmid_then_told(
    fetch: Fetch, services: WebServices
) -> None:
    add(services, papers(12))
    services.withheld = {1003, 1004}
    assert fetch() == Fetched(records=10, missing=(1004, 1003))
    pages = [one.fields["retstart"] for one in services.asked_of("efetch.fcgi")[:-1]]
    assert pages == ["0", "5", "5", "10"], "the short page twice, then what is missing"
    assert services.asked_of("efetch.fcgi")[-1].fields["id"] == "1004,1003"


@pytest.mark.usefixtures("small")
def test_a_page_that_is_short_once_is_whole_the_second_time(
    fetch: Fetch, services: WebServices
) -> None:
    add(services, papers(5))

    def shorten(body: bytes) -> bytes:
        return body.replace(
            body[body.index(b"<PubmedArticle>") : body.rindex(b"<PubmedArticle>")], b""
        )

    services.fail("efetch.fcgi", Fault(edit=shorten))
    assert fetch() == Fetched(records=5)
    assert len(services.asked_of("efetch.fcgi")) == 2


@pytest.mark.usefixtures("small")
def test_a_search_that_lists_fewer_than_it_counts_is_asked_again(
    fetch: Fetch, services: WebServices
) -> None:
    add(services, papers(5))
    services.fail("esearch.fcgi", Fault(edit=lambda body: body.replace(b"<Id>1002</Id>", b"")))
    assert fetch() == Fetched(records=5)


@pytest.mark.parametrize(
    "lost",
    [Fault(body=efetch_error("Unable to obtain query #1")),
     Fault(status=400, body=efetch_error("Cannot retrieve history data. query_key: 1"))],
    ids=["status 200", "status 400"],
)  # fmt: skip
@pytest.mark.usefixtures("small")
def test_a_history_that_expired_is_made_anew(
    fetch: Fetch, services: WebServices, told: list[str], tmp_path: Path, lost: Fault
) -> None:
    add(services, papers(12))
    services.fail("efetch.fcgi", Fault(), lost)
    assert fetch() == Fetched(records=12)
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1000, 1012))
    assert len(services.asked_of("esearch.fcgi")) == 2
    assert "it is searched again" in told[0]


@pytest.mark.usefixtures("small")
def test_without_a_history_records_come_by_pmid(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(12))
    original = services.answer

    def forget(endpoint: str, fields: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        services.forget()
        return original(endpoint, fields)

    services.answer = forget  # type: ignore[method-assign]
    assert fetch() == Fetched(records=12)
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1000, 1012))


@pytest.mark.usefixtures("small")
def test_a_page_that_is_never_whole_comes_by_pmid(fetch: Fetch, services: WebServices) -> None:
    add(services, papers(5))
    services.fail("efetch.fcgi", *[FAULTS["malformed"]] * 6)
    assert fetch() == Fetched(records=5)


@pytest.mark.usefixtures("small")
def test_records_that_are_never_whole_are_told(fetch: Fetch, services: WebServices) -> None:
    add(services, papers(10))
    services.fail("efetch.fcgi", Fault(), *[FAULTS["malformed"]] * 12)
    assert fetch() == Fetched(records=5, missing=(1004, 1003, 1002, 1001, 1000))


@pytest.mark.usefixtures("small")
def test_a_block_ends_the_run_and_loses_nothing(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(10))
    services.withheld = {1000}
    services.fail("efetch.fcgi", Fault(), Fault(), Fault(), Fault(status=403, body=b"blocked"))
    with pytest.raises(RefusedError, match=r"403 Forbidden \(blocked\)"):
        fetch()
    assert fetch() == Fetched(records=9, missing=(1000,))
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1001, 1010))


@pytest.mark.usefixtures("small")
def test_records_of_others_in_an_answer_are_left_out(fetch: Fetch, services: WebServices) -> None:
    add(services, papers(3))

    def renumber(body: bytes) -> bytes:
        return body.replace(b'<PMID Version="1">1001<', b'<PMID Version="1">5<')

    services.fail("efetch.fcgi", *[Fault(edit=renumber)] * 3)
    assert fetch() == Fetched(records=2, missing=(1001,))


def test_no_entity_is_resolved(fetch: Fetch, services: WebServices, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    add(services, papers(1))

    def add_entity(body: bytes) -> bytes:
        entity = f'[<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "twice twice">]'
        return body.replace(b'.dtd">', f'.dtd" {entity}>'.encode()).replace(b"mice", b"&x;&y;&y;")

    services.fail("efetch.fcgi", *[Fault(edit=add_entity)] * 3)
    fetch()
    text = (tmp_path / "found.xml").read_text()
    assert "the secret" not in text
    assert "twice" not in text


@pytest.mark.usefixtures("small")
def test_the_pace_is_kept(fetch: Fetch, services: WebServices) -> None:
    add(services, papers(60))
    fetch(interval=1 / 3)
    times = [one.time for one in services.asked]
    assert len(times) > 12
    windows = zip(times, times[3:], strict=False)
    assert all(later - sooner > 0.999 for sooner, later in windows), "never 4 within a second"


@pytest.mark.usefixtures("small")
def test_pubmed_down_is_told_and_gone_on_with(
    fetch: Fetch, services: WebServices, tmp_path: Path
) -> None:
    add(services, papers(12))
    services.fail("efetch.fcgi", Fault(), *[Fault(status=503)] * 6)
    with pytest.raises(ServiceError, match="PubMed failed 6 times"):
        fetch()
    assert not (tmp_path / "found.xml").exists()
    assert left_behind(tmp_path) == ["found.xml.part", "found.xml.part.json"]
    before = len(services.asked_of("efetch.fcgi"))
    assert fetch() == Fetched(records=12)
    assert len(services.asked_of("efetch.fcgi")) == before + 2, "the first page is there"
    assert sorted(pmids_in(tmp_path / "found.xml")) == list(range(1000, 1012))
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["found.xml", "found.xml.gz"])
@pytest.mark.parametrize("by", ["search", "list"])
@pytest.mark.usefixtures("small")
def test_stopped_at_any_write_it_goes_on(
    fetch: Fetch,
    services: WebServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    by: str,
) -> None:
    add(services, papers(45))
    services.withheld = {1007}
    options = {"name": name} | ({"pmids": list(range(1000, 1045))} if by == "list" else {})
    save = Download._save
    left = 0

    def stop(self: Download) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        save(self)

    monkeypatch.setattr(Download, "_save", stop)
    stops = 0
    for after in range(1, 40):
        left = after
        try:
            assert fetch(**options).records == 44
            break
        except KeyboardInterrupt:
            stops += 1
            assert not (tmp_path / name).exists()
    left = 0
    if not (tmp_path / name).exists():
        assert fetch(**options) == Fetched(records=44, missing=(1007,))
    assert stops > 3
    found = pmids_in(tmp_path / name)
    assert sorted(found) == [*range(1000, 1007), *range(1008, 1045)]


def test_slices_halve_until_a_day_of_both_dates() -> None:
    whole = Slice()
    halves = whole.split(TODAY)
    assert halves is not None
    older, newer = halves
    assert older.entered is not None
    assert newer.entered is not None
    assert older.entered[1] + timedelta(days=1) == newer.entered[0] < TODAY
    day = Slice(entered=(TODAY, TODAY))
    halves = day.split(TODAY)
    assert halves is not None
    assert all(half.entered == (TODAY, TODAY) and half.published for half in halves)
    assert Slice(entered=(TODAY, TODAY), published=(TODAY, TODAY)).split(TODAY) is None
    ahead = Slice(entered=(TODAY, LAST_DAY)).split(TODAY)
    assert ahead is not None
    assert ahead[0].entered is not None
    assert ahead[0].entered[0] == TODAY
    for one in (whole, day, older):
        assert Slice.from_json(one.to_json()) == one


def test_lists_of_pmids_are_read_as_people_write_them() -> None:
    lines = ["pmid", "PMID: 17265423", "18003904;18003905 , 1 # first", "", "x1", "0", "٣"]
    pmids, wrong = read_pmids(lines, "list")
    assert pmids == [17265423, 18003904, 18003905, 1]
    assert wrong == [
        f"list:{at}: '{word}' is no PMID" for at, word in ((5, "x1"), (6, "0"), (7, "٣"))
    ]
