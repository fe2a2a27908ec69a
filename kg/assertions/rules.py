"""Floor 6: the rules, in the order in which they go over a sentence."""

from collections.abc import Iterator

from kg.assertions.candidates import Candidate
from kg.assertions.chunks import Kind
from kg.assertions.clauses import Sentence
from kg.assertions.compounds import read_place, read_suffix
from kg.assertions.groups import read_aftermath, read_indication, read_levels
from kg.assertions.nouns import read_agent, read_counter, read_noun
from kg.assertions.verbs import read_verb
from kg.model import EntityType


def read_candidates(sentence: Sentence) -> Iterator[Candidate]:
    """Yield all that the rules read off a sentence."""
    ill = any(mention.type is EntityType.DISEASE for mention in sentence.mentions)
    for number, chunk in enumerate(sentence.chunks):
        if chunk.kind is Kind.VERB:
            yield from read_verb(sentence, number)
        elif chunk.kind is Kind.NOUN:
            yield from _read_phrase(sentence, number)
            if ill:
                yield from read_levels(sentence, number)
                yield from read_aftermath(sentence, number)
                yield from read_indication(sentence, number)


def _read_phrase(sentence: Sentence, number: int) -> Iterator[Candidate]:
    tokens, triggers = sentence.tokens, sentence.triggers
    for part in sentence.parts(number):
        for place in range(*part):
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
