"""Assertions against the relations of BioRED (Luo et al. 2022), by document.

    https://doi.org/10.1093/bib/bbac282

BioRED annotates pairs of ids, without direction, over a whole abstract: Association, Positive and
Negative Correlation, Bind, and three rare kinds, between diseases, genes, chemicals and variants
(the pair types in `PAIR_TYPES`; a gene beside a variant is none). Pairs of other types are left out
of what is found, organisms and cell lines with them. A pair counts once a document, in whatever
order; an entity with several ids gives a pair for each id, one without none; an id beside itself
gives none (four such relations of gold are left out).

Its negative correlation holds of what treats a disease or protects from it, as of what inhibits or
lowers; its positive correlation of what causes a disease, as of what activates or raises. So the
signs of the predicates are compared with it as they are.

"given" is with the file's entities as mentions (of those that overlap, the longest); a variant
stands for a gene in type, as it does in a sentence, and a cell line for a cell type. "recognised"
is with what the annotator finds, of which any id may be the one that BioRED has; no variants are
recognised, so there is a figure without them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import Any

from benchmarks.accuracy import Score
from benchmarks.assertions.reading import GIVEN, RECOGNISED, Reader
from benchmarks.assertions.scoring import SIGNS, share, with_counts
from kg import Annotator
from kg.annotate.annotator import sentence_bounds
from kg.annotate.identifiers import mention_ids
from kg.model import EntityType, Evidence, Grounding, Mention, Predicate

PAIR_TYPES = frozenset(
    frozenset(pair.split("-"))
    for pair in (
        "Disease-Gene Gene-Gene Chemical-Gene Chemical-Disease Chemical-Chemical Disease-Variant "
        "Chemical-Variant Variant-Variant"
    ).split()
)
_WITHOUT_VARIANTS = frozenset(pair for pair in PAIR_TYPES if "Variant" not in pair)
_ENTITY_TYPES = {
    "Gene": EntityType.GENE,
    "Disease": EntityType.DISEASE,
    "Chemical": EntityType.CHEMICAL,
    "Organism": EntityType.ORGANISM,
    "Variant": EntityType.GENE,
    "CellLine": EntityType.CELL_TYPE,
}
_TYPES = {
    EntityType.GENE: "Gene",
    EntityType.GENE_FAMILY: "Gene",
    EntityType.DISEASE: "Disease",
    EntityType.CHEMICAL: "Chemical",
}
_CORRELATIONS = {"Positive_Correlation": "+", "Negative_Correlation": "-"}
_THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)

Pair = frozenset[str]  # of two ids


@dataclass(frozen=True)
class Entity:
    """What a mention refers to: any of its ids may be meant; `kind` is BioRED's type."""

    ids: frozenset[str]
    kind: str


Entities = dict[str, tuple[Entity, ...]]  # by the term of a mention


@dataclass
class Document:
    """The pairs of a document: of gold with their type, and of entities with what was found."""

    gold: dict[Pair, str]
    kinds: dict[str, str]
    sentences: int = 0
    found: dict[frozenset[Entity], list[Evidence]] = field(
        default_factory=lambda: defaultdict(list)
    )
    same_sentence: set[frozenset[Entity]] = field(default_factory=set)
    same_document: set[frozenset[Entity]] = field(default_factory=set)


