"""Reading floor: gene pages that list publications: topic, summary, sections, citations, snippets.

Streaming, line by line. Every line that is not blank becomes part of a topic or a record, or a
`Problem`: nothing is lost without a word. The form:

    topic                       the first heading, or one with a summary under it
    Summary: text
    section                     a heading
      1. citation               `kg.readers.citation`
        ..snippet ..            lines set in deeper than the number
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from kg.model import Locator, Problem, Record, Text, Topic
from kg.readers.byline import parse_author
from kg.readers.citation import Citation, expand_pages, parse_citation
from kg.readers.lines import Fault, Gauge, Line, read_lines, show_damage
from kg.readers.repair import raw_span, repair_characters, repair_text

_NUMBER = re.compile(r"\s*(?:(\d{1,6})[.)]|\[(\d{1,6})\])(?:\s+|\Z)")
_SUMMARY = re.compile(r"\s*Summary\s*:\s*", re.IGNORECASE)
_REGULAR_YEAR = re.compile(r"\s(?:1[6-9]|20)\d\d\s*;")
_SNIFFED_NUMBER = re.compile(r"[ \t]*\d{1,6}[.)]\s.*\s(?:1[6-9]|20)\d\d\b", re.ASCII)
# A record of another format: RIS, MEDLINE, EndNote. Its abstract may well be numbered.
_OTHER_FORMAT = re.compile(r"[ ]*TY {0,3}- *[A-Z]|PMID- ?\d|%0 [A-Z]|PT [A-Z]\Z")
_SENTENCE_STOP = (".", "?", "!", "…", ":", ";", '"', "”", ")")
_LONGEST_HEADING = 120
_MOST_WRAPPED_LINES = 8
_TAB = 4

_Item = Record | Topic | Problem


@dataclass(slots=True, kw_only=True)
class _Entry:
    """A numbered citation and the lines under it, as they are being read."""

    line: int
    position: int
    indent: int
    text: str
    section: str
    below: list[tuple[int, str]] = field(default_factory=list)
    gauge: Gauge = field(default_factory=Gauge)
    fault: Fault | None = None

    def add(self, number: int, text: str) -> None:
        self.fault = self.fault or self.gauge.add(text)
        if self.fault is None:
            self.below.append((number, text))

    @property
    def raw(self) -> str:
        return "\n".join([self.text, *(text for _, text in self.below)])


@dataclass(slots=True, kw_only=True)
class _Heading:
    """A heading, and the summary under it, as they are being read."""

    line: int
    text: str
    summary: list[str] = field(default_factory=list)
    has_summary: bool = False
    gauge: Gauge = field(default_factory=Gauge)
    fault: Fault | None = None

    def add(self, text: str) -> None:
        self.fault = self.fault or self.gauge.add(text)
        if self.fault is None:
            self.summary.append(text)

    @property
    def raw(self) -> str:
        return "\n".join(filter(None, [self.text, *self.summary]))


class ReadingListReader:
    """Reads the reading lists of gene pages, saved as plain text."""

    name = "reading-list"
    suffixes = (".txt",)

    def sniff(self, head: bytes) -> bool:
        """Tell whether a text has a summary, or a numbered line with a year in it."""
        lines = re.split(r"[\r\n]+", head.decode("utf-8", "replace").removeprefix("\ufeff"))
        return any(
            _SUMMARY.match(line) or _SNIFFED_NUMBER.match(line) for line in lines
        ) and not any(map(_OTHER_FORMAT.match, lines))

    def read(self, stream: BinaryIO, path: str) -> Iterator[_Item]:
        """Yield the topic, records and problems of a list, in its order.

        A record with a line that cannot be read is a lost one, with the code of the line's fault.
        """
        page = _Page(path)
        for line in read_lines(stream):
            yield from page.take(line)
        yield from page.finish()


class _Page:
    """What is known of a page while its lines go by: at most one heading and one entry are open."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._heading: _Heading | None = None
        self._entry: _Entry | None = None
        self._section = ""
        self._last_position = 0
        self._has_topic = False
        self._in_summary = False
        self._after_blank = True

    def take(self, taken: Line) -> Iterator[_Item]:
        """Take the next line, and yield what it completes."""
        number, line, fault = taken.number, taken.text.rstrip(), taken.fault
        if not line and fault is None:
            self._after_blank, self._in_summary = True, False
            return
        is_placed = yield from self._place(number, line)
        self._after_blank = False
        if is_placed:
            opened = self._entry or self._heading
            if opened is not None:
                opened.fault = opened.fault or fault
        elif fault is None:
            yield self._problem(number, "unknown-line", "the line is no part of a list", line)
        else:
            yield self._lose(number, fault, line)

    def _place(self, number: int, line: str) -> Generator[_Item, None, bool]:
        """Put a line where it belongs, if anywhere, yield what it completes, and tell whether."""
        if (summary := _SUMMARY.match(line)) is not None and not self._belongs_to_entry(line):
            yield from self._open_summary(number, line[summary.end() :])
        elif (match := _NUMBER.match(line)) is not None and self._is_entry(line, match):
            yield from self._close()
            yield from self._open_entry(number, line, match)
        elif self._is_unnumbered(line):
            yield from self._close()
            yield self._problem(number, "missing-number", "a citation without its number", line)
            yield from self._open_entry(number, line, None)
        elif self._entry is not None and not self._is_heading(line):
            self._entry.add(number, line.strip())
        elif self._in_summary and self._heading is not None:
            self._heading.add(line.strip())
        elif self._entry is not None or self._is_heading(line):
            yield from self._close()
            self._heading = _Heading(line=number, text=line.strip())
        else:
            return False
        return True

    def finish(self) -> Iterator[_Item]:
        """Yield what is still open at the end of the page."""
        yield from self._close()

    def _open_summary(self, number: int, text: str) -> Iterator[_Item]:
        if self._entry is not None or (self._heading is not None and self._heading.has_summary):
            yield from self._close()
        if self._heading is None:
            self._heading = _Heading(line=number, text="")
        self._heading.summary, self._heading.has_summary = [text.strip()], True
        self._in_summary = True

    def _open_entry(self, number: int, line: str, match: re.Match[str] | None) -> Iterator[_Item]:
        position = int(match[1] or match[2]) if match else 0
        if position > self._last_position + 1 and self._last_position:
            yield self._problem(
                number,
                "numbering-gap",
                f"number {position} follows number {self._last_position}",
                line,
            )
        self._last_position = position or self._last_position + 1
        self._entry = _Entry(
            line=number,
            position=position,
            indent=_indent(line),
            text=line[match.end() :].strip() if match else line.strip(),
            section=self._section,
        )

    def _close(self) -> Iterator[_Item]:
        """Yield the open heading or entry, complete now."""
        if self._heading is not None:
            heading, self._heading = self._heading, None
            is_topic = heading.has_summary or not self._has_topic
            self._has_topic, self._section, self._last_position = True, "", 0
            if heading.fault is not None:
                yield self._lose(heading.line, heading.fault, heading.raw)
            elif is_topic:
                yield from _read_topic(heading, self._locate(heading.line))
            else:
                self._section = heading.text.removesuffix(":").rstrip()
        if self._entry is not None:
            entry, self._entry = self._entry, None
            if entry.fault is not None:
                yield self._lose(entry.line, entry.fault, entry.raw)
            else:
                yield _read_entry(entry, self._path)
        self._in_summary = False

    def _is_entry(self, line: str, match: re.Match[str]) -> bool:
        """Tell whether a numbered line is a citation, not a snippet that opens with a number."""
        if not self._belongs_to_entry(line):
            return True
        return parse_citation(line[match.end() :]) is not None

    def _belongs_to_entry(self, line: str) -> bool:
        return self._entry is not None and _indent(line) > self._entry.indent

    def _is_unnumbered(self, line: str) -> bool:
        if self._entry is None or not _REGULAR_YEAR.search(line):
            return False
        citation = parse_citation(line.strip())
        return citation is not None and citation.regular and bool(citation.authors)

    def _is_heading(self, line: str) -> bool:
        text = line.strip()
        if self._entry is not None and (
            self._belongs_to_entry(line)
            or not (self._after_blank or _indent(line) < self._entry.indent)
        ):
            return False
        return (
            len(text) <= _LONGEST_HEADING
            and not text.startswith("..")
            and not text.endswith((".", ",", ";"))
            and any(char.isalpha() for char in text)
        )

    def _locate(self, line: int) -> Locator:
        return _locate(self._path, line)

    def _problem(self, line: int, code: str, message: str, raw: str) -> Problem:
        raw = show_damage(raw.strip())
        return Problem(locator=self._locate(line), code=code, message=message, raw=raw)

    def _lose(self, line: int, fault: Fault, raw: str) -> Problem:
        return replace(self._problem(line, fault.code, fault.message, raw), lost=True)


