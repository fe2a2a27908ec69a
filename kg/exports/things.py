"""Floor 8: what an export sees in a graph, as values: entities, papers, sentences, assertions.

Things are known by their IRIs; entities also by their CURIEs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.namespaces import iri_to_curie


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity: `kind` is the name of its class in the ontology, empty where none is stated."""

    iri: str
    curie: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper: `key` is what its IRI ends in ("17265423", "cit-77976a1546f0cc1277a9")."""

    iri: str
    key: str
    curie: str
    identifiers: dict[str, str]
    title: str
    journal: str
    year: int | None
    volume: str
    issue: str
    pages: str
    byline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Some words and what they were taken for: the node that sentences with them share."""

    iri: str
    words: str
    entity: str
    others: tuple[str, ...]
    score: float | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand: offsets in the field's text, in code points, the end exclusive."""

    start: int
    end: int
    wording: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with what it mentions, and where; `text` is None where texts were left out."""

    iri: str
    paper: str
    field: str
    start: int
    text: str | None
    section: str
    wordings: tuple[Wording, ...]
    places: tuple[Place, ...]

    def find(self, wording: str, near: int | None) -> Place | None:
        """Return where a wording stands, the place next to `near` (of the trigger) of several."""
        found = [each for each in self.places if each.wording.iri == wording]
        if near is None:
            return found[0] if found else None
        return min(found, key=lambda each: (abs(each.start - near), each.start), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one sentence says; `subject` and `object` are wordings, `start` is the trigger's."""

    iri: str
    sentence: str
    subject: str
    object: str
    trigger: str
    start: int | None
    negated: bool
    speculative: bool
    method: str
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What is asserted of two entities; `predicate` is the name of the relation in the ontology.

    Relations from elsewhere are whole IRIs.
    """

    iri: str
    subject: str
    predicate: str
    object: str
    negated: bool
    speculative: bool
    papers: int
    sentences: int
    confidence: float | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMention:
    """Two entities that papers name together, in order of their IRIs."""

    iri: str
    first: str
    second: str
    papers: int
    sentences: int
    log_likelihood: float | None


def find_key(paper: str) -> str:
    """Return what tells a paper apart: its PMID, PMCID or DOI, else the end of its IRI.

    >>> find_key("http://www.ncbi.nlm.nih.gov/pubmed/17265423"), find_key("https://a.b/paper/cit-7")
    ('17265423', 'cit-7')
    """
    curie = iri_to_curie(paper)
    return curie.partition(":")[2] if curie else paper.rpartition("/")[2]


def place_mentions(
    text: str, start: int, starts: Iterable[int], wordings: Iterable[Wording]
) -> Iterator[Place]:
    """Yield the places of mentions in a sentence, in order.

    At each of `starts` stand the words of one, the longest of those that do. Where the same words
    were taken for several things in one sentence, each is given at each of their places.
    """
    for at in sorted(set(starts)):
        if at < start:
            continue
        here = [each for each in wordings if each.words and text.startswith(each.words, at - start)]
        longest = max((len(each.words) for each in here), default=0)
        for each in here:
            if len(each.words) == longest:
                yield Place(start=at, end=at + longest, wording=each)
