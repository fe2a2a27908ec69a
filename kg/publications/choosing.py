"""Floor above the model: the values of a paper, chosen from its records. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import partial
from operator import attrgetter
from typing import TypeVar

from kg.model import (
    Annotation,
    Author,
    Indexing,
    Origin,
    Problem,
    Record,
    Source,
    Text,
)
from kg.publications.conflicts import report
from kg.publications.identity import journal_initials

_T = TypeVar("_T")

_TEXTS = ("title", "abstract", "vernacular-title")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its source, and what is asked of both again and again."""

    record: Record
    source: Source
    keys: tuple[str, ...]
    identifiers: dict[str, str]

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Sort key: by source, then by place in it; the rest decides where two share a place."""
        record = self.record
        return (
            self.source.sha256,
            record.locator.line,
            record.position,
            repr((record, self.source)),
        )


class Choice:
    """Chooses the values of a paper from its records, and keeps whose they were.

    `ranked` has the fullest record first; `origins` are in the order of the files, and `chosen`
    has for each field the index of an origin.
    """

    def __init__(self, group: list[Entry]) -> None:
        self._group = group
        self.ranked = sorted(group, key=_fullness)
        self.origins = tuple(dict.fromkeys(map(origin_of, group)))
        self.chosen: dict[str, int] = {}

    def value(self, field: str, get: Callable[[Record], _T]) -> _T | None:
        """Return the first value that is there, from the fullest record on."""
        for entry in self.ranked:
            if value := get(entry.record):
                self._take(field, entry)
                return value
        return None

    def journal(self) -> str:
        """Return the journal of the fullest record that has one, as short as any record has it."""
        named = [entry for entry in self.ranked if entry.record.journal]
        if not named:
            return ""
        initials = journal_initials(named[0].record.journal)
        alike = [one for one in named if journal_initials(one.record.journal) == initials]
        shortest = min(alike, key=lambda entry: len(entry.record.journal))
        self._take("journal", shortest)
        return shortest.record.journal

    def pages(self) -> dict[str, str]:
        """Return the pages as printed, the first and the last, all of one record."""
        found = self.value("pages", lambda record: record if record.pages else None)
        record = found or self.ranked[0].record
        return {
            "pages": record.pages,
            "first_page": record.first_page,
            "last_page": record.last_page,
        }

    def identifiers(self) -> dict[str, str]:
        """Return the identifiers of all records; of two of a kind, the fullest record's."""
        found: dict[str, str] = {}
        for entry in self.ranked:
            for prefix, value in entry.identifiers.items():
                if prefix not in found:
                    found[prefix] = value
                    self._take(prefix, entry)
        return dict(sorted(found.items()))

    def authors(self) -> tuple[tuple[Author, ...], bool]:
        """Return the longest byline, one that is not cut before one that is.

        Of bylines of one length, one with ORCIDs or forenames goes first.
        """
        entry = min(self.ranked, key=lambda entry: _cut_of(entry.record))
        if entry.record.authors:
            self._take("authors", entry)
        return entry.record.authors, entry.record.et_al

    def texts(self) -> tuple[Text, ...]:
        """Return the fullest record's title and abstract, and every snippet once."""
        chosen = []
        for name in _TEXTS:
            text = self.value(name, partial(_text_of, field=name))
            if text is not None:
                chosen.append(text)
        texts = (text for entry in self._group for text in entry.record.texts)
        return number_snippets((*chosen, *(one for one in texts if one.field not in _TEXTS)))

    def indexing(self) -> Indexing:
        """Return each part from the fullest record that has it, and all relations."""
        parts: dict[str, tuple[object, ...]] = {}
        for part in fields(Indexing):
            if part.name == "relations":
                continue
            name = part.name.replace("_", " ")
            found = self.value(name, attrgetter(f"indexing.{part.name}"))
            parts[part.name] = found or ()
        relations = [one for entry in self.ranked for one in entry.record.indexing.relations]
        distinct = {(one.kind, one.citation, *one.identifiers.items()): one for one in relations}
        return Indexing(relations=tuple(distinct.values()), **parts)  # type: ignore[arg-type]

    def annotations(self, chosen: Iterable[Text]) -> tuple[tuple[Annotation, ...], list[Problem]]:
        """Return the annotations on the texts that were chosen, each once, and what was lost.

        Where another record's text is shown, they are moved to the same words there.
        """
        texts = {text.field: text.text for text in chosen}
        found: dict[Annotation, None] = {}
        problems = []
        for entry in self.ranked:
            lost = []
            for one in entry.record.annotations:
                mine = _text_of(entry.record, one.field)
                moved = _move(one, mine.text if mine else "", texts.get(one.field, ""))
                if moved is not None:
                    found.setdefault(moved)
                else:
                    lost.append(one.text)
            if lost:
                named = ", ".join(f"'{text}'" for text in lost[:5])
                message = f"{len(lost)} annotations are of words that the text kept lacks: {named}"
                problems.append(
                    report(entry.record, "lost-annotation", message, "annotations", "; ".join(lost))
                )
        ordered = sorted(found, key=attrgetter("field", "start", "end", "identifiers"))
        return tuple(ordered), problems

    def _take(self, field: str, entry: Entry) -> None:
        self.chosen[field] = self.origins.index(origin_of(entry))


def _move(annotation: Annotation, mine: str, kept: str) -> Annotation | None:
    """Return an annotation of one text on another: by its words.

    None where the other text does not have them.
    """
    if mine == kept:
        return annotation
    words = re.compile(re.escape(annotation.text))
    there = [match.start() for match in words.finditer(kept)]
    here = [match.start() for match in words.finditer(mine)]
    if not there:
        return None
    if len(here) == len(there) and annotation.start in here:
        start = there[here.index(annotation.start)]
    else:
        start = min(there, key=lambda place: abs(place - annotation.start))
    return replace(annotation, start=start, end=start + len(annotation.text))


def _text_of(record: Record, field: str) -> Text | None:
    return next((text for text in record.texts if text.field == field and text.text), None)


def number_snippets(texts: Iterable[Text]) -> tuple[Text, ...]:
    """Return texts that are not empty, each snippet once: snippet, snippet-2, ..."""
    numbered = []
    snippets: set[str] = set()
    for text in filter(attrgetter("text"), texts):
        name = text.field
        if name.startswith("snippet"):
            if text.text in snippets:
                continue
            snippets.add(text.text)
            name = "snippet" if len(snippets) == 1 else f"snippet-{len(snippets)}"
        numbered.append(text if text.field == name else replace(text, field=name))
    return tuple(numbered)


def _fullness(entry: Entry) -> tuple[object, ...]:
    """Sort key: most identifiers first, then most fields, then unrepaired texts, then the place."""
    record = entry.record
    given = (
        record.title, record.authors, record.journal, record.year, record.volume, record.issue,
        record.pages, len(record.texts) > 1, record.indexing != Indexing(),
    )  # fmt: skip
    repaired = any(text.edits for text in record.texts if text.field == "title")
    return -len(entry.identifiers), -sum(map(bool, given)), repaired, entry.place


def _cut_of(record: Record) -> tuple[bool, int, int]:
    details = sum(bool(author.orcid) + bool(author.given) for author in record.authors)
    return record.et_al or not record.authors, -len(record.authors), -details


def origin_of(entry: Entry) -> Origin:
    """Return where an entry was read."""
    return Origin(
        source_sha256=entry.source.sha256,
        line=entry.record.locator.line,
        section=entry.record.section,
        position=entry.record.position,
    )
