"""Reading floor: BibTeX and BibLaTeX, as reference managers and publishers write them -> `Record`.

    @article{doe2007,
      title = {Interleukin-7 in {CD}4$^{+}$ cells},
      author = {Doe, Jane and {The ARDS Network} and others},
    }

Entries are cut out by `kg.readers.bibtex_entries`, taken apart by pybtex, and their LaTeX is
decoded by pylatexenc. Problem codes: broken-entry, broken-field, no-record, unknown-command, and
those of `kg.readers.lines`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.bibtex_entries import BibtexEntry, read_entries
from kg.readers.lines import Line, show_damage

if TYPE_CHECKING:
    from kg.readers.bibtex_fields import BibtexFields, MacroTable

_TYPES = (
    "article|book|booklet|inbook|incollection|inproceedings|conference|manual|mastersthesis|misc"
    "|phdthesis|proceedings|techreport|unpublished|thesis|report|online|electronic|www|collection"
    "|mvbook|mvcollection|mvproceedings|bookinbook|suppbook|suppcollection|suppperiodical"
    "|periodical|reference|inreference|mvreference|patent|dataset|software|xdata|review|journal"
    "|webpage|data|letter|commentary"
)
_SNIFFED = re.compile(
    rf"^[ \t]*@\s*(?:(?:{_TYPES})\s*[{{(]\s*[^\s,{{}}]*\s*(?:,|=|\Z)"
    r"|string\s*[{(]\s*[^\s={}]+\s*=|(?:comment|preamble)\s*[{(]"
    r"|[a-z]+\s*\{\s*[^\s,={}\"]+\s*,\s*[a-z][\w-]*\s*=\s*[{\"])",
    re.IGNORECASE | re.MULTILINE,
)
# Entries that wait for the one that they refer to, which stands behind them: letters of them all.
_MOST_WAITING = 1 << 22
_MOST_PARENTS = 2_000
_LONGEST_INHERITED = 1_000
_MOST_RAW = 2_000


@dataclass(slots=True)
class _Waiting:
    """An entry whose journal or year stands in another one that was not met yet."""

    entry: BibtexEntry
    fields: "BibtexFields"
    parents: tuple[str, ...]


class BibtexReader:
    """Reads BibTeX and BibLaTeX."""

    name = "bibtex"
    suffixes = (".bib", ".bibtex", ".biblatex")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a line begins an entry."""
        text = head.decode("utf-8", "replace").removeprefix("\ufeff")
        return _SNIFFED.search(re.sub(r"\r\n?", "\n", text)) is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order.

        But for entries that refer by `crossref` to one behind them: these come at the end.
        """
        from kg.readers.bibtex_fields import MacroTable  # noqa: PLC0415 - pybtex takes 50 ms

        found = False
        bibliography = _Bibliography(path, self.name, MacroTable())
        for entry in read_entries(stream):
            found = True
            yield from bibliography.take(entry)
        yield from bibliography.finish()
        if not found:
            place = Locator(path=path, format=self.name, line=1)
            message = "no entry of BibTeX is in this file"
            yield Problem(locator=place, code="no-record", message=message, lost=True)


@dataclass(slots=True)
class _Bibliography:
    """What is known of a file while its entries go by: macros, and what entries refer to."""

    path: str
    format: str
    macros: "MacroTable"
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)
    held: int = 0

    def take(self, entry: BibtexEntry | Line) -> Iterator[Record | Problem]:
        """Take the next entry, and yield what comes of it."""
        if isinstance(entry, Line):
            if entry.fault is not None:
                raw = show_damage(entry.text[:_MOST_RAW])
                yield self._report(
                    entry.number, entry.fault.code, entry.fault.message, raw, lost=True
                )
        elif entry.fault is not None:
            yield self._report(
                entry.line, entry.fault.code, entry.fault.message, entry.raw, lost=True
            )
        elif entry.type == "string":
            for error in self.macros.define(entry.body):
                yield self._report(entry.line, "broken-field", error, entry.raw)
        elif entry.is_paper:
            yield from self._take_paper(entry)

    def finish(self) -> Iterator[Record | Problem]:
        """Yield what waited for entries that never came."""
        for one in self.waiting:
            yield from self._make(one.entry, one.fields, one.parents)

    def _take_paper(self, entry: BibtexEntry) -> Iterator[Record | Problem]:
        fields = self.macros.parse(entry.body)
        named = f"{fields.values.get('crossref', '')},{fields.values.get('xdata', '')}"
        parents = tuple(name for part in named.split(",") if (name := part.strip().lower()))
        if len(self.parents) < _MOST_PARENTS and fields.key and entry.type != "article":
            self.parents.setdefault(fields.key.lower(), dict(_inheritance(fields.values)))
        if entry.type == "xdata":
            return
        if not self.parents.keys() >= set(parents) and self.held < _MOST_WAITING:
            self.held += len(entry.body)
            self.waiting.append(_Waiting(entry, fields, parents))
            return
        yield from self._make(entry, fields, parents)

    def _make(
        self, entry: BibtexEntry, fields: "BibtexFields", parents: tuple[str, ...]
    ) -> Iterator[Record | Problem]:
        from kg.readers.bibtex_record import make_record  # noqa: PLC0415 - as above

        for parent in parents:
            for name, value in self.parents.get(parent, {}).items():
                fields.values.setdefault(name, value)
        problems = [
            self._report(entry.line, "broken-field", error, entry.raw) for error in fields.errors
        ]
        place = Locator(path=self.path, format=self.format, line=entry.line)
        record = make_record(fields, problems, place, entry.position)
        if record is not None:
            yield record
            return
        message = "the entry has neither a title nor an abstract nor an identifier"
        yield self._report(entry.line, "no-record", message, entry.raw, lost=True)

    def _report(
        self, line: int, code: str, message: str, raw: str, *, lost: bool = False
    ) -> Problem:
        place = Locator(path=self.path, format=self.format, line=line)
        return Problem(locator=place, code=code, message=message, raw=raw, lost=lost)


def _inheritance(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that others may take over; what is a title here is their book's."""
    from kg.readers.bibtex_record import INHERITED  # noqa: PLC0415 - as above

    for name in INHERITED:
        if len(value := values.get(name, "")) <= _LONGEST_INHERITED and value:
            yield name, value
    if "booktitle" not in values and len(title := values.get("title", "")) <= _LONGEST_INHERITED:
        yield "booktitle", title
