"""Floor 8: annotated texts as BioC, in XML or JSON, by the `bioc` library, a document at a time.

The format is that of Comeau et al. 2013 (Database bat064); infons are named as PubTator names them.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.exports.documents import CONCEPTS, Document, Passage, one_line, read_documents
from kg.exports.extras import load_extra
from kg.exports.reading import GraphReader
from kg.exports.things import Assertion, Evidence, Paper, Place, Sentence
from kg.exports.view import View, Written
from kg.namespaces import KG

_SOURCE = "litkg"
_Bioc = Any  # what the library makes; it has no types
_Put = Callable[[_Bioc], None]


class _BiocProfile(ABC):
    """What the two forms of BioC share."""

    name: str
    suffix: str

    def write(self, view: View, target: Path) -> Written:
        """Write every paper that has a text as a document with a passage for each field.

        Annotations have `type`, `identifier` (the graph's CURIE), `score`, `method`, and, where the
        words may mean something else, `alternatives`. Relations are those of the sentences, one for
        each piece of evidence: `type`, `negated`, `speculative`, the trigger and where it stands.

        Raises:
            KgError: if the texts were left out of the view, the graph is damaged, or the `bioc`
                library is missing.

        """
        maker = _Maker(GraphReader(view))
        papers = 0
        with self._open(target) as put:
            for document in read_documents(maker.reader, wanted_by="BioC"):
                put(maker.make(document))
                papers += 1
        counts = f"{papers} papers, {maker.annotations} annotations, {maker.relations} relations"
        notes: tuple[str, ...] = ()
        if maker.unplaced:
            notes = (f"{maker.unplaced} relations name a mention that stands nowhere in the text",)
        return Written(files={target: counts}, notes=notes)

    @abstractmethod
    def _open(self, target: Path) -> AbstractContextManager[_Put]:
        """Open a file for documents, which are put one after the other."""


class BiocXmlProfile(_BiocProfile):
    """BioC in XML."""

    name = "bioc"
    summary = "titles and abstracts with their mentions and relations, as BioC XML"
    suffix = ".xml"

    @contextmanager
    def _open(self, target: Path) -> Iterator[_Put]:
        bioc = load_extra("bioc", "bioc")
        with target.open("wb") as out:
            write = load_extra("bioc.biocxml", "bioc").BioCXMLDocumentWriter
            writer = write(out, encoding="UTF-8", standalone=False)
            collection = bioc.BioCCollection()
            collection.source, collection.date, collection.key = _SOURCE, "", _KEY
            writer.write_collection_info(collection)
            yield writer.write_document
            writer.close()


class BiocJsonProfile(_BiocProfile):
    """BioC in JSON, a document a line within the collection."""

    name = "bioc-json"
    summary = "titles and abstracts with their mentions and relations, as BioC JSON"
    suffix = ".json"

    @contextmanager
    def _open(self, target: Path) -> Iterator[_Put]:
        to_json = load_extra("bioc.biocjson.encoder", "bioc").toJSON
        head = {"source": _SOURCE, "date": "", "key": _KEY, "version": "1.0", "infons": {}}
        with target.open("w", encoding="utf-8", newline="\n") as out:
            out.write(json.dumps({"bioctype": "BioCCollection", **head})[:-1])
            out.write(', "documents": [')
            before = "\n"

            def put(document: _Bioc) -> None:
                nonlocal before
                out.write(before + json.dumps(to_json(document), ensure_ascii=False))
                before = ",\n"

            yield put
            out.write("\n]}\n")


# Where the types of relations are defined.
_KEY = KG


@dataclass(slots=True)
class _Marked:
    """What is written of a document so far: the ids of its annotations by what and where."""

    document: _Bioc
    ids: dict[tuple[str, str, int], str]


class _Maker:
    """Makes a document of BioC of a paper's."""

    def __init__(self, reader: GraphReader) -> None:
        self.reader = reader
        self._bioc = load_extra("bioc", "bioc")
        self.annotations = self.relations = self.unplaced = 0

    def make(self, document: Document) -> _Bioc:
        made = self._bioc.BioCDocument()
        made.id = document.paper.key
        made.infons.update(_describe(document.paper))
        marked = _Marked(made, {})
        for passage in document.passages:
            made.add_passage(self._passage(passage, marked))
        for passage in document.passages:
            for sentence in passage.sentences:
                for evidence in self.reader.evidence_in(sentence.iri):
                    for iri in self.reader.assertions_on(evidence.iri):
                        assertion = self.reader.assertion(iri)
                        self._relate(assertion, evidence, sentence, passage, marked)
        return made

    def _passage(self, passage: Passage, marked: _Marked) -> _Bioc:
        made = self._bioc.BioCPassage()
        made.offset = passage.offset
        # Readers know "title" and "abstract"; what the field is called stands beside it.
        made.infons["type"] = "title" if passage.field == "title" else "abstract"
        made.infons["field"] = passage.field
        made.text = passage.text
        for sentence in passage.sentences:
            for place in sentence.places:
                annotation = self._annotation(place, passage.offset, len(marked.ids))
                marked.ids[place.wording.iri, passage.field, place.start] = annotation.id
                made.add_annotation(annotation)
                self.annotations += 1
        return made

    def _annotation(self, place: Place, offset: int, number: int) -> _Bioc:
        wording = place.wording
        entity = self.reader.entity(wording.entity)
        made = self._bioc.BioCAnnotation()
        made.id = f"T{number + 1}"
        made.text = one_line(wording.words)
        made.infons["type"] = CONCEPTS.get(entity.kind, "Entity")
        made.infons["identifier"] = entity.curie
        made.infons["name"] = one_line(entity.label)
        if wording.others:
            others = (self.reader.entity(each).curie for each in wording.others)
            made.infons["alternatives"] = ";".join(others)
        if wording.score is not None:
            made.infons["score"] = f"{wording.score:.3f}"
        if wording.method:
            made.infons["method"] = wording.method
        length = place.end - place.start
        made.add_location(self._bioc.BioCLocation(offset + place.start, length))
        return made

    def _relate(
        self,
        assertion: Assertion,
        evidence: Evidence,
        sentence: Sentence,
        passage: Passage,
        marked: _Marked,
    ) -> None:
        made = self._bioc.BioCRelation()
        made.id = f"R{len(marked.document.relations) + 1}"
        made.infons["type"] = assertion.predicate
        made.infons["negated"] = str(evidence.negated).lower()
        made.infons["speculative"] = str(evidence.speculative).lower()
        made.infons["trigger"] = one_line(evidence.trigger)
        if evidence.start is not None:
            made.infons["trigger_offset"] = str(passage.offset + evidence.start)
            made.infons["trigger_length"] = str(len(evidence.trigger))
        if evidence.method:
            made.infons["method"] = evidence.method
        if evidence.confidence is not None:
            made.infons["confidence"] = f"{evidence.confidence:.3f}"
        for role, wording in (("subject", evidence.subject), ("object", evidence.object)):
            place = sentence.find(wording, evidence.start)
            if place is None:
                self.unplaced += 1
                return
            refid = marked.ids[wording, passage.field, place.start]
            made.add_node(self._bioc.BioCNode(refid, role))
        marked.document.add_relation(made)
        self.relations += 1


def _describe(paper: Paper) -> dict[str, str]:
    """Return what is told of a paper beside its texts, under the names that BioC-PMC uses."""
    first, _, last = paper.pages.partition("-")
    told = {
        "article-id_pmid": paper.identifiers.get("PMID", ""),
        "article-id_pmc": paper.identifiers.get("PMCID", ""),
        "article-id_doi": paper.identifiers.get("DOI", ""),
        "journal": one_line(paper.journal),
        "year": "" if paper.year is None else str(paper.year),
        "volume": paper.volume,
        "issue": paper.issue,
        "fpage": first,
        "lpage": last,
        "authors": one_line(paper.byline),
        "iri": paper.iri,
    }
    return {name: value for name, value in told.items() if value}
