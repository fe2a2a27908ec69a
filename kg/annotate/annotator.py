"""Floor 6: a document's mentions: matches weighed against each other and against the document.

A document is its fields in order (title, snippets or abstract); abbreviations that one field
defines hold in all of them.
"""

from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Literal, NamedTuple

from kg.annotate.acronyms import acronyms_among, explained_acronyms
from kg.annotate.cells import read_cell_phrases
from kg.annotate.context import (
    depends_on_context,
    names_in_context,
    part_of_other,
    without_products,
)
from kg.annotate.diseases import read_disease_phrases
from kg.annotate.imported import Annotations, Importer, choose_mentions
from kg.annotate.ions import find_ions
from kg.annotate.matching import Match, Matcher, Names
from kg.annotate.nested import read_nested
from kg.annotate.rules import trust
from kg.annotate.sentences import list_sections, split_sentences
from kg.annotate.short_forms import defined_short_forms, initials_of, used_initials, uses
from kg.annotate.species import judge_species
from kg.model import (
    AnnotatedPublication,
    AnnotatedSentence,
    EntityType,
    Grounding,
    Mention,
    Publication,
    Section,
    Sentence,
    Text,
)
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.own_names import OWN_NAME

_IN_OTHER_LANGUAGE = "vernacular-title"
_MAX_GROUNDINGS = 5
_MEMORY = 150_000  # ways of writing that are remembered


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
    acronyms: Names


class Weighed(NamedTuple):
    """What a document may name: a list for each field, and what its short forms stand for.

    `found` is all that is written like a name, `candidates` what holds in this document.
    """

    found: list[list[Match]]
    short_forms: dict[str, Names]
    candidates: list[list[Match]]


