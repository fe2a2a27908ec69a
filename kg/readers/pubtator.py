"""Reading floor: PubTator's lines: a title, an abstract, and the mentions in the two.

    26094|t|Antihypertensive drugs and depression.
    26094|a|Eighty-nine patients ...
    26094	27	37	depression	Disease	D003866
    26094	CID	D008750	D003866

Offsets count over the title, one character, and the abstract. Relations are not kept: a graph's are
read from its own sentences. (The `bioc` library strips the tabs off the end of a line, so that a
mention without identifier becomes a relation, takes texts without a blank line between them for
one, and raises on the first bad line.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from kg.model import Locator, Problem, Record, Text
from kg.readers.annotations import Marked, Passage, place_annotations
from kg.readers.fields import clean_title, make_text, split_sections
from kg.readers.identifiers import parse_identifiers
from kg.readers.lines import Fault, Gauge, Line, read_lines, show_damage

_TEXT = re.compile(r"(?P<id>[^|\t]{1,80})\|(?P<kind>[ta])\|(?P<text>.*)", re.DOTALL)
_OPENING = re.compile(r"\s*[^|\t\r\n]{1,80}\|[ta]\|")
_PMID = re.compile(r"(?:PMID:?)?\d{1,9}", re.IGNORECASE)
_PMCID = re.compile(r"PMC\d{1,9}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_FEWEST_COLUMNS = 3  # of a relation
_MOST_RAW = 1000


@dataclass(slots=True, kw_only=True)
class _Document:
    """A document as its lines come; `fault` is the first that one of them has."""

    id: str
    line: int
    position: int
    title: str = ""
    abstract: str | None = None
    marked: list[Marked] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    gauge: Gauge = field(default_factory=Gauge)
    fault: Fault | None = None


class PubtatorReader:
    """Reads titles and abstracts with the mentions that PubTator and its like found in them."""

    name = "pubtator"
    suffixes = (".pubtator",)

    def sniff(self, head: bytes) -> bool:
        """Tell whether a text begins with a title or an abstract behind an identifier."""
        return _OPENING.match(head.decode("utf-8", "replace").removeprefix("\ufeff")) is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records of a file in its order.

        Problem codes: broken-annotation, unknown-line, missing-title, cut-file, those of lines and
        of annotations. A document with a line that cannot be read is lost.
        """
        file = _File(path)
        for line in read_lines(stream):
            yield from file.take(line)
        yield from file.finish()


class _File:
    """What is known of a file while its lines go by: at most one document is open."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._document: _Document | None = None
        self._position = 0

    def take(self, line: Line) -> Iterator[Record | Problem]:
        """Take the next line, and yield what it completes."""
        text = line.text.strip("\r\n")
        if not text.strip() and line.fault is None:
            return
        match = _TEXT.match(text)
        document = self._document
        if match is not None and (
            match["kind"] == "t" or document is None or document.id != match["id"].strip()
        ):
            yield from self.finish()
            self._position += 1
            document = self._document = _Document(
                id=match["id"].strip(), line=line.number, position=self._position
            )
        if document is None:
            yield self._lose_line(line)
            return
        document.fault = document.fault or line.fault or document.gauge.add(text)
        if document.fault is not None:
            return
        if match is not None:
            yield from self._add_text(document, match, line)
        else:
            yield from self._add_row(document, line)

    def finish(self) -> Iterator[Record | Problem]:
        """Yield the document that is still open."""
        document, self._document = self._document, None
        if document is None:
            return
        locator = self._locate(document.line)
        if document.fault is None:
            yield _make_record(document, locator)
            return
        raw = show_damage(document.title or document.id)
        yield Problem(
            locator=locator,
            code=document.fault.code,
            message=document.fault.message,
            raw=raw[:_MOST_RAW],
            lost=True,
        )

    def _add_text(self, document: _Document, match: re.Match[str], line: Line) -> Iterator[Problem]:
        if match["kind"] == "t":
            document.title = match["text"]
        elif document.abstract is None:
            document.abstract = match["text"]
        else:
            yield self._report(line, "unknown-line", "a second abstract of one document")

    def _add_row(self, document: _Document, line: Line) -> Iterator[Problem]:
        """Take a line of columns: a mention; a relation is passed over."""
        columns = line.text.strip("\r\n").split("\t")
        is_own = columns[0].strip() == document.id
        if is_own and len(columns) > 4 and _are_offsets(columns[1], columns[2]):
            document.marked.append(_read_mention(columns))
        elif is_own and len(columns) >= _FEWEST_COLUMNS and not _NUMBER.fullmatch(columns[1]):
            return
        elif not line.is_ended:
            yield self._lose_line(line)
        elif is_own:
            message = "this is no 'id, start, end, text, type, identifier'; the mention is left out"
            document.problems.append(self._report(line, "broken-annotation", message))
        else:
            yield self._report(line, "unknown-line", "the line is no part of this document")

    def _lose_line(self, line: Line) -> Problem:
        """Return a lost problem for a line that belongs to no document."""
        if line.fault is not None:
            return self._report(line, line.fault.code, line.fault.message, lost=True)
        if not line.is_ended:
            return self._report(line, "cut-file", "the file ends inside this line", lost=True)
        message = "neither a title or abstract behind an identifier, nor a mention in one"
        return self._report(line, "unknown-line", message, lost=True)

    def _report(self, line: Line, code: str, message: str, *, lost: bool = False) -> Problem:
        raw = show_damage(line.text)[:_MOST_RAW]
        locator = self._locate(line.number)
        return Problem(locator=locator, code=code, message=message, raw=raw, lost=lost)

    def _locate(self, line: int) -> Locator:
        return Locator(path=self._path, format=PubtatorReader.name, line=line)


def _are_offsets(start: str, end: str) -> bool:
    return bool(_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)) and int(start) < int(end)


def _read_mention(columns: list[str]) -> Marked:
    """Return the mention in a row; a further column has the names of the parts of several things.

    (Other tools write other things there: tmVar the number of a variant.)
    """
    start, end, text, kind = columns[1:5]
    identifiers = parse_identifiers(columns[5], kind) if len(columns) > 5 else ()
    parts = tuple(columns[6].split("|")) if len(columns) > 6 else ()
    return Marked(
        spans=((int(start), int(end)),),
        text=text,
        type=kind.strip(),
        identifiers=identifiers,
        parts=parts if len(parts) == len(identifiers) > 1 else (),
    )


def _make_record(document: _Document, locator: Locator) -> Record:
    title = make_text("title", clean_title(document.title))
    abstract = split_sections(document.abstract or "")
    annotations, problems = place_annotations(
        [
            Passage(field=text.field, raw=raw, shown=text.text)
            for text, raw in ((title, document.title), (abstract, document.abstract or ""))
        ],
        document.marked,
        locator,
    )
    texts: tuple[Text, ...] = tuple(text for text in (title, abstract) if text.text)
    missing = Problem(
        locator=locator,
        code="missing-title",
        message="the document has no title",
        field="title",
        raw=document.id,
    )
    return Record(
        locator=locator,
        texts=texts,
        identifiers=_read_identifier(document.id),
        annotations=annotations,
        position=document.position,
        problems=(*(() if title.text else (missing,)), *document.problems, *problems),
    )


def _read_identifier(text: str) -> dict[str, str]:
    """Return a document's identifier, where it is one of a paper's."""
    if _PMID.fullmatch(text):
        return {"PMID": text}
    return {"PMCID": text} if _PMCID.fullmatch(text) else {}
