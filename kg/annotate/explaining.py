"""Floor 6: why a text's mentions are what they are: what was considered, and which rule decided.

The rules are those that annotate, asked again with their words (`kg.annotate.rules`); nothing is
decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.annotate.abbreviations import find_abbreviations
from kg.annotate.annotator import Annotator
from kg.annotate.context import depends_on_context, part_of_other
from kg.annotate.matching import Match, is_shouted
from kg.annotate.rules import FUNCTION_WORD, Verdict, refusals, weigh
from kg.annotate.words import Words
from kg.model import Mention
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.names import name_key

_LONGEST = 10  # words of a stretch that is tried
_MEANINGS = {
    "abbreviation": "the text itself tells what this short form stands for",
    "composed": "the Cell Ontology has the cell with these markers and states, or some of them",
    "head of phrase": "the phrase is not in the vocabularies; its head is, and is true of it",
    "coordination": "shares its noun with what it is joined to",
    "lexicon phrase": "a longer phrase around the name is in the vocabularies",
    "name around short form": "the name goes on after its short form",
    "marker": "the surface marker in front tells the lineage",
    "infection": "the infection with the organism",
    "deficiency": "the deficiency of the gene's product",
    "ion": "an ion, by its charge",
}


@dataclass(frozen=True, slots=True)
class Considered:
    """A name that a stretch of text was weighed against; `score` is 0 where it was refused."""

    name: Name
    score: float
    rule: str


class Decision(NamedTuple):
    """What was decided of a stretch of text: the mention it became, or None; and why."""

    start: int
    end: int
    text: str
    mention: Mention | None
    reasons: tuple[str, ...]
    considered: tuple[Considered, ...]


def explain(text: str, annotator: Annotator) -> list[Decision]:
    """Return the decisions on a text, in order: its mentions, and what was refused outside them."""
    (mentions,) = annotator.annotate([text])
    weighed = annotator.weigh([text])
    (found,), (candidates,) = weighed.found, weighed.candidates
    shouted = is_shouted(text)
    decisions = []
    for mention in mentions:
        span = mention.start, mention.end
        decisions.append(
            Decision(
                *span,
                mention.text,
                mention,
                tuple(_reasons(text, mention, candidates)),
                tuple(_considered(text, span, annotator.lexicon, found, shouted=shouted)),
            )
        )
    taken = [(one.start, one.end) for one in mentions]
    for span in sorted({*_stretches(text, annotator.lexicon), *((m.start, m.end) for m in found)}):
        if any(start <= span[0] and span[1] <= end for start, end in taken):
            continue
        considered = tuple(_considered(text, span, annotator.lexicon, found, shouted=shouted))
        reasons = tuple(_refused(text, span, weighed.short_forms, considered, taken))
        if considered and reasons:
            decisions.append(Decision(*span, text[slice(*span)], None, reasons, considered))
    return sorted(decisions, key=lambda one: (one.start, one.end))


def _reasons(text: str, mention: Mention, candidates: list[Match]) -> Iterator[str]:
    method = mention.best.method
    if method in _MEANINGS:
        yield _MEANINGS[method]
    for definition in find_abbreviations(text):
        short = text[definition.short_start : definition.short_end]
        if method == "abbreviation" and mention.text in {short, f"{short}s"}:
            yield f"defined as “{text[definition.long_start : definition.long_end]}”"
    inside = {
        text[one.start : one.end]
        for one in candidates
        if one.start < mention.end
        and mention.start < one.end
        and (one.start, one.end) != (mention.start, mention.end)
    }
    if inside:
        names = ", ".join(f"“{one}”" for one in sorted(inside))
        yield f"longer than what it overlaps: {names}"
    if mention.organism:
        yield f"taken for a gene of {mention.organism} by what the text says of species"


def _refused(
    text: str,
    span: tuple[int, int],
    short_forms: dict[str, tuple[tuple[float, Name], ...]],
    considered: tuple[Considered, ...],
    taken: list[tuple[int, int]],
) -> Iterator[str]:
    """Yield why a stretch that could be a name became no mention; nothing where none fits it."""
    fitting = [one for one in considered if one.score > 0]
    overlapping = [text[a:b] for a, b in taken if a < span[1] and span[0] < b]
    if overlapping:
        if fitting:
            yield f"overlaps the longer “{overlapping[0]}”"
        return
    surface = text[slice(*span)]
    if surface.rstrip("s") in short_forms and not short_forms[surface.rstrip("s")]:
        yield "the text uses it for something that the vocabularies do not have"
    elif fitting:
        part = part_of_other(text, *span, fitting[0].name)
        yield f"it is {part}" if part else "it does not hold in this context"
    elif any(one.rule != FUNCTION_WORD for one in considered):
        yield "no name that it could be is trusted"


def _considered(
    text: str, span: tuple[int, int], lexicon: Lexicon, found: list[Match], *, shouted: bool
) -> Iterator[Considered]:
    """Yield the names that a stretch was weighed against, the best first, one a term."""
    surface = text[slice(*span)]
    key = name_key(surface)
    verdicts: dict[str, tuple[Verdict, Name]] = {}
    for name in lexicon.names(key):
        verdict = weigh(surface, key, name, lexicon, shouted=shouted)
        known = verdicts.get(name.curie)
        if known is None or known[0].score < verdict.score:
            verdicts[name.curie] = verdict, name
    for match in found:  # what is written before a name, and a plural, are not in the key
        if (match.start, match.end) == span:
            for score, name in match.names:
                verdicts.setdefault(name.curie, (Verdict(score, "written like the name"), name))
    ranked = sorted(verdicts.values(), key=lambda one: (-one[0].score, one[1].type, one[1].curie))
    names = tuple((verdict.score, name) for verdict, name in ranked if verdict.score > 0)
    reasons = refusals(surface, names, lexicon) if names else []
    for (score, name), reason in zip(names, reasons, strict=True):
        rule = reason or verdicts[name.curie][0].rule
        if not reason and depends_on_context(((score, name),)):
            rule = f"{rule}; holds where the text tells of its place"
        yield Considered(name, 0.0 if reason else round(score, 3), rule)
    for verdict, name in ranked:
        if verdict.score <= 0:
            yield Considered(name, 0.0, verdict.rule)


def _stretches(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the stretches of whole words that are filed as a name, however they are written."""
    words = Words(text)
    count = len(words.forms)
    for first in range(count):
        start = words.start(first)
        for last in range(first, min(first + _LONGEST, count)):
            end = words.end(last)
            if name_key(text[start:end]) in lexicon.trie:
                yield start, end
