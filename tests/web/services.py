"""The web services on a local port: E-utilities, Europe PMC and Crossref as they really answer.

`WebServices` serves invented papers in the services' own formats, with their limits, and whatever
faults a test sets: a status, a cut connection, a body that is something else.
"""

import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
_RANGE = re.compile(r"\((.*)\) AND (\d{4}/\d\d/\d\d):(\d{4}/\d\d/\d\d)\[pdat\]")
_ARTICLE_ID = re.compile(r'"(.*)"\[aid\]')
_SINCE = re.compile(r"\((.*)\) AND FIRST_IDATE:\[(\S+) TO (\S+)\]")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An invented paper."""

    pmid: int
    title: str
    journal: str = "J Invent Immunol"
    volume: str = "12"
    issue: str = "3"
    pages: str = "101-9"
    authors: tuple[tuple[str, str], ...] = (("Ferrante", "QA"), ("Oduya", "B"))
    doi: str = ""
    pmcid: str = ""
    entered: date = date(2020, 5, 17)
    published: date = date(2020, 5, 1)
    is_book: bool = False


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What one request gets in place of its answer, or done to it.

    `cut` closes the connection after so many bytes of the body; `edit` changes the body; `hold`
    waits for an event first.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut: int | None = None
    edit: Callable[[bytes], bytes] | None = None
    hold: threading.Event | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    endpoint: str
    method: str
    fields: dict[str, str]
    headers: dict[str, str]
    time: float


class WebServices:
    """The three services on one port; `url` is where."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self.papers = {paper.pmid: paper for paper in papers}
        self.asked: list[Asked] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.most_shown = 9_999
        # PMIDs that a search lists and efetch does not give.
        self.withheld: set[int] = set()
        self.notes = ""
        self.crossref_headers: dict[str, str] = {}
        self.clock: Callable[[], float] = lambda: 0.0
        self._histories: dict[tuple[str, str], list[int]] = {}
        self._made = 0
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, endpoint: str, *faults: Fault) -> None:
        """Set what the next requests of an endpoint get."""
        self.faults[endpoint] += faults

    def forget(self) -> None:
        """Lose all histories, as NCBI does after some hours."""
        self._histories.clear()

    def asked_of(self, endpoint: str) -> list[Asked]:
        return [one for one in self.asked if one.endpoint == endpoint]

    def answer(self, endpoint: str, fields: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        answers: dict[str, Callable[[dict[str, str]], tuple[int, bytes]]] = {
            "esearch.fcgi": self._esearch,
            "epost.fcgi": self._epost,
            "efetch.fcgi": self._efetch,
            "esummary.fcgi": self._esummary,
            "ecitmatch.cgi": self._ecitmatch,
            "search": self._europepmc,
            "searchPOST": self._europepmc,
            "works": self._crossref,
        }
        if endpoint not in answers:
            return 404, {}, b"not found"
        status, body = answers[endpoint](fields)
        return status, self.crossref_headers if endpoint == "works" else {}, body

    # --- PubMed -----------------------------------------------------------------------------

    def _find(self, fields: dict[str, str]) -> list[Paper]:
        term = fields["term"]
        found = list(self.papers.values())
        if (days := _RANGE.fullmatch(term)) is not None:
            term = days[1]
            found = [one for one in found if days[2] <= f"{one.published:%Y/%m/%d}" <= days[3]]
        if fields.get("datetype") == "edat":
            first, last = fields["mindate"], fields["maxdate"]
            found = [one for one in found if first <= f"{one.entered:%Y/%m/%d}" <= last]
        if (doi := _ARTICLE_ID.fullmatch(term)) is not None:
            return [one for one in found if one.doi == doi[1]]
        words = re.findall(r"[a-z0-9]+", term.replace(" AND ", " ").casefold())
        found = [
            one
            for one in found
            if set(words) <= set(re.findall(r"[a-z0-9]+", one.title.casefold()))
        ]
        return sorted(found, key=lambda one: (one.published, one.pmid), reverse=True)

    def _keep(self, pmids: list[int]) -> tuple[str, str]:
        self._made += 1
        place = (f"MCID_{self._made:024x}", "1")
        self._histories[place] = pmids
        return place

    def _esearch(self, fields: dict[str, str]) -> tuple[int, bytes]:
        pmids = [one.pmid for one in self._find(fields)]
        shown = pmids[: min(int(fields.get("retmax", "20")), self.most_shown)]
        web_env, key = self._keep(pmids)
        ids = "\n".join(f"<Id>{pmid}</Id>" for pmid in shown)
        term = escape(fields["term"])
        nothing = "" if pmids else "<OutputMessage>No items found.</OutputMessage>"
        warnings = f"<WarningList>{nothing}</WarningList>" if nothing else ""
        return 200, (
            '<?xml version="1.0" encoding="UTF-8" ?>\n'
            '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
            f"<eSearchResult><Count>{len(pmids)}</Count><RetMax>{len(shown)}</RetMax>"
            f"<RetStart>0</RetStart><QueryKey>{key}</QueryKey><WebEnv>{web_env}</WebEnv>"
            f"<IdList>\n{ids}\n</IdList><TranslationSet/>"
            f"<QueryTranslation>{term}[All Fields]</QueryTranslation>"
            f"{self.notes}{warnings}</eSearchResult>\n"
        ).encode()

    def _epost(self, fields: dict[str, str]) -> tuple[int, bytes]:
        web_env, key = self._keep([int(one) for one in fields["id"].split(",")])
        return 200, (
            '<?xml version="1.0" encoding="UTF-8" ?>\n'
            '<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20090526/epost.dtd">'
            f"<ePostResult>\n\t<QueryKey>{key}</QueryKey>\n\t<WebEnv>{web_env}</WebEnv>\n"
            "</ePostResult>\n"
        ).encode()

    def _efetch(self, fields: dict[str, str]) -> tuple[int, bytes]:
        if "id" in fields:
            pmids = [int(one) for one in fields["id"].split(",")]
        else:
            kept = self._histories.get((fields["WebEnv"], fields["query_key"]))
            if kept is None:
                return 400, efetch_error(
                    f"Cannot retrieve history data. query_key: {fields['query_key']}, WebEnv: "
                    f"{fields['WebEnv']}, retstart: {fields['retstart']}"
                )
            start, count = int(fields["retstart"]), int(fields["retmax"])
            if start >= self.most_shown:
                return 400, efetch_error(
                    "Search backend cannot retrieve history data. Reason: Exception: 'retstart' "
                    "cannot be larger than 9998."
                )
            pmids = kept[: self.most_shown][start : start + count]
        there = [self.papers[one] for one in pmids if one in self.papers]
        return 200, article_set(one for one in there if one.pmid not in self.withheld)

    def _esummary(self, fields: dict[str, str]) -> tuple[int, bytes]:
        result: dict[str, Any] = {"uids": fields["id"].split(",")}
        for uid in result["uids"]:
            paper = self.papers.get(int(uid))
            if paper is None:
                result[uid] = {"uid": uid, "error": "cannot get document summary"}
            else:
                result[uid] = _summary(paper)
        header = {"type": "esummary", "version": "0.3"}
        return 200, json.dumps({"header": header, "result": result}).encode()

    def _ecitmatch(self, fields: dict[str, str]) -> tuple[int, bytes]:
        lines = []
        for line in fields["bdata"].split("\r"):
            journal, year, volume, page, _, key, _ = line.split("|")
            if not journal:
                break
            journals = {one.journal.casefold() for one in self.papers.values()}
            found = [
                one.pmid
                for one in self.papers.values()
                if one.journal.casefold() == journal.casefold()
                if str(one.published.year) == year and one.volume == volume
                if not page or one.pages.partition("-")[0] == page
            ]
            if len(found) == 1:
                lines.append(f"{line}{found[0]}")
            elif len(found) > 1:
                listed = (
                    ",".join(map(str, found)) if len(found) < 4 else f"({len(found)} citations)"
                )
                lines.append(f"{line}AMBIGUOUS {listed}")
            elif journal.casefold() in journals:
                # The author is not repeated where nothing was found.
                lines.append(f"{journal}|{year}|{volume}|{page}||{key}|NOT_FOUND")
            else:
                lines.append(f"{line}NOT_FOUND;INVALID_JOURNAL")
        return 200, ("\n".join(lines) + "\n").encode()

    # --- Europe PMC and Crossref ------------------------------------------------------------

    def _europepmc(self, fields: dict[str, str]) -> tuple[int, bytes]:
        query, first = fields["query"], "0000"
        if (since := _SINCE.fullmatch(query)) is not None:
            query, first = since[1], since[2]
        words = re.findall(r"[a-z0-9]+", query.replace(" AND ", " ").casefold())
        found = [
            one
            for one in self.papers.values()
            if set(words) <= set(re.findall(r"[a-z0-9]+", one.title.casefold()))
            if one.entered.isoformat() >= first
        ]
        mark, size = fields.get("cursorMark", "*"), int(fields.get("pageSize", "25"))
        start = 0 if mark == "*" else int(mark.removeprefix("AoIIP").removesuffix("="))
        shown = [one for one in found[start : start + size] if one.pmid not in self.withheld]
        end = min(start + size, len(found))
        document: dict[str, Any] = {
            "version": "6.9",
            "hitCount": len(found),
            "request": {"queryString": fields["query"], "resultType": "core", "pageSize": size},
            "resultList": {"result": [_result(one) for one in shown]},
        }
        if end < len(found):
            document["nextCursorMark"] = f"AoIIP{end}="
        return 200, json.dumps(document).encode()

    def _crossref(self, fields: dict[str, str]) -> tuple[int, bytes]:
        asked = set(re.findall(r"[a-z0-9]+", fields["query.bibliographic"].casefold()))
        ranked = sorted(
            (one for one in self.papers.values() if one.doi),
            key=lambda one: -len(asked & set(re.findall(r"[a-z0-9]+", one.title.casefold()))),
        )
        items = [_work(one) for one in ranked[: int(fields.get("rows", "20"))]]
        message = {"facets": {}, "total-results": len(items), "items": items, "items-per-page": 5}
        return 200, json.dumps({
            "status": "ok", "message-type": "work-list", "message-version": "1.0.0",
            "message": message,
        }).encode()  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of those who went before their answer came."""


def _handler_of(services: WebServices) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            self._serve(self.rfile.read(length).decode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def _serve(self, encoded: str) -> None:
            endpoint = urlsplit(self.path).path.rpartition("/")[2]
            fields = {name: values[0] for name, values in parse_qs(encoded).items()}
            services.asked.append(
                Asked(
                    endpoint=endpoint,
                    method=self.command,
                    fields=fields,
                    headers=dict(self.headers),
                    time=services.clock(),
                )
            )
            waiting = services.faults[endpoint]
            fault = waiting.popleft() if waiting else Fault()
            if fault.hold is not None:
                fault.hold.wait(30)
            status, headers, body = services.answer(endpoint, fields)
            if fault.status != 200 or fault.body is not None:
                status, headers, body = fault.status, {}, fault.body or b""
            if fault.edit is not None:
                body = fault.edit(body)
            self.send_response(status)
            for name, value in {**headers, **fault.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: fault.cut])
            if fault.cut is not None:
                self.close_connection = True

    return Handler


def efetch_error(message: str) -> bytes:
    """Return an error as efetch puts it."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" '
        '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20131226/efetch.dtd">\n'
        f"<eFetchResult>\n\t<ERROR>{escape(message)}</ERROR>\n</eFetchResult>\n"
    ).encode()


