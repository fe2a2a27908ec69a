"""Floor 6: which entities papers mention together, and how far that is from chance.

A paper adds four bytes for each pair of entities in it, and four for each pair in a sentence; what
they come to is counted at the end, for one entity at a time.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import log
from typing import TypeAlias

from kg.model import AnnotatedPublication
from kg.namespaces import KG, RDF, content_hash, curie_to_iri
from kg.rdf.entities import Parents, find_ancestors
from kg.rdf.ntriples import decimal, integer, iri, triple

MIN_PAPERS = 3
"""In how many papers a pair has to be where no sentence has both."""

MIN_GRAPH = 100
"""How many papers a graph needs for a log-likelihood to say something."""

LARGE_GRAPH = 1000
"""From how many papers on a pair has to be in `MIN_PAPERS_LARGE` papers."""

MIN_PAPERS_LARGE = 2

_TYPE = f"{RDF}type"

# entity -> the entities after it, one for each paper or sentence
_Pairs: TypeAlias = "defaultdict[int, array[int]]"


def _numbers() -> "array[int]":
    return array("I")


class Pairs:
    """Pairs of entities in papers and in sentences; an entity is its number in `numbers`.

    `terms` has the entities by their numbers.

    A pair is filed under the entity whose CURIE comes first. `mentioned` counts the papers that
    mention each entity, `papers` all.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.terms: list[str] = []
        self.mentioned: Counter[int] = Counter()
        self.in_papers: _Pairs = defaultdict(_numbers)
        self.in_sentences: _Pairs = defaultdict(_numbers)
        self.papers = 0

    def add(self, annotated: AnnotatedPublication) -> None:
        """Count the pairs of one paper, each once, and once in each of its sentences."""
        self.add_paper(
            ({mention.best.term for mention in one.mentions} for one in annotated.sentences),
            (one.term for one in annotated.indexed),
        )

    def add_paper(self, sentences: Iterable[set[str]], indexed: Iterable[str]) -> None:
        """Count the pairs of one paper: the terms in each sentence, and those of its indexer."""
        self.papers += 1
        in_paper = set(indexed)
        for in_sentence in sentences:
            in_paper |= in_sentence
            self._add_pairs(in_sentence, self.in_sentences)
        self._add_pairs(in_paper, self.in_papers)
        self.mentioned.update(map(self._number, in_paper))

    def merge(self, other: "Pairs") -> None:
        """Add the pairs of other papers."""
        numbers = [self._number(term) for term in other.numbers]
        for mine, theirs in (
            (self.in_papers, other.in_papers),
            (self.in_sentences, other.in_sentences),
        ):
            for first, seconds in theirs.items():
                mine[numbers[first]].extend([numbers[second] for second in seconds])
        for number, papers in other.mentioned.items():
            self.mentioned[numbers[number]] += papers
        self.papers += other.papers

    def together_with(self, first: str) -> dict[str, tuple[int, int]]:
        """Return the entities that are filed under one, with their papers and their sentences."""
        number = self.numbers[first]
        in_papers = Counter(self.in_papers.get(number, ()))
        in_sentences = Counter(self.in_sentences.get(number, ()))
        return {
            self.terms[second]: (papers, in_sentences[second])
            for second, papers in in_papers.items()
        }

    def _number(self, term: str) -> int:
        number = self.numbers.get(term)
        if number is None:
            number = self.numbers[term] = len(self.terms)
            self.terms.append(term)
        return number

    def _add_pairs(self, terms: Iterable[str], pairs: _Pairs) -> None:
        # In order, so that the entity whose CURIE comes first is the one that a pair is kept under.
        for first, second in combinations(map(self._number, sorted(terms)), 2):
            pairs[first].append(second)


def is_co_mention(papers: int, sentences: int, all_papers: int) -> bool:
    """Tell whether a pair that so many papers and sentences have counts, in a graph of so many.

    One sentence is enough, or `MIN_PAPERS` papers; in a large graph (`LARGE_GRAPH`) a pair that a
    single paper has says next to nothing, and there are more of them than of all others.
    """
    if all_papers >= LARGE_GRAPH and papers < MIN_PAPERS_LARGE:
        return False
    return bool(sentences) or papers >= MIN_PAPERS


