"""Web floor: citations -> the identifiers that they lack, each proposal with its score.

A citation is looked for in this order, until it has a PMID and a DOI:

    pmid        a PMID that it has: PubMed's summary gives the DOI and PMCID
    doi         a DOI that it has: PubMed's search by article identifier gives the PMID
    ecitmatch   NCBI's citation matcher, by journal, year, volume, first page and author
    title       PubMed's search by the words of the title
    crossref    Crossref's search by the whole citation gives the DOI, and `doi` then the PMID

Whatever finds a paper, what it says of itself is compared with the citation (`candidates`). Nothing
that a citation has is replaced: a paper with another identifier of the same kind is a conflict.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from kg.errors import ServiceError
from kg.model import Record
from kg.publications import fingerprint, normalise_identifier
from kg.web.candidates import Candidate, Fit, compare, read_summary
from kg.web.client import RefusedError, UnusableError, Warn, ignore
from kg.web.crossref import Crossref
from kg.web.eutils import Eutils

PREFIXES = ("PMID", "PMCID", "DOI")
MIN_SCORE = 0.9
BATCH = 50
# A paper that fits less is another one, which a search gave because it had to give something.
_LEAST = 0.5
# Two papers that fit equally well, to within this, are not told apart.
_SAME = 0.02
_MOST_CANDIDATES = 5
_MOST_WORDS = 25
# A service that turns down so many questions in a row is not asked any more.
_MOST_REFUSALS = 3
_SYNTAX = re.compile(r"[^\w\s]|_")
# Words that PubMed leaves out of a search, or reads as syntax.
_STOPWORDS = frozenset(
    "a an and are as at be been between both but by can did do does during each for from had has "
    "have how if in into is it its may might no nor not of on or our should so some such than that "
    "the their then there these they this those through thus to upon use used using via was we "
    "were what when which while with within without would".split()
)
_NO_FIT = Fit(score=0.0)
T = TypeVar("T")


class Status(StrEnum):
    """What became of a citation; the value is the word that the table shows."""

    GIVEN = "given"
    UNSURE = "unsure"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflict"
    KNOWN = "nothing new"
    NOT_FOUND = "not found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The best paper that was found for a citation: its identifiers, and what became of them.

    `new` holds those that the citation lacks and is given, so that it is empty unless `status` is
    `GIVEN`.
    """

    method: str
    status: Status
    identifiers: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    fit: Fit = _NO_FIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A citation, the identifiers that it has and is given, and what was proposed."""

    record: Record
    identifiers: dict[str, str]
    proposals: tuple[Proposal, ...]

    @property
    def new(self) -> dict[str, str]:
        """The identifiers that it is given."""
        return {
            prefix: value for proposal in self.proposals for prefix, value in proposal.new.items()
        }


def known_identifiers(record: Record) -> dict[str, str]:
    """Return the identifiers that a record has, in their one form; what is none is left out."""
    return {
        prefix: normal
        for prefix in PREFIXES
        if (normal := normalise_identifier(prefix, record.identifiers.get(prefix, "")))
    }


def is_complete(record: Record) -> bool:
    """Tell whether a record has both a PMID and a DOI."""
    return {"PMID", "DOI"} <= known_identifiers(record).keys()


class Resolver:
    """Looks citations up; a service that fails is left out from then on."""

    def __init__(
        self,
        eutils: Eutils,
        crossref: Crossref | None,
        *,
        min_score: float = MIN_SCORE,
        warn: Warn = ignore,
    ) -> None:
        self._eutils = eutils
        self._crossref = crossref
        self._min_score = min_score
        self._warn = warn
        self._refusals = {"PubMed": 0, "Crossref": 0}
        self._done: dict[tuple[str, ...], tuple[Proposal, ...]] = {}

    def resolve_all(self, records: Iterable[Record]) -> Iterator[Resolution]:
        """Yield what becomes of each record, in order; the same citation is looked up once."""
        for batch in _batches(records, BATCH):
            searches: dict[tuple[str, ...], _Search] = {}
            for record in batch:
                if _key(record) not in self._done:
                    searches.setdefault(_key(record), _Search(record))
            self._resolve(list(searches.values()))
            for key, search in searches.items():
                self._done[key] = tuple(search.finish())
            for record in batch:
                proposals = self._done[_key(record)]
                given = {name: new for one in proposals for name, new in one.new.items()}
                identifiers = given | known_identifiers(record)
                yield Resolution(record=record, identifiers=identifiers, proposals=proposals)

    def _resolve(self, searches: Sequence["_Search"]) -> None:
        known = {one: (int(one.known["PMID"]),) for one in searches if one.has("PMID")}
        self._look_up_pmids("pmid", known)
        with_doi = [one for one in _without_pmid(searches) if one.has("DOI")]
        self._look_up_pmids("doi", {one: self._search_doi(one) for one in with_doi})
        self._look_up_pmids("ecitmatch", self._match(_without_pmid(searches)))
        titled = {one: self._search_title(one) for one in _without_pmid(searches)}
        self._look_up_pmids("title", titled)
        if self._crossref is not None:
            for one in searches:
                if not one.has("DOI"):
                    self._search_crossref(one, self._crossref)
            given = [
                one for one in _without_pmid(searches) if "DOI" in one.held().keys() - one.known
            ]
            self._look_up_pmids("doi", {one: self._search_doi(one) for one in given})

    def _look_up_pmids(self, method: str, found: Mapping["_Search", Sequence[int]]) -> None:
        """Compare the papers of PMIDs with the citations that they were found for."""
        pmids = list(dict.fromkeys(pmid for some in found.values() for pmid in some))
        summaries: dict[int, dict[str, Any]] = {}
        for some in _batches(pmids, BATCH * 4):
            asked = [search for search, its in found.items() if not set(some).isdisjoint(its)]
            summaries |= self._ask("PubMed", asked, partial(self._eutils.summaries, some)) or {}
        for search, its in found.items():
            candidates = [read_summary(pmid, summaries[pmid]) for pmid in its if pmid in summaries]
            if method == "doi":
                doi = search.held()["DOI"]
                candidates = [one for one in candidates if one.identifiers.get("DOI") == doi]
            search.take(method, candidates, self._min_score)

    def _match(self, searches: Sequence["_Search"]) -> Mapping["_Search", Sequence[int]]:
        askable = [
            one
            for one in searches
            if one.record.journal and one.record.year
            if one.record.volume or one.record.first_page
        ]
        lines = [_citation_line(one.record) for one in askable]
        matched = self._ask("PubMed", askable, lambda: self._eutils.match_citations(lines))
        return dict(zip(askable, matched, strict=True)) if matched is not None else {}

    def _search_doi(self, search: "_Search") -> Sequence[int]:
        doi = search.held()["DOI"].replace('"', "")
        return self._search_pubmed(search, f'"{doi}"[aid]')

    def _search_title(self, search: "_Search") -> Sequence[int]:
        words = title_words(search.record.title)
        if len(words) < 2:  # one word is no title to find a paper by
            return ()
        return self._search_pubmed(search, " AND ".join(words), field="title")

    def _search_pubmed(self, search: "_Search", term: str, field: str = "") -> Sequence[int]:
        found = self._ask(
            "PubMed",
            [search],
            lambda: self._eutils.search(term, most=_MOST_CANDIDATES, field=field, sort="relevance"),
        )
        return found.pmids if found is not None else ()

    def _search_crossref(self, search: "_Search", crossref: Crossref) -> None:
        record = search.record
        if not record.title and not (record.journal and record.first_page):
            return
        candidates = self._ask("Crossref", [search], lambda: crossref.search(record))
        search.take("crossref", candidates or [], self._min_score)

    def _ask(self, service: str, searches: Iterable["_Search"], ask: Callable[[], T]) -> T | None:
        """Return what a service answers, None where it fails or has failed before."""
        searches = list(searches)
        if not searches:
            return None
        if self._refusals[service] < _MOST_REFUSALS:
            try:
                answer = ask()
            except (RefusedError, UnusableError) as error:
                self._refusals[service] += 1
                self._warn(str(error))
            except ServiceError as error:
                self._refusals[service] = _MOST_REFUSALS
                self._warn(f"{error}; {service} is not asked any more")
            else:
                self._refusals[service] = 0
                return answer
        for one in searches:
            one.failed.add(service)
        return None


class _Search:
    """What is known of one citation while it is looked up."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.known = known_identifiers(record)
        self.proposals: dict[str, Proposal] = {}
        self.failed: set[str] = set()

    def has(self, prefix: str) -> bool:
        """Tell whether the citation has an identifier, or was given one."""
        return prefix in self.known or any(prefix in one.new for one in self.proposals.values())

    def take(self, method: str, candidates: Iterable[Candidate], min_score: float) -> None:
        """Take the papers that a method found, if the best fits better than what there is."""
        service = "Crossref" if method == "crossref" else "PubMed"
        proposal = _propose(self.record, self.held(), method, candidates, min_score)
        before = self.proposals.get(service)
        if proposal is not None and (before is None or proposal.fit.score > before.fit.score):
            self.proposals[service] = proposal

    def held(self) -> dict[str, str]:
        """Return the identifiers that the citation has and was given."""
        given = (one.new for one in self.proposals.values())
        return {name: value for new in given for name, value in new.items()} | self.known

    def finish(self) -> Iterator[Proposal]:
        """Yield the proposals, or why there are none."""
        yield from self.proposals.values()
        for service in sorted(self.failed - self.proposals.keys()):
            yield Proposal(method=service, status=Status.FAILED)
        if not self.proposals and not self.failed:
            yield Proposal(method="", status=Status.NOT_FOUND)