def report_biored(
    path: Path, annotator: Annotator, reader: Reader
) -> Iterator[tuple[str, str, str]]:
    """Yield each figure of a file: mode, name, and what it comes to."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for mode in (GIVEN, RECOGNISED):
        documents = [read_document(row, mode, annotator, reader) for row in rows]
        for name, value in _figures(documents):
            yield mode, name, value


def read_document(row: dict[str, Any], mode: str, annotator: Annotator, reader: Reader) -> Document:
    """Return the pairs of a document, with its own entities or with those recognised."""
    kinds = {one.upper(): each["type"] for each in row["entities"] for one in each["ids"]}
    document = Document(
        gold={
            frozenset((one["subject"].upper(), one["object"].upper())): one["type"]
            for one in row["relations"]
        },
        kinds=kinds,
    )
    document.gold = {pair: kind for pair, kind in document.gold.items() if len(pair) == 2}
    cut = row.get("title_end", 0)
    fields = {"title": row["text"][:cut], "abstract": row["text"][cut:]}
    if mode == GIVEN:
        mentions, entities = _given(row, cut)
    else:
        mentions = dict(zip(fields, annotator.annotate(list(fields.values())), strict=True))
        entities = {
            one.best.term: (_recognised(one, annotator),)
            for found in mentions.values()
            for one in found
        }
    everything: set[str] = set()
    for name, text in fields.items():
        for start, end in sentence_bounds(name, text, mentions[name]):
            inside = [one for one in mentions[name] if start <= one.start and one.end <= end]
            terms = {one.best.term for one in inside}
            everything |= terms
            document.sentences += 1
            document.same_sentence |= _all_pairs(terms, entities)
            for one in reader.read_sentence(text[start:end], inside, start):
                for pair in _pairs(one.subject.best.term, one.object.best.term, entities):
                    document.found[pair].append(one)
    document.same_document = _all_pairs(everything, entities)
    return document


def _recognised(mention: Mention, annotator: Annotator) -> Entity:
    ids = mention_ids(mention, annotator.lexicon)
    return Entity(frozenset(map(str.upper, ids)), _TYPES.get(mention.type, ""))


def _given(row: dict[str, Any], cut: int) -> tuple[dict[str, list[Mention]], Entities]:
    """Return the file's entities as mentions by field, and what their terms stand for.

    The term of an entity with several ids is all of them; it stands for an entity for each.
    """
    chosen: list[dict[str, Any]] = []
    for one in sorted(row["entities"], key=lambda one: (one["start"] - one["end"], one["start"])):
        if all(one["end"] <= other["start"] or other["end"] <= one["start"] for other in chosen):
            chosen.append(one)
    mentions: dict[str, list[Mention]] = {"title": [], "abstract": []}
    entities: Entities = {}
    for one in sorted(chosen, key=lambda one: one["start"]):
        name, offset = ("title", 0) if one["start"] < cut else ("abstract", cut)
        term = " ".join(one["ids"]) or one["text"]
        entities[term] = tuple(
            Entity(frozenset((each.upper(),)), one["type"]) for each in one["ids"]
        )
        mentions[name].append(
            Mention(
                start=one["start"] - offset,
                end=one["end"] - offset,
                text=one["text"],
                type=_ENTITY_TYPES[one["type"]],
                groundings=(Grounding(term=term, score=1.0, method="gold"),),
            )
        )
    return mentions, entities


def _all_pairs(terms: Iterable[str], entities: Entities) -> set[frozenset[Entity]]:
    return {
        pair
        for one, other in combinations(sorted(terms), 2)
        for pair in _pairs(one, other, entities)
    }


def _pairs(term: str, other: str, entities: Entities) -> Iterator[frozenset[Entity]]:
    """Yield the pairs of what two terms stand for, of types that BioRED annotates."""
    for one, two in product(entities[term], entities[other]):
        if frozenset((one.kind, two.kind)) in PAIR_TYPES and not one.ids & two.ids:
            yield frozenset((one, two))


def _hits(pair: frozenset[Entity], gold: Iterable[Pair]) -> list[Pair]:
    """Return the gold pairs that a found pair may be."""
    one, other = pair
    return [frozenset((a, b)) for a in one.ids for b in other.ids if frozenset((a, b)) in gold]


def _score(
    documents: Iterable[Document],
    chosen: Iterable[Iterable[frozenset[Entity]]],
    kinds: frozenset[Pair] = PAIR_TYPES,
) -> Score:
    """Return the score of the pairs chosen of each document, as far as they are of such types."""
    score = Score()
    for document, pairs in zip(documents, chosen, strict=True):
        gold = {
            pair
            for pair in document.gold
            if frozenset(document.kinds[one] for one in pair) in kinds
        }
        met: set[Pair] = set()
        for pair in pairs:
            if frozenset(one.kind for one in pair) in kinds:
                hits = _hits(pair, gold)
                score.found += 1
                score.right += bool(hits)
                met.update(hits)
        score.gold += len(gold)
        score.right_gold += len(met)
    return score


def _stated(document: Document, threshold: float = 0.0) -> list[frozenset[Entity]]:
    """Return the pairs that some sentence states, with at least this confidence."""
    return [
        pair
        for pair, evidence in document.found.items()
        if any(not one.negated and one.confidence >= threshold for one in evidence)
    ]


def _figures(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    golds = sum(len(one.gold) for one in documents)
    sentences = sum(one.sentences for one in documents)
    yield "documents, sentences, pairs", f"{len(documents)} {sentences} {golds}"
    in_sentence = _score(documents, [one.same_sentence for one in documents])
    yield "ceiling of recall, in sentence", share(in_sentence.right_gold, golds)
    yield "co-mention: same sentence", with_counts(in_sentence)
    of_document = _score(documents, [one.same_document for one in documents])
    yield "co-mention: same document", with_counts(of_document)
    stated = [_stated(one) for one in documents]
    yield "pair, not negated", with_counts(_score(documents, stated))
    for threshold in _THRESHOLDS:
        above = [_stated(one, threshold) for one in documents]
        yield f"pair, confidence {threshold} or more", with_counts(_score(documents, above))
    yield "pair, variants aside", with_counts(_score(documents, stated, _WITHOUT_VARIANTS))
    for kind in sorted(PAIR_TYPES, key=sorted):
        name = "-".join(sorted(kind) if len(kind) == 2 else [*kind, *kind])
        yield f"pair {name}", with_counts(_score(documents, stated, frozenset((kind,))))
    yield from _kinds(documents, stated)


def _kinds(
    documents: Sequence[Document], stated: Sequence[Sequence[frozenset[Entity]]]
) -> Iterator[tuple[str, str]]:
    """Yield what BioRED's kinds of relation come to: the share found, their signs, binding."""
    total: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    signs: dict[str, int] = defaultdict(int)
    binding: dict[str, int] = defaultdict(int)
    for document, pairs in zip(documents, stated, strict=True):
        evidence: dict[Pair, list[Evidence]] = defaultdict(list)
        for found_pair in pairs:
            holding = [one for one in document.found[found_pair] if not one.negated]
            hits = _hits(found_pair, document.gold)
            for hit in hits:
                evidence[hit] += holding
            if any(one.predicate is Predicate.BINDS for one in holding):
                binding["found"] += 1
                binding["pair"] += bool(hits)
                binding["bind"] += any(document.gold[hit] == "Bind" for hit in hits)
        for pair, kind in document.gold.items():
            total[kind] += 1
            if pair in evidence:
                found[kind] += 1
                binding["as bind"] += kind == "Bind" and any(
                    one.predicate is Predicate.BINDS for one in evidence[pair]
                )
                if kind in _CORRELATIONS:
                    sign = _sign_of(evidence[pair])
                    signs["unsigned" if not sign else str(sign == _CORRELATIONS[kind])] += 1
                    signs[kind + sign] += 1
    for kind in sorted(total):
        yield f"recall of {kind}", share(found[kind], total[kind])
    right, wrong, unsigned = signs["True"], signs["False"], signs["unsigned"]
    yield "sign, where found", f"{share(right, right + wrong)}  unsigned {unsigned}"
    yield "sign, unsigned as wrong", share(right, right + wrong + unsigned)
    for kind in _CORRELATIONS:
        counts = (f"{sign or 'none'} {signs[kind + sign]}" for sign in ("+", "-", ""))
        yield f"sign found for {kind}", "  ".join(counts)
    yield "binds", share(binding["pair"], binding["found"]) + f"  a Bind {binding['bind']}"
    yield "Bind, found as binds", share(binding["as bind"], total["Bind"])


def _sign_of(evidence: Iterable[Evidence]) -> str:
    """Return the sign that most confidence is behind, or none."""
    weights = {"+": 0.0, "-": 0.0}
    for one in evidence:
        if one.predicate in SIGNS:
            weights[SIGNS[one.predicate]] += one.confidence + 1e-9
    if weights["+"] == weights["-"]:
        return ""
    return max(weights, key=lambda sign: weights[sign])
