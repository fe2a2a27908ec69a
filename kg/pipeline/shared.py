"""Floor 9: what an update does to the nodes that papers share, and to what is counted over papers.

Called when the papers themselves are changed already: `now` sees the graph as it will be, `before`
as it was. Every method gives statements to take out and to put in; those put in may be there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kg.namespaces import KG, RDFS, SKOS
from kg.pipeline.lookups import Lookups
from kg.pipeline.papers import Batch
from kg.rdf.assertions import AssertionWriter, PredicateCounts, Statement, Support
from kg.rdf.comentions import (
    LARGE_GRAPH,
    MIN_GRAPH,
    CoMentions,
    Pairs,
    is_co_mention,
    pair_node,
    write_likelihood,
    write_pair,
)
from kg.rdf.entities import close_upwards, find_ancestors, write_entities
from kg.rdf.nodes import entity_node
from kg.rdf.ntriples import decimal, triple
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import OntologyFile

_MENTIONS = f"{KG}mentions"
_EVIDENCE = f"{KG}evidence"
_LIKELIHOOD = f"{KG}logLikelihood"
# The single steps upwards, which are stated of every entity.
_UPWARDS = (
    f"{KG}memberOf",
    f"{KG}componentOf",
    f"{RDFS}subClassOf",
    f"{SKOS}broader",
    f"{KG}inTaxon",
    # To a class of an ontology that was added.
    f"{SKOS}exactMatch",
)


@dataclass(slots=True)
class Change:
    """Statements to take out and to put in."""

    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Side:
    """What the changed papers came to before the update, or come to after it."""

    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    statements: set[Statement] = field(default_factory=set)
    pairs: Pairs = field(default_factory=Pairs)
    mentioned: set[str] = field(default_factory=set)
    occurring: set[str] = field(default_factory=set)
    papers: int = 0
    sentences: int = 0
    mentions: int = 0
    replaced: int = 0
    evidence: int = 0

    def add(self, batch: Batch) -> None:
        """Count some papers in."""
        self.shared |= batch.shared
        self.statements |= batch.gathered.statements.keys()
        self.pairs.merge(batch.pairs)
        self.mentioned |= batch.mentioned
        self.occurring |= batch.occurring
        self.papers += batch.papers
        self.sentences += batch.sentences
        self.mentions += batch.mentions
        self.replaced += batch.replaced
        self.evidence += batch.gathered.evidence


def change_shared(old: Side, new: Side, now: Lookups) -> Change:
    """Put in the nodes of the new papers; take out those of the old ones that none refers to."""
    change = Change()
    for statements in new.shared.values():
        change.added += statements
    for node, statements in old.shared.items():
        if node not in new.shared and not now.is_referred_to(node):
            change.removed += statements
    return change


def change_entities(
    old: Side,
    new: Side,
    before: Lookups,
    now: Lookups,
    lexicon: Lexicon,
    descriptions: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
    topics: tuple[set[str], set[str]],
    ontologies: OntologyFile | None = None,
) -> Change:
    """Put in the entities that come up, with all above them; take out those that no one needs.

    `topics` are what all sources are about, before and after, `descriptions` their summaries.
    """
    come = close_upwards(new.occurring | topics[1], lexicon, ontologies)
    closed = close_upwards(old.occurring | topics[0], lexicon, ontologies) | come
    identifiers = {entity_node(curie): curie for curie in closed}
    needed: dict[str, bool] = {}

    def is_needed(curie: str) -> bool:
        if curie not in needed:
            needed[curie] = curie in come  # ends a circle
            needed[curie] = (
                needed[curie]
                or (ontologies is not None and ontologies.is_whole(curie))
                or _is_used(curie, now, identifiers, is_needed)
            )
        return needed[curie]

    sides = (
        (before, {curie for curie in closed if before.is_entity(curie)}, descriptions[0]),
        (now, {curie for curie in closed if is_needed(curie)}, descriptions[1]),
    )
    lines = []
    for graph, there, described in sides:
        mentioned = {curie for curie in there if graph.is_mentioned(curie)}
        written = write_entities(
            closed, lexicon, described, mentioned=mentioned, ontologies=ontologies, only=there
        )
        lines.append(list(written))
    return Change(*lines)


def _is_used(
    curie: str, now: Lookups, identifiers: Mapping[str, str], is_needed: Callable[[str], bool]
) -> bool:
    """Tell whether a mention leads to an entity, or one below it that is there."""
    node = entity_node(curie)
    for name in (f"{KG}refersTo", f"{KG}mayReferTo", f"{KG}topic"):
        if any(True for _ in now.holders(name, node)):
            return True
    for name in _UPWARDS:
        for below in now.holders(name, node):
            known = identifiers.get(below)
            if known is None or is_needed(known):
                return True
    return False


def change_assertions(
    statements: Iterable[Statement], before: Lookups, now: Lookups, writer: AssertionWriter
) -> tuple[Change, dict[str, tuple[PredicateCounts, PredicateCounts]]]:
    """Count the assertions anew that the changed papers have evidence of, or had.

    Returned beside the statements: of each relation what these assertions came to, and come to.
    """
    change = Change()
    counts: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(
        lambda: (Counter(), Counter())
    )
    for statement in sorted(statements):
        supports = [_support(writer.assertion_node(statement), each) for each in (before, now)]
        lines = [
            list(writer.write_assertion(statement, one)) if one is not None else []
            for one in supports
        ]
        change.removed += [line for line in lines[0] if line not in lines[1]]
        change.added += lines[1]
        for counted, support in zip(counts[statement[1]], supports, strict=True):
            if support is not None:
                counted["assertions"] += 1
                counted["negated"] += statement[3]
                counted["speculative"] += support.speculative
    return change, {name: (_count(old), _count(new)) for name, (old, new) in counts.items()}


def _count(counted: Counter[str]) -> PredicateCounts:
    return PredicateCounts(
        assertions=counted["assertions"],
        negated=counted["negated"],
        speculative=counted["speculative"],
    )


def _support(node: str, graph: Lookups) -> Support | None:
    """Return what the evidence in a graph comes to for an assertion; None: there is none."""
    best: dict[str, float] = {}
    sentences = set()
    speculative = True
    for evidence in graph.values(node, _EVIDENCE):
        [confidence] = graph.values(evidence, f"{KG}confidence")
        [sentence] = graph.values(evidence, f"{KG}evidenceSentence")
        [paper] = graph.values(sentence, f"{KG}inPublication")
        best[paper] = max(best.get(paper, 0.0), float(confidence))
        sentences.add(sentence)
        speculative &= graph.values(evidence, f"{KG}speculative") == ["true"]
    if not best:
        return None
    support = Support(sentences=len(sentences), speculative=speculative)
    support.best.extend(best.values())
    return support


class PairChange:
    """Counts the co-mentions anew that the changed papers have, or had."""

    def __init__(
        self, base: str, papers: tuple[int, int], before: Lookups, now: Lookups, lexicon: Lexicon
    ) -> None:
        self._base = base
        self._papers = papers
        self._before = before
        self._now = now
        self._lexicon = lexicon
        self._holders: dict[str, set[str]] = {}
        self.written = 0

    def change(self, old: Side, new: Side) -> Change:
        """Return what becomes of the pairs of the changed papers, and all log-likelihoods."""
        change = Change()
        if (self._papers[0] >= LARGE_GRAPH) != (self._papers[1] >= LARGE_GRAPH):
            return self._count_all()
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for sign, side in ((-1, old), (1, new)):
            for place, pairs in ((0, side.pairs.in_papers), (1, side.pairs.in_sentences)):
                terms = list(side.pairs.numbers)
                for number, others in pairs.items():
                    for other in others:
                        counts[terms[number], terms[other]][place] += sign
        mentioned = {term for pair in counts for term in pair}
        closed = close_upwards(mentioned, self._lexicon)
        above = {term: find_ancestors(term, closed) for term in mentioned}
        for (first, second), delta in sorted(counts.items()):
            if second not in above[first] and first not in above[second]:
                self._change_pair(first, second, delta, change)
        return change

    def _count_all(self) -> Change:
        """Return all pairs anew: what counts as one is another thing in a large graph."""
        now, change = self._now, Change()
        for node, _ in now.pairs(f"{KG}sentenceCount"):
            lines = [triple(node, name, value) for name, value in now.about(node)]
            if any(f"<{KG}coMentioned>" in line for line in lines):
                change.removed += lines
                self.written -= 1
        curies = dict(now.pairs(f"{KG}curie"))
        named = dict(now.pairs(f"{KG}refersTo"))
        co_mentions = CoMentions(self._base)
        in_sentences: dict[str, set[str]] = defaultdict(set)
        for sentence, mention in now.pairs(f"{KG}hasMention"):
            in_sentences[sentence].add(curies[named[mention]])
        of_papers: dict[str, list[set[str]]] = defaultdict(list)
        of_indexers: dict[str, set[str]] = defaultdict(set)
        for paper, mention in now.pairs(f"{KG}indexedWith"):
            of_indexers[paper].add(curies[named[mention]])
        for sentence, paper in now.pairs(f"{KG}inPublication"):
            of_papers[paper].append(in_sentences.get(sentence, set()))
        for paper in of_papers.keys() | of_indexers.keys():
            indexed = of_indexers.get(paper, set())
            co_mentions.pairs.add_paper(of_papers.get(paper, []), indexed)
        co_mentions.pairs.papers = self._papers[1]
        closed = close_upwards(co_mentions.pairs.numbers, self._lexicon)
        change.added += co_mentions.write(closed)
        self.written += co_mentions.written
        return change

    def _change_pair(self, first: str, second: str, delta: list[int], change: Change) -> None:
        node = pair_node(self._base, first, second)
        known = [self._before.values(node, f"{KG}{name}Count") for name in ("paper", "sentence")]
        if known[0]:
            old = int(known[0][0]), int(known[1][0])
            new = old[0] + delta[0], old[1] + delta[1]
            change.removed += write_pair(node, first, second, *old)
            self.written -= 1
        else:
            new = self._count(first, second)
        if is_co_mention(*new, self._papers[1]):
            change.added += write_pair(node, first, second, *new)
            self.written += 1

    def _count(self, first: str, second: str) -> tuple[int, int]:
        """Return how many papers, and sentences, have a pair that was none before."""
        nodes = [entity_node(curie) for curie in (first, second)]
        papers = self.papers_of(nodes[0]) & self.papers_of(nodes[1])
        sentences = 0
        for paper in papers:
            for sentence in self._now.holders(f"{KG}inPublication", paper):
                named = {
                    value
                    for mention in self._now.values(sentence, f"{KG}hasMention")
                    for value in self._now.values(mention, f"{KG}refersTo")
                }
                sentences += named.issuperset(nodes)
        return len(papers), sentences

    def papers_of(self, entity: str) -> set[str]:
        """Return the papers that mention an entity."""
        if entity not in self._holders:
            self._holders[entity] = set(self._now.holders(_MENTIONS, entity))
        return self._holders[entity]

    def change_likelihoods(self) -> Change:
        """Return the log-likelihoods of all pairs anew: they depend on the number of papers.

        Called when the pairs are changed. This costs what the graph's pairs cost, not the change.
        """
        change = Change()
        if max(self._papers) < MIN_GRAPH:
            return change
        old = dict(self._now.pairs(_LIKELIHOOD))
        mentioned = Counter(entity for _, entity in self._now.pairs(_MENTIONS))
        ends: dict[str, list[str]] = defaultdict(list)
        for node, entity in self._now.pairs(f"{KG}coMentioned"):
            ends[node].append(entity)
        for node, papers in self._now.pairs(f"{KG}paperCount"):
            if node not in ends or self._papers[1] < MIN_GRAPH:
                continue
            first, second = (mentioned[entity] for entity in ends[node])
            change.added.append(write_likelihood(node, int(papers), first, second, self._papers[1]))
        kept = set(change.added)
        stale = (triple(node, _LIKELIHOOD, decimal(float(value))) for node, value in old.items())
        change.removed += [line for line in stale if line not in kept]
        return change