def article_set(papers: Iterable[Paper]) -> bytes:
    """Return papers as efetch gives them."""
    records = "".join(_book(one) if one.is_book else _article(one) for one in papers)
    return (
        f'<?xml version="1.0" ?>\n{DOCTYPE}\n<PubmedArticleSet>{records}</PubmedArticleSet>'
    ).encode()


def _authors(paper: Paper) -> str:
    return "".join(
        f'<Author ValidYN="Y"><LastName>{escape(family)}</LastName><Initials>{initials}</Initials>'
        "</Author>"
        for family, initials in paper.authors
    )


def _article(paper: Paper) -> str:
    identifiers = f'<ArticleId IdType="pubmed">{paper.pmid}</ArticleId>'
    if paper.doi:
        identifiers += f'<ArticleId IdType="doi">{escape(paper.doi)}</ArticleId>'
    if paper.pmcid:
        identifiers += f'<ArticleId IdType="pmc">{paper.pmcid}</ArticleId>'
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">'
        f'{paper.pmid}</PMID><Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print">'
        f"<Volume>{paper.volume}</Volume><Issue>{paper.issue}</Issue><PubDate><Year>"
        f"{paper.published.year}</Year></PubDate></JournalIssue><Title>Journal of Invention</Title>"
        f"<ISOAbbreviation>{escape(paper.journal)}</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{escape(paper.title)}.</ArticleTitle><Pagination><MedlinePgn>{paper.pages}"
        f"</MedlinePgn></Pagination><AuthorList>{_authors(paper)}</AuthorList></Article>"
        f"<MedlineJournalInfo><MedlineTA>{escape(paper.journal)}</MedlineTA></MedlineJournalInfo>"
        "</MedlineCitation><PubmedData><PublicationStatus>ppublish</PublicationStatus>"
        f"<ArticleIdList>{identifiers}</ArticleIdList><ReferenceList><Reference><Citation>Another "
        'paper.</Citation><ArticleIdList><ArticleId IdType="pubmed">11111111</ArticleId>'
        "</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"
    )


