"""Floor 6: publications, sentences and mentions as N-Triples.

Each statement is written once: nodes that papers share (journals, authors) are remembered.
"""

from collections.abc import Iterator

from kg.model import AnnotatedPublication, AnnotatedSentence, Mention, Publication, Source, Topic
from kg.namespaces import DCTERMS, KG, PROV, RDF, RDFS, content_hash, curie_to_iri, curie_to_page
from kg.publications import key_to_curie, search_pubmed
from kg.rdf.nodes import mention_node, sentence_node
from kg.rdf.ntriples import decimal, integer, iri, text, triple

_TYPE = f"{RDF}type"
_LABEL = f"{RDFS}label"


class PaperWriter:
    """Writes papers under one base IRI.

    `mentioned` gathers the terms that they mention, `terms` those and the other terms that occur.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._shared: set[str] = set()
        self._parted: dict[str, tuple[str, ...]] | None = None
        self._last: dict[str, tuple[str, ...]] = {}
        self.terms: set[str] = set()
        self.mentioned: set[str] = set()

    def write(self, annotated: AnnotatedPublication) -> Iterator[str]:
        """Yield the statements of one publication; none is repeated."""
        lines = dict.fromkeys(self._statements(annotated))
        yield from lines

    def own(self, annotated: AnnotatedPublication) -> list[str]:
        """Return the statements that this paper alone makes; none is repeated."""
        self._parted = {}
        lines = list(dict.fromkeys(self._statements(annotated)))
        self._last, self._parted = self._parted, None
        return lines

    def shared(self, annotated: AnnotatedPublication) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the nodes that papers share, each with its statements."""
        self.own(annotated)
        yield from self._last.items()

    def write_source(
        self, source: Source, topic: Topic | None, topic_term: str | None
    ) -> Iterator[str]:
        """Yield the statements of an input file, with its topic where it has one."""
        node = self._source(source.sha256)
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
            self.terms.add(topic_term)
            yield triple(node, f"{KG}topic", iri(curie_to_iri(topic_term)))

    def _source(self, sha256: str) -> str:
        return iri(f"{self._base}source/{sha256[:20]}")

    def _paper(self, key: str, publication: Publication) -> str:
        curie = key_to_curie(key, publication.identifiers)
        return iri(curie_to_iri(curie) if curie else f"{self._base}paper/{key}")

    def _statements(self, annotated: AnnotatedPublication) -> Iterator[str]:
        publication = annotated.publication
        paper = self._paper(publication.key, publication)
        yield triple(paper, _TYPE, iri(f"{KG}Publication"))
        yield from self._citation(paper, publication)
        yield from self._byline(paper, publication)
        yield from self._provenance(paper, publication)
        mentioned = {mention.best.term for one in annotated.sentences for mention in one.mentions}
        for term in sorted(mentioned):
            yield triple(paper, f"{KG}mentions", iri(curie_to_iri(term)))
        for sentence in annotated.sentences:
            yield from self._sentence(paper, publication.key, sentence)

    def _citation(self, paper: str, publication: Publication) -> Iterator[str]:
        if publication.title:
            yield triple(paper, f"{DCTERMS}title", text(publication.title))
        if publication.year is not None:
            yield triple(paper, f"{KG}year", integer(publication.year))
        for name, value in (
            ("volume", publication.volume),
            ("issue", publication.issue),
            ("pages", publication.pages),
            ("firstPage", publication.first_page),
            ("lastPage", publication.last_page),
        ):
            if value:
                yield triple(paper, f"{KG}{name}", text(value))
        if publication.journal:
            journal = iri(f"{self._base}journal/{content_hash(publication.journal.casefold())}")
            yield triple(paper, f"{KG}publishedIn", journal)
            yield from self._once(journal, "Journal", {_LABEL: publication.journal})

    def _byline(self, paper: str, publication: Publication) -> Iterator[str]:
        if not publication.authors:
            return
        names = [author.name for author in publication.authors]
        yield triple(
            paper, f"{KG}byline", text(", ".join(names + (["et al"] if publication.et_al else [])))
        )
        for place, author in enumerate(publication.authors):
            node = iri(f"{self._base}author/{content_hash(author.name)}")
            if place == 0:
                yield triple(paper, f"{KG}firstAuthor", node)
            yield triple(paper, f"{KG}author", node)
            yield from self._once(
                node,
                "Author",
                {
                    _LABEL: author.name,
                    f"{KG}familyName": author.family,
                    f"{KG}initials": author.initials,
                },
            )

    def _provenance(self, paper: str, publication: Publication) -> Iterator[str]:
        fingerprints = (publication.key, *publication.other_keys)
        for key in fingerprints:
            if key.startswith("cit-"):
                yield triple(paper, f"{KG}fingerprint", text(key.removeprefix("cit-")))
        for key in publication.other_keys:
            yield triple(self._paper(key, publication), f"{DCTERMS}isReplacedBy", paper)
        curie = key_to_curie(publication.key, publication.identifiers)
        page = curie_to_page(curie) if curie else None
        if page is None:
            page = search_pubmed(publication)
        yield triple(paper, f"{RDFS}seeAlso", iri(page))
        for origin in publication.origins:
            source = self._source(origin.source_sha256)
            record = iri(
                f"{self._base}record/"
                + content_hash(
                    origin.source_sha256, str(origin.line), origin.section, str(origin.position)
                )
            )
            yield triple(paper, f"{KG}listedIn", source)
            yield triple(paper, f"{PROV}wasDerivedFrom", record)
            yield triple(record, _TYPE, iri(f"{KG}Record"))
            yield triple(record, f"{KG}inSource", source)
            if origin.section:
                yield triple(record, f"{KG}section", text(origin.section))
            yield triple(record, f"{KG}position", integer(origin.position))
            yield triple(record, f"{KG}line", integer(origin.line))

    def _sentence(self, paper: str, key: str, one: AnnotatedSentence) -> Iterator[str]:
        place = one.sentence
        node = sentence_node(self._base, key, place)
        yield triple(node, _TYPE, iri(f"{KG}Sentence"))
        yield triple(node, f"{KG}inPublication", paper)
        yield triple(node, f"{KG}text", text(one.text))
        yield triple(node, f"{KG}field", text(place.field))
        yield triple(node, f"{KG}order", integer(place.order))
        yield triple(node, f"{KG}start", integer(place.start))
        yield triple(node, f"{KG}end", integer(place.end))
        for mention in one.mentions:
            yield from self._mention(
                mention_node(self._base, key, place.field, mention), node, mention
            )

    def _mention(self, node: str, sentence: str, mention: Mention) -> Iterator[str]:
        best = mention.best
        self.terms.add(best.term)
        self.mentioned.add(best.term)
        yield triple(node, _TYPE, iri(f"{KG}Mention"))
        yield triple(node, f"{KG}inSentence", sentence)
        yield triple(node, f"{KG}refersTo", iri(curie_to_iri(best.term)))
        for other in mention.groundings[1:]:
            self.terms.add(other.term)
            yield triple(node, f"{KG}mayReferTo", iri(curie_to_iri(other.term)))
        yield triple(node, f"{KG}start", integer(mention.start))
        yield triple(node, f"{KG}end", integer(mention.end))
        yield triple(node, f"{KG}exact", text(mention.text))
        yield triple(node, f"{KG}score", decimal(best.score))
        yield triple(node, f"{KG}method", text(best.method))

    def _once(self, node: str, kind: str, texts: dict[str, str]) -> Iterator[str]:
        """Yield a shared node's statements the first time it is met."""
        if self._parted is not None:
            lines = [triple(node, _TYPE, iri(f"{KG}{kind}"))]
            lines += [triple(node, name, text(value)) for name, value in texts.items() if value]
            self._parted[node] = tuple(lines)
            return
        if node in self._shared:
            return
        self._shared.add(node)
        yield triple(node, _TYPE, iri(f"{KG}{kind}"))
        for predicate, value in texts.items():
            if value:
                yield triple(node, predicate, text(value))


def mentioned_terms(annotated: AnnotatedPublication) -> set[str]:
    """Return the terms that a paper mentions."""
    return {mention.best.term for one in annotated.sentences for mention in one.mentions}


def occurring_terms(annotated: AnnotatedPublication) -> set[str]:
    """Return the terms that a paper mentions or may mention."""
    return {
        grounding.term
        for one in annotated.sentences
        for mention in one.mentions
        for grounding in mention.groundings
    }
