"""Floor 6: what compounds state: "IL-7-induced proliferation", "hepatic IL-7 expression"."""

from collections.abc import Iterator

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate, Spot, pair
from kg.assertions.chunks import Kind
from kg.assertions.clauses import Sentence
from kg.assertions.phrases import GENES, Argument, Arguments, Part
from kg.assertions.predicates import PLACES
from kg.assertions.triggers import Trigger
from kg.model import EntityType, Predicate

# Suffixes that tell how cells were kept, where no more than the cells follows.
_CULTURED = frozenset("induced stimulated primed treated".split())
_MANNERS = frozenset("manner fashion way".split())
_JOINING = frozenset("-c,")


def read_suffix(
    sentence: Sentence, number: int, part: Part, place: int, trigger: Trigger
) -> Iterator[Candidate]:
    """Read a suffix at a place: what is before it acts on what is behind, or the reverse."""
    start, end = part
    before = _before(sentence, start, place) + _shared(sentence, number, start)
    after = _after(sentence, number, place, end)
    if sentence.tokens[place].word in _CULTURED:
        after = tuple(one for one in after if not _is_bare_cell(sentence, one, end))
    subjects, objects = (before, after) if trigger.subject == ("left",) else (after, before)
    if sentence.tokens[place - 1].tag == "E" and sentence.tokens[place].word.endswith("ing"):
        holders = sentence.of_types(subjects, PLACES)
        if holders == subjects and trigger.predicate is Predicate.EXPRESSED_IN:
            subjects, objects = objects, subjects  # "T cells expressing CD25"
    spot = Spot(place, number, "suffix", inside=True)
    yield from pair(sentence, trigger, subjects, objects, spot)


def manners(sentence: Sentence, number: int) -> Iterator[tuple[Argument, Trigger]]:
    """Yield what a phrase such as "a STAT5-dependent manner" names, with its suffix."""
    for start, end in sentence.parts(number):
        if sentence.tokens[end - 1].word in _MANNERS:
            for place in range(start + 1, end - 1):
                for trigger in sentence.suffix_at(place)[:1]:
                    for one in _before(sentence, start, place):
                        yield one, trigger


def mediators(sentence: Sentence, number: int) -> Arguments:
    """Return what stands before the suffixes of a phrase: who does what the phrase tells."""
    found: Arguments = ()
    for start, end in sentence.parts(number):
        for place in range(start + 1, end):
            triggers = sentence.suffix_at(place)
            if triggers and triggers[0].predicate.sign > 0 and triggers[0].subject == ("left",):
                found += _before(sentence, start, place)
    return found


def _after(sentence: Sentence, number: int, place: int, end: int) -> Arguments:
    """Return what a suffix bears on: what follows it, or the subject of "cells are X-dependent"."""
    parts = sentence.parts(number)
    found = sentence.in_part(place + 1, end) if place + 1 < end else ()
    if found:
        if sentence.word(number - 1) == "between":
            return found
        conjuncts = [(place + 1, end), *(part for part in parts if part[0] >= end)]
        for start, stop in conjuncts[1:]:
            found += sentence.in_part(start, stop)
        return sentence.shared(conjuncts, found) if len(found) > 1 else found
    if place + 1 < end:
        return sentence.complement(number, place + 1, end)[0] if end == parts[-1][1] else ()
    if sentence.kind(number - 1) is Kind.VERB and "be" in sentence.chunks[number - 1].verbs:
        return sentence.subject(number - 1)
    return ()


def _before(sentence: Sentence, start: int, place: int) -> Arguments:
    """Return the mentions that a suffix stands behind: one, or several parted by slashes or "and".

    One noun may stand between: "IL-7 deficiency-induced".
    """
    tokens = sentence.tokens
    found: Arguments = ()
    inverse = False
    for look in range(place - 1, start - 1, -1):
        token = tokens[look]
        if token.tag == "E":
            if found and tokens[look + 1].tag not in _JOINING:
                break
            found = (Argument(token.mention, look), *found)
        elif token.tag not in _JOINING:
            if found or token.tag != "n" or look < place - 2:
                break
            inverse = bool(voc.NOUN_FLAGS.get(token.word, 0) & voc.INVERSE)
    return tuple(one._replace(inverse=True) for one in found) if inverse else found


def _shared(sentence: Sentence, number: int, start: int) -> Arguments:
    """Return what shares a suffix with the part that begins at a place: "X- and Y-induced".

    The hyphen may be left out before "and": "X and Y-induced", where both are alike.
    """
    found: Arguments = ()
    tokens = sentence.tokens
    for begin, end in sentence.parts(number):
        if end > start:
            break
        tags = [token.tag for token in tokens[end - 2 : end]]
        if tags == ["E", "-"]:
            found += (Argument(tokens[end - 2].mention, end - 2),)
        elif end == begin + 1 and tokens[begin].tag == tokens[start].tag == "E":
            one = Argument(tokens[begin].mention, begin)
            if sentence.type_of(one) is sentence.mentions[tokens[start].mention].type:
                found += (one,)
    return found


def _is_bare_cell(sentence: Sentence, argument: Argument, end: int) -> bool:
    """Tell the cells of "LPS-stimulated macrophages"."""
    if sentence.type_of(argument) is not EntityType.CELL_TYPE or argument.inner is not None:
        return False
    behind = argument.token + 1
    return behind >= end or sentence.tokens[behind].word in ("cell", "cells")


def read_place(
    sentence: Sentence, number: int, part: Part, place: int, trigger: Trigger
) -> Iterator[Candidate]:
    """Read "hepatic interleukin-7 expression": a gene and a place before a noun of expression."""
    if trigger.predicate is not Predicate.EXPRESSED_IN:
        return
    named = tuple(
        Argument(token.mention, look)
        for look, token in enumerate(sentence.tokens[part[0] : place], start=part[0])
        if token.tag == "E"
    )
    if len(named) > 1:
        genes = sentence.of_types(named, GENES)[-1:]
        places = sentence.of_types(named, PLACES)[-1:]
        spot = Spot(place, number, "noun", inside=True)
        yield from pair(sentence, trigger, genes, places, spot)