def _book(paper: Paper) -> str:
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{paper.pmid}</PMID><Book><BookTitle>'
        f"A Book</BookTitle></Book><ArticleTitle>{escape(paper.title)}</ArticleTitle>"
        "</BookDocument></PubmedBookArticle>"
    )


def _summary(paper: Paper) -> dict[str, Any]:
    identifiers = [{"idtype": "pubmed", "idtypen": 1, "value": str(paper.pmid)}]
    if paper.doi:
        identifiers.append({"idtype": "doi", "idtypen": 3, "value": paper.doi})
    if paper.pmcid:
        identifiers.append({"idtype": "pmc", "idtypen": 8, "value": paper.pmcid})
        identifiers.append({"idtype": "pmcid", "idtypen": 5, "value": f"pmc-id: {paper.pmcid};"})
    return {
        "uid": str(paper.pmid),
        "pubdate": f"{paper.published:%Y %b}",
        "epubdate": "",
        "source": paper.journal,
        "authors": [
            {"name": f"{family} {initials}", "authtype": "Author", "clusterid": ""}
            for family, initials in paper.authors
        ],
        "title": f"{paper.title}.",
        "volume": paper.volume,
        "issue": paper.issue,
        "pages": paper.pages,
        "articleids": identifiers,
        "fulljournalname": "Journal of Invention",
        "vernaculartitle": "",
    }


def _result(paper: Paper) -> dict[str, Any]:
    return {
        "id": str(paper.pmid),
        "source": "MED",
        "pmid": str(paper.pmid),
        "doi": paper.doi,
        "title": f"{paper.title}.",
        "authorString": ", ".join(" ".join(one) for one in paper.authors) + ".",
        "journalInfo": {
            "issue": paper.issue,
            "volume": paper.volume,
            "yearOfPublication": paper.published.year,
            "journal": {"title": "Journal of Invention", "medlineAbbreviation": paper.journal},
        },
        "pubYear": str(paper.published.year),
        "pageInfo": paper.pages,
        "abstractText": f"About “{paper.title}”.",
        "firstIndexDate": paper.entered.isoformat(),
    }


def _work(paper: Paper) -> dict[str, Any]:
    return {
        "DOI": paper.doi,
        "title": [paper.title.replace("mice", "<i>mice</i>")],
        "author": [
            {"given": initials, "family": family, "sequence": "first", "affiliation": []}
            for family, initials in paper.authors
        ],
        "issued": {"date-parts": [[paper.published.year, paper.published.month]]},
        "page": paper.pages,
    }