def _locate(path: str, line: int) -> Locator:
    return Locator(path=path, format=ReadingListReader.name, line=line)


def _indent(line: str) -> int:
    line = line.expandtabs(_TAB)
    return len(line) - len(line.lstrip())


def _read_topic(heading: _Heading, locator: Locator) -> Iterator[Topic | Problem]:
    if not heading.text:
        message = "a summary without the heading that says what it is about"
        yield Problem(
            locator=locator, code="missing-topic", message=message, raw=heading.raw, lost=True
        )
        return
    name, name_problems = repair_text(heading.text, "topic", locator)
    summary = " ".join(filter(None, heading.summary))
    shown, summary_problems = repair_text(summary, "summary", locator)
    yield Topic(locator=locator, name=name.text, summary=shown.text)
    yield from (*name_problems, *summary_problems)


def _read_entry(entry: _Entry, path: str) -> Record | Problem:
    locator = _locate(path, entry.line)
    line = repair_characters(entry.text, "citation")
    citation = parse_citation(line.text)
    below = entry.below
    # A citation that is broken over several lines is complete once its year is reached.
    for count in range(1, min(len(below), _MOST_WRAPPED_LINES) + 1):
        if citation is not None:
            break
        joined = " ".join([entry.text, *(text for _, text in below[:count])])
        wrapped = repair_characters(joined, "citation")
        attempt = parse_citation(wrapped.text)
        if attempt is not None and attempt.regular:
            line, citation, below = wrapped, attempt, below[count:]
    if citation is None:
        return Problem(
            locator=locator,
            code="broken-citation",
            message="no 'Authors. Title. Journal. YEAR;VOLUME:PAGES' can be read in the citation",
            field="citation",
            raw=entry.raw,
            lost=True,
        )
    return _make_record(entry, citation, line, _join_snippets(below), locator)


