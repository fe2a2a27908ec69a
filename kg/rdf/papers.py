"""Floor 6: publications as N-Triples: their citation, their authors, and where they were read.

What only one paper says, and the nodes that papers share, are given apart: a build in several
processes writes the former as it comes, and each of the latter once. The statements of a shared
node follow from its IRI, which is the hash of all that they say.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg.model import (
    INDEXER,
    AnnotatedPublication,
    Author,
    Grounding,
    IndexedTerm,
    Publication,
    Source,
    Topic,
)
from kg.namespaces import DCTERMS, KG, PROV, RDF, RDFS, content_hash, curie_to_iri
from kg.publications import key_to_curie, search_pubmed
from kg.rdf.indexing import indexing_lines, indexing_statements
from kg.rdf.nodes import entity_node, mention_node
from kg.rdf.ntriples import boolean, integer, iri, text, triple
from kg.rdf.texts import Shared, Wanted, mention_statements, text_lines

_TYPE = f"{RDF}type"
_LABEL = f"{RDFS}label"


def mentioned_terms(annotated: AnnotatedPublication) -> set[str]:
    """Return the terms that a paper mentions, in a sentence or by its indexing."""
    in_sentences = {mention.best.term for one in annotated.sentences for mention in one.mentions}
    return in_sentences | {one.term for one in annotated.indexed}


def occurring_terms(annotated: AnnotatedPublication) -> set[str]:
    """Return the terms that occur in the statements of a paper.

    Beside those that it mentions, these are the others that its mentions may refer to.
    """
    return mentioned_terms(annotated) | {
        grounding.term
        for one in annotated.sentences
        for mention in one.mentions
        for grounding in mention.groundings
    }


def _mentions(annotated: AnnotatedPublication) -> Iterator[tuple[str, Sequence[Grounding]]]:
    """Yield the mentions of a paper, each as its words and its groundings."""
    for one in annotated.sentences:
        for mention in one.mentions:
            yield mention.text, mention.groundings
    for indexed in annotated.indexed:
        yield _indexed(indexed)


@lru_cache(maxsize=1 << 14)  # so that the same is told again by its identity
def _indexed(term: IndexedTerm) -> tuple[str, Sequence[Grounding]]:
    """Return the mention that an indexer makes: the heading as printed, which is no guess."""
    return term.heading, (Grounding(term=term.term, score=1.0, method=INDEXER),)


@lru_cache(maxsize=4096)  # each author of a paper is asked for several times
def _hash_author(name: str, orcid: str, kind: str) -> str:
    return content_hash(name, orcid, kind)


class PaperWriter:
    """Writes papers under one base IRI."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._written: set[str] = set()

    def own(self, annotated: AnnotatedPublication) -> list[str]:
        """Return the statements that only this paper makes; none is repeated."""
        publication = annotated.publication
        paper = self._paper_node(publication.key, publication)
        lines = list(dict.fromkeys(self._own(paper, annotated)))
        lines += text_lines(self._base, paper, publication.key, annotated.sentences)
        return lines

    def shared(
        self, annotated: AnnotatedPublication, wanted: Wanted = lambda _node: True
    ) -> Iterator[Shared]:
        """Yield the nodes that other papers may lead to as well, each with its statements.

        The same node has the same statements whatever paper leads to it. Those that are not
        `wanted` are left out; where all are, one may be given more than once.
        """
        publication = annotated.publication
        if publication.journal:
            node = self._journal_node(publication)
            if wanted(node):
                yield node, tuple(self._journal(node, publication))
        for author in publication.authors:
            node = self._author_node(author)
            if wanted(node):
                yield node, tuple(self._author(node, author))
        yield from indexing_statements(self._base, publication.indexing, wanted)
        yield from mention_statements(self._base, _mentions(annotated), wanted)

    def write(self, annotated: AnnotatedPublication) -> Iterator[str]:
        """Yield the statements of a paper and of what it shares with others.

        A shared node is written the first time that it is met.
        """
        yield from self.own(annotated)
        for _, statements in self.shared(annotated, self._is_new):
            yield from statements

    def _is_new(self, node: str) -> bool:
        is_new = node not in self._written
        self._written.add(node)
        return is_new

    def write_source(
        self, source: Source, topic: Topic | None, topic_term: str | None
    ) -> Iterator[str]:
        """Yield the statements of an input file, with its topic where it has one."""
        node = self._source_node(source.sha256)
        yield triple(node, _TYPE, iri(f"{KG}Source"))
        yield triple(node, _LABEL, text(source.name))
        yield triple(node, f"{KG}format", text(source.format))
        yield triple(node, f"{KG}sha256", text(source.sha256))
        if topic is None:
            return
        yield triple(node, f"{KG}topicName", text(topic.name))
        if topic.summary:
            yield triple(node, f"{KG}summary", text(topic.summary))
        if topic_term is not None:
            yield triple(node, f"{KG}topic", entity_node(topic_term))

    def _own(self, paper: str, annotated: AnnotatedPublication) -> Iterator[str]:
        """Yield what is said of a paper beside its texts; some may be repeated."""
        publication = annotated.publication
        yield triple(paper, _TYPE, iri(f"{KG}Publication"))
        yield from self._citation(paper, publication)
        yield from self._byline(paper, publication)
        yield from indexing_lines(self._base, paper, publication.indexing)
        if publication.is_retracted:
            yield triple(paper, f"{KG}retracted", boolean(value=True))
        yield from self._provenance(paper, publication)
        for term in sorted(mentioned_terms(annotated)):
            yield triple(paper, f"{KG}mentions", entity_node(term))
        for indexed in annotated.indexed:
            mention = mention_node(self._base, *_indexed(indexed))
            yield triple(paper, f"{KG}indexedWith", mention)

    def _source_node(self, sha256: str) -> str:
        return iri(f"{self._base}source/{sha256[:20]}")

    def _paper_node(self, key: str, publication: Publication) -> str:
        curie = key_to_curie(key, publication.identifiers)
        return iri(curie_to_iri(curie) if curie else f"{self._base}paper/{key}")

    def _citation(self, paper: str, publication: Publication) -> Iterator[str]:
        if publication.title:
            yield triple(paper, f"{DCTERMS}title", text(publication.title))
        for each in publication.texts:
            if each.field == "vernacular-title":
                yield triple(paper, f"{DCTERMS}alternative", text(each.text))
        if publication.year is not None:
            yield triple(paper, f"{KG}year", integer(publication.year))
        for name, value in (
            ("volume", publication.volume),
            ("issue", publication.issue),
            ("pages", publication.pages),
        ):
            if value:
                yield triple(paper, f"{KG}{name}", text(value))
        if publication.journal:
            yield triple(paper, f"{KG}publishedIn", self._journal_node(publication))

    def _journal_node(self, publication: Publication) -> str:
        named = (publication.journal, publication.journal_title)
        hashed = content_hash(*named, *sorted(set(publication.issns)))
        return iri(f"{self._base}journal/{hashed}")

    def _journal(self, node: str, publication: Publication) -> Iterator[str]:
        yield triple(node, _TYPE, iri(f"{KG}Journal"))
        yield triple(node, _LABEL, text(publication.journal))
        if publication.journal_title not in ("", publication.journal):
            yield triple(node, f"{KG}journalTitle", text(publication.journal_title))
        for issn in sorted(set(publication.issns)):
            yield triple(node, f"{KG}issn", text(issn))

    def _byline(self, paper: str, publication: Publication) -> Iterator[str]:
        if not publication.authors:
            return
        names = [author.name for author in publication.authors]
        yield triple(
            paper, f"{KG}byline", text(", ".join(names + (["et al"] if publication.et_al else [])))
        )
        first = self._author_node(publication.authors[0])
        yield triple(paper, f"{KG}firstAuthor", first)
        for author in publication.authors:
            yield triple(paper, f"{KG}author", self._author_node(author))

    def _author_node(self, author: Author) -> str:
        kind = "group" if author.collective else ""
        return iri(f"{self._base}author/{_hash_author(author.name, author.orcid, kind)}")

    def _author(self, node: str, author: Author) -> Iterator[str]:
        yield triple(node, _TYPE, iri(f"{KG}Author"))
        yield triple(node, _LABEL, text(author.name))
        if author.collective:
            # As an author too, for whoever asks without a reasoner.
            yield triple(node, _TYPE, iri(f"{KG}AuthorGroup"))
        if author.orcid:
            yield triple(node, f"{KG}orcid", iri(f"https://orcid.org/{author.orcid}"))

    def _provenance(self, paper: str, publication: Publication) -> Iterator[str]:
        for key in publication.other_keys:
            yield triple(self._paper_node(key, publication), f"{DCTERMS}isReplacedBy", paper)
        if key_to_curie(publication.key, publication.identifiers) is None:
            # The IRI of the others opens a page already.
            yield triple(paper, f"{RDFS}seeAlso", iri(search_pubmed(publication)))
        records = []
        for origin in publication.origins:
            place = (str(origin.line), origin.section, str(origin.position))
            record = iri(f"{self._base}record/{content_hash(origin.source_sha256, *place)}")
            records.append(record)
            yield triple(paper, f"{PROV}wasDerivedFrom", record)
            yield triple(record, _TYPE, iri(f"{KG}Record"))
            yield triple(record, f"{KG}inSource", self._source_node(origin.source_sha256))
            if origin.section:
                yield triple(record, f"{KG}section", text(origin.section))
                yield triple(record, f"{KG}position", integer(origin.position))
            yield triple(record, f"{KG}line", integer(origin.line))
        for field, index in publication.chosen:
            yield triple(records[index], f"{KG}gives", text(field))