def _without_pmid(searches: Iterable[_Search]) -> list[_Search]:
    return [one for one in searches if not one.has("PMID")]


def _key(record: Record) -> tuple[str, ...]:
    return fingerprint(record), *sorted(known_identifiers(record).values())


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _propose(
    record: Record,
    held: Mapping[str, str],
    method: str,
    candidates: Iterable[Candidate],
    min_score: float,
) -> Proposal | None:
    # What an identifier leads to is told however little it fits: the identifier may be wrong.
    least = 0.0 if method in ("pmid", "doi") else _LEAST
    compared = ((compare(record, candidate), candidate) for candidate in candidates)
    fits = sorted((one for one in compared if one[0].score >= least), key=lambda one: -one[0].score)
    if not fits:
        return None
    fit, best = fits[0]
    rivals = [one for other, one in fits[1:] if other.score >= fit.score - _SAME]
    new = {name: value for name, value in best.identifiers.items() if name not in held}
    if fit.score < min_score:
        status = Status.UNSURE
    elif any(rival.identifiers != best.identifiers for rival in rivals):
        status = Status.AMBIGUOUS
    elif any(held.get(name, value) != value for name, value in best.identifiers.items()):
        status = Status.CONFLICT
    else:
        status = Status.GIVEN if new else Status.KNOWN
    return Proposal(
        method=method,
        status=status,
        identifiers=best.identifiers,
        new=new if status is Status.GIVEN else {},
        fit=fit,
    )


def _citation_line(record: Record) -> str:
    """Return a citation as ECitMatch takes it."""
    author = record.authors[0].name if record.authors else ""
    parts = (record.journal, str(record.year or ""), record.volume, record.first_page, author)
    return "|".join(" ".join(part.replace("|", " ").split()) for part in parts)


def title_words(title: str) -> list[str]:
    """Return the words of a title that PubMed searches by.

    >>> title_words("The role of IL-7 (and STAT5) in pro-B cells: AND what else?")
    ['role', 'il', '7', 'stat5', 'pro', 'b', 'cells', 'else']
    """
    words = _SYNTAX.sub(" ", title.casefold()).split()
    return [word for word in dict.fromkeys(words) if word not in _STOPWORDS][:_MOST_WORDS]