def _make_record(
    entry: _Entry,
    citation: Citation,
    line: Text,
    snippets: list[tuple[int, str]],
    locator: Locator,
) -> Record:
    title, problems = repair_text(_raw(line, *citation.title), "title", locator)
    texts, found = [title], list(problems)
    for index, (number, raw) in enumerate(snippets, start=1):
        field_name = "snippet" if index == 1 else f"snippet-{index}"
        place = _locate(locator.path, number)
        snippet, problems = repair_text(raw, field_name, place, cut_marks=True)
        texts.append(snippet)
        found += problems
    authors = []
    for start, end in citation.authors:
        name, problems = repair_text(_raw(line, start, end), "authors", locator)
        authors.append(parse_author(name.text))
        found += problems
    found += _find_gaps(citation, line, locator)
    first_page, last_page = expand_pages(citation.pages)
    return Record(
        locator=locator,
        texts=tuple(texts),
        authors=tuple(authors),
        et_al=citation.et_al,
        journal=citation.journal,
        year=citation.year,
        volume=citation.volume,
        issue=citation.issue,
        pages=citation.pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=citation.identifiers,
        links=citation.links,
        section=entry.section,
        position=entry.position,
        problems=tuple(found),
    )


def _find_gaps(citation: Citation, line: Text, locator: Locator) -> Iterator[Problem]:
    """Yield a problem for each part that is missing, not understood, or was garbled."""

    def report(code: str, message: str, part: str) -> Problem:
        return Problem(locator=locator, code=code, message=message, field=part, raw=line.raw)

    for part, is_there in (("authors", citation.authors), ("journal", citation.journal)):
        if not is_there:
            message = f"the citation has no {part}, or not where they are looked for"
            yield report(f"missing-{part}", message, part)
    if citation.unread:
        message = f"'{citation.unread}' behind the citation is not understood and left out"
        yield report("unread-tail", message, "citation")
    start = line.text.rfind(citation.journal)
    raw = _raw(line, start, start + len(citation.journal))
    if raw != citation.journal:
        yield from repair_text(raw, "journal", locator)[1]


def _join_snippets(below: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join the lines of a snippet that was broken into lines; other lines are snippets each."""
    joined: list[tuple[int, str]] = []
    for number, text in below:
        if joined and text[0].islower() and not joined[-1][1].endswith(_SENTENCE_STOP):
            first, start = joined[-1]
            joined[-1] = (first, f"{start} {text}")
        else:
            joined.append((number, text))
    return joined


def _raw(line: Text, start: int, end: int) -> str:
    raw_start, raw_end = raw_span(line, start, end)
    return line.raw[raw_start:raw_end]
