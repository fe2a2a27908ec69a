"""Floor 10: sentences with the words marked that name something, or that were looked for.

Mentions may overlap or stand within each other; links may not. Each piece of text leads to the
innermost mention that it is of, and tells of the others in its title.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from kg.descriptions.sentences import Sentence
from kg.exports.things import Wording, place_mentions
from kg.service.pages.rendering import visible
from kg.service.pages.shown import Shown


@dataclass(frozen=True, slots=True)
class Span:
    """Where words stand in a text, and the entities that they were taken for; none for a trigger.

    >>> Span(3, 7, ("http://example.org/a",)).size
    4
    """

    begin: int
    end: int
    entities: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many characters that are."""
        return self.end - self.begin


def find_spans(one: Sentence) -> list[Span]:
    """Return where in the text of a sentence its mentions stand, in order."""
    wordings = [
        Wording(iri="", words=words, entity=entity, others=(), score=None, method="")
        for words, entity in one.mentioned
    ]
    found: dict[tuple[int, int], list[str]] = {}
    for place in place_mentions(one.text or "", one.start, one.starts, wordings):
        entities = found.setdefault((place.start - one.start, place.end - one.start), [])
        if place.wording.entity not in entities:
            entities.append(place.wording.entity)
    return [Span(begin, end, tuple(entities)) for (begin, end), entities in sorted(found.items())]


def cut_pieces(size: int, spans: Collection[Span]) -> list[tuple[int, int, tuple[Span, ...]]]:
    """Return the pieces of a text of that size, each with the spans that it is of, innermost first.

    >>> [piece[:2] for piece in cut_pieces(9, [Span(0, 6), Span(2, 4)])]
    [(0, 2), (2, 4), (4, 6), (6, 9)]
    """
    inside = [span for span in spans if 0 <= span.begin < span.end <= size]
    edges = sorted({0, size, *(span.begin for span in inside), *(span.end for span in inside)})
    pieces = []
    for begin, end in pairwise(edges):
        over = [span for span in inside if span.begin <= begin and end <= span.end]
        over.sort(key=lambda span: (span.size, -span.begin))
        pieces.append((begin, end, tuple(over)))
    return pieces


def link_mentions(shown: Shown, one: Sentence) -> Markup:
    """Return a sentence in which the words that name an entity are links to it."""
    text = one.text or ""
    parts = []
    for begin, end, spans in cut_pieces(len(text), find_spans(one)):
        words = visible(text[begin:end])
        parts.append(_link(shown, words, spans) if spans else escape(words))
    return Markup("").join(parts)


def mark_entities(
    shown: Shown, one: Sentence, entities: Collection[str], trigger: str = "", at: int = -1
) -> Markup:
    """Return a sentence in which the words are marked that name one of these entities.

    `trigger` are the words, `at` a place in the text of the field, by which it says something.
    """
    text = one.text or ""
    wanted = set(entities)
    spans = [span for span in find_spans(one) if wanted & set(span.entities)]
    begin = at - one.start
    if trigger and at >= 0 and text.startswith(trigger, begin):
        spans.append(Span(begin, begin + len(trigger)))
    parts = []
    for begin, end, over in cut_pieces(len(text), spans):
        words = visible(text[begin:end])
        named = [span for span in over if span.entities]
        if named:
            parts.append(Markup("<mark>{}</mark>").format(_link(shown, words, tuple(named))))
        elif over:
            parts.append(Markup('<mark class="trigger">{}</mark>').format(words))
        else:
            parts.append(escape(words))
    return Markup("").join(parts)


def link_found(shown: Shown, one: Sentence, found: Collection[Span]) -> Markup:
    """Return a sentence with links as `link_mentions` has them, and what was found marked."""
    text = one.text or ""
    parts = []
    for begin, end, over in cut_pieces(len(text), [*find_spans(one), *found]):
        words = visible(text[begin:end])
        named = tuple(span for span in over if span.entities)
        part = _link(shown, words, named) if named else escape(words)
        parts.append(Markup("<mark>{}</mark>").format(part) if len(named) < len(over) else part)
    return Markup("").join(parts)


def mark_words(text: str, words: Iterable[str]) -> Markup:
    """Return a text in which some words are marked, wherever they stand by themselves.

    >>> str(mark_words("IL-7 & IL-7R", ["IL-7"]))
    '<mark>IL-7</mark> &amp; IL-7R'
    """
    wanted = sorted({each for each in words if each}, key=lambda each: (-len(each), each))
    if not wanted:
        return escape(visible(text))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    parts, done = [], 0
    for found in pattern.finditer(text):
        parts.append(escape(visible(text[done : found.start()])))
        parts.append(Markup("<mark>{}</mark>").format(visible(found[0])))
        done = found.end()
    parts.append(escape(visible(text[done:])))
    return Markup("").join(parts)


def _link(shown: Shown, words: str, spans: tuple[Span, ...]) -> Markup:
    first, *others = [entity for span in spans for entity in span.entities]
    link = shown.link(first)
    also = [
        f"{other.text} ({other.short})"
        for other in map(shown.link, dict.fromkeys(others))
        if other.href != link.href
    ]
    title = f"{link.text} ({link.short})" + (f"; also {', '.join(also)}" if also else "")
    nested = " nested" if len(spans) > 1 else ""
    return Markup('<a class="mention {}{}" href="{}" title="{}">{}</a>').format(
        link.style, nested, link.href, visible(title), words
    )
