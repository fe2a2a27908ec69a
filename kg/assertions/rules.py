"""Floor 6: the rules, in the order in which they go over a sentence."""

from collections.abc import Iterator

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate
from kg.assertions.chunks import Kind, Verbs
from kg.assertions.clauses import Sentence
from kg.assertions.compounds import read_place, read_suffix
from kg.assertions.groups import (
    LEVEL_WORDS,
    RELATING_VERBS,
    read_aftermath,
    read_indication,
    read_levels,
)
from kg.assertions.nouns import read_agent, read_counter, read_noun
from kg.assertions.triggers import Triggers
from kg.assertions.verbs import read_verb
from kg.model import EntityType


def stating_words(triggers: Triggers, verbs: Verbs) -> frozenset[str]:
    """Return the words without one of which a sentence states nothing.

    Unless it has a disease and a chemical, which prepositions may relate. `verbs` are those that
    are known, by their forms.
    """
    states = {*triggers.verbs, *RELATING_VERBS}
    return frozenset(
        (
            *(form for form, found in verbs.items() if any(verb in states for verb, _ in found)),
            *triggers.adjectives,
            *triggers.nouns,
            *triggers.agents,
            *triggers.suffixes,
            "anti",
            *(voc.BE if "be" in states else ()),
            *(voc.HAVE if "have" in states else ()),
            *LEVEL_WORDS,
        )
    )


def read_candidates(sentence: Sentence) -> Iterator[Candidate]:
    """Yield all that the rules read off a sentence."""
    kinds = {mention.type for mention in sentence.mentions}
    ill = EntityType.DISEASE in kinds
    # Where what a phrase stands for depends on which was read first, all are.
    levels = ill and (sentence.depends_on_order or not sentence.words.isdisjoint(LEVEL_WORDS))
    drugs = ill and (sentence.depends_on_order or EntityType.CHEMICAL in kinds)
    for number, chunk in enumerate(sentence.chunks):
        if chunk.kind is Kind.VERB:
            yield from read_verb(sentence, number)
        elif chunk.kind is Kind.NOUN:
            yield from _read_phrase(sentence, number)
            if levels:
                yield from read_levels(sentence, number)
            if drugs:
                yield from read_aftermath(sentence, number)
                yield from read_indication(sentence, number)


def _read_phrase(sentence: Sentence, number: int) -> Iterator[Candidate]:
    tokens, triggers = sentence.tokens, sentence.triggers
    for part in sentence.parts(number):
        for place in range(part[0], part[1]):
            token = tokens[place]
            if not token.cue:
                continue
            suffixes = sentence.suffix_at(place) if place > part[0] else ()
            if suffixes:
                yield from read_suffix(sentence, number, part, place, suffixes[0])
            nouns = triggers.nouns.get(token.word)
            if nouns:
                yield from read_noun(sentence, number, part, place, nouns)
                yield from read_place(sentence, number, part, place, nouns[-1])
            agents = triggers.agents.get(token.word)
            if agents:
                yield from read_agent(sentence, number, part, place, agents)
            if token.word == "anti":
                yield from read_counter(sentence, number, part, place)
