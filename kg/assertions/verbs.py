"""Floor 6: what verbs and adjectives state of their subject and object."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.assertions.candidates import AGENT_LINKS, Candidate, Clause, Spot, in_order, pair
from kg.assertions.chunks import Kind, Voice
from kg.assertions.clauses import Sentence
from kg.assertions.groups import (
    read_linked,
    read_observed,
    read_opening,
    read_raised,
    read_shown,
)
from kg.assertions.means import read_means
from kg.assertions.predicates import INFLUENCE, is_harm
from kg.assertions.triggers import BEARS_ON, Trigger
from kg.model import EntityType, Predicate

if TYPE_CHECKING:
    from kg.assertions.phrases import Arguments

# Verbs whose passive tells of a measurement ("was determined by PCR").
_MEASURING = frozenset(
    "determine identify characterize define predict indicate mark distinguish target".split()
)
_EFFECTS = frozenset("effect effects action actions influence impact".split())
_COURSES = frozenset((EntityType.PROCESS, EntityType.DISEASE))


def read_verb(sentence: Sentence, number: int) -> Iterator[Candidate]:
    """Read what a verb group states."""
    group = sentence.chunks[number]
    if group.voice is Voice.ADJECTIVE:
        yield from _read_adjective(sentence, number)
        return
    yield from read_opening(sentence, number)
    yield from read_linked(sentence, number)
    yield from read_shown(sentence, number)
    yield from read_observed(sentence, number)
    passive = group.voice in (Voice.PASSIVE, Voice.PARTICIPLE)
    for trigger in sentence.triggers_of(number):
        measuring = trigger.word in _MEASURING
        if passive:
            if not trigger.link and not measuring:
                yield from _read_passive(sentence, number, trigger)
        elif not measuring or group.voice is not Voice.INFINITIVE:
            yield from _read_clause(sentence, number, trigger, "verb")


def _read_adjective(sentence: Sentence, number: int) -> Iterator[Candidate]:
    head = sentence.chunks[number].head
    link = sentence.word(number + 1).partition(" ")[0]
    for trigger in sentence.triggers.adjectives.get(sentence.tokens[head].word, ()):
        if trigger.link == link and not _says_more(sentence, number, trigger):
            yield from read_raised(sentence, number)
            yield from _read_clause(sentence, number, trigger, "adjective")


def _says_more(sentence: Sentence, number: int, trigger: Trigger) -> bool:
    """Tell an adjective whose complement is a verb that says itself what is done.

    "Capable of inhibiting X", "required to suppress X"; but "necessary to maintain X" is a need.
    """
    place = number + 1
    if sentence.kind(place) is Kind.PREPOSITION:
        place += 1
    if sentence.kind(place) is not Kind.VERB:
        return False
    actions = sentence.triggers_of(place)
    if trigger.predicate is not Predicate.REQUIRED_FOR or not actions:
        return True
    return actions[0].predicate.sign < 0


def _read_clause(
    sentence: Sentence, number: int, trigger: Trigger, method: str
) -> Iterator[Candidate]:
    objects, last = sentence.object(number, trigger.link)
    subjects = sentence.subject(number)
    if not subjects:
        return
    spot = Spot(sentence.chunks[number].head, number, method)
    clause = Clause(trigger, number, subjects, objects, last, spot)
    first, second = in_order(trigger, subjects, objects)
    yield from pair(sentence, trigger, first, second, spot)
    yield from _read_exception(sentence, clause)
    yield from _read_setting(sentence, clause)
    yield from read_means(sentence, clause)


def _read_passive(sentence: Sentence, number: int, trigger: Trigger) -> Iterator[Candidate]:
    """Read "X is inhibited by Y": the agent stands behind "by", maybe after other complements."""
    place = number + 1
    while sentence.kind(place) is Kind.PREPOSITION:
        behind = sentence.kind(place + 1)
        if sentence.word(place) in AGENT_LINKS:
            agents: Arguments = ()
            last = place
            if behind is Kind.NOUN:
                agents, last = sentence.arguments(place + 1)
                agents += _excepted(sentence, last, AGENT_LINKS)
            elif behind is Kind.VERB:
                agents = sentence.object(place + 1, "")[0]
            objects = sentence.subject(number)
            spot = Spot(sentence.chunks[number].head, number, "passive")
            if trigger.word == "mediate" and (effects := _affected(sentence, number)):
                trigger, objects = BEARS_ON, effects
            first, second = in_order(trigger, agents, objects)
            yield from pair(sentence, trigger, first, second, spot)
            if agents and behind is Kind.NOUN and sentence.word(place) == "by":
                clause = Clause(trigger, number, agents, objects, last, spot)
                yield from read_means(sentence, clause)
            return
        if behind is not Kind.NOUN:
            return
        place += 2


def _affected(sentence: Sentence, number: int) -> "Arguments":
    """Return what "the effect of A on B" bears on: what mediates it acts on B, not on A."""
    if sentence.kind(number - 1) is not Kind.NOUN:
        return ()
    head = sentence.head_of_chain(number - 1)
    if sentence.tokens[sentence.chunks[head].end - 1].word not in _EFFECTS:
        return ()
    for link, phrase in sentence.complements(head):
        if link in ("on", "against"):
            return sentence.arguments(phrase)[0]
    return ()


def _read_exception(sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    """Read "X correlated with A but not with B", which denies it of B."""
    denied = _excepted(sentence, clause.last, (clause.trigger.link, "of", "on"))
    first, second = in_order(clause.trigger, clause.subjects, denied)
    yield from pair(sentence, clause.trigger, first, second, clause.spot)


def _excepted(sentence: Sentence, last: int, links: tuple[str, ...]) -> "Arguments":
    """Return what "but not" behind a chunk takes out, maybe with a preposition again."""
    place = sentence.behind_complements(last + 1)
    if sentence.kind(place) is Kind.COMMA:
        place += 1
    if sentence.word(place) != "but not":
        return ()
    place += 1
    if sentence.kind(place) is Kind.PREPOSITION and sentence.word(place) in links:
        place += 1
    if sentence.kind(place) is not Kind.NOUN:
        return ()
    return tuple(one._replace(negated=not one.negated) for one in sentence.arguments(place)[0])


def _read_setting(sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    """Read "X promotes destruction in D": what acts on what happens in a disease acts on it.

    Not so where it happens in those who have it ("in patients with D").
    """
    trigger, last = clause.trigger, clause.last
    if trigger.swapped or trigger.predicate not in INFLUENCE:
        return
    wanted = frozenset((EntityType.DISEASE,))
    if not clause.objects:
        last = clause.number + (2 if trigger.link else 1)
        if sentence.kind(last) is not Kind.NOUN:
            return
        if not is_harm(sentence.tokens[sentence.chunks[last].end - 1].word):
            wanted = frozenset((EntityType.PROCESS,))
        last = sentence.arguments(last)[1]
    if any(sentence.type_of(one) not in _COURSES for one in clause.objects):
        return
    if sentence.word(last + 1) not in ("in", "during") or sentence.kind(last + 2) is not Kind.NOUN:
        return
    settings = sentence.of_types(sentence.arguments(last + 2)[0], wanted)
    settings = tuple(one for one in settings if not one.bearer)
    spot = clause.spot._replace(method="setting")
    yield from pair(sentence, trigger, clause.subjects, settings, spot)
