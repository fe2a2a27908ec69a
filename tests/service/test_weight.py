"""Files that pages use come packed where that is asked for, and pages weigh little."""

import gzip
from urllib.parse import urlsplit

import pytest
import requests
from lxml import html

from kg.service.pages.built import script_of
from kg.service.pages.rendering import packed_file, static_file

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

MOST = 150_000
PAGES = (
    *("/", "/HGNC:6023", "/search?q=IL-7", "/about", "/connect?a=IL-7&b=STAT5"),
    *("/papers", "/entities?type=Gene", "/queries", "/queries/papers-mentioning?entity=IL-7"),
)
BROWSER = {"accept": "text/html", "accept-encoding": "gzip, deflate, br"}


def ask(address: str, **headers: str) -> tuple[requests.Response, bytes]:
    """Return an answer, and its body as it was sent."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = requests.get(
        address, headers={"accept-encoding": "identity", **given}, timeout=30, stream=True
    )
    return answer, answer.raw.read(decode_content=False)


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("deflate, *;q=0.1", "gzip"),
        ("gzip;q=0", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("identity", ""),
        ("br", ""),
    ],
)
def test_the_style_is_packed_as_the_client_wants(il7_url: str, asked: str, coding: str) -> None:
    answer, body = ask(f"{il7_url}/static/style.css", accept_encoding=asked)
    found = static_file("style.css")
    assert found is not None
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(body)
    assert (gzip.decompress(body) if coding else body) == found[1]


def test_pages_come_packed_as_the_client_wants(il7_url: str) -> None:
    plain, body = ask(f"{il7_url}/HGNC:6023", accept="text/html")
    packed, short = ask(f"{il7_url}/HGNC:6023", **BROWSER)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(short) == body
    assert len(short) * 3 < len(body)
    for answer in (plain, packed):
        assert answer.headers["vary"] == "accept, accept-encoding"
    # It is the same page, in other bytes.
    assert packed.headers["etag"] == f"W/{plain.headers['etag'].removeprefix('W/')}"
    for given in (plain.headers["etag"], packed.headers["etag"]):
        again, nothing = ask(f"{il7_url}/HGNC:6023", if_none_match=given, **BROWSER)
        assert (again.status_code, nothing) == (304, b"")
    rows, _ = ask(f"{il7_url}/HGNC:6023", accept="text/turtle", accept_encoding="gzip")
    assert "content-encoding" not in rows.headers


def test_each_form_has_an_etag_of_its_own(il7_url: str) -> None:
    address = f"{il7_url}/static/style.css"
    plain, _ = ask(address)
    packed, _ = ask(address, accept_encoding="gzip")
    assert plain.headers["etag"] != packed.headers["etag"]
    for coding, etag, status in (
        ("gzip", packed.headers["etag"], 304),
        ("gzip", plain.headers["etag"], 200),
        ("identity", plain.headers["etag"], 304),
    ):
        again, body = ask(address, accept_encoding=coding, if_none_match=etag)
        assert again.status_code == status
        assert bool(body) == (status == 200)
        assert ("content-encoding" in again.headers) == (status == 200 and coding == "gzip")
        assert again.headers["vary"] == "accept-encoding"


def test_scripts_come_as_they_were_packed_when_they_were_built(il7_url: str) -> None:
    script = script_of("editor")
    if script is None:
        pytest.skip("the scripts of pages are not built here")
    packed = packed_file(script.file)
    assert list(packed) == ["br", "gzip"]
    assert len(packed["br"]) < len(packed["gzip"]) < MOST
    plain = static_file(script.file)
    assert plain is not None
    assert gzip.decompress(packed["gzip"]) == plain[1]
    for asked, coding in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0.1, gzip", "gzip")):
        answer, body = ask(f"{il7_url}/static/{script.file}", accept_encoding=asked)
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "immutable" in answer.headers["cache-control"]
        assert body == packed[coding]
    for ending in ("br", "gz"):
        assert ask(f"{il7_url}/static/{script.file}.{ending}")[0].status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_all_that_it_loads_weighs_little(il7_url: str, path: str) -> None:
    assert weigh(f"{il7_url}{path}") < MOST


def test_a_paper_with_all_that_it_loads_weighs_little(il7_url: str) -> None:
    page = requests.get(f"{il7_url}/papers", headers=BROWSER, timeout=30)
    links = addresses(html.fromstring(page.text), "//main//a/@href")
    paper = next(link for link in links if urlsplit(link).path.startswith(("/PMID:", "/paper/")))
    assert weigh(paper) < MOST


def addresses(page: html.HtmlElement, path: str) -> list[str]:
    found = page.xpath(path)
    assert isinstance(found, list)
    return [str(each) for each in found]


def weigh(address: str) -> int:
    """Return how many bytes are sent for a page, with its style, its icon and its scripts."""
    answer, body = ask(address, **BROWSER)
    assert answer.status_code == 200
    page = html.fromstring(gzip.decompress(body))
    links = "//link[@rel='stylesheet' or @rel='icon' or @rel='modulepreload']/@href"
    loaded = [*addresses(page, links), *addresses(page, "//script/@src")]
    assert any("style.css" in each for each in loaded)
    return len(body) + sum(len(ask(each, **BROWSER)[1]) for each in set(loaded))
