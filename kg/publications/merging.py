"""Floor above the model: records that share a key, merged; where they disagree, it is told.

Pure. Whatever a record has is kept: values that are not chosen are named in a problem.
"""

from collections import defaultdict
from collections.abc import Iterable

from kg.model import Problem, Publication, Record, Source
from kg.publications.choosing import Choice, Entry, number_snippets, origin_of
from kg.publications.conflicts import find_conflicts, report
from kg.publications.identity import (
    NAMING_KINDS,
    make_keys,
    normalise_identifiers,
    strength,
)


def merge_records(
    records: Iterable[tuple[Record, Source]],
) -> tuple[list[Publication], list[Problem]]:
    """Merge records that share a key into publications, and say where they do not agree.

    Publications come in the order of their first record: by source, then by line. Problem codes:
    conflicting-identity, conflicting-field, bad-identifier, lost-annotation.
    """
    problems: list[Problem] = []
    entries = []
    for record, source in records:
        identifiers, wrong = normalise_identifiers(record)
        entries.append(Entry(record, source, make_keys(record), identifiers))
        for prefix, value in wrong.items():
            message = f"'{value}' is no {prefix}; it is left out"
            problems.append(report(record, "bad-identifier", message, "identifiers", value))
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


def _group(entries: list[Entry]) -> tuple[list[list[int]], list[Problem]]:
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

    told: dict[tuple[str, ...], Problem] = {}
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
        problem = report(record, "conflicting-identity", message, "identifiers", key)
        told.setdefault(tuple(named), problem)  # a weaker key says nothing new
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(entries)):
        groups[find(index)].append(index)
    return sorted(groups.values()), list(told.values())


def _publish(entry: Entry, keys: tuple[str, ...]) -> Publication:
    """Make a publication of one record."""
    record = entry.record
    return Publication(
        key=keys[0],
        other_keys=keys[1:],
        texts=number_snippets(record.texts),
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
        origins=(origin_of(entry),),
    )


def _merge(group: list[Entry], keys: tuple[str, ...]) -> tuple[Publication, list[Problem]]:
    """Make one publication: every field from the fullest record that has it."""
    if len(group) == 1:
        return _publish(group[0], keys), []
    choice = Choice(group)
    records = [entry.record for entry in choice.ranked]
    authors, et_al = choice.authors()
    texts = choice.texts()
    annotations, lost = choice.annotations(texts)
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
        annotations=annotations,
        origins=choice.origins,
        chosen=tuple(sorted(choice.chosen.items())),
    )
    return publication, [*find_conflicts(records, publication), *lost]
