"""Web floor: a search or a list of PMIDs -> PubMed XML.

PubMed shows the first 9,999 records of a search, so that a larger one is cut by the date on which
records were entered, and a day that is still too large by the date of publication, until each slice
can be shown; the newest comes first. Of a slice the PMIDs are known before its records are fetched,
page by page from NCBI's History server: what a page lacks is asked for again, then by PMID, and
what is missing then is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from kg.web.client import NothingFoundError, RefusedError, UnusableError, Warn, ignore
from kg.web.download import Download
from kg.web.eutils import (
    FIRST_DAY,
    LAST_DAY,
    MOST_SHOWN,
    DateRange,
    Eutils,
    Found,
    History,
    HistoryLostError,
    Page,
)

Tell = Callable[[str, int, int | None], None]

PAGE = 200
_MOST_LOSSES = 3
_STAGE = "Fetching records from PubMed"
_END = b"</PubmedArticleSet>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How many records a file holds; the PMIDs that PubMed did not give; how many it kept back.

    `beyond` counts what PubMed found and shows in no slice.
    """

    records: int
    missing: tuple[int, ...] = ()
    beyond: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a search: records entered, and published, within these days, or on any."""

    entered: tuple[date, date] | None = None
    published: tuple[date, date] | None = None

    def to_json(self) -> list[list[str] | None]:
        """Return the slice as JSON holds it."""
        return [
            [day.isoformat() for day in days] if days is not None else None
            for days in (self.entered, self.published)
        ]

    @classmethod
    def from_json(cls, form: Sequence[Sequence[str] | None]) -> "Slice":
        """Return the slice that `to_json` wrote."""
        entered, published = (
            (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days is not None else None
            for days in form
        )
        return cls(entered=entered, published=published)

    def split(self, today: date) -> "tuple[Slice, Slice] | None":
        """Return the older and the newer half, None if it is a single day of both dates."""
        entered = self.entered or (FIRST_DAY, LAST_DAY)
        if (halves := _halve(*entered, today)) is not None:
            return replace(self, entered=halves[0]), replace(self, entered=halves[1])
        published = self.published or (FIRST_DAY, LAST_DAY)
        if (halves := _halve(*published, today)) is not None:
            return replace(self, published=halves[0]), replace(self, published=halves[1])
        return None


def _halve(
    first: date, last: date, today: date
) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """Return two halves of a time, None of a single day; little stands behind today."""
    if first == last:
        return None
    end = min(last, today) if today > first else last
    middle = first + (end - first) // 2
    return (first, middle), (middle + timedelta(days=1), last)


class PubmedFetch:
    """One download from PubMed; goes on where the download left off."""

    def __init__(
        self,
        eutils: Eutils,
        download: Download,
        *,
        most: int | None = None,
        tell: Tell = lambda stage, done, total: None,  # noqa: ARG005
        warn: Warn = ignore,
        today: date | None = None,
    ) -> None:
        self._eutils = eutils
        self._download = download
        self._most = most
        self._tell = tell
        self._warn = warn
        self._today = today or datetime.now(UTC).date()
        place = download.place
        self._begun = bool(place.get("begun"))
        self._total: int | None = place.get("total")
        # The parts that are left, the next one last; and what is there of that one.
        self._pending: list[Any] | None = place.get("pending")
        self._had: set[int] = set(place.get("had", ()))
        self._missing: list[int] = list(place.get("missing", ()))
        self._beyond: int = place.get("beyond", 0)

    def fetch_search(self, term: str, since: date | None = None) -> Fetched:
        """Fetch what a search finds, entered into PubMed on a day or later.

        Raises:
            NothingFoundError: if it finds nothing.
            ServiceError: if PubMed fails; the download can be gone on with.
        """
        whole = Slice(entered=(since, LAST_DAY) if since is not None else None)
        if self._pending is None:
            self._pending = [whole.to_json()]
        while self._pending and self._wanted() != 0:
            part = Slice.from_json(self._pending[-1])
            found = self._search(term, part)
            if self._total is None:
                self._begin(term, found)
            wanted = self._wanted()
            is_too_large = found.count > MOST_SHOWN and (wanted is None or wanted > MOST_SHOWN)
            halves = part.split(self._today) if is_too_large and not self._had else None
            if halves is not None:
                self._pending[-1:] = [half.to_json() for half in halves]
                continue
            self._fetch_part(
                found.pmids,
                found.history,
                partial(self._renew_search, term, part),
                beyond=found.count - MOST_SHOWN if is_too_large else 0,
            )
        return self._finish()

    def fetch_list(self, pmids: Sequence[int]) -> Fetched:
        """Fetch the records of a list of PMIDs; errors as in `fetch_search`."""
        pmids = list(dict.fromkeys(pmids))[: self._most]
        self._total = len(pmids)
        if self._pending is None:
            starts = range(0, len(pmids), MOST_SHOWN)
            self._pending = [[start, start + MOST_SHOWN] for start in reversed(starts)]
        while self._pending:
            start, end = self._pending[-1]
            part = pmids[start:end]
            self._fetch_part(part, self._eutils.post(part), partial(self._eutils.post, part))
        return self._finish()

    def _search(self, term: str, part: Slice) -> Found:
        if part.published is not None:
            first, last = part.published
            term = f"({term}) AND {first:%Y/%m/%d}:{last:%Y/%m/%d}[pdat]"
        days = part.entered
        entered = DateRange(first=days[0], last=days[1]) if days is not None else None
        wanted = self._wanted()
        most = MOST_SHOWN if wanted is None else min(MOST_SHOWN, wanted)
        return self._eutils.search(term, days=entered, most=most)

    def _renew_search(self, term: str, part: Slice) -> History:
        return self._search(term, part).history

    def _begin(self, term: str, found: Found) -> None:
        for note in found.notes:
            self._warn(f"PubMed: {note}")
        if not found.count:
            self._download.drop()
            read = f", which it reads as: {found.translation}" if found.translation else ""
            raise NothingFoundError(f"PubMed finds nothing for '{term}'{read}")
        self._total = found.count

    def _wanted(self) -> int | None:
        """Return how many more records the parts that are left may give; None: all."""
        if self._most is None:
            return None
        return max(self._most - (self._download.records - len(self._had)), 0)

    def _fetch_part(
        self,
        pmids: Sequence[int],
        history: History,
        renew: Callable[[], History],
        beyond: int = 0,
    ) -> None:
        """Fetch the records of a part: from the history, then by PMID; then it is done."""
        asked = list(pmids)[: self._wanted()]
        self._tell(_STAGE, self._download.records, self._expected())
        pages = _Pages(self._eutils, history, renew, self._warn)
        for start in range(0, len(asked), PAGE):
            window = asked[start : start + PAGE]
            if not self._had.issuperset(window):
                self._add(pages.fetch(start, len(window)), asked)
        rest = [pmid for pmid in asked if pmid not in self._had]
        for start in range(0, len(rest), PAGE):
            self._add(self._fetch_by_pmid(rest[start : start + PAGE]), asked)
        self._missing += [pmid for pmid in asked if pmid not in self._had]
        self._beyond += beyond
        assert self._pending is not None  # noqa: S101
        self._pending.pop()
        self._had = set()
        self._download.append(b"", 0, self._place())

    def _fetch_by_pmid(self, pmids: list[int]) -> Page:
        try:
            return self._eutils.fetch(pmids)
        except UnusableError as error:
            self._warn(str(error))
        except RefusedError as error:
            if not _is_about_records(error):
                raise
            if len(pmids) > 1:  # one of them may be what is refused
                middle = len(pmids) // 2
                halves = [self._fetch_by_pmid(half) for half in (pmids[:middle], pmids[middle:])]
                return Page(
                    records=halves[0].records + halves[1].records,
                    doctype=halves[0].doctype or halves[1].doctype,
                )
            self._warn(str(error))
        return Page(records=())

    def _add(self, page: Page, asked: Sequence[int]) -> None:
        """Write the records of a page that were asked for and are not there yet."""
        known = set(asked) - self._had
        records = {pmid: record for pmid, record in page.records if pmid in known}
        if records:
            head = b"" if self._begun else _head(page.doctype)
            self._begun = True
            self._had.update(records)
            data = head + b"".join(record + b"\n" for record in records.values())
            self._download.append(data, len(records), self._place())
        self._tell(_STAGE, self._download.records, self._expected())

    def _expected(self) -> int | None:
        if self._total is None or self._most is None:
            return self._total
        return min(self._total, self._most)

    def _place(self) -> dict[str, Any]:
        return {
            "begun": self._begun,
            "total": self._total,
            "pending": self._pending,
            "had": sorted(self._had),
            "missing": self._missing,
            "beyond": self._beyond,
        }

    def _finish(self) -> Fetched:
        records = self._download.records
        if not records:
            self._download.drop()
            raise NothingFoundError("PubMed gives none of the records")
        self._download.finish(_END)
        expected = self._expected() or 0
        # Records that stand in no slice of dates, or went while the others were fetched.
        beyond = max(self._beyond, expected - records - len(self._missing))
        return Fetched(records=records, missing=tuple(self._missing), beyond=beyond)


class _Pages:
    """The pages of a part in NCBI's history, which is made anew when it is lost."""

    def __init__(
        self, eutils: Eutils, history: History, renew: Callable[[], History], warn: Warn
    ) -> None:
        self._eutils = eutils
        self._history = history
        self._renew = renew
        self._warn = warn
        self._losses = 0

    def fetch(self, start: int, count: int) -> Page:
        """Return a page, asked for twice if it is short; an empty one if it cannot be had."""
        page = Page(records=())
        for _ in range(2):
            try:
                page = self._fetch(start, count)
            except (RefusedError, UnusableError) as error:
                if isinstance(error, RefusedError) and not _is_about_records(error):
                    raise
                self._warn(f"{error}; the records are asked for by PMID")
                break
            if len(page.records) >= count:
                break
        return page

    def _fetch(self, start: int, count: int) -> Page:
        while self._losses < _MOST_LOSSES:
            try:
                return self._eutils.fetch_page(self._history, start, count)
            except HistoryLostError as error:
                self._losses += 1
                self._warn(f"PubMed has lost the search ({error}); it is searched again")
                self._history = self._renew()
        return Page(records=())


