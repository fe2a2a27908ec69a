"""Floor 6: what is told by levels in patients, and by what groups were given or lack."""

from collections.abc import Iterator

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate, Spot, pair
from kg.assertions.chunks import Kind, Voice
from kg.assertions.clauses import Sentence
from kg.assertions.phrases import GENES, Arguments
from kg.assertions.predicates import DISEASES, LEVELLED, diseases
from kg.assertions.triggers import CAUSES, LINKS, LOWERS, RAISES, REMEDIES, Trigger
from kg.model import EntityType

_LINKING = frozenset(("link", "associate", "connect", "correlate"))
_SHOWING = frozenset("show have display exhibit demonstrate reveal develop harbor carry".split())
_OBSERVING = frozenset(("find", "observe", "detect", "note", "see", "report", "achieve"))
_AFTER = frozenset(("after", "following", "upon", "in response to"))
_CHANGES = frozenset(("increase", "decrease", "elevation", "reduction", "loss"))
RELATING_VERBS = _LINKING | _SHOWING | _OBSERVING
# Without one of these a sentence tells of no level, nor of a variant.
LEVEL_WORDS = frozenset(
    (*voc.MORE, *voc.LESS, *voc.VARIATIONS, *_CHANGES, *(f"{change}s" for change in _CHANGES))
)
_CHEMICALS = frozenset((EntityType.CHEMICAL,))


def _changed(found: Arguments) -> Arguments:
    return tuple(one for one in found if one.inner is not None)


