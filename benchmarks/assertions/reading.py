"""What a reader finds in a gold sentence, and which of its mentions stand for which argument.

In mode "given" the reader gets the gold arguments as mentions, with what else is recognised beside
them as distractors. In mode "recognised" it gets what the annotator finds in the document.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.assertions.gold import Argument, Document, Gold, GoldSentence, Span
from kg import Annotator
from kg.model import EntityType, Evidence, Grounding, Mention

GIVEN = "given"
RECOGNISED = "recognised"
MODES = (GIVEN, RECOGNISED)

# Heads that turn what stands before them: an mTOR inhibitor is not mTOR.
_TURNING_HEAD = re.compile(
    r"(?:inhibitors?|blockers?|antagonists?|antibod(?:y|ies)|inhibition|blockade|apoptosis|death|"
    r"degradation|nitration|damage|injury|deficiency|loss)\Z",
    re.IGNORECASE,
)
_TURNING_START = re.compile(r"anti[- ‐-―]", re.IGNORECASE)

# The type of an argument that nothing recognised tells, by its last word; the first that fits.
_GUESSES = {
    EntityType.PROCESS: re.compile(r"\w*(?:ptosis|cytosis|genesis|poiesis|stasis)"),
    EntityType.CELL_TYPE: re.compile(
        r"cells?|Tregs?|Th\d+|DCs?|PBMCs?|\w+(?:cyte|phage|phil|blast)s?"
    ),
    EntityType.CHEMICAL: re.compile(
        r"(?:inhibitor|antagonist|agonist|blocker|drug|acid|extract|\w+(?:mab|ib|cept|statin))s?|"
        r"antibod(?:y|ies)|therapy|treatment"
    ),
    EntityType.DISEASE: re.compile(
        r"(?:disease|syndrome|cancer|tumou?r|infection|disorder|\w+oma|\w+emia)s?|\w+itis|\w+osis|"
        r"asthma|sepsis|lupus|injury|COVID-19"
    ),
    EntityType.GENE: re.compile(
        r"(?:receptor|gene|protein|mRNA)s?|[a-z]{0,4}-?[A-Zα-ω][\w./-]*\d[\w./-]*|"
        r"[A-Z]\w*[A-Z]\w*"
    ),
}
_PROCESS_HEAD = re.compile(
    r"(?:\w+(?:tion|sis|ment|ance|ence|ity|ing|age|ery|ory|th|val|port|lysis|phagy)|response|pathway)s?\Z",
    re.IGNORECASE,
)


class Reader(Protocol):
    """Anything that reads a sentence as `kg.assertions.reading.AssertionReader` does."""

    def read_sentence(
        self, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        """Return what a sentence says of its mentions."""


@dataclass(frozen=True)
class Found:
    """What a reader found once or more often in a sentence: one triple of terms."""

    evidence: Evidence
    places: tuple[tuple[Span, Span], ...]  # of subject and object, each time it was found


@dataclass(frozen=True)
class SentenceResult:
    """A gold sentence with the mentions that a reader got and what it made of them.

    `accepts` holds, for each span of an argument's primary, the mentions that stand for it, by
    their spans in the field.
    """

    sentence: GoldSentence
    mentions: tuple[Mention, ...]
    accepts: dict[Argument, frozenset[Span]]
    found: tuple[Found, ...]

    def is_pair(self, found: Found, gold: Gold, *, swapped: bool = False) -> bool:
        """Return whether what was found is about the two arguments, in this order."""
        first, second = self.accepts[gold.subject], self.accepts[gold.object]
        if swapped:
            first, second = second, first
        return any(one in first and other in second for one, other in found.places)


def read_all(
    sentences: Iterable[GoldSentence], annotator: Annotator, reader: Reader
) -> dict[str, list[SentenceResult]]:
    """Return the results of every sentence by mode; each document is annotated once."""
    known: dict[str, dict[str, list[Mention]]] = {}
    results: dict[str, list[SentenceResult]] = {mode: [] for mode in MODES}
    for sentence in sentences:
        key = sentence.document.key
        if key not in known:
            known[key] = _annotate(sentence.document, annotator)
        recognised = [
            one
            for one in known[key][sentence.field]
            if sentence.start <= one.start and one.end <= sentence.end
        ]
        for mode in MODES:
            results[mode].append(read_one(sentence, recognised, reader, mode))
    return results


def _annotate(document: Document, annotator: Annotator) -> dict[str, list[Mention]]:
    mentions = annotator.annotate(list(document.fields.values()))
    return dict(zip(document.fields, mentions, strict=True))


def read_one(
    sentence: GoldSentence, recognised: Sequence[Mention], reader: Reader, mode: str
) -> SentenceResult:
    """Return what a reader makes of one sentence."""
    if mode == GIVEN:
        mentions, accepts = give_arguments(sentence, recognised)
    else:
        mentions, accepts = list(recognised), _recognised_arguments(sentence, recognised)
    evidence = reader.read_sentence(sentence.text, mentions, sentence.start)
    return SentenceResult(
        sentence=sentence, mentions=tuple(mentions), accepts=accepts, found=_merge(evidence)
    )


def _merge(evidence: Iterable[Evidence]) -> tuple[Found, ...]:
    """Count once what is said of the same terms with the same predicate."""
    merged: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for one in evidence:
        merged[one.subject.best.term, one.predicate, one.object.best.term].append(one)
    return tuple(
        Found(
            max(group, key=lambda one: one.confidence),
            tuple((_span(one.subject), _span(one.object)) for one in group),
        )
        for group in merged.values()
    )


def _span(mention: Mention) -> Span:
    return mention.start, mention.end


def arguments_of(sentence: GoldSentence) -> list[Argument]:
    """Return the arguments of a sentence, each once, in order of their start."""
    found = {one for gold in sentence.assertions for one in (gold.subject, gold.object)}
    return sorted(found, key=lambda one: (one.span, one.other))


def give_arguments(
    sentence: GoldSentence, recognised: Sequence[Mention]
) -> tuple[list[Mention], dict[Argument, frozenset[Span]]]:
    """Return the arguments as mentions beside what else is recognised, and what stands for which.

    Where primary spans overlap, the longest becomes a mention and stands for the others; other
    spans of an argument are mentions where they overlap no primary one. All spans of an argument
    get one made-up term; so does a distractor of the term that is recognised at just such a span,
    being a further mention of the argument.
    """
    arguments = arguments_of(sentence)
    primary = _without_overlaps({one.span for one in arguments}, ())
    chosen = primary + _without_overlaps({one for each in arguments for one in each.other}, primary)
    names = _unite(arguments, set(chosen))
    shifted = {(a + sentence.start, b + sentence.start): (a, b) for a, b in chosen}
    exact = {
        one.best.term: names[shifted[_span(one)]] for one in recognised if _span(one) in shifted
    }
    mentions = [
        _make_mention(sentence, span, names[span], recognised) for span in sorted(shifted.values())
    ]
    for one in recognised:
        if not any(one.start < end and start < one.end for start, end in shifted):
            name = exact.get(one.best.term)
            mentions.append(one if name is None else _renamed(one, name))
    mentions.sort(key=_span)
    accepts: dict[Argument, frozenset[Span]] = {}
    for argument in arguments:
        wanted = {names[span] for span in argument.spans if span in names} or {
            names[span] for span in primary if _overlap(span, argument.span)
        }
        accepts[argument] = frozenset(_span(one) for one in mentions if one.best.term in wanted)
    return mentions, accepts


def _unite(arguments: Iterable[Argument], chosen: set[Span]) -> dict[Span, str]:
    """Return a name for each chosen span; the spans of one argument share it."""
    names: dict[Span, str] = {}
    for number, argument in enumerate(arguments):
        spans = [span for span in argument.spans if span in chosen]
        old = {names[span] for span in spans if span in names}
        new = f"gold:{number}"
        for span, name in names.items():
            if name in old:
                names[span] = new
        names.update(dict.fromkeys(spans, new))
    return names


def _without_overlaps(spans: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Return the longest of the spans that overlap, without those that overlap a taken one."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda one: (one[0] - one[1], one[0])):
        if not any(_overlap(span, other) for other in (*taken, *chosen)):
            chosen.append(span)
    return chosen


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _make_mention(
    sentence: GoldSentence, span: Span, term: str, recognised: Sequence[Mention]
) -> Mention:
    start, end = sentence.start + span[0], sentence.start + span[1]
    text = sentence.text[span[0] : span[1]]
    return Mention(
        start=start,
        end=end,
        text=text,
        type=_type_of(text, (start, end), recognised),
        groundings=(Grounding(term=term, score=1.0, method="gold"),),
    )


def _type_of(text: str, span: Span, recognised: Sequence[Mention]) -> EntityType:
    """Return the type of an argument: of what is recognised in it, or else guessed.

    The mention that reaches to its end decides, since the head of an English noun phrase comes
    last; then the last word (apoptosis is a process, whatever cell stands before it); then the
    longest mention that overlaps. What nothing tells is taken for a process.
    """
    inside = [one for one in recognised if _overlap(_span(one), span)]
    at_end = [one for one in inside if one.end >= span[1]]
    if at_end:
        return at_end[0].type
    last = re.split(r"[\s/]", text.strip())[-1]
    for kind, pattern in _GUESSES.items():
        if pattern.fullmatch(last):
            return kind
    if inside and not _PROCESS_HEAD.search(last):
        return max(inside, key=lambda one: one.end - one.start).type
    return EntityType.PROCESS


def _renamed(mention: Mention, term: str) -> Mention:
    return Mention(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        type=mention.type,
        groundings=(Grounding(term=term, score=1.0, method="gold"),),
        organism=mention.organism,
    )


def _recognised_arguments(
    sentence: GoldSentence, recognised: Sequence[Mention]
) -> dict[Argument, frozenset[Span]]:
    """Return which mentions stand for which argument: those that overlap one of its spans.

    So does a further mention of the term that is recognised at just such a span.
    """
    accepts: dict[Argument, frozenset[Span]] = {}
    for argument in arguments_of(sentence):
        spans = list(_shifted(argument.spans, sentence.start))
        terms = {one.best.term for one in recognised if _span(one) in spans}
        accepts[argument] = frozenset(
            _span(one)
            for one in recognised
            if one.best.term in terms
            or any(_stands_for(_span(one), span, sentence) for span in spans)
        )
    return accepts


def _shifted(spans: Iterable[Span], by: int) -> Iterator[Span]:
    for start, end in spans:
        yield start + by, end + by


def _stands_for(mention: Span, gold: Span, sentence: GoldSentence) -> bool:
    """Return whether a mention that overlaps a span means what the span means.

    Not so where the span says more that turns the sense: "mTOR" for "mTOR inhibitors", "tumour" for
    "anti-tumour response", "T cell" for "T cell apoptosis".
    """
    if not _overlap(mention, gold):
        return False
    text = sentence.document.fields[sentence.field][gold[0] : gold[1]]
    if _TURNING_HEAD.search(text) and mention[1] < gold[1]:
        return False
    return not (_TURNING_START.match(text) and mention[0] > gold[0])
