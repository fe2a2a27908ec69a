"""Floor 6: a document's mentions: matches weighed against each other and against the document.

A document is its fields in order (title, snippets or abstract); abbreviations that one field
defines hold in all of them.
"""

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Literal, NamedTuple

from kg.annotate.abbreviations import Abbreviation, find_abbreviations, find_uses
from kg.annotate.acronyms import acronyms_among, explained_acronyms
from kg.annotate.cells import is_of_other_cell, is_surface_marker, read_cell_phrases
from kg.annotate.context import depends_on_context, in_context, without_products
from kg.annotate.diseases import appositions, read_disease_phrases
from kg.annotate.ions import find_ions
from kg.annotate.matching import Match, Matcher, Names
from kg.annotate.nested import read_nested
from kg.annotate.sentences import split_sentences
from kg.annotate.species import is_cue, judge_species
from kg.annotate.symbols import is_code, is_ion, is_part_of_compound, is_variant, names_a_protein
from kg.model import (
    AnnotatedPublication,
    AnnotatedSentence,
    EntityType,
    Grounding,
    Mention,
    Publication,
    Sentence,
)
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.names import name_key
from kg.vocabulary.own_names import OWN_NAME

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_MAX_GROUNDINGS = 5
_LEAST_SCORE = 0.6
# Letters from which on an acronym of a type is trusted without a definition.
_LEAST_ACRONYM = {EntityType.ORGANISM: 3, EntityType.CELL_TYPE: 4, EntityType.CHEMICAL: 4}
_COMMON_TAXA = frozenset({"bacteria", "fungi", "archaea"})  # written like words by everyone
_SUPPLEMENT = re.compile(r"S\d{1,2}")  # as figures of a supplement are numbered
_EXACT_SCORE = 0.9
_MEMORY = 150_000  # ways of writing that are remembered
_CELLS = re.compile(r"\scells?\b")


class _Reading(NamedTuple):
    """What the names of a way of writing come to, worked out once.

    `trusted` are those that hold without a definition in the text, `initials` the acronyms that
    may stand for the name; `depends` tells that some hold in a certain context only; `acronyms` are
    those that hold where their document explains them.
    """

    names: Names
    trusted: Names
    initials: tuple[str, ...]
    depends: bool
    acronyms: Names = ()