def read_linked(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "studies linked X with Y"."""
    group = sentence.chunks[number]
    if _LINKING.isdisjoint(group.verbs):
        return
    objects, last = sentence.object(number, "")
    if sentence.word(last + 1) in ("with", "to") and sentence.kind(last + 2) is Kind.NOUN:
        others = sentence.arguments(last + 2)[0]
        yield from pair(sentence, LINKS, objects, others, Spot(group.head, number, "verb"))


def read_shown(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "IL7-deficient mice had reduced T cells": what is changed in a group that was changed.

    A disease of a variant's carriers, or levels in patients, are no more than an association.
    """
    group = sentence.chunks[number]
    if _SHOWING.isdisjoint(group.verbs) or group.voice is Voice.PASSIVE:
        return
    subjects = tuple(one for one in sentence.subject(number) if one.bearer)
    given = tuple(one for one in subjects if one.treated) or sentence.given_before(number)
    if not (subjects or given):
        return
    objects = sentence.object(number, "")[0]
    given = tuple(one._replace(bearer=False) for one in given)
    spot = Spot(group.head, number, "given")
    yield from pair(sentence, CAUSES, given, _changed(objects), spot)
    genes = sentence.of_types(subjects, GENES)
    yield from pair(sentence, LINKS, genes, diseases(sentence, objects), spot, bearers=True)
    told = tuple(one for one in objects if one.inner is not None or one.variation)
    levels = sentence.of_types(told, LEVELLED)
    ill = sentence.of_types(subjects, DISEASES)
    yield from pair(sentence, LINKS, levels, ill, spot._replace(method="level"), bearers=True)


def read_observed(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "reduced X was found after knockdown of Y", or in patients with a disease."""
    group = sentence.chunks[number]
    if group.voice is not Voice.PASSIVE or _OBSERVING.isdisjoint(group.verbs):
        return
    changed = _changed(sentence.subject(number))
    if not changed:
        return
    spot = Spot(group.head, number, "given")
    for link, phrase in sentence.complements(number):
        found = sentence.arguments(phrase)[0]
        if link in _AFTER:
            given = tuple(
                one._replace(bearer=False, therapy=False)
                for one in found
                if one.inverse or one.therapy or one.inner is not None or one.treated
            )
            yield from pair(sentence, CAUSES, given, changed, spot)
            return
        if link in ("in", "among"):
            ill = diseases(sentence, found)
            level = spot._replace(method="level")
            yield from pair(sentence, LINKS, changed, ill, level, bearers=True)


def read_raised(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "X was increased in LPS-injected lambs": LPS raises X."""
    head = sentence.chunks[number].head
    word = sentence.tokens[head].word
    change = _change_of(word)
    if change is None or sentence.kind(number + 2) is not Kind.NOUN:
        return
    given = sentence.given_to(number + 2)
    if given:
        given = tuple(one._replace(bearer=False) for one in given)
        spot = Spot(head, number, "given")
        yield from pair(sentence, change, given, sentence.subject(number), spot)


def read_opening(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "in patients with asthma, IL-6 was increased": what changes in a group named first."""
    place = number
    if sentence.chunks[number].voice is Voice.COPULA:
        place += 1
    if place >= len(sentence.chunks):
        return
    token = sentence.chunks[place].end - 1
    change = _change_of(sentence.tokens[token].word)
    if change is None or sentence.kind(place + 1) is Kind.NOUN or sentence.word(place + 1) == "by":
        return
    host = _opening_group(sentence, number)
    if host < 0:
        return
    changed = sentence.subject(number)
    spot = Spot(token, place, "given")
    given = tuple(one._replace(bearer=False) for one in sentence.given_to(host))
    if given:
        yield from pair(sentence, change, given, changed, spot)
        return
    levels = sentence.of_types(changed, LEVELLED)
    ill = diseases(sentence, sentence.arguments(host)[0])
    yield from pair(sentence, LINKS, levels, ill, spot._replace(method="level"), bearers=True)


def _change_of(word: str) -> Trigger | None:
    return RAISES if word in voc.MORE else LOWERS if word in voc.LESS else None


def _opening_group(sentence: Sentence, number: int) -> int:
    """Return the chunk of the group that a clause opens with ("in asthma patients, "), or -1."""
    host = -1
    commas = False
    for place in range(number):
        kind = sentence.kind(place)
        if kind is Kind.BOUNDARY:
            host = -1
        elif kind is Kind.COMMA:
            commas = commas or host >= 0
        elif (
            host < 0
            and sentence.word(place) in ("in", "among")
            and sentence.kind(place - 1) in (Kind.COMMA, Kind.BOUNDARY, Kind.SUBORDINATOR)
            and sentence.kind(place + 1) is Kind.NOUN
        ):
            host = place + 1
    return host if commas else -1


def read_levels(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "increased IL-7 levels in rheumatoid arthritis", "mutations of X in patients with D"."""
    if sentence.kind(number + 1) is not Kind.PREPOSITION:
        return
    found, last = sentence.arguments(number)
    told = tuple(
        one
        for one in sentence.of_types(found, LEVELLED)
        if (one.inner is not None and one.inner.word in _CHANGES)
        or (one.variation and sentence.type_of(one) in GENES)
    )
    if not told:
        return
    for link, phrase in sentence.complements(last):
        if link in ("in", "of", "from"):
            ill = diseases(sentence, sentence.arguments(phrase)[0])
            if ill:
                spot = Spot(_told_by(sentence, number, told[0].token), number, "level")
                yield from pair(sentence, LINKS, told, ill, spot, bearers=True)
                return


def _told_by(sentence: Sentence, number: int, named: int) -> int:
    """Return the token that tells of a level or a variant, or of what it is where none does."""
    start, end = sentence.chunks[number].start, sentence.chunks[number].end
    for place in range(start, max(named, end)):
        word = sentence.tokens[place].word
        if _change_of(word) or word in _CHANGES or word in voc.VARIATIONS:
            return place
    return named


def read_aftermath(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "acute renal failure after alendronate": what a drug was followed by."""
    link = sentence.word(number + 1)
    if link not in (*_AFTER, "during") or sentence.kind(number + 2) is not Kind.NOUN:
        return
    ill: Arguments = ()
    for start, end in sentence.parts(number):
        ill += diseases(sentence, sentence.in_part(start, end))
    ill = tuple(one for one in ill if not one.bearer)
    causes = sentence.of_types(sentence.arguments(number + 2)[0], _CHEMICALS)
    causes = tuple(one._replace(therapy=False) for one in causes)
    spot = Spot(sentence.chunks[number + 1].start, number + 1, "aftermath")
    yield from pair(sentence, CAUSES, causes, ill, spot)


def read_indication(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read "clonidine for attention deficit disorder": what a drug is for."""
    if sentence.word(number + 1) != "for" or sentence.kind(number + 2) is not Kind.NOUN:
        return
    remedies: Arguments = ()
    for start, end in sentence.parts(number):
        remedies += sentence.of_types(sentence.in_part(start, end), _CHEMICALS)
    remedies = tuple(one for one in remedies if not (one.loose or one.inverse or one.bearer))
    ill = diseases(sentence, sentence.arguments(number + 2)[0])
    spot = Spot(sentence.chunks[number + 1].start, number + 1, "indication")
    yield from pair(sentence, REMEDIES, remedies, ill, spot)