class CoMentions:
    """Writes the co-mentions among `pairs`, which gathers them; `written` counts them."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.pairs = Pairs()
        self.written = 0

    def write(self, closed: Mapping[str, Parents]) -> Iterator[str]:
        """Yield the statements of every co-mention, in the order of the entities' CURIEs.

        `closed` has all entities with what stands over them (`close_upwards`): an entity and its
        ancestor are no pair.
        """
        pairs = self.pairs
        terms = pairs.terms
        mentioned = {terms[number]: papers for number, papers in pairs.mentioned.items()}
        writer = PairWriter(self._base, mentioned, pairs.papers, closed)
        for first in sorted(terms):
            yield from writer.write(first, pairs.together_with(first))
        self.written = writer.written


class PairWriter:
    """Writes co-mentions, those of one entity at a time; `written` counts them.

    `mentioned` has the number of papers that mention each entity, `papers` is that of all papers.
    `closed` has at least the entities that are written of, with what stands over them.
    """

    def __init__(
        self, base: str, mentioned: Mapping[str, int], papers: int, closed: Mapping[str, Parents]
    ) -> None:
        self._base = base
        self._mentioned = mentioned
        self._papers = papers
        self._closed = closed
        self._above: dict[str, set[str]] = {}
        self.written = 0

    def write(self, first: str, together: Mapping[str, tuple[int, int]]) -> Iterator[str]:
        """Yield the statements of the co-mentions of an entity with those that come after it.

        `together` has the others, with how many papers and how many sentences have both.
        """
        for second in sorted(together):
            papers, sentences = together[second]
            if not is_co_mention(papers, sentences, self._papers):
                continue
            if second in self._over(first) or first in self._over(second):
                continue
            self.written += 1
            node = pair_node(self._base, first, second)
            yield from write_pair(node, first, second, papers, sentences)
            if self._papers >= MIN_GRAPH:
                alone = self._mentioned[first], self._mentioned[second]
                yield write_likelihood(node, papers, *alone, self._papers)

    def _over(self, term: str) -> set[str]:
        """Return what stands over an entity and is mentioned itself."""
        above = self._above.get(term)
        if above is None:
            above = find_ancestors(term, self._closed) & self._mentioned.keys()
            self._above[term] = above
        return above


def pair_node(base: str, first: str, second: str) -> str:
    """Return the node of a co-mention of two entities, the one whose CURIE comes first first."""
    return iri(f"{base}comention/{content_hash(first, second)}")


def write_pair(node: str, first: str, second: str, papers: int, sentences: int) -> Iterator[str]:
    """Yield the statements of a co-mention, its log-likelihood apart."""
    yield triple(node, _TYPE, iri(f"{KG}CoMention"))
    yield triple(node, f"{KG}coMentioned", iri(curie_to_iri(first)))
    yield triple(node, f"{KG}coMentioned", iri(curie_to_iri(second)))
    yield triple(node, f"{KG}paperCount", integer(papers))
    yield triple(node, f"{KG}sentenceCount", integer(sentences))


def write_likelihood(node: str, both: int, first: int, second: int, papers: int) -> str:
    """Return the statement of a co-mention's log-likelihood; the numbers as `log_likelihood`'s."""
    value = log_likelihood(both, first, second, papers)
    return triple(node, f"{KG}logLikelihood", decimal(value))


def log_likelihood(both: int, first: int, second: int, papers: int) -> float:
    """Return how far two entities are from being mentioned independently, as Dunning's signed G².

    `both`, `first` and `second` are the numbers of papers that mention both, and each, of the two
    among `papers` in all. G² is twice the sum of O·ln(O/E) over the four cells of the table of
    papers with and without each, O what is observed and E what independence would give. It is
    without unit, 0 for independence, and over 3.84 in one of twenty pairs that are independent
    (chi-squared with one degree of freedom); unlike chi-squared itself, it holds for the small
    counts that most entities have. The sign is ours: negative where the two are together less often
    than by chance.

    Source: T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence",
    Computational Linguistics 19(1), 1993, pages 61-74.

    >>> round(log_likelihood(10, 20, 30, 1000), 2), log_likelihood(10, 100, 100, 1000)
    (46.5, 0.0)
    >>> round(log_likelihood(0, 100, 100, 1000), 2)
    -22.27
    """
    cells = (
        (both, first * second),
        (first - both, first * (papers - second)),
        (second - both, (papers - first) * second),
        (papers - first - second + both, (papers - first) * (papers - second)),
    )
    # E is the product of the margins over the number of papers.
    total = 2.0 * sum(
        observed * log(observed * papers / margins) for observed, margins in cells if observed
    )
    # By chance never below 0; what is there of a negative sum is the rounding of floats.
    size = max(total, 0.0)
    return -size if both * papers < first * second else size
