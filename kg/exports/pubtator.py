"""Floor 8: annotated texts as PubTator's lines: title, abstract, mentions, relations.

The format is that of Wei et al. 2013 (Nucleic Acids Research gkt441), as PubTator 3 and the corpora
of BioCreative write it.
"""

from pathlib import Path
from typing import TextIO

from kg.exports.documents import CONCEPTS, Document, one_line, read_documents
from kg.exports.reading import GraphReader
from kg.exports.view import View, Written


class PubtatorProfile:
    """Annotated titles and abstracts, a line a mention."""

    name = "pubtator"
    summary = "titles and abstracts with their mentions and relations, as PubTator writes them"
    suffix = ".pubtator"

    def write(self, view: View, target: Path) -> Written:
        """Write every paper that has a text: two lines of it, its mentions, what it asserts.

        Identifiers are the graph's CURIEs. PubTator knows one text beside the title, so all others
        are joined to one. A relation line cannot deny: what is negated or only supposed is left
        out, and counted.

        Raises:
            KgError: if the texts were left out of the view, or the graph is damaged.

        """
        writer = _Writer(GraphReader(view))
        with target.open("w", encoding="utf-8", newline="\n") as out:
            for document in read_documents(writer.reader, wanted_by="PubTator"):
                writer.write(document, out)
        notes: tuple[str, ...] = ()
        if writer.left_out:
            note = f"{writer.left_out} relations that are negated or speculative were left out"
            notes = (f"{note}: PubTator's relation lines have no way to say so (bioc has)",)
        counts = f"{writer.papers} papers, {writer.mentions} mentions, {writer.relations} relations"
        return Written(files={target: counts}, notes=notes)


class _Writer:
    def __init__(self, reader: GraphReader) -> None:
        self.reader = reader
        self.papers = self.mentions = self.relations = self.left_out = 0

    def write(self, document: Document, out: TextIO) -> None:
        key = document.paper.key
        title, *others = document.passages
        out.write(f"{key}|t|{title.text}\n")
        out.write(f"{key}|a|{' '.join(each.text for each in others)}\n")
        for passage in document.passages:
            for sentence in passage.sentences:
                for place in sentence.places:
                    entity = self.reader.entity(place.wording.entity)
                    start, end = passage.offset + place.start, passage.offset + place.end
                    words = one_line(place.wording.words)
                    concept = CONCEPTS.get(entity.kind, "Entity")
                    out.write(f"{key}\t{start}\t{end}\t{words}\t{concept}\t{entity.curie}\n")
                    self.mentions += 1
        for kind, subject, object_ in self._relations(document):
            out.write(f"{key}\t{kind}\t{subject}\t{object_}\n")
            self.relations += 1
        out.write("\n")
        self.papers += 1

    def _relations(self, document: Document) -> list[tuple[str, str, str]]:
        """Return what a paper states outright, each once, in order."""
        stated: set[tuple[str, str, str]] = set()
        other: set[tuple[str, str, str]] = set()
        for passage in document.passages:
            for sentence in passage.sentences:
                for evidence in self.reader.evidence_in(sentence.iri):
                    for iri in self.reader.assertions_on(evidence.iri):
                        one = self.reader.assertion(iri)
                        subject = self.reader.entity(one.subject).curie
                        object_ = self.reader.entity(one.object).curie
                        is_stated = not evidence.negated and not evidence.speculative
                        (stated if is_stated else other).add((one.predicate, subject, object_))
        self.left_out += len(other - stated)
        return sorted(stated)
