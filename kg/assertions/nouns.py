"""Floor 6: what nouns state of what is around them: "activation of X by Y", "regulator of X"."""

from collections.abc import Iterator

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate, Spot, pair
from kg.assertions.chunks import Kind
from kg.assertions.clauses import Sentence
from kg.assertions.phrases import Argument, Arguments, Part
from kg.assertions.predicates import DISEASES, PLACES, diseases
from kg.assertions.triggers import COUNTERS, Trigger
from kg.model import EntityType, Predicate

_BEING = frozenset("be become remain represent constitute serve act function".split())
_PLAYING = frozenset("play have exert serve show exhibit possess display".split())
_EFFECTS = frozenset(
    """effect effects activity activities property properties action actions efficacy potential
    role response responses agent agents capacity""".split()
)

_FOUND = frozenset("find observe detect see note report identify show exist demonstrate".split())

Slots = dict[str, Arguments]  # by the preposition; "left" for what stands before the noun


def read_noun(
    sentence: Sentence, number: int, part: Part, place: int, triggers: tuple[Trigger, ...]
) -> Iterator[Candidate]:
    """Read what a noun of an event or relation states, at a place in a part of a phrase."""
    is_head = part == tuple(sentence.parts(number)[-1]) and all(
        token.tag != "E" for token in sentence.tokens[place + 1 : part[1]]
    )
    for trigger in triggers:
        if _stands_at(sentence, place, trigger):
            yield from _read_event(sentence, number, part, place, trigger, is_head=is_head)
            if " " in trigger.word:
                return


def _stands_at(sentence: Sentence, place: int, trigger: Trigger) -> bool:
    """Tell whether a trigger, of several words maybe, ends at a place."""
    words = trigger.word.split()[:-1]
    start = place - len(words)
    return not words or (start >= 0 and [one.word for one in sentence.tokens[start:place]] == words)


def _read_event(
    sentence: Sentence, number: int, part: Part, place: int, trigger: Trigger, *, is_head: bool
) -> Iterator[Candidate]:
    spot = Spot(place, number, "noun")
    slots: Slots = {}
    for link, phrase in sentence.complements(number) if is_head else ():
        if link == "between":
            yield from _read_between(sentence, phrase, trigger, spot)
            return
        if link == "of" and slots:
            continue  # "role in metastasis of D": it belongs to what stands before it
        found, last = sentence.arguments(phrase)
        if link in trigger.object:
            found, _ = sentence.and_further(found, last, link)
        # "A function for X for Y": the first is the subject.
        slots[f"{link} again" if link in slots else link] = found
    if is_head and not slots and (phrase := _found_between(sentence, number)):
        yield from _read_between(sentence, phrase, trigger, spot)
        return
    if "left" in trigger.subject or "left" in trigger.object:
        left = sentence.in_part(part[0], place)
        if left and not _is_countered(sentence, left[0]):
            slots["left"] = left
    subjects, objects = _fill(sentence, trigger, slots)
    if not subjects:
        subjects = _player(sentence, number)
        objects = objects or (_opening(sentence, trigger) if subjects else ())
    if not subjects and not objects:
        subjects, objects = _played(sentence, number, trigger)
    if not subjects and sentence.tokens[part[0]].word in voc.POSSESSIVES:
        subjects = sentence.possessor(number)
    if not subjects and trigger.predicate is Predicate.TREATS:
        subjects = _remedy(sentence, number)
    yield from pair(sentence, trigger, subjects, objects, spot)


def _is_countered(sentence: Sentence, argument: Argument) -> bool:
    """Tell "anti-X", which acts against X."""
    place = argument.token
    return place > 1 and sentence.tokens[place - 2].word == "anti"


def _fill(sentence: Sentence, trigger: Trigger, slots: Slots) -> tuple[Arguments, Arguments]:
    """Return the subjects and objects of a noun by where they stand, or by what they are."""
    if trigger.predicate is Predicate.TREATS:
        return _by_type(sentence, slots, DISEASES)
    if trigger.predicate is Predicate.EXPRESSED_IN and "left" in slots:
        return _by_type(sentence, slots, PLACES)
    if "for again" in slots and "for" in trigger.subject and "for" in trigger.object:
        return slots["for"], slots["for again"]
    taken = next((name for name in trigger.object if slots.get(name)), "")
    actors = (slots[name] for name in trigger.subject if name != taken and slots.get(name))
    return next(actors, ()), slots.get(taken, ())