class Annotator:
    """Finds and grounds what a document names, with one lexicon.

    With `species="human"` a gene of mouse or rat counts as its human ortholog; with "auto" as the
    gene of the species that the text tells.
    """

    def __init__(self, lexicon: Lexicon, species: Literal["human", "auto"] = "human") -> None:
        self.lexicon = lexicon
        self._as_species = species == "auto"
        self._matcher = Matcher(lexicon)
        # By the identity of the names, which the matcher makes once for a way of writing.
        self._readings: dict[int, _Reading] = {}
        self._groundings: dict[tuple[int, str], tuple[Names, tuple[Grounding, ...]]] = {}

    def annotate(self, fields: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each field of one document, in order, not overlapping."""
        found = [self._matcher.find_matches(text) for text in fields]
        readings = [
            [self._reading(text, match) for match in matches]
            for text, matches in zip(fields, found, strict=True)
        ]
        if any(reading.depends for read in readings for reading in read):
            found = list(in_context(fields, found))
            readings = [
                [self._reading(text, match) for match in matches]
                for text, matches in zip(fields, found, strict=True)
            ]
        short_forms = _defined_short_forms(fields, found)
        short_forms |= _initials(fields, readings, short_forms)
        short_forms |= _acronyms(fields, found, readings, short_forms, self.lexicon)
        result = []
        for text, matches, read in zip(fields, found, readings, strict=True):
            kept = _keep(text, matches, read, short_forms)
            kept.extend(_uses(text, short_forms))
            kept.extend(find_ions(text, self.lexicon))
            phrases = list(read_cell_phrases(text, kept, self.lexicon))
            phrases.extend(read_disease_phrases(text, kept, self.lexicon))
            phrases.extend(read_nested(text, kept, self.lexicon))
            if phrases:
                kept = _without_cut(kept, phrases)
            kept = without_products(text, kept)
            kept.extend(phrases)
            kept = _without_forbidden(text, kept, self.lexicon)
            result.append([self._mention(text, one) for one in without_overlaps(kept)])
        return judge_species(fields, found, result, self.lexicon, as_species=self._as_species)

    def _reading(self, text: str, match: Match) -> _Reading:
        reading = self._readings.get(id(match.names))
        if reading is None or reading.names is not match.names:
            names = match.names
            surface = text[match.start : match.end]
            trusted = _trust(surface, names, self.lexicon)
            initials = tuple(
                one
                for one in _initials_of(surface, names)
                if _is_free(one, names[0][1], self.lexicon)
            )
            acronyms = () if trusted else acronyms_among(surface, names)
            reading = _Reading(names, trusted, initials, depends_on_context(names), acronyms)
            if len(self._readings) > _MEMORY:
                self._readings.clear()
            self._readings[id(names)] = reading
        return reading

    def _mention(self, text: str, match: Match) -> Mention:
        key = (id(match.names), match.method)
        known = self._groundings.get(key)
        if known is None or known[0] is not match.names:
            if len(self._groundings) > _MEMORY:
                self._groundings.clear()
            known = self._groundings[key] = (match.names, _ground(match))
        return Mention(
            start=match.start,
            end=match.end,
            text=text[match.start : match.end],
            type=match.names[0][1].type,
            groundings=known[1],
        )

    def annotate_publication(self, publication: Publication) -> AnnotatedPublication:
        """Return a publication with its sentences and the mentions in them."""
        mentions = self.annotate([text.text for text in publication.texts])
        sentences: list[AnnotatedSentence] = []
        for text, found in zip(publication.texts, mentions, strict=True):
            starts = [one.start for one in found]
            for start, end in sentence_bounds(text.field, text.text, found):
                sentences.append(
                    AnnotatedSentence(
                        sentence=Sentence(
                            field=text.field, order=len(sentences), start=start, end=end
                        ),
                        text=text.text[start:end],
                        mentions=tuple(
                            found[bisect_left(starts, start) : bisect_left(starts, end)]
                        ),
                    )
                )
        return AnnotatedPublication(publication=publication, sentences=tuple(sentences))


def sentence_bounds(
    field: str, text: str, mentions: Iterable[Mention]
) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a field; a title is one, and no mention is cut in two."""
    if field == "title":
        if text.strip():
            yield 0, len(text)
        return
    spans = deque(sorted((one.start, one.end) for one in mentions))
    pending: int | None = None
    for start, end in split_sentences(text):
        begin = start if pending is None else pending
        while spans and spans[0][1] <= end:
            spans.popleft()
        if spans and spans[0][0] < end:
            pending = begin
            continue
        pending = None
        yield begin, end
    if pending is not None:
        yield pending, len(text)


def _defined_short_forms(fields: Sequence[str], found: Sequence[list[Match]]) -> dict[str, Names]:
    """Return what the short forms that a document defines stand for.

    A short form whose long form names nothing stands for nothing (an empty tuple), unless it is the
    symbol of a gene and the long form reads like the name of a protein.
    """
    defined: dict[str, Names] = {}
    for text, matches in zip(fields, found, strict=True):
        if "(" not in text and "[" not in text:
            continue
        definitions = find_abbreviations(text)
        by_end: dict[int, list[Match]] = defaultdict(list)
        for match in matches if definitions else ():
            by_end[match.end].append(match)
        for definition in definitions:
            short = text[definition.short_start : definition.short_end]
            if is_variant(short):
                continue
            covering = [
                match
                for match in by_end[definition.long_end]
                if match.start >= definition.long_start and not is_cue(match)
            ]
            longest = min(covering, key=lambda match: match.start, default=None)
            complete = longest is not None and longest.start == definition.long_start
            long = text[definition.long_start : definition.long_end]
            if not complete and names_a_protein(long) and _is_gene(by_end, definition):
                continue  # the short form is a symbol, and the long form reads like its name
            if longest is not None and (complete or any(char.isdigit() for char in short)):
                defined.setdefault(short, longest.names)
            elif not any(char.isdigit() for char in short):
                defined.setdefault(short, ())
        for short, names in appositions(text, matches):
            defined.setdefault(short, names)
    return defined


def _initials_of(surface: str, names: Names) -> tuple[str, ...]:
    """Return the acronyms that a name of several words may have."""
    name = names[0][1]
    if name.is_symbol or name.type in _GENES or name.status in CUE_STATUSES:
        return ()
    words = re.findall(r"[^\W\d_]+", surface)
    if len(words) < 2:
        return ()
    initials = "".join(word[0] for word in words).upper()
    if len(words) > 3 and words[-1].rstrip("s") == "cell":
        return initials, initials[:-1]
    if len(words) == 2 and name.type is EntityType.DISEASE:
        return initials, f"{initials[0]}{words[0][1:2].lower()}{initials[1]}"  # PsA, SjS
    return (initials,)


def _is_gene(by_end: dict[int, list[Match]], definition: Abbreviation) -> bool:
    return any(
        match.start == definition.short_start and match.best.type in _GENES
        for match in by_end[definition.short_end]
    )


def _initials(
    fields: Sequence[str], readings: Iterable[Iterable[_Reading]], known: Container[str]
) -> dict[str, Names]:
    """Return acronyms that are the initials of a longer name in the same document."""
    first: dict[str, Names] = {}
    for reading in chain.from_iterable(readings):
        for initials in reading.initials:
            first.setdefault(initials, reading.names)
    return {
        initials: names
        for initials, names in first.items()
        if initials not in known and _stands(initials, fields)
    }


def _stands(acronym: str, fields: Sequence[str]) -> bool:
    """Tell whether an acronym is used in a document, in the singular and not behind a hyphen.

    One in parentheses is explained by what stands before it, if by anything.
    """
    if not any(acronym in field for field in fields):
        return False
    if any(f"({acronym})" in field for field in fields):
        return False
    return any(
        field[start - 1 : start] != "-" and end == start + len(acronym)
        for field in fields
        for start, end, _ in find_uses(field, (acronym,))
    )


def _acronyms(
    fields: Sequence[str],
    found: Sequence[list[Match]],
    readings: Sequence[list[_Reading]],
    known: Container[str],
    lexicon: Lexicon,
) -> dict[str, Names]:
    """Return the acronyms that hold by what else the document names."""
    doubtful = {
        surface: reading.acronyms
        for text, matches, read in zip(fields, found, readings, strict=True)
        for match, reading in zip(matches, read, strict=True)
        if reading.acronyms and (surface := text[match.start : match.end]) not in known
    }
    if not doubtful:
        return {}
    sure = (one.trusted for read in readings for one in read if one.trusted)
    return explained_acronyms(doubtful, sure, lexicon)


def _is_free(short: str, name: Name, lexicon: Lexicon) -> bool:
    """Tell initials of a disease that are long enough, or not the acronym of something else."""
    if len(short) > 2 or name.type is not EntityType.DISEASE:
        return True
    exact = {one.curie for one in lexicon.names(name_key(short)) if one.score >= _EXACT_SCORE}
    return not exact or name.curie in exact


def _uses(text: str, short_forms: dict[str, Names]) -> Iterator[Match]:
    """Yield the places where a text uses a short form that its document defines."""
    known = {short: names for short, names in short_forms.items() if names}
    for start, end, short in find_uses(text, known) if known else ():
        names = known[short]
        noun = _CELLS.match(text, end) if names[0][1].type is EntityType.CELL_TYPE else None
        yield Match(start, noun.end() if noun else end, names, "abbreviation")


def _without_cut(matches: Iterable[Match], phrases: Iterable[Match]) -> list[Match]:
    """Leave out processes that begin inside a cell phrase and go on past it.

    "memory CD8 T cell development" is about memory CD8 T cells.
    """
    inside = {place for phrase in phrases for place in range(phrase.start + 1, phrase.end)}
    return [
        match
        for match in matches
        if match.best.type is not EntityType.PROCESS or match.start not in inside
    ]


def _keep(
    text: str, matches: Iterable[Match], readings: Iterable[_Reading], short_forms: Collection[str]
) -> list[Match]:
    """Return the matches that hold in their document, with the names that hold."""
    kept: list[Match] = []
    for match, reading in zip(matches, readings, strict=True):
        names = reading.trusted
        if not names:
            continue
        is_defined = short_forms and text[match.start : match.end].rstrip("s") in short_forms
        if is_defined and names[0][1].status != OWN_NAME:
            continue  # the definition decides, by way of `_uses`, unless the user has decided
        if _is_part_of_other(text, match.start, match.end, names[0][1]):
            continue
        kept.append(match if names is match.names else match._replace(names=names))
    return kept


def _is_part_of_other(text: str, start: int, end: int, name: Name) -> bool:
    """Tell a name that with what stands beside it is something else: a marker, an ion, a cell."""
    is_gene = name.type in _GENES
    if (is_gene or name.is_symbol) and is_surface_marker(text, end):
        return True
    if is_gene:
        return is_ion(text, start, end) or is_part_of_compound(text, start, name)
    return name.type is EntityType.CELL_TYPE and is_of_other_cell(text, start, end)


def _trust(surface: str, names: Names, lexicon: Lexicon) -> Names:
    """Return the names that hold without a definition in the text; none where they compete."""
    if names[0][1].status in CUE_STATUSES:  # tells a species, but is no mention of it
        names = tuple(one for one in names if one[1].type is EntityType.CELL_TYPE)
    is_word = lexicon.is_word(surface.lower())
    trusted = tuple(one for one in names if _is_trusted(surface, one[0], one[1], is_word=is_word))
    if not trusted:
        return ()
    score, name = trusted[0]
    rivals = [other for value, other in trusted[1:] if score - value < 0.005]
    is_weak = name.is_symbol and name.status not in {"approved symbol", "family", "label"}
    if is_weak and name.type in _GENES and names[0][1].type not in _GENES:
        return ()  # what is an acronym of something else before it is an alias of a gene
    if is_weak and any(other.type is name.type for other in rivals) and not is_code(surface):
        return ()  # letters that are an alias of several genes name none of them
    return names if len(trusted) == len(names) else trusted


def _without_forbidden(text: str, matches: list[Match], lexicon: Lexicon) -> list[Match]:
    """Leave out what the user forbids, even where the text itself defines it."""
    if not lexicon.forbids_names:
        return matches
    return [
        match
        for match in matches
        if not (
            lexicon.is_forbidden(surface := text[match.start : match.end])
            or lexicon.is_forbidden(surface.removesuffix("s"))
        )
    ]


def _is_trusted(surface: str, score: float, name: Name, *, is_word: bool) -> bool:
    """Tell whether a name holds without a definition in the text."""
    if name.status == OWN_NAME:
        return True
    if score < _LEAST_SCORE:
        return False
    has_digit = any(char.isdigit() for char in surface)
    if name.type in _GENES:
        is_doubtful = name.status == "NCBI alias" or (
            name.status == "NCBI designation" and name.is_symbol
        )
        return not is_doubtful or (has_digit and len(surface) >= 4)
    is_common = surface in _COMMON_TAXA
    if name.type is EntityType.ORGANISM and is_word and surface.islower() and not is_common:
        # A scientific name has its capital (Lens, Pan).
        return not (name.text[0].isupper() and name.text == name.label)
    if _SUPPLEMENT.fullmatch(surface):
        return False
    if name.is_symbol and not (name.status == "label" and surface == name.text):
        if name.type is EntityType.DISEASE:
            return False  # genes and families of genes go by the same acronyms
        least = _LEAST_ACRONYM.get(name.type)
        return has_digit or (least is not None and len(surface.rstrip("s")) >= least)
    if name.status in {"broad synonym", "narrow synonym"}:
        return False
    if name.status == "related synonym":
        return " " in surface or (len(surface) > 6 and not is_word)
    return True


def without_overlaps(matches: Iterable[Match]) -> list[Match]:
    """Return the longest of the matches that overlap; of the same stretch, the best scored."""
    chosen: list[Match] = []
    cluster: list[Match] = []
    reach = 0
    for match in sorted(matches, key=itemgetter(0)):
        if match.start >= reach and cluster:
            chosen.extend(_longest(cluster) if len(cluster) > 1 else cluster)
            cluster = []
        cluster.append(match)
        reach = max(reach, match.end)
    chosen.extend(_longest(cluster) if len(cluster) > 1 else cluster)
    return chosen


def _longest(cluster: list[Match]) -> list[Match]:
    """Return the matches of a cluster that stand, the longest first, in order of start."""
    chosen: list[Match] = []
    for match in sorted(cluster, key=lambda one: (one.start - one.end, -one.score, one.start)):
        if all(match.end <= other.start or other.end <= match.start for other in chosen):
            chosen.append(match)
    return sorted(chosen, key=itemgetter(0))


def _ground(match: Match) -> tuple[Grounding, ...]:
    """Return the groundings that the names of a match come to, best first, one a term."""
    by_term: dict[str, tuple[float, Name]] = {}
    for score, name in match.names:
        by_term.setdefault(name.curie, (score, name))
    return tuple(
        Grounding(
            term=name.curie,
            score=score,
            method=name.status if match.method == "lexicon" else match.method,
        )
        for score, name in list(by_term.values())[:_MAX_GROUNDINGS]
    )
