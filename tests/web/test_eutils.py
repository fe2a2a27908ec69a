"""Answers of the E-utilities that are none: each is asked for again, and told as what it is."""

from collections.abc import Callable

import pytest

from kg.web.client import UnusableError, WebClient
from kg.web.eutils import Eutils, History
from kg.web.services import Settings
from tests.web.conftest import Clock
from tests.web.services import Fault, WebServices, article_set

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SEARCH = b"<eSearchResult><Count>%s</Count><IdList>%s</IdList>%s</eSearchResult>"
PLACE = b"<QueryKey>1</QueryKey><WebEnv>MCID_1</WebEnv>"

Ask = Callable[[Eutils], object]
ANSWERS: dict[str, tuple[str, Ask, bytes, str]] = {
    "a count of words": (
        "esearch", lambda one: one.search("x"), SEARCH % (b"many", b"", PLACE),
        "does not say how many were found",
    ),
    "no place": (
        "esearch", lambda one: one.search("x"), SEARCH % (b"1", b"<Id>1</Id>", b""),
        "does not say where the result is kept",
    ),
    "other ids": (
        "esearch", lambda one: one.search("x"), SEARCH % (b"1", b"<Id>PMC1</Id>", PLACE),
        "something else than PMIDs",
    ),
    "another root": (
        "esearch", lambda one: one.search("x"), article_set([]),
        "a <PubmedArticleSet>, not a <eSearchResult>",
    ),
    "a post without place": (
        "epost", lambda one: one.post([1]), b"<ePostResult/>", "where the result is kept",
    ),
    "a record without PMID": (
        "efetch", lambda one: one.fetch([1]),
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
        "a record has no PMID",
    ),
    "an error of its own": (
        "efetch", lambda one: one.fetch_page(History(web_env="x", query_key="1"), 0, 5),
        b"<eFetchResult><ERROR>Cannot\n process it</ERROR></eFetchResult>",
        "it answers with an error: Cannot process it",
    ),
    "a list of JSON": (
        "efetch", lambda one: one.fetch([1]), b"[1]", "is no whole XML",
    ),
    "summaries that are none": (
        "esummary", lambda one: one.summaries([1]), b"<html>", "is no whole JSON",
    ),
    "an answer without summaries": (
        "esummary", lambda one: one.summaries([1]), b'{"esummaryresult": ["Empty id list"]}',
        "holds no summaries",
    ),
    "citations as XML": (
        "ecitmatch", lambda one: one.match_citations(["a|2001|1|2|b"]), b"<ERROR>busy</ERROR>",
        r"is no list of citations \(busy\)",
    ),
}  # fmt: skip


@pytest.fixture
def eutils(settings: Settings, clock: Clock) -> Eutils:
    client = WebClient(name="PubMed", clock=clock, sleep=clock.sleep, attempts=2)
    return Eutils(client, settings)


@pytest.mark.parametrize("named", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_of_no_use_is_asked_for_again_and_told(
    eutils: Eutils, services: WebServices, named: tuple[str, Ask, bytes, str]
) -> None:
    utility, ask, body, message = named
    endpoint = f"{utility}.cgi" if utility == "ecitmatch" else f"{utility}.fcgi"
    services.fail(endpoint, Fault(body=body), Fault(body=body))
    with pytest.raises(UnusableError, match=message):
        ask(eutils)
    assert len(services.asked) == 2
    eutils._client.close()


def test_bare_line_breaks_in_json_are_read(eutils: Eutils, services: WebServices) -> None:
    body = b'{"result": {"uids": ["5"], "5": {"title": "One\nline"}, "6": {"error": "none"}}}'
    services.fail("esummary.fcgi", Fault(body=body))
    assert eutils.summaries([5, 6]) == {5: {"title": "One\nline"}}
    assert eutils.summaries([]) == {}
    eutils._client.close()


def test_matched_citations_are_told_apart_by_their_keys(
    eutils: Eutils, services: WebServices
) -> None:
    lines = ["a|2001|1|2|b"] * 6
    services.fail("ecitmatch.cgi", Fault(body=(
        b"a|2001|1|2|b|kg3|12345\r\na|2001|1|2||kg0|NOT_FOUND\r\n"
        b"a|2001|1|2|b|kg1|AMBIGUOUS 30444217, 30429772\r\na|2001|1|2|b|kg2|AMBIGUOUS (5 citations)"
        b"\r\n\r\na|2001|1|2|b|kg4|NOT_FOUND;INVALID_JOURNAL\r\n"
    )))  # fmt: skip
    assert eutils.match_citations(lines) == [(), (30444217, 30429772), (), (12345,), (), ()]
    eutils._client.close()
