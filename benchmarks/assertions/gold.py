"""The annotated sentences, with the documents that they stand in.

What a line of `reading_list.jsonl`, `immunology.jsonl` and `polarity.jsonl` holds is told in the
README beside them.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.recognition import read_articles
from kg import read_file
from kg.model import Predicate, Record
from kg.publications import merge_records
from kg.readers import source_of
from kg.resources import resource_path

Span = tuple[int, int]  # of a sentence, in code points, end exclusive

READING_LIST = "reading-list"
IMMUNOLOGY_DEV = "immunology-dev"
IMMUNOLOGY_HELD_OUT = "immunology-held-out"
POLARITY_DEV = "polarity-dev"
POLARITY_HELD_OUT = "polarity-held-out"
DEV = (READING_LIST, IMMUNOLOGY_DEV, POLARITY_DEV)  # the sets that rules may be tuned on
HELD_OUT = (IMMUNOLOGY_HELD_OUT, POLARITY_HELD_OUT)
POLARITY = (POLARITY_DEV, POLARITY_HELD_OUT)  # chosen by cue words, so no ordinary text

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Argument:
    """A subject or object: its primary span, and the other spans that name the same."""

    span: Span
    other: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """All spans, the primary first."""
        return (self.span, *self.other)


@dataclass(frozen=True)
class Gold:
    """An assertion of a sentence; `also` are the predicates that are right as well."""

    subject: Argument
    predicate: Predicate
    object: Argument
    negated: bool = False
    speculative: bool = False
    also: tuple[Predicate, ...] = ()
    note: str = ""
    trigger: Span | None = None

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """All predicates that are right, the first choice first."""
        return (self.predicate, *self.also)


@dataclass(frozen=True)
class Document:
    """A publication's texts by field, in the order in which they are annotated."""

    key: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class GoldSentence:
    """A sentence of a document's field, and what it says."""

    part: str
    document: Document
    field: str
    start: int
    end: int
    assertions: tuple[Gold, ...]
    note: str = ""

    @cached_property
    def text(self) -> str:
        """The sentence."""
        return self.document.fields[self.field][self.start : self.end]


def read_reading_list() -> list[GoldSentence]:
    """Return the sentences of the reading list that ships with the project."""
    path = resource_path("data", "interleukin-7.txt")
    source = source_of(path)
    records = [(item, source) for item in read_file(path) if isinstance(item, Record)]
    documents = {
        one.key: Document(one.key, {text.field: text.text for text in one.texts})
        for one in merge_records(records)[0]
    }
    sentences = []
    for line in _lines("reading_list.jsonl"):
        document = documents.get(line["publication"])
        if document is None or _cut(document, line) != line["text"]:
            _tell(f"reading list: {line['publication']} {line['field']} has another text now")
            continue
        sentences.append(_sentence(READING_LIST, document, line))
    return sentences


def read_immunology(path: Path) -> list[GoldSentence]:
    """Return the immunology sentences, with their text from a file of PubMed XML."""
    return _read_sample("immunology", path)


def read_polarity(path: Path) -> list[GoldSentence]:
    """Return the sentences with cues of negation or speculation, from the same file."""
    return _read_sample("polarity", path)


def _read_sample(name: str, path: Path) -> list[GoldSentence]:
    lines = list(_lines(f"{name}.jsonl"))
    wanted = {line["pmid"] for line in lines}
    documents = {
        pmid: Document(pmid, {"title": title, "abstract": abstract})
        for pmid, title, abstract in read_articles(path)
        if pmid in wanted
    }
    sentences = []
    for line in lines:
        document = documents.get(line["pmid"])
        if document is None:
            _tell(f"{name}: PMID {line['pmid']} is not in {path.name}")
            continue
        digest = hashlib.sha256(_cut(document, line).encode()).hexdigest()
        if digest != line["sha256"]:
            _tell(f"{name}: PMID {line['pmid']} {line['field']} has another text than annotated")
            continue
        sentences.append(_sentence(part_of(line["pmid"], name), document, line))
    return sentences


def part_of(pmid: str, sample: str = "immunology") -> str:
    """Return the set of a citation's sentences, which tells whether rules may be tuned on them."""
    first = hashlib.sha256(pmid.encode()).hexdigest()[0]
    return f"{sample}-dev" if int(first, 16) < 8 else f"{sample}-held-out"


def parse_assertions(rows: Iterable[Mapping[str, Any]]) -> tuple[Gold, ...]:
    """Return assertions from their JSON."""
    return tuple(
        Gold(
            subject=_argument(row, "subject"),
            predicate=Predicate(row["predicate"]),
            object=_argument(row, "object"),
            negated=row["negated"],
            speculative=row["speculative"],
            also=tuple(map(Predicate, row.get("also", ()))),
            note=row.get("note", ""),
            trigger=_span(row.get("trigger")),
        )
        for row in rows
    )


def unite_arguments(text: str, assertions: Iterable[Gold]) -> tuple[Gold, ...]:
    """Return the assertions of a sentence with one argument for what is named alike, each once.

    "interleukin-7 or ... interleukin 7" are two arguments to the annotator and one term in a graph,
    so that what is said of either is said once.
    """
    united: dict[str, Argument] = {}
    assertions = list(assertions)
    for one in chain.from_iterable((gold.subject, gold.object) for gold in assertions):
        name = _bare(text[slice(*one.span)])
        known = united.get(name, one)
        spans = dict.fromkeys((*known.spans, *one.spans))
        first, *other = sorted(spans, key=lambda span: span != known.span)
        united[name] = Argument(first, tuple(other))
    kept: dict[tuple[Argument, Predicate, Argument], Gold] = {}
    for gold in assertions:
        subject, target = (
            united[_bare(text[slice(*one.span)])] for one in (gold.subject, gold.object)
        )
        key = (subject, gold.predicate, target)
        kept.setdefault(key, replace(gold, subject=subject, object=target))
    return tuple(kept.values())


def _bare(name: str) -> str:
    """Return a name without case, spaces, hyphens and plural."""
    return re.sub(r"[\s\-‐-―]", "", name.casefold()).removesuffix("s")


def _span(place: Mapping[str, Any] | None) -> Span | None:
    return (place["start"], place["end"]) if place else None


def _argument(row: Mapping[str, Any], role: str) -> Argument:
    primary, *other = (
        (span["start"], span["end"]) for span in chain([row[role]], row.get(f"{role}_alt", ()))
    )
    return Argument(primary, tuple(other))


def _sentence(part: str, document: Document, line: Mapping[str, Any]) -> GoldSentence:
    assertions = parse_assertions(line["assertions"])
    return GoldSentence(
        part=part,
        document=document,
        field=line["field"],
        start=line["start"],
        end=line["end"],
        assertions=unite_arguments(_cut(document, line), assertions),
        note=line.get("note", ""),
    )


def _cut(document: Document, line: Mapping[str, Any]) -> str:
    return document.fields.get(line["field"], "")[line["start"] : line["end"]]


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with (_FOLDER / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
