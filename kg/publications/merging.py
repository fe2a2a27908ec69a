"""Floor above the model: records that share a key, merged; where they disagree, it is told.

Pure. Whatever a record has is kept: values that are not chosen are named in a problem.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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
    Publication,
    Record,
    Source,
    Text,
)
from kg.publications.identity import (
    NAMING_KINDS,
    journal_initials,
    make_keys,
    normalise_identifiers,
    normalise_title,
    strength,
)

_T = TypeVar("_T")

_TEXTS = ("title", "abstract", "vernacular-title")


@dataclass(frozen=True, slots=True)
class _Entry:
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


def merge_records(
    records: Iterable[tuple[Record, Source]],
) -> tuple[list[Publication], list[Problem]]:
    """Merge records that share a key into publications, and say where they do not agree.

    Publications come in the order of their first record: by source, then by line. Problem codes:
    conflicting-identity, conflicting-field, bad-identifier.
    """
    problems: list[Problem] = []
    entries = []
    for record, source in records:
        identifiers, wrong = normalise_identifiers(record)
        entries.append(_Entry(record, source, make_keys(record), identifiers))
        for prefix, value in wrong.items():
            message = f"'{value}' is no {prefix}; it is left out"
            problems.append(_report(record, "bad-identifier", message, "identifiers", value))
    if len(entries) == 1:
        entry = entries[0]
        return [_publish(entry, _naming(entry.keys))], problems
    entries.sort(key=lambda entry: entry.place)
    publications: list[Publication] = []
    groups, conflicts = _group(entries)
    members = [[entries[index] for index in group] for group in groups]
    owners: dict[str, int] = defaultdict(int)
    for group in members:
        for key in {key for entry in group for key in entry.keys}:
            owners[key] += 1
    for group in members:
        keys = sorted({key for entry in group for key in entry.keys}, key=strength)
        # A key that two papers hold leads to neither.
        named = [key for key in keys if owners[key] == 1 or key == keys[0]]
        publication, found = _merge(group, _naming(named))
        publications.append(publication)
        conflicts += found
    return publications, conflicts + sorted(problems, key=_order_of_problem)


def _naming(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key.partition("-")[0] in NAMING_KINDS)


def _order_of_problem(problem: Problem) -> tuple[str, int, str, str]:
    return problem.locator.path, problem.locator.line, problem.field, problem.raw


def _group(entries: list[_Entry]) -> tuple[list[list[int]], list[Problem]]:
    """Join entries that share a key, strongest keys first, unless that would join two PMIDs."""
    parents = list(range(len(entries)))
    pmids: dict[int, str] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        for key in entry.keys:
            holders[key].append(index)
            if key.startswith("pmid-"):
                pmids[index] = key

    def find(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def join(roots: list[int]) -> None:
        for root in roots[1:]:
            parents[root] = roots[0]
            if root in pmids:
                pmids[roots[0]] = pmids[root]

    problems = []
    for key in sorted(holders, key=strength):
        roots = sorted({find(index) for index in holders[key]})
        named = sorted({pmids[root] for root in roots if root in pmids})
        if len(named) <= 1:
            join(roots)
            continue
        # Which of the papers a record without PMID belongs to cannot be known: it stays apart.
        join([root for root in roots if root not in pmids])
        papers = ", ".join(name.replace("pmid-", "PMID:") for name in named)
        message = f"{papers} share the key '{key}'; they are kept apart"
        record = entries[roots[0]].record
        problems.append(_report(record, "conflicting-identity", message, "identifiers", key))
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(entries)):
        groups[find(index)].append(index)
    return sorted(groups.values()), problems


def _publish(entry: _Entry, keys: tuple[str, ...]) -> Publication:
    """Make a publication of one record."""
    record = entry.record
    return Publication(
        key=keys[0],
        other_keys=keys[1:],
        texts=_number_snippets(record.texts),
        authors=record.authors,
        et_al=record.et_al,
        journal=record.journal,
        journal_title=record.journal_title,
        issns=record.issns,
        year=record.year,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        first_page=record.first_page,
        last_page=record.last_page,
        identifiers=dict(sorted(entry.identifiers.items())),
        indexing=record.indexing,
        annotations=record.annotations,
        origins=(_origin(entry),),
    )


def _merge(group: list[_Entry], keys: tuple[str, ...]) -> tuple[Publication, list[Problem]]:
    """Make one publication: every field from the fullest record that has it."""
    if len(group) == 1:
        return _publish(group[0], keys), []
    choice = _Choice(group)
    authors, et_al = choice.authors()
    texts = choice.texts()
    publication = Publication(
        key=keys[0],
        other_keys=keys[1:],
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=choice.journal(),
        journal_title=choice.value("journal title", lambda record: record.journal_title) or "",
        issns=choice.value("ISSN", lambda record: record.issns) or (),
        year=choice.value("year", lambda record: record.year),
        volume=choice.value("volume", lambda record: record.volume) or "",
        issue=choice.value("issue", lambda record: record.issue) or "",
        **choice.pages(),
        identifiers=choice.identifiers(),
        indexing=choice.indexing(),
        annotations=choice.annotations(texts),
        origins=choice.origins,
        chosen=tuple(sorted(choice.chosen.items())),
    )
    return publication, list(_find_conflicts(choice.ranked, publication))


class _Choice:
    """Chooses the values of a paper from its records, and keeps whose they were.

    `ranked` has the fullest record first; `origins` are in the order of the files, and `chosen`
    has for each field the index of an origin.
    """

    def __init__(self, group: list[_Entry]) -> None:
        self._group = group
        self.ranked = sorted(group, key=_fullness)
        self.origins = tuple(dict.fromkeys(map(_origin, group)))
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
        return _number_snippets((*chosen, *(one for one in texts if one.field not in _TEXTS)))

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

    def annotations(self, chosen: Iterable[Text]) -> tuple[Annotation, ...]:
        """Return the annotations of the texts that were chosen, each once."""
        texts = {text.field: text.text for text in chosen}
        found: dict[Annotation, None] = {}
        for entry in self.ranked:
            for one in entry.record.annotations:
                mine = _text_of(entry.record, one.field)
                if mine is not None and mine.text == texts.get(one.field):
                    found.setdefault(one)
        return tuple(sorted(found, key=attrgetter("field", "start", "end", "identifiers")))

    def _take(self, field: str, entry: _Entry) -> None:
        self.chosen[field] = self.origins.index(_origin(entry))


def _text_of(record: Record, field: str) -> Text | None:
    return next((text for text in record.texts if text.field == field and text.text), None)


def _number_snippets(texts: Iterable[Text]) -> tuple[Text, ...]:
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


def _fullness(entry: _Entry) -> tuple[object, ...]:
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


def _find_conflicts(entries: list[_Entry], chosen: Publication) -> Iterator[Problem]:
    """Yield a problem for each value that is not the chosen one, missing values apart."""
    for entry in entries:
        record = entry.record
        pairs = [
            ("title", record.title, chosen.title),
            *_compare_journals(record, chosen),
            ("year", str(record.year or ""), str(chosen.year or "")),
            ("volume", record.volume, chosen.volume),
            ("issue", record.issue, chosen.issue),
            ("pages", record.first_page, chosen.first_page),
            ("pages", record.last_page, chosen.last_page),
            ("authors", *_compare_authors(record, chosen)),
            *(
                (prefix, value, chosen.identifiers[prefix])
                for prefix, value in entry.identifiers.items()
            ),
        ]
        seen = set()
        for name, value, kept in pairs:
            if not value or not kept or normalise_title(value) == normalise_title(kept):
                continue
            if name not in seen:
                seen.add(name)
                message = f"{chosen.key}: '{value}' here, '{kept}' elsewhere; the latter is kept"
                yield _report(record, "conflicting-field", message, name, value)


def _compare_journals(record: Record, chosen: Publication) -> Iterator[tuple[str, str, str]]:
    """Yield the two names of a journal, unless they abbreviate alike or share an ISSN."""
    alike = journal_initials(record.journal) == journal_initials(chosen.journal)
    if not alike and not set(record.issns) & set(chosen.issns):
        yield "journal", record.journal, chosen.journal


def _compare_authors(record: Record, chosen: Publication) -> tuple[str, str]:
    """Return the two bylines as far as both go, by family name, since initials are often cut."""
    mine = [author.family for author in record.authors]
    kept = [author.family for author in chosen.authors]
    if record.et_al or chosen.et_al:
        length = min(len(mine), len(kept))
        mine, kept = mine[:length], kept[:length]
    return ", ".join(mine), ", ".join(kept)


def _origin(entry: _Entry) -> Origin:
    return Origin(
        source_sha256=entry.source.sha256,
        line=entry.record.locator.line,
        section=entry.record.section,
        position=entry.record.position,
    )


def _report(record: Record, code: str, message: str, field: str, raw: str) -> Problem:
    return Problem(locator=record.locator, code=code, message=message, field=field, raw=raw)
