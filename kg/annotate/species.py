"""Floor 6: the species that a gene mention is about.

Told by what is written together with the name (rhIL-7), else by the nearest word for an organism in
the sentence, before the name rather than after it, else by what most of the document's words for
organisms say (after Wei et al. 2012, "SR4GN: a species recognition software tool for gene
normalization", PLoS One 7:e38460). Where nothing is said the gene is taken for a human one.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.annotate.matching import Match
from kg.model import EntityType, Grounding, Mention
from kg.vocabulary.hosts import CUE_STATUSES, HUMAN, MOUSE, RAT
from kg.vocabulary.lexicon import Lexicon

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# Mouse and rat as genera are the laboratory animals.
_TAXON = {
    HUMAN: HUMAN, "NCBITaxon:9605": HUMAN,
    MOUSE: MOUSE, "NCBITaxon:10088": MOUSE,
    RAT: RAT, "NCBITaxon:10114": RAT,
}  # fmt: skip
_PREFIX = {MOUSE: "MGI:", RAT: "RGD:"}
_SENTENCE_END = re.compile(r"[.!?]\)?\s+(?=[A-Z])")
_GLUED = {"rh": HUMAN, "rhu": HUMAN, "hu": HUMAN, "rm": MOUSE}
_GLUED_PREFIX = re.compile(r"(rhu|rh|rm|hu)(?=[A-Z]{2})")
_TITLE_WEIGHT = 2
_SHORTEST_SYMBOL = 3


class Cue(NamedTuple):
    """A word that tells a species, and where it stands in its field."""

    start: int
    end: int
    taxon: str


def is_cue(match: Match) -> bool:
    """Tell a match that names no organism but tells the species (a strain, a cell line)."""
    return match.best.status in CUE_STATUSES


def judge_species(
    fields: Sequence[str],
    found: Sequence[Iterable[Match]],
    mentions: Sequence[list[Mention]],
    lexicon: Lexicon,
    *,
    as_species: bool,
) -> list[list[Mention]]:
    """Return the mentions of a document with the species of each gene in `organism`.

    `found` holds all matches of each field, cues among them. With `as_species` a gene of mouse or
    rat is grounded to the mouse or rat gene, else to its human ortholog.
    """
    cues = [list(_find_cues(matches)) for matches in found]
    focus = _focus(cues)
    told = {cue.taxon for own in cues for cue in own}
    by_style = told <= {HUMAN} and _is_in_rodent_style(mentions, lexicon)
    result = []
    for text, own, ones in zip(fields, cues, mentions, strict=True):
        place = _Place(text, own) if len({cue.taxon for cue in own}) > 1 else None
        judged = []
        for one in ones:
            if one.type in _GENES:
                if by_style and _style(one, lexicon) != HUMAN:
                    taxon = MOUSE
                else:
                    taxon = _taxon_of(one, place, focus, own)
                one = _with_species(one, taxon, lexicon, as_species=as_species)  # noqa: PLW2901
            judged.append(one)
        result.append(judged)
    return result


def _find_cues(matches: Iterable[Match]) -> Iterator[Cue]:
    for match in matches:
        taxon = _TAXON.get(match.names[0][1].curie)
        if taxon is not None:
            yield Cue(match.start, match.end, taxon)


def _focus(cues: Sequence[list[Cue]]) -> str:
    """Return the species that most of a document's words say; the title's count double."""
    counts: Counter[str] = Counter()
    for number, own in enumerate(cues):
        weight = 1 if number or len(cues) == 1 else _TITLE_WEIGHT
        for cue in own:
            counts[cue.taxon] += weight
    if not counts:
        return ""
    most = max(counts.values())
    return next(taxon for taxon in counts if counts[taxon] == most)


def _is_in_rodent_style(mentions: Sequence[list[Mention]], lexicon: Lexicon) -> bool:
    """Tell a document whose symbols are written as those of mouse genes, for the most part.

    Each symbol counts once; two at least must say so.
    """
    styles = {
        one.text: _style(one, lexicon)
        for own in mentions
        for one in own
        if one.type is EntityType.GENE
    }
    counts = Counter(styles.values())
    return counts[MOUSE] > max(1, counts[HUMAN])


def _style(mention: Mention, lexicon: Lexicon) -> str:
    """Return the species in whose way a symbol is written: Foxp3 or FOXP3; else nothing."""
    return _style_of(mention.text, mention.best.term, lexicon)


@lru_cache(maxsize=20_000)
def _style_of(surface: str, curie: str, lexicon: Lexicon) -> str:
    term = lexicon.term(curie)
    if term is None or len(surface) < _SHORTEST_SYMBOL or not curie.startswith("HGNC:"):
        return ""
    if surface == term.label:
        return HUMAN
    if surface != surface.capitalize():
        return ""
    genes = (lexicon.term(xref) for xref in term.xrefs if xref.startswith("MGI:"))
    return MOUSE if any(gene is not None and gene.label == surface for gene in genes) else ""


class _Place:
    """Where the sentences of a field begin, and the cues in them."""

    def __init__(self, text: str, cues: list[Cue]) -> None:
        self._starts = [0, *(end.end() for end in _SENTENCE_END.finditer(text)), len(text) + 1]
        self._cues = sorted(cues)
        self._cue_starts = [cue.start for cue in self._cues]

    def nearest(self, start: int, end: int) -> str:
        """Return the species of the nearest cue in the sentence, one before the name first."""
        sentence = bisect_right(self._starts, start)
        first, last = self._starts[sentence - 1], self._starts[sentence]
        place = bisect_right(self._cue_starts, start)
        if place and self._cues[place - 1].start >= first:
            return self._cues[place - 1].taxon
        if place < len(self._cues) and end <= self._cues[place].start < last:
            return self._cues[place].taxon
        return ""


def _taxon_of(mention: Mention, place: _Place | None, focus: str, cues: list[Cue]) -> str:
    glued = _GLUED_PREFIX.match(mention.text) if mention.text[0] in "rh" else None
    if glued is not None:
        return _GLUED[glued[1]]
    if place is not None:
        return place.nearest(mention.start, mention.end) or focus
    return cues[0].taxon if cues else focus


def _with_species(mention: Mention, taxon: str, lexicon: Lexicon, *, as_species: bool) -> Mention:
    if not taxon:
        own = lexicon.term(mention.best.term)
        taxon = own.taxon if own is not None and own.taxon != HUMAN else ""
    if not taxon:
        return mention
    groundings = mention.groundings
    if as_species and taxon in _PREFIX:
        groundings = tuple(
            Grounding(term=gene, score=one.score, method=one.method)
            for one in groundings
            for gene in (orthologs_of(one.term, taxon, mention.text, lexicon)[:1] or [one.term])
        )
    # Written out: `dataclasses.replace` takes five times as long.
    return Mention(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        type=mention.type,
        groundings=groundings,
        organism=taxon,
    )


def orthologs_of(curie: str, taxon: str, surface: str, lexicon: Lexicon) -> list[str]:
    """Return the genes of a rodent that a human gene has as orthologs, the likeliest first.

    Where there are several, those that have the surface among their names are the ones.
    """
    term = lexicon.term(curie)
    prefix = _PREFIX.get(taxon)
    if term is None or prefix is None or not curie.startswith("HGNC:"):
        return []
    genes = [xref for xref in term.xrefs if xref.startswith(prefix) and lexicon.term(xref)]
    if len(genes) < 2:
        return genes
    return [gene for gene in genes if _is_called(gene, surface, lexicon)] or genes


def _is_called(gene: str, surface: str, lexicon: Lexicon) -> bool:
    term = lexicon.term(gene)
    if term is None:
        return False
    wanted = surface.casefold().replace("-", "")
    names = (term.label, *(one.text for one in term.synonyms))
    return any(name.casefold().replace("-", "") == wanted for name in names)