def _by_type(
    sentence: Sentence, slots: Slots, of_object: frozenset[EntityType]
) -> tuple[Arguments, Arguments]:
    """Tell by their types which of what stands around a noun is its subject, and which its object.

    So of "treatment": the remedy and the disease; of "expression": the gene and the place.
    """
    subjects: Arguments = ()
    objects: Arguments = ()
    for found in slots.values():
        fitting = sentence.of_types(found, of_object)
        if fitting:
            objects = objects or fitting
        else:
            subjects = subjects or found
    return subjects, objects


def _remedy(sentence: Sentence, number: int) -> Arguments:
    """Return what is spoken of in "X for the treatment of D", "X is used in the treatment of D"."""
    if sentence.word(number - 1) not in ("in", "for", "to"):
        return ()
    if sentence.kind(number - 2) is Kind.NOUN:
        found = sentence.arguments(sentence.head_of_chain(number - 2))[0]
        last = sentence.tokens[sentence.chunks[number - 2].end - 1].word
        if found or last in sentence.triggers.agents:  # "a target for the treatment of D"
            return found
    governor = sentence.governor(number)
    return sentence.subject(governor) if governor >= 0 else ()


def _player(sentence: Sentence, number: int) -> Arguments:
    """Return who plays the role, has the effect: the subject of the verb before the noun."""
    if sentence.kind(number - 1) is not Kind.VERB:
        return ()
    plays = not _PLAYING.isdisjoint(sentence.chunks[number - 1].verbs)
    return sentence.subject(number - 1) if plays else ()


def _opening(sentence: Sentence, trigger: Trigger) -> Arguments:
    """Return what an opening phrase names: "In arthritis, IL-7 plays a role"."""
    kinds = [sentence.kind(place) for place in range(2)]
    if kinds != [Kind.PREPOSITION, Kind.NOUN] or sentence.word(0) not in trigger.object:
        return ()
    found, last = sentence.arguments(1)
    return found if sentence.kind(last + 1) is Kind.COMMA else ()


def _played(sentence: Sentence, number: int, trigger: Trigger) -> tuple[Arguments, Arguments]:
    """Return who plays a role, and in what, of "the role that X plays in Y"."""
    place = number + 1
    if sentence.kind(place) is Kind.RELATIVE:
        place += 1
    kinds = [sentence.kind(place + step) for step in range(4)]
    if kinds != [Kind.NOUN, Kind.VERB, Kind.PREPOSITION, Kind.NOUN]:
        return (), ()
    if _PLAYING.isdisjoint(sentence.chunks[place + 1].verbs):
        return (), ()
    if sentence.word(place + 2) not in trigger.object:
        return (), ()
    return sentence.arguments(place)[0], sentence.arguments(place + 3)[0]


def _found_between(sentence: Sentence, number: int) -> int:
    """Return the phrase of "an association was found between A and B", or 0."""
    verb = number + 1
    if sentence.kind(verb) is not Kind.VERB or _FOUND.isdisjoint(sentence.chunks[verb].verbs):
        return 0
    return next((phrase for link, phrase in sentence.complements(verb) if link == "between"), 0)


def _read_between(
    sentence: Sentence, phrase: int, trigger: Trigger, spot: Spot
) -> Iterator[Candidate]:
    """Read "the association between A and B": the first conjunct against the others."""
    first, *others = (sentence.in_part(start, end) for start, end in sentence.parts(phrase))
    rest = tuple(one for found in others for one in found)
    if others and not others[-1]:
        rest = tuple(one for one in sentence.arguments(phrase)[0] if one not in first)
    yield from pair(sentence, trigger, first, rest, spot)


# What a noun says that its subject is: "a regulator of X"