class Annotator:
    """Finds and grounds what a document names, with one lexicon.

    With `species="human"` a gene of mouse or rat counts as its human ortholog; with "auto" as the
    gene of the species that the text tells. `annotations` tells of publications that come with
    annotations whose mentions they have: those found here ("own"), those that came ("imported"), or
    both, and then those that came stand where the two overlap.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        species: Literal["human", "auto"] = "human",
        annotations: Annotations = "both",
    ) -> None:
        self.lexicon = lexicon
        self._as_species = species == "auto"
        self._annotations: Annotations = annotations
        self._importer = Importer(lexicon, as_species=self._as_species)
        self._matcher = Matcher(lexicon)
        # By the identity of the names, which the matcher makes once for a way of writing.
        self._readings: dict[int, _Reading] = {}
        self._groundings: dict[tuple[int, str], tuple[Names, tuple[Grounding, ...]]] = {}

    def annotate(self, fields: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each field of one document, in order, not overlapping."""
        weighed = self.weigh(fields)
        result = [
            [self._mention(text, one) for one in without_overlaps(candidates)]
            for text, candidates in zip(fields, weighed.candidates, strict=True)
        ]
        return judge_species(
            fields, weighed.found, result, self.lexicon, as_species=self._as_species
        )

    def weigh(self, fields: Sequence[str]) -> Weighed:
        """Return what one document may name, before what overlaps is resolved."""
        found = [self._matcher.find_matches(text) for text in fields]
        known = self._readings.get
        readings = [
            [known(id(match[2])) or self._reading(text, match) for match in matches]
            for text, matches in zip(fields, found, strict=True)
        ]
        if any(reading.depends for read in readings for reading in read):
            self._weigh_context(fields, found, readings)
        short_forms = defined_short_forms(fields, found)
        initials: dict[str, Names] = {}
        for reading in chain.from_iterable(readings):
            for one in reading.initials:
                initials.setdefault(one, reading.names)
        short_forms |= used_initials(fields, initials, short_forms)
        short_forms |= self._explained_acronyms(fields, found, readings, short_forms)
        candidates = []
        for text, matches, read in zip(fields, found, readings, strict=True):
            kept = _keep(text, matches, read, short_forms)
            kept.extend(uses(text, short_forms))
            kept.extend(find_ions(text, self.lexicon))
            phrases = list(read_cell_phrases(text, kept, self.lexicon))
            phrases.extend(read_disease_phrases(text, kept, self.lexicon))
            phrases.extend(read_nested(text, kept, self.lexicon))
            if phrases:
                kept = _without_cut(kept, phrases)
            kept = without_products(text, kept)
            kept.extend(phrases)
            candidates.append(_without_forbidden(text, kept, self.lexicon))
        return Weighed(found, short_forms, candidates)

    def _explained_acronyms(
        self,
        fields: Sequence[str],
        found: list[list[Match]],
        readings: list[list[_Reading]],
        known: Container[str],
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
        return explained_acronyms(doubtful, sure, self.lexicon)

    def _weigh_context(
        self, fields: Sequence[str], found: list[list[Match]], readings: list[list[_Reading]]
    ) -> None:
        """Leave the names that hold in their context to the matches that depend on it."""
        document = "\n".join(fields).lower()
        for text, matches, read in zip(fields, found, readings, strict=True):
            weighed = [
                match._replace(names=names_in_context(text, match, document))
                if reading.depends
                else match
                for match, reading in zip(matches, read, strict=True)
            ]
            matches[:] = [match for match in weighed if match.names]
            read[:] = [self._reading(text, match) for match in matches]

    def _reading(self, text: str, match: Match) -> _Reading:
        """Return what the names of a match come to, remembered by their identity.

        What is remembered holds its names, so that no other names get their identity.
        """
        names = match.names
        reading = self._readings.get(id(names))
        if reading is None:
            surface = text[match.start : match.end]
            trusted = trust(surface, names, self.lexicon)
            reading = _Reading(
                names=names,
                trusted=trusted,
                initials=initials_of(surface, names, self.lexicon),
                depends=depends_on_context(names),
                acronyms=() if trusted else acronyms_among(surface, names),
            )
            if len(self._readings) > _MEMORY:
                self._readings.clear()
            self._readings[id(names)] = reading
        return reading

    def _mention(self, text: str, match: Match) -> Mention:
        start, end, names, method = match
        known = self._groundings.get((id(names), method))
        if known is None:
            if len(self._groundings) > _MEMORY:
                self._groundings.clear()
            known = self._groundings[id(names), method] = (names, _ground(match))
        return Mention(
            start=start,
            end=end,
            text=text[start:end],
            type=names[0][1].type,
            groundings=known[1],
        )

    @property
    def replaced(self) -> int:
        """How many annotations that came with texts had an obsolete identifier, so far."""
        return self._importer.replaced

    def annotate_publication(self, publication: Publication) -> AnnotatedPublication:
        """Return a publication with its sentences and the mentions in them.

        Nothing is read in a title in another language. Sentences begin behind the labels of a
        structured abstract, and what is named in a label is no mention.
        """
        texts = [text for text in publication.texts if text.field != _IN_OTHER_LANGUAGE]
        mentions = self._choose_mentions(publication, texts)
        sentences: list[AnnotatedSentence] = []
        for text, found in zip(texts, mentions, strict=True):
            starts = [one.start for one in found]
            for section in list_sections(text):
                for start, end, inside in _cut_section(text, section, found, starts):
                    place = Sentence(
                        field=text.field,
                        order=len(sentences),
                        start=start,
                        end=end,
                        section=section.label,
                    )
                    sentences.append(
                        AnnotatedSentence(
                            sentence=place, text=text.text[start:end], mentions=tuple(inside)
                        )
                    )
        return AnnotatedPublication(publication=publication, sentences=tuple(sentences))

    def _choose_mentions(
        self, publication: Publication, texts: Sequence[Text]
    ) -> list[list[Mention]]:
        """Return the mentions of each field: ours, those that came with the paper, or both."""
        fields = [text.text for text in texts]
        choice = self._annotations
        own = self.annotate(fields) if choice != "imported" else [[] for _ in fields]
        if choice == "own" or (choice == "both" and not publication.annotations):
            return own
        imported = self._importer.mentions(
            publication.annotations, {text.field: text.text for text in texts}
        )
        return [
            choose_mentions(ours, imported.get(text.field, ()), choice)
            for text, ours in zip(texts, own, strict=True)
        ]


def _cut_section(
    text: Text, section: Section, mentions: Sequence[Mention], starts: Sequence[int]
) -> Iterator[tuple[int, int, Sequence[Mention]]]:
    """Yield the sentences of a section: start and end in the field, and the mentions in it.

    `starts` are the mentions' own; they are in order, and do not overlap.
    """
    first, last = bisect_left(starts, section.start), bisect_left(starts, section.end)
    while last > first and mentions[last - 1].end > section.end:
        last -= 1
    piece = text.text[section.start : section.end]
    bounds = sentence_bounds(text.field, piece, mentions[first:last], section.start)
    for start, end in bounds:
        stop = bisect_left(starts, end, first, last)
        yield start, end, mentions[bisect_left(starts, start, first, stop) : stop]


def sentence_bounds(
    field: str, text: str, mentions: Iterable[Mention], offset: int = 0
) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a field; a title is one, and no mention is cut in two.

    `offset` is where the text begins in the field's whole text, in which mentions and what is
    yielded count.
    """
    if field == "title":
        if text.strip():
            yield offset, offset + len(text)
        return
    spans = sorted([(one.start - offset, one.end - offset) for one in mentions])
    place, count = 0, len(spans)
    pending: int | None = None
    for start, end in split_sentences(text):
        begin = start if pending is None else pending
        while place < count and spans[place][1] <= end:
            place += 1
        if place < count and spans[place][0] < end:
            pending = begin
            continue
        pending = None
        yield offset + begin, offset + end
    if pending is not None:
        yield offset + pending, offset + len(text)


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
        start, end, own, _ = match
        is_defined = short_forms and text[start:end].rstrip("s") in short_forms
        if is_defined and names[0][1].status != OWN_NAME:
            continue  # the definition decides, by way of `uses`, unless the user has decided
        if not part_of_other(text, start, end, names[0][1]):
            kept.append(match if names is own else match._replace(names=names))
    return kept


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
    starts: list[int] = []
    for match in sorted(cluster, key=lambda one: (one.start - one.end, -one.score, one.start)):
        # What was chosen does not overlap, so it is enough to look at the two beside it.
        place = bisect_left(starts, match.start)
        if place and chosen[place - 1].end > match.start:
            continue
        if place < len(starts) and starts[place] < match.end:
            continue
        starts.insert(place, match.start)
        chosen.insert(place, match)
    return chosen


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
