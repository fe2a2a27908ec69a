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

_TYPE = f"{RDF}type"

# entity -> the entities after it, one for each paper or sentence
_Pairs: TypeAlias = "defaultdict[int, array[int]]"


def _numbers() -> "array[int]":
    return array("I")


class CoMentions:
    """Gathers pairs of entities paper by paper; `papers` counts them, `written` the co-mentions."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._numbers: dict[str, int] = {}
        self._mentioned: Counter[int] = Counter()
        self._in_papers: _Pairs = defaultdict(_numbers)
        self._in_sentences: _Pairs = defaultdict(_numbers)
        self.papers = 0
        self.written = 0

    def add(self, annotated: AnnotatedPublication) -> None:
        """Count the pairs of one paper, each once, and once in each of its sentences."""
        self.papers += 1
        in_paper: set[str] = set()
        for one in annotated.sentences:
            in_sentence = {mention.best.term for mention in one.mentions}
            in_paper |= in_sentence
            self._add_pairs(in_sentence, self._in_sentences)
        self._add_pairs(in_paper, self._in_papers)
        self._mentioned.update(map(self._number, in_paper))

    def write(self, closed: Mapping[str, Parents]) -> Iterator[str]:
        """Yield the statements of every co-mention, in the order of the entities' CURIEs.

        A pair counts if it is in one sentence, or in `MIN_PAPERS` papers. `closed` has all entities
        with what stands over them (`close_upwards`): an entity and its ancestor are no pair.
        """
        terms = list(self._numbers)
        above = {term: find_ancestors(term, closed) & self._numbers.keys() for term in terms}
        for first in sorted(terms):
            number = self._numbers[first]
            in_papers = Counter(self._in_papers.get(number, ()))
            in_sentences = Counter(self._in_sentences.get(number, ()))
            for second in sorted(terms[each] for each in in_papers):
                other = self._numbers[second]
                papers, sentences = in_papers[other], in_sentences[other]
                if not sentences and papers < MIN_PAPERS:
                    continue
                if second in above[first] or first in above[second]:
                    continue
                self.written += 1
                yield from self._co_mention(first, second, papers, sentences)

    def _number(self, term: str) -> int:
        return self._numbers.setdefault(term, len(self._numbers))

    def _add_pairs(self, terms: Iterable[str], pairs: _Pairs) -> None:
        # In order, so that the entity whose CURIE comes first is the one that a pair is kept under.
        for first, second in combinations(map(self._number, sorted(terms)), 2):
            pairs[first].append(second)

    def _co_mention(self, first: str, second: str, papers: int, sentences: int) -> Iterator[str]:
        node = iri(f"{self._base}comention/{content_hash(first, second)}")
        yield triple(node, _TYPE, iri(f"{KG}CoMention"))
        yield triple(node, f"{KG}coMentioned", iri(curie_to_iri(first)))
        yield triple(node, f"{KG}coMentioned", iri(curie_to_iri(second)))
        yield triple(node, f"{KG}paperCount", integer(papers))
        yield triple(node, f"{KG}sentenceCount", integer(sentences))
        if self.papers >= MIN_GRAPH:
            one, other = (self._mentioned[self._numbers[each]] for each in (first, second))
            likelihood = log_likelihood(papers, one, other, self.papers)
            yield triple(node, f"{KG}logLikelihood", decimal(likelihood))


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
