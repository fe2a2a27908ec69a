"""`kg parse`: what the readers made of a file, one JSON object a record."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from kg.cli import RECORDS_LOST
from kg.cli.input_options import input_options
from kg.model import Problem, Record, Topic
from kg.publications import search_pubmed
from kg.readers import detect_reader, read_file


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@input_options
def parse(files: tuple[Path, ...], format_name: str | None, encoding: str | None) -> int:
    """Print the records of FILE... as JSON, one object a line.

    FILE is an export of PubMed or of a reference manager, or a reading list.

    The summary, and whatever could not be read, go to stderr; the exit code is 3 if any record
    could not be read.
    """
    for path in files:
        # Refuses a wrong file before anything is printed.
        detect_reader(path, format_name=format_name, encoding=encoding)
    output = sys.stdout.buffer  # JSON lines are UTF-8, whatever the terminal is set to.
    records = repaired = lost = 0
    read = partial(read_file, format_name=format_name, encoding=encoding)
    for item in (item for path in files for item in read(path)):
        if isinstance(item, Record):
            records += 1
            repaired += bool(item.problems)
            line = json.dumps(record_to_json(item), ensure_ascii=False)
            output.write(line.encode("utf-8") + b"\n")
        elif isinstance(item, Problem):
            lost += item.lost
            click.echo(_describe(item), err=True)
        else:
            assert isinstance(item, Topic)  # noqa: S101
    output.flush()
    noun = "record" if records == 1 else "records"
    click.echo(f"{records} {noun}, {repaired} with repairs, {lost} unreadable", err=True)
    return RECORDS_LOST if lost else 0


def record_to_json(record: Record) -> dict[str, Any]:
    """Return the JSON form of a record; what only some formats carry is there only if it is."""
    form: dict[str, Any] = {
        "title": record.title,
        "authors": [author.name for author in record.authors],
        "et_al": record.et_al,
        "journal": record.journal,
        "year": record.year,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "first_page": record.first_page,
        "last_page": record.last_page,
        "snippets": list(record.snippets),
        "identifiers": record.identifiers,
        "links": list(record.links),
        "section": record.section,
        "position": record.position,
        "problems": [
            {
                "code": problem.code,
                "message": problem.message,
                "field": problem.field,
                "raw": problem.raw,
                "line": problem.locator.line,
            }
            for problem in record.problems
        ],
        "pubmed_search": search_pubmed(record),
    }
    if repairs := list(_list_repairs(record)):
        form["repairs"] = repairs
    return form | {name: value for name, value in _further(record).items() if value}


def _further(record: Record) -> dict[str, Any]:
    """Return what some formats carry and others do not; empty where the record has none."""
    texts = {text.field: text for text in record.texts}
    abstract = texts.get("abstract")
    vernacular = texts.get("vernacular-title")
    indexing = record.indexing
    return {
        "abstract": abstract.text if abstract else "",
        "sections": [part.label for part in abstract.sections] if abstract else [],
        "vernacular_title": vernacular.text if vernacular else "",
        "orcids": {author.name: author.orcid for author in record.authors if author.orcid},
        "groups": [author.name for author in record.authors if author.collective],
        "journal_title": record.journal_title,
        "issns": list(record.issns),
        "languages": list(indexing.languages),
        "publication_types": list(indexing.publication_types),
        "keywords": list(indexing.keywords),
        "headings": [asdict(heading) for heading in indexing.headings],
        "substances": [asdict(substance) for substance in indexing.substances],
        "grants": list(indexing.grants),
        "relations": [asdict(relation) for relation in indexing.relations],
        "annotations": [asdict(annotation) for annotation in record.annotations],
    }


def _list_repairs(record: Record) -> Iterator[dict[str, Any]]:
    for text in record.texts:
        if text.edits:
            edits = [
                {
                    "start": edit.start,
                    "end": edit.end,
                    "raw_start": edit.raw_start,
                    "raw_end": edit.raw_end,
                }
                for edit in text.edits
            ]
            yield {"field": text.field, "raw": text.raw, "edits": edits}


def _describe(problem: Problem) -> str:
    quoted = problem.raw.replace("\n", " ")
    quoted = quoted if len(quoted) <= 100 else f"{quoted[:100]}…"
    return f"{problem.locator}: {problem.message}: {quoted!r}"