def read_agent(
    sentence: Sentence, number: int, part: Part, place: int, triggers: tuple[Trigger, ...]
) -> Iterator[Candidate]:
    """Read what a noun of an agent says of what bears that name."""
    for trigger in triggers:
        if _stands_at(sentence, place, trigger):
            yield from _read_name(sentence, number, part, place, trigger)
            return


def _read_name(
    sentence: Sentence, number: int, part: Part, place: int, trigger: Trigger
) -> Iterator[Candidate]:
    spot = Spot(place, number, "agent")
    if trigger.object == ("subject",):  # "an adverse effect of X"
        causes = _complements_of(sentence, number, trigger.subject)
        yield from pair(sentence, trigger, causes, _described(sentence, number), spot)
        return
    objects = _complements_of(sentence, number, trigger.object)
    if not objects and "left" in trigger.object:
        objects = sentence.in_part(part[0], place)
        named = _named_behind(sentence, number, part, place)
        if named:
            inside = spot._replace(inside=True)
            yield from pair(sentence, trigger, named, objects, inside)
            return
    if objects:
        yield from pair(sentence, trigger, _described(sentence, number), objects, spot)


def _complements_of(sentence: Sentence, number: int, links: tuple[str, ...]) -> Arguments:
    """Return what stands behind the first of certain prepositions that leads to a mention."""
    for link, phrase in sentence.complements(number):
        if link in links:
            found, last = sentence.arguments(phrase)
            found, _ = sentence.and_further(found, last, link)
            if found:
                return found
    return ()


def _named_behind(sentence: Sentence, number: int, part: Part, place: int) -> Arguments:
    """Return what bears the name of agent behind it: "the mTOR inhibitors rapamycin and ..."."""
    if place + 1 >= part[1] or sentence.tokens[place + 1].tag != "E":
        return ()
    found = sentence.in_part(place + 1, part[1])
    if sentence.tokens[place].word.endswith("s"):
        for start, end in sentence.parts(number):
            if start >= part[1]:
                if sentence.tokens[start].tag != "E":
                    break
                found += sentence.in_part(start, end)
    return found


def _described(sentence: Sentence, number: int) -> Arguments:
    """Return what a noun phrase describes: the subject of a copula, or what it stands beside."""
    before = number - 1
    kind = sentence.kind(before)
    if kind is Kind.PREPOSITION and sentence.word(before) == "as":
        return sentence.subject(before - 1) if sentence.kind(before - 1) is Kind.VERB else ()
    if kind is Kind.VERB:
        is_one = not _BEING.isdisjoint(sentence.chunks[before].verbs)
        return sentence.subject(before) if is_one else ()
    if kind in (Kind.COMMA, Kind.BOUNDARY) and sentence.kind(before - 1) is Kind.NOUN:
        if sentence.word(before) in (":", "—", "–"):
            return sentence.arguments(sentence.head_of_chain(before - 1))[0]
        # "Data for valdecoxib, a COX-2 inhibitor": what is beside it, rather than what that is of.
        is_beside = sentence.tokens[sentence.chunks[number].start].tag == "D"
        if kind is Kind.COMMA and (is_beside or sentence.head_of_chain(before - 1) == before - 1):
            return sentence.arguments(before - 1)[0]
    return ()


def read_counter(sentence: Sentence, number: int, part: Part, place: int) -> Iterator[Candidate]:
    """Read "the anti-inflammatory effect of curcumin", with "anti" at a place."""
    tokens = sentence.tokens
    start, end = part
    if place + 3 >= end or tokens[end - 1].word not in _EFFECTS:
        return
    if tokens[place + 1].tag != "-" or tokens[place + 2].tag != "E":
        return
    subjects = (
        sentence.in_part(start, place)
        or _complements_of(sentence, number, ("of", "by", "for"))
        or _player(sentence, number)
    )
    objects: Arguments = (Argument(tokens[place + 2].mention, place + 2),)
    on_what = _complements_of(sentence, number, ("on", "in", "against"))
    objects = diseases(sentence, on_what) or objects
    yield from pair(sentence, COUNTERS, subjects, objects, Spot(place, number, "counter"))
