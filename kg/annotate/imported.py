"""Floor 6: mentions that came with a text, grounded by their identifiers.

A mouse or rat gene counts as its human ortholog, or as itself, as among our own mentions.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from kg.model import Annotation, EntityType, Grounding, Mention, Term
from kg.vocabulary.hosts import HUMAN
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.orthologs import human_ortholog, is_rodent_gene
from kg.vocabulary.own_names import OWN_NAME

METHOD = "imported"
Annotations = Literal["own", "imported", "both"]

_MAX_GROUNDINGS = 5
_MEMORY = 50_000
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# What annotated texts call the types, in small letters; others (variants, cell lines) are none.
_TYPES: dict[str, frozenset[EntityType]] = {
    word: types
    for types, words in (
        (_GENES, "gene geneorgeneproduct protein geneprotein geneorprotein familyname genefamily"),
        (
            frozenset({EntityType.DISEASE}),
            "disease diseaseorphenotypicfeature disorder specificdisease diseaseclass",
        ),
        (frozenset({EntityType.CHEMICAL}), "chemical chemicalentity drug smallmolecule"),
        (frozenset({EntityType.ORGANISM}), "species organism organismtaxon taxon"),
        (frozenset({EntityType.CELL_TYPE}), "cell celltype cellpopulation"),
        (frozenset({EntityType.ANATOMY}), "anatomy anatomicalstructure tissue organ"),
        (frozenset({EntityType.PROCESS}), "process biologicalprocess bioprocess pathway"),
    )
    for word in words.split()
}


class _Reading(NamedTuple):
    """What an annotation comes to: what it may refer to, best first, and the species told."""

    groundings: tuple[Grounding, ...]
    type: EntityType
    organism: str
    replaced: bool


class Importer:
    """Makes mentions of the annotations that came with texts, with one lexicon.

    With `as_species` a gene of mouse or rat stands for itself, else for its human ortholog.
    `replaced` counts the annotations by an obsolete identifier, which were taken for the term that
    stands in its place.
    """

    def __init__(self, lexicon: Lexicon, *, as_species: bool = False) -> None:
        self._lexicon = lexicon
        self._as_species = as_species
        self._read = lru_cache(maxsize=_MEMORY)(self._ground)
        self.replaced = 0

    def mentions(
        self, annotations: Iterable[Annotation], texts: Mapping[str, str]
    ) -> dict[str, list[Mention]]:
        """Return the mentions in some fields' texts, in order, not overlapping, by field.

        An annotation is grounded by its identifiers; where none is known, by its text, among the
        terms of its type. One of neither gives no mention, nor does a text that the user forbids.
        """
        by_span: dict[tuple[str, int, int], list[_Reading]] = defaultdict(list)
        for one in annotations:
            if texts.get(one.field, "")[one.start : one.end] != one.text:
                continue
            reading = self._read(one.text, one.type, one.identifiers)
            if reading is not None:
                self.replaced += reading.replaced
                by_span[one.field, one.start, one.end].append(reading)
        found: dict[str, list[Mention]] = defaultdict(list)
        for (name, start, end), readings in by_span.items():
            found[name].append(_make_mention(texts[name], start, end, readings))
        return {name: _without_overlaps(mentions) for name, mentions in found.items()}

    def _ground(self, text: str, kind: str, identifiers: tuple[str, ...]) -> _Reading | None:
        """Return what an annotation comes to, or None; remembered."""
        if self._lexicon.is_forbidden(text):
            return None
        types = _TYPES.get("".join(filter(str.isalpha, kind.casefold())), frozenset())
        terms: dict[str, float] = {}
        organisms: set[str] = set()
        replaced = False
        for identifier in identifiers:
            replaced = replaced or bool(self._lexicon.successor(identifier))
            for term in self._rank(self._lexicon.referents(identifier), text, types):
                shown = term if self._as_species else self._as_human(term)
                terms.setdefault(shown.curie, 1.0)
                if term.type is EntityType.GENE:
                    organisms.add(term.taxon or HUMAN)
        if not terms:
            for candidate in self._lexicon.candidates(text):
                if candidate.type in types:
                    terms.setdefault(candidate.curie, candidate.score)
        best = self._lexicon.term(next(iter(terms), ""))
        if best is None:
            return None
        groundings = tuple(
            Grounding(term=curie, score=score, method=METHOD) for curie, score in terms.items()
        )
        return _Reading(
            groundings=groundings[:_MAX_GROUNDINGS],
            type=best.type,
            organism=organisms.pop() if len(organisms) == 1 else "",
            replaced=replaced,
        )

    def _rank(
        self, referents: Sequence[str], text: str, types: frozenset[EntityType]
    ) -> list[Term]:
        """Return the terms of an identifier: of its type first, then those that are called so."""
        terms = [term for curie in referents if (term := self._lexicon.term(curie)) is not None]
        if len(terms) < 2:
            return terms
        called = {one.curie for one in self._lexicon.candidates(text)}
        return sorted(terms, key=lambda term: (term.type not in types, term.curie not in called))

    def _as_human(self, term: Term) -> Term:
        if not is_rodent_gene(term.curie):
            return term
        humans = (self._lexicon.term(one) for one in term.xrefs if one.startswith("HGNC:"))
        return human_ortholog(term, {one.curie: one for one in humans if one is not None}) or term


def choose_mentions(
    own: Sequence[Mention], imported: Sequence[Mention], choice: Annotations
) -> list[Mention]:
    """Return the mentions of one field that stand, in order: ours, those that came, or both.

    Of both, those that came stand where the two overlap, unless ours is by a name of the user's.
    """
    if choice == "own" or not imported:
        return list(own) if choice != "imported" else []
    if choice == "imported":
        return list(imported)
    users = _Spans(one for one in own if one.best.method == OWN_NAME)
    came = [one for one in imported if not users.overlap(one)]
    taken = _Spans(came)
    return sorted(
        [*came, *(one for one in own if not taken.overlap(one))], key=lambda one: one.start
    )


class _Spans:
    """Stretches of a text that do not overlap."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self._ends: list[int] = []
        self._starts: list[int] = []
        for one in mentions:
            self.add(one)

    def add(self, one: Mention) -> None:
        """Take in one that overlaps none."""
        place = bisect_left(self._starts, one.start)
        self._starts.insert(place, one.start)
        self._ends.insert(place, one.end)

    def overlap(self, one: Mention) -> bool:
        """Tell whether a mention overlaps one of them."""
        place = bisect_right(self._ends, one.start)
        return place < len(self._ends) and self._starts[place] < one.end


def _make_mention(text: str, start: int, end: int, readings: Sequence[_Reading]) -> Mention:
    """Return the mention of a stretch that was annotated, perhaps several times."""
    first = readings[0]
    groundings = {one.term: one for each in reversed(readings) for one in each.groundings}
    ranked = [groundings[one.term] for each in readings for one in each.groundings]
    ranked.sort(key=lambda one: -one.score)
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        type=first.type,
        groundings=tuple(dict.fromkeys(ranked))[:_MAX_GROUNDINGS],
        organism=first.organism,
    )


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the longest of the mentions that overlap, in order."""
    chosen: list[Mention] = []
    taken = _Spans()
    for one in sorted(mentions, key=lambda one: (one.start - one.end, one.start)):
        if not taken.overlap(one):
            chosen.append(one)
            taken.add(one)
    return sorted(chosen, key=lambda one: one.start)
