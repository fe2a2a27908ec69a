"""Floor 6: a document's mentions: matches weighed against each other and against the document.

A document is its fields in order (title, snippets or abstract); abbreviations that one field
defines hold in all of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.annotate.abbreviations import find_abbreviations
from kg.annotate.cells import is_of_other_cell, is_surface_marker, read_cell_phrases
from kg.annotate.context import in_context, without_products
from kg.annotate.ions import find_ions
from kg.annotate.matching import Match, Matcher, Names
from kg.annotate.sentences import split_sentences
from kg.model import (
    AnnotatedPublication,
    AnnotatedSentence,
    EntityType,
    Grounding,
    Mention,
    Publication,
    Sentence,
)
from kg.vocabulary.lexicon import Lexicon, Name

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_MAX_GROUNDINGS = 5
_LEAST_SCORE = 0.6
# Letters from which on an acronym of a type is trusted without a definition.
_LEAST_ACRONYM = {EntityType.ORGANISM: 3, EntityType.CELL_TYPE: 4, EntityType.CHEMICAL: 4}
_COMMON_TAXA = frozenset({"bacteria", "fungi", "archaea"})  # written like words by everyone
_SUPPLEMENT = re.compile(r"S\d{1,2}")  # as figures of a supplement are numbered
_SHORT_FORM = re.compile(r"(?<![\w-])[A-Z][A-Za-z]{0,3}[A-Z][a-z]?(?!\w)")


class Annotator:
    """Finds and grounds what a document names, with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._matcher = Matcher(lexicon)

    def annotate(self, fields: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each field of one document, in order, not overlapping."""
        found = [self._matcher.find_matches(text) for text in fields]
        found = list(in_context(fields, found))
        short_forms = _defined_short_forms(fields, found)
        short_forms |= _initials(fields, found, short_forms.keys())
        result = []
        for text, matches in zip(fields, found, strict=True):
            kept = [
                one
                for match in (*matches, *_uses(text, short_forms), *find_ions(text, self.lexicon))
                if (one := _judge(text, match, short_forms, self.lexicon)) is not None
            ]
            phrases = list(read_cell_phrases(text, kept, self.lexicon))
            kept = without_products(text, _without_cut(kept, phrases))
            result.append([_mention(text, one) for one in _without_overlaps([*kept, *phrases])])
        return result

    def annotate_publication(self, publication: Publication) -> AnnotatedPublication:
        """Return a publication with its sentences and the mentions in them."""
        mentions = self.annotate([text.text for text in publication.texts])
        sentences: list[AnnotatedSentence] = []
        for text, found in zip(publication.texts, mentions, strict=True):
            for start, end in sentence_bounds(text.field, text.text, found):
                sentences.append(
                    AnnotatedSentence(
                        sentence=Sentence(
                            field=text.field, order=len(sentences), start=start, end=end
                        ),
                        text=text.text[start:end],
                        mentions=tuple(one for one in found if start <= one.start < end),
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
    spans = [(one.start, one.end) for one in mentions]
    pending: int | None = None
    for start, end in split_sentences(text):
        begin = start if pending is None else pending
        if any(a < end < b for a, b in spans):
            pending = begin
            continue
        pending = None
        yield begin, end
    if pending is not None:
        yield pending, len(text)


def _defined_short_forms(fields: Sequence[str], found: Sequence[list[Match]]) -> dict[str, Names]:
    """Return what the short forms that a document defines stand for.

    A short form whose long form names nothing stands for nothing (an empty tuple).
    """
    defined: dict[str, Names] = {}
    for text, matches in zip(fields, found, strict=True):
        by_end: dict[int, list[Match]] = defaultdict(list)
        for match in matches:
            by_end[match.end].append(match)
        for definition in find_abbreviations(text):
            short = text[definition.short_start : definition.short_end]
            covering = [
                match
                for match in by_end[definition.long_end]
                if match.start >= definition.long_start
            ]
            longest = min(covering, key=lambda match: match.start, default=None)
            complete = longest is not None and longest.start == definition.long_start
            if longest is not None and (complete or any(char.isdigit() for char in short)):
                defined.setdefault(short, longest.names)
            elif not any(char.isdigit() for char in short):
                defined.setdefault(short, ())
    return defined


def _initials(
    fields: Sequence[str], found: Sequence[list[Match]], known: Iterable[str]
) -> dict[str, Names]:
    """Return acronyms that are the initials of a longer name in the same document."""
    by_initials: dict[str, Names] = {}
    for text, matches in zip(fields, found, strict=True):
        for match in matches:
            words = re.findall(r"[^\W\d_]+", text[match.start : match.end])
            if len(words) >= 2 and not match.best.is_symbol and match.best.type not in _GENES:
                initials = "".join(word[0] for word in words).upper()
                by_initials.setdefault(initials, match.names)
                if words[-1].rstrip("s") == "cell" and len(words) > 3:
                    by_initials.setdefault(initials[:-1], match.names)
    used = {match[0] for text in fields for match in _SHORT_FORM.finditer(text)} - set(known)
    return {short: by_initials[short.upper()] for short in used if short.upper() in by_initials}


def _uses(text: str, short_forms: dict[str, Names]) -> Iterator[Match]:
    """Yield the places where a text uses a short form that its document defines."""
    for short, names in short_forms.items():
        if not names:
            continue
        noun = r"(?:\scells?\b)?" if names[0][1].type is EntityType.CELL_TYPE else ""
        for use in re.finditer(rf"(?<![\w]){re.escape(short)}s?(?!\w){noun}", text):
            yield Match(use.start(), use.end(), names, "abbreviation")


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


def _judge(
    text: str, match: Match, short_forms: dict[str, Names], lexicon: Lexicon
) -> Match | None:
    """Return a match with the names that hold in its document, or None where none does."""
    surface = text[match.start : match.end]
    if match.method == "lexicon" and surface.rstrip("s") in short_forms:
        return None  # the definition decides, by way of `_uses`
    if match.method != "lexicon":
        return match
    marks_cells = match.best.type in _GENES or match.best.is_symbol
    if marks_cells and is_surface_marker(text, match.end):
        return None
    if match.best.type is EntityType.CELL_TYPE and is_of_other_cell(text, match.start, match.end):
        return None
    names = tuple(
        (score, name)
        for score, name in match.names
        if _is_trusted(surface, score, name, is_word=lexicon.is_word(surface.lower()))
    )
    if not names:
        return None
    score, name = names[0]
    rivals = [other for value, other in names[1:] if score - value < 0.005]
    is_weak = name.is_symbol and name.status not in {"approved symbol", "family", "label"}
    if is_weak and any(other.type is name.type for other in rivals):
        return None  # an alias of several genes names none of them
    return replace(match, names=names)


def _is_trusted(surface: str, score: float, name: Name, *, is_word: bool) -> bool:
    """Tell whether a name holds without a definition in the text."""
    if score < _LEAST_SCORE:
        return False
    has_digit = any(char.isdigit() for char in surface)
    if name.type in _GENES:
        return name.status != "NCBI alias" or (has_digit and len(surface) >= 4)
    is_common = surface in _COMMON_TAXA
    if name.type is EntityType.ORGANISM and is_word and surface.islower() and not is_common:
        # A scientific name has its capital (Lens, Pan).
        return not (name.text[0].isupper() and name.text == name.label)
    if _SUPPLEMENT.fullmatch(surface):
        return False
    if name.is_symbol and not (name.status == "label" and surface == name.text):
        least = _LEAST_ACRONYM.get(name.type)
        return has_digit or (least is not None and len(surface.rstrip("s")) >= least)
    if name.status in {"broad synonym", "narrow synonym"}:
        return False
    if name.status == "related synonym":
        return " " in surface or (len(surface) > 6 and not is_word)
    return True


def _without_overlaps(matches: Iterable[Match]) -> list[Match]:
    """Return the longest of the matches that overlap; of the same stretch, the best scored."""
    chosen: list[Match] = []
    taken: set[int] = set()
    ordered = sorted(matches, key=lambda one: (one.start - one.end, -one.score, one.start))
    for match in ordered:
        span = range(match.start, match.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(match)
    return sorted(chosen, key=lambda one: one.start)


def _mention(text: str, match: Match) -> Mention:
    by_term: dict[str, tuple[float, Name]] = {}
    for score, name in match.names:
        by_term.setdefault(name.curie, (score, name))
    groundings = tuple(
        Grounding(
            term=name.curie,
            score=score,
            method=name.status if match.method == "lexicon" else match.method,
        )
        for score, name in list(by_term.values())[:_MAX_GROUNDINGS]
    )
    return Mention(
        start=match.start,
        end=match.end,
        text=text[match.start : match.end],
        type=match.best.type,
        groundings=groundings,
    )
