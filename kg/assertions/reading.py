"""Floor 6: sentence by sentence, what a text says of its mentions.

A stage of the build: annotated publications in, the same with evidence out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg.assertions.candidates import Candidate
from kg.assertions.chunks import Chunker
from kg.assertions.clauses import Sentence
from kg.assertions.coordination import join_coordinated
from kg.assertions.cues import is_negated, is_speculative
from kg.assertions.phrases import HOSTS
from kg.assertions.rules import read_candidates, stating_words
from kg.assertions.tokens import Tagger, pieces
from kg.assertions.triggers import load_triggers
from kg.model import AnnotatedPublication, EntityType, Evidence, Mention, Predicate

# How often each rule is right on the annotated sentences, to .05 (docs/benchmarks.md), and where
# nouns stand behind an argument that may make something else of it.
_CONFIDENCE = {
    "noun": (0.9, 0.75),
    "verb": (0.85, 0.7),
    "adjective": (0.85, 0.7),
    "suffix": (0.85, 0.7),
    "agent": (0.8, 0.65),
    "means": (0.8, 0.65),
    "given": (0.8, 0.65),
    "passive": (0.75, 0.6),
    "setting": (0.75, 0.6),
    "level": (0.75, 0.6),
    "indication": (0.7, 0.55),
    "counter": (0.7, 0.55),
    "aftermath": (0.7, 0.55),
}
# What a preposition alone may relate.
_RELATED = frozenset((EntityType.DISEASE, EntityType.CHEMICAL))


class AssertionReader:
    """Reads what sentences state of the entities that they mention.

    The triggers are those that ship with the package, and those of a table of one's own.

    Raises:
        InputError: if that table cannot be read, or a row of it is wrong.
    """

    def __init__(self, triggers: Path | None = None) -> None:
        self._triggers = load_triggers(triggers)
        self._tagger = Tagger(self._triggers)
        self._chunker = Chunker(self._triggers, self._tagger.verbs)
        self._stating = stating_words(self._triggers, self._tagger.verbs)

    @property
    def table_sha256(self) -> str:
        """The sha256 of the tables of triggers that the rules work by."""
        return self._triggers.sha256

    def read_sentence(
        self, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        """Return what a sentence says; `offset` is where it starts in the text that mentions count.

        The mentions are in order and do not overlap.
        """
        if len(mentions) < 2 or len({one.best.term for one in mentions} - HOSTS) < 2:
            return ()
        kinds = {one.type for one in mentions}
        found: list[Evidence] = []
        for tokens in pieces(self._tagger.tag(text, mentions, offset)):
            states = kinds >= _RELATED or not self._stating.isdisjoint([one.word for one in tokens])
            if states and [one.tag for one in tokens].count("E") > 1:
                chunks = join_coordinated(self._chunker.chunk(tokens), tokens)
                sentence = Sentence(tokens, chunks, mentions, self._triggers)
                found += self._evidence(text, sentence, offset)
        return tuple(found)

    def _evidence(self, text: str, sentence: Sentence, offset: int) -> Iterator[Evidence]:
        for one in _distinct(sentence, read_candidates(sentence)):
            token = sentence.tokens[one.spot.token]
            yield Evidence(
                subject=sentence.mentions[one.subject.mention],
                predicate=one.predicate,
                object=sentence.mentions[one.object.mention],
                negated=is_negated(sentence, one),
                speculative=is_speculative(sentence, one),
                start=token.start + offset,
                end=token.end + offset,
                trigger=text[token.start : token.end],
                method=one.spot.method,
                confidence=_sureness(one),
            )

    def read_publication(self, annotated: AnnotatedPublication) -> AnnotatedPublication:
        """Return a publication with the evidence that its sentences give."""
        sentences = tuple(
            replace(one, evidence=evidence)
            if (evidence := self.read_sentence(one.text, one.mentions, one.sentence.start))
            else one
            for one in annotated.sentences
        )
        return replace(annotated, sentences=sentences)


def _distinct(sentence: Sentence, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """Leave out what relates a term to itself, and all but the surest of what says the same.

    Of two ways in which one pair is related in one direction the first read stands, unless it is a
    mere association, or the other rule is surer.
    """
    chosen: dict[tuple[str, str], Candidate] = {}
    for one in candidates:
        subject = sentence.mentions[one.subject.mention].best.term
        object_ = sentence.mentions[one.object.mention].best.term
        if subject == object_:
            continue
        key = (subject, object_)
        if one.predicate.symmetric and key not in chosen and key[::-1] in chosen:
            continue
        known = chosen.get(key)
        if known is None or _stands_over(one, known):
            chosen[key] = one
    return chosen.values()


def _stands_over(one: Candidate, known: Candidate) -> bool:
    if known.predicate is Predicate.ASSOCIATED_WITH:
        return one.predicate is not known.predicate
    return _sureness(one) > _sureness(known)


def _sureness(one: Candidate) -> float:
    sure, less = _CONFIDENCE[one.spot.method]
    return less if one.subject.loose or one.object.loose else sure