def _is_about_records(error: RefusedError) -> bool:
    """Tell whether a refusal is of the records asked for, not of who asks (an API key, a block)."""
    return error.status == 400 and "api key" not in str(error).casefold()


def _head(doctype: str) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', doctype, "<PubmedArticleSet>"]
    return "".join(f"{line}\n" for line in lines if line).encode()


def read_pmids(lines: Sequence[str], name: str) -> tuple[list[int], list[str]]:
    """Return the PMIDs in the lines of a list, and what is said of the lines that hold none.

    A line holds one or several, parted by commas or spaces, with or without "PMID:"; what stands
    behind "#" is a remark.

    >>> read_pmids(["17265423, PMID: 18003904", "# mine", "PMC2234060"], "list.txt")
    ([17265423, 18003904], ["list.txt:3: 'PMC2234060' is no PMID"])
    """
    pmids, wrong = [], []
    for number, line in enumerate(lines, start=1):
        for word in line.partition("#")[0].replace(",", " ").replace(";", " ").split():
            digits = word.upper().removeprefix("PMID").removeprefix(":")
            if digits.isdecimal() and digits.isascii() and 0 < int(digits) < 10**10:
                pmids.append(int(digits))
            elif digits:
                wrong.append(f"{name}:{number}: '{word}' is no PMID")
    return pmids, wrong
