"""Floor above the model: where records of one paper do not agree, as problems. Pure."""

from collections.abc import Iterable, Iterator

from kg.model import Problem, Publication, Record
from kg.publications.identity import journal_initials, normalise_identifiers, normalise_title


def find_conflicts(records: Iterable[Record], chosen: Publication) -> Iterator[Problem]:
    """Yield a problem for each value that is not the chosen one, missing values apart."""
    for record in records:
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
                for prefix, value in normalise_identifiers(record)[0].items()
            ),
        ]
        seen = set()
        for name, value, kept in pairs:
            if not value or not kept or normalise_title(value) == normalise_title(kept):
                continue
            if name not in seen:
                seen.add(name)
                message = f"{chosen.key}: '{value}' here, '{kept}' elsewhere; the latter is kept"
                yield report(record, "conflicting-field", message, name, value)


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


def report(record: Record, code: str, message: str, field: str, raw: str) -> Problem:
    """Return a problem with a field of a record."""
    return Problem(locator=record.locator, code=code, message=message, field=field, raw=raw)
