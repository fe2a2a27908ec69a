"""Search over HTTP: a real server on a small library, and one that has no index."""

import csv
import io
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from kg.service.jobs.context import Context
from kg.service.jobs.search import answer_search, answer_suggest
from kg.service.messages import Search, Suggest
from kg.service.settings import Source
from kg.store import open_graph
from tests.endpoints import oxigraph_server
from tests.searching import IL7, LIBRARY, PMID, PREFIXES, write_library
from tests.service.conftest import running, served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TOKEN = {"authorization": "Bearer correct horse"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("searched") / "library.kg"
    write_library(path, "a" * 12)
    return path


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        with served(folder, "--processes", "2", "--workers", "1") as address:
            wait_for_index(address)
            yield address


def ask(url: str, path: str, **parameters: str) -> requests.Response:
    return requests.get(f"{url}/{path}", params=parameters, timeout=60)


def wait_for_index(url: str) -> None:
    until = time.monotonic() + 60
    while ask(url, "search", q="IL-7").json()["index"] != "current":
        assert time.monotonic() < until, "no index was made"
        time.sleep(0.1)


def test_hits_come_with_names_snippets_and_counts(url: str) -> None:
    answer = ask(url, "search", q="interleukin 7")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = answer.json()
    assert found["counts"] == {"entity": 2, "paper": 3, "sentence": 2}
    assert found["taken"] == [
        {"text": "interleukin 7", "iri": IL7, "curie": "HGNC:6023", "label": "IL7"}
    ]
    first = found["hits"][0]
    assert (first["type"], first["class"], first["iri"]) == ("entity", "Gene", IL7)
    assert (first["curie"], first["label"], first["papers"]) == ("HGNC:6023", "IL7", 2)
    assert first["snippet"] == [{"text": "interleukin 7", "match": True}]
    assert found["next"] is None


def test_pages_follow_by_links(url: str) -> None:
    whole = [hit["iri"] for hit in ask(url, "search", q="IL-7").json()["hits"]]
    gathered = []
    answer = ask(url, "search", q="IL-7", limit="2")
    while True:
        gathered += [hit["iri"] for hit in answer.json()["hits"]]
        following = answer.links.get("next", {}).get("url")
        assert answer.json()["next"] == following
        if following is None:
            break
        answer = requests.get(following, timeout=60)
    assert gathered == whole


def test_rows_as_csv_and_tsv(url: str) -> None:
    answer = requests.get(
        f"{url}/search", params={"q": "CD127"}, headers={"accept": "text/csv"}, timeout=60
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (rows[0]["curie"], rows[0]["snippet"]) == ("HGNC:6024", "CD127")
    lines = ask(url, "suggest", q="surh", format="tsv").text.splitlines()
    assert lines[1].split("\t")[:2] == ["Surh CD", "author"]


def test_suggestions(url: str) -> None:
    found = ask(url, "suggest", q="inter", limit="1").json()
    assert [each["name"] for each in found["suggestions"]] == ["interleukin 7"]
    assert ask(url, "suggest", q="").json()["suggestions"] == []


def test_what_is_known_is_not_sent_again_and_head_has_no_body(url: str) -> None:
    etag = ask(url, "search", q="IL-7").headers["etag"]
    address = f"{url}/search?q=IL-7"
    assert requests.get(address, headers={"if-none-match": etag}, timeout=60).status_code == 304
    head = requests.head(address, timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    assert requests.post(address, timeout=60).status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("q=", 400), ("q=%20", 400), ("q=a&q=b", 400), ("q=%FF", 400),
        ("q=a&limit=0", 422), ("q=a&limit=-1", 422), ("q=a&limit=%D9%A3", 422),
        ("q=a&limit=99999999999999999999", 422), ("q=a&type=gene", 422), ("q=a&after=x", 422),
        ("q=a&after=1-7-1", 422), ("q=a&format=pdf", 406), (f"q={'a' * 10_000}", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_problem(url: str, query: str, status: int) -> None:
    answer = requests.get(f"{url}/search?{query}", timeout=60)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"]) == (status, status)


@pytest.mark.parametrize(
    "words",
    ['"', 'a"b', "AND", "NEAR(", "*", "{words} : a", "things:e1", "\0", "😀", "שלום", "\u202eIL-7"],
)
def test_hostile_words_are_answered(url: str, words: str) -> None:
    for path in ("search", "suggest"):
        assert ask(url, path, q=words).status_code == 200


def test_what_is_written_is_found_once_the_index_is_made_again(url: str) -> None:
    text = (
        "INSERT DATA { HGNC:99999 a kg:Gene ; kg:curie 'HGNC:99999' ; rdfs:label 'XYZ9' . "
        "PMID:9 a kg:Publication ; dcterms:title 'On the quokka' ; kg:mentions HGNC:99999 }"
    )
    sent = requests.post(f"{url}/sparql", data={"update": text}, headers=TOKEN, timeout=60)
    assert sent.status_code == 204
    # Until then the index of the generation before answers, and says so.
    assert ask(url, "search", q="CD127").json()["index"] in ("previous", "current")
    wait_for_index(url)
    found = ask(url, "search", q="xyz-9").json()
    assert [hit["iri"] for hit in found["hits"]][1] == f"{PMID}9"


def test_without_texts_none_is_found(folder: Path) -> None:
    with served(folder, "--processes", "1", "--workers", "1", "--no-text") as url:
        wait_for_index(url)
        assert ask(url, "search", q="stromal").json()["hits"] == []
        found = ask(url, "search", q="IL-7").json()
        assert found["counts"] == {"entity": 2, "paper": 2, "sentence": 0}


def test_a_store_elsewhere_is_asked_itself() -> None:
    with oxigraph_server() as store:
        body = (PREFIXES + LIBRARY).encode()
        kind = {"content-type": "text/turtle"}
        address = f"{store}/store?default"
        requests.post(address, data=body, headers=kind, timeout=60).raise_for_status()
        with running("--endpoint", f"{store}/query", "--processes", "1") as url:
            found = ask(url, "search", q="interleukin 7").json()
            assert (found["index"], found["hits"][0]["iri"]) == ("none", IL7)
            assert f"{PMID}2" in [hit["iri"] for hit in found["hits"]]
            names = ask(url, "suggest", q="lympho").json()["suggestions"]
            assert [each["name"] for each in names] == ["lymphopoietin-1"]


class Recorder:
    """Takes an answer."""

    def __init__(self) -> None:
        self.rows = 0
        self.keep = True
        self.body = b""

    def begin(
        self,
        content_type: str,
        *,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        keep: bool = True,
    ) -> None:
        assert (content_type, status, list(headers)) == ("text/csv; charset=utf-8", 200, [])
        self.keep = keep

    def write(self, piece: bytes) -> int:
        self.body += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize("index", ["", "/nowhere/index.sqlite"])
def test_where_there_is_no_index_the_graph_itself_is_asked(folder: Path, index: str) -> None:
    with open_graph(folder) as graph:
        asked: dict[str, Any] = {"generation": graph.generation, "form": "csv", "index": index}
    context = Context(Source(folder=folder))
    found, suggested = Recorder(), Recorder()
    answer_search(context, Search(text="interleukin-7", **asked), found)
    answer_suggest(context, Suggest(text="interleukin-7", **asked), suggested)
    for out in (found, suggested):
        assert IL7 in out.body.decode()
        # What was to be asked and was not there may be there the next time.
        assert out.keep is not bool(index)
