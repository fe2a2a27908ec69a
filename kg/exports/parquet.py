"""Floor 8: tables of papers, sentences, mentions, assertions, evidence and entities in Parquet.

They join on `paper`, `curie` and `assertion`. Offsets count code points in the field's text, the
end exclusive. Rows go out in groups as they come: memory is that of a group for each table.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from kg.exports.extras import load_extra
from kg.exports.reading import GraphReader
from kg.exports.things import Evidence, Paper, Place, Sentence
from kg.exports.view import View, Written
from kg.namespaces import DCTERMS, SKOS, iri_to_curie

ROW_GROUP = 20_000

_Row = Mapping[str, Any]

# The columns of each table by their types: text, list of texts, whole number, number, truth.
TABLES: dict[str, dict[str, str]] = {
    "papers": {
        "paper": "string",
        "iri": "string",
        "pmid": "string",
        "pmcid": "string",
        "doi": "string",
        "title": "string",
        "journal": "string",
        "year": "int32",
        "volume": "string",
        "issue": "string",
        "pages": "string",
        "authors": "string",
    },
    "sentences": {
        "paper": "string",
        "field": "string",
        "section": "string",
        "start": "int32",
        "end": "int32",
        "text": "string",
    },
    "mentions": {
        "paper": "string",
        "field": "string",
        "sentence_start": "int32",
        "start": "int32",
        "end": "int32",
        "text": "string",
        "curie": "string",
        "alternatives": "list",
        "score": "float64",
        "method": "string",
    },
    "assertions": {
        "assertion": "string",
        "subject": "string",
        "predicate": "string",
        "object": "string",
        "sign": "string",
        "negated": "bool",
        "speculative": "bool",
        "papers": "int32",
        "sentences": "int32",
        "confidence": "float64",
    },
    "evidence": {
        "assertion": "string",
        "paper": "string",
        "field": "string",
        "sentence_start": "int32",
        "subject_start": "int32",
        "subject_end": "int32",
        "subject_text": "string",
        "object_start": "int32",
        "object_end": "int32",
        "object_text": "string",
        "trigger": "string",
        "trigger_start": "int32",
        "negated": "bool",
        "speculative": "bool",
        "method": "string",
        "confidence": "float64",
    },
    "entities": {
        "curie": "string",
        "iri": "string",
        "label": "string",
        "type": "string",
        "definition": "string",
        "synonyms": "list",
        "xrefs": "list",
        "taxon": "string",
        "papers": "int32",
    },
    "co_mentions": {
        "first": "string",
        "second": "string",
        "papers": "int32",
        "sentences": "int32",
        "log_likelihood": "float64",
    },
}


class ParquetProfile:
    """A folder of Parquet files, a table each."""

    name = "parquet"
    summary = "tables of papers, sentences, mentions, assertions, evidence, entities (Parquet)"
    suffix = ""

    def write(self, view: View, target: Path) -> Written:
        """Write the tables; what is not known is null.

        Raises:
            KgError: if the graph is damaged, or pyarrow is missing.

        """
        pyarrow = load_extra("pyarrow", "parquet")
        load_extra("pyarrow.parquet", "parquet")
        target.mkdir()
        reader = GraphReader(view)
        with ExitStack() as stack:
            tables = {
                name: stack.enter_context(_Table(pyarrow, target / f"{name}.parquet", columns))
                for name, columns in TABLES.items()
            }
            without_text = _write_papers(reader, tables)
            _write_assertions(reader, tables)
            for row in _entities(reader):
                tables["entities"].add(row)
            for row in _co_mentions(reader):
                tables["co_mentions"].add(row)
        notes: tuple[str, ...] = ()
        if without_text:
            note = f"{without_text} sentences have no text, and their mentions no places"
            notes = (f"{note}: the texts were left out",)
        nouns = {"evidence": "pieces of evidence", "co_mentions": "co-mentions"}
        files = {
            table.path: f"{table.rows} {nouns.get(name, name)}" for name, table in tables.items()
        }
        return Written(files=files, notes=notes)


@dataclass(slots=True)
class _Table:
    """A table that is being written; it holds the rows of one group."""

    pyarrow: Any
    path: Path
    columns: Mapping[str, str]
    rows: int = 0
    _writer: Any = None
    _schema: Any = None
    _group: dict[str, list[Any]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        arrow = self.pyarrow
        types = {"list": arrow.list_(arrow.string()), "bool": arrow.bool_()}
        self._schema = arrow.schema(
            [
                (name, types.get(kind) or getattr(arrow, kind)())
                for name, kind in self.columns.items()
            ]
        )
        self._writer = arrow.parquet.ParquetWriter(self.path, self._schema, compression="zstd")
        self._group = {name: [] for name in self.columns}
        return self

    def __exit__(self, *problem: object) -> None:
        if problem[0] is None:
            self._flush()
        self._writer.close()

    def add(self, row: _Row) -> None:
        for name, values in self._group.items():
            value = row.get(name)
            values.append(None if value == "" else value)
        self.rows += 1
        if self.rows % ROW_GROUP == 0:
            self._flush()

    def _flush(self) -> None:
        if self.rows and any(self._group.values()):
            self._writer.write_table(self.pyarrow.table(self._group, schema=self._schema))
            self._group = {name: [] for name in self.columns}


def _write_papers(reader: GraphReader, tables: Mapping[str, _Table]) -> int:
    """Write papers with their sentences and mentions; return how many sentences have no text."""
    without_text = 0
    for paper in reader.papers():
        tables["papers"].add(_paper(paper))
        for sentence in reader.sentences(paper.iri):
            without_text += sentence.text is None
            place = {"paper": paper.curie, "field": sentence.field}
            tables["sentences"].add(place | _sentence(sentence))
            for row in _mentions(reader, sentence):
                tables["mentions"].add(place | row)
    return without_text


def _paper(paper: Paper) -> _Row:
    return {
        "paper": paper.curie,
        "iri": paper.iri,
        "pmid": paper.identifiers.get("PMID"),
        "pmcid": paper.identifiers.get("PMCID"),
        "doi": paper.identifiers.get("DOI"),
        "title": paper.title,
        "journal": paper.journal,
        "year": paper.year,
        "volume": paper.volume,
        "issue": paper.issue,
        "pages": paper.pages,
        "authors": paper.byline,
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "section": sentence.section,
        "start": sentence.start,
        "end": None if sentence.text is None else sentence.start + len(sentence.text),
        "text": sentence.text,
    }


def _mentions(reader: GraphReader, sentence: Sentence) -> Iterator[dict[str, Any]]:
    """Yield the mentions of a sentence; without its text, once each, without their places."""
    wordings = [(place.start, place.end, place.wording) for place in sentence.places]
    found = (
        wordings
        if sentence.text is not None
        else [(None, None, each) for each in sentence.wordings]
    )
    for start, end, wording in found:
        yield {
            "sentence_start": sentence.start,
            "start": start,
            "end": end,
            "text": wording.words,
            "curie": reader.entity(wording.entity).curie,
            "alternatives": [reader.entity(each).curie for each in wording.others],
            "score": wording.score,
            "method": wording.method,
        }


def _write_assertions(reader: GraphReader, tables: Mapping[str, _Table]) -> None:
    for one in reader.assertions():
        tables["assertions"].add(
            {
                "assertion": one.iri,
                "subject": reader.entity(one.subject).curie,
                "predicate": one.predicate,
                "object": reader.entity(one.object).curie,
                "sign": reader.sign(one.predicate),
                "negated": one.negated,
                "speculative": one.speculative,
                "papers": one.papers,
                "sentences": one.sentences,
                "confidence": one.confidence,
            }
        )
        for iri in one.evidence:
            evidence = reader.evidence(iri)
            if evidence is not None:
                row = _evidence(evidence, reader.sentence(evidence.sentence))
                tables["evidence"].add({"assertion": one.iri, **row})


def _evidence(one: Evidence, sentence: Sentence) -> _Row:
    return {
        "paper": iri_to_curie(sentence.paper) or sentence.paper,
        "field": sentence.field,
        "sentence_start": sentence.start,
        **_end("subject", sentence.find(one.subject, one.start)),
        **_end("object", sentence.find(one.object, one.start)),
        "trigger": one.trigger,
        "trigger_start": one.start,
        "negated": one.negated,
        "speculative": one.speculative,
        "method": one.method,
        "confidence": one.confidence,
    }


def _end(role: str, place: Place | None) -> _Row:
    if place is None:
        return {}
    return {
        f"{role}_start": place.start,
        f"{role}_end": place.end,
        f"{role}_text": place.wording.words,
    }


def _entities(reader: GraphReader) -> Iterator[_Row]:
    for iri, entity in reader.entities.items():
        node = reader.node(iri)
        taxon = node.text("inTaxon")
        yield {
            "curie": entity.curie,
            "iri": iri,
            "label": entity.label,
            "type": entity.kind,
            "definition": node.text(f"{SKOS}definition") or node.text(f"{DCTERMS}description"),
            "synonyms": node.all(f"{SKOS}altLabel"),
            "xrefs": sorted({iri_to_curie(each) or each for each in node.all(f"{SKOS}exactMatch")}),
            "taxon": iri_to_curie(taxon) or taxon,
            "papers": reader.count_papers(iri),
        }


def _co_mentions(reader: GraphReader) -> Iterator[_Row]:
    for pair in reader.co_mentions():
        yield {
            "first": reader.entity(pair.first).curie,
            "second": reader.entity(pair.second).curie,
            "papers": pair.papers,
            "sentences": pair.sentences,
            "log_likelihood": pair.log_likelihood,
        }
