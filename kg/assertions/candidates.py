"""Floor 6: what a rule reads off a sentence, before its polarity and certainty are told."""

from collections.abc import Iterator
from typing import NamedTuple

from kg.assertions.phrases import GENES, Argument, Arguments, Phrases
from kg.assertions.predicates import settle
from kg.assertions.triggers import Trigger
from kg.model import Predicate


class Spot(NamedTuple):
    """Where a rule found its trigger, by token and chunk, and the name of the rule.

    `inside` tells that it is said in passing, within a noun phrase, so that what makes the sentence
    a supposition does not reach it.
    """

    token: int
    chunk: int
    method: str
    inside: bool = False


class Candidate(NamedTuple):
    """What a rule read: subject, predicate, object, and where."""

    subject: Argument
    predicate: Predicate
    object: Argument
    spot: Spot
    negated: bool = False


class Clause(NamedTuple):
    """A verb group with what stands before and behind it; `last` is the last chunk read."""

    trigger: Trigger
    number: int
    subjects: Arguments
    objects: Arguments
    last: int
    spot: Spot


AGENT_LINKS = ("by", "through", "via")
_OF_BEARERS = (Predicate.ASSOCIATED_WITH, Predicate.TREATS)


def pair(
    phrases: Phrases,
    trigger: Trigger,
    subjects: Arguments,
    objects: Arguments,
    spot: Spot,
    *,
    bearers: bool = False,
) -> Iterator[Candidate]:
    """Yield a candidate for each pair of which a predicate can hold.

    Those who bear a disease are no argument, unless allowed; a group that lacks a gene is one.
    With "respectively" the first is paired with the first only, and so on.
    """
    one_to_one = 1 < len(subjects) == len(objects) and "respectively" in phrases.words
    for place, subject in enumerate(subjects):
        for object_ in objects[place : place + 1] if one_to_one else objects:
            if subject.token == object_.token:
                continue
            predicate = settle(phrases, trigger, subject, object_)
            if predicate is None:
                continue
            if predicate is Predicate.REGULATES:
                predicate = _signed(phrases, predicate, object_, spot)
            if (subject.bearer or object_.bearer) and not bearers:
                lacking = subject.treated and subject.inverse and not object_.bearer
                if not lacking and predicate not in _OF_BEARERS:
                    continue
            yield Candidate(
                subject=subject,
                predicate=predicate,
                object=object_,
                spot=spot,
                negated=trigger.negated != (subject.negated or object_.negated),
            )


def _signed(phrases: Phrases, predicate: Predicate, object_: Argument, spot: Spot) -> Predicate:
    """Return the predicate that "negatively regulates" or "positively regulates" comes to."""
    for token in phrases.tokens[max(0, spot.token - 2) : spot.token + 2]:
        if token.word == "negatively":
            return Predicate.INHIBITS
        if token.word == "positively":
            is_gene = phrases.type_of(object_) in GENES
            return Predicate.ACTIVATES if is_gene else Predicate.PROMOTES
    return predicate


def in_order(
    trigger: Trigger, subjects: Arguments, objects: Arguments
) -> tuple[Arguments, Arguments]:
    """Return what stands before and behind a verb as subject and object of its trigger."""
    return (objects, subjects) if trigger.swapped else (subjects, objects)
