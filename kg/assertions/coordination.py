"""Floor 6: noun phrases that "and", "or" or commas make one argument."""

from collections.abc import Sequence

from kg.assertions import vocabulary as voc
from kg.assertions.chunks import Chunk, Kind, Voice
from kg.assertions.tokens import Token

_JOINTS = (Kind.COMMA, Kind.COORDINATOR)
_QUALIFYING = (Voice.PARTICIPLE, Voice.ADJECTIVE)


def join_coordinated(chunks: list[Chunk], tokens: Sequence[Token]) -> list[Chunk]:
    """Join noun phrases that "and", "or" or commas before them make one argument.

    Not joined is what begins a clause of its own ("A activates B, and C inhibits D"), nor across
    the comma after an opening phrase ("In T cells, IL-7 and IL-15 ...").
    """
    joined: list[Chunk] = []
    place, count = 0, len(chunks)
    opening = _end_of_opening(chunks)
    while place < count:
        chunk = chunks[place]
        place += 1
        joined.append(chunk)
        if chunk.kind is Kind.NOUN and place < count and chunks[place].kind in _JOINTS:
            parts, place = _conjuncts(chunks, tokens, place, opening, joined)
            if parts:
                chunk.parts = [(chunk.start, chunk.end), *parts]
                chunk.end = parts[-1][1]
    return joined


def _conjuncts(
    chunks: list[Chunk], tokens: Sequence[Token], place: int, opening: int, before: list[Chunk]
) -> tuple[list[tuple[int, int]], int]:
    """Return what a noun phrase before a place is coordinated with, and the place behind it."""
    parts: list[tuple[int, int]] = []
    pending: list[tuple[int, int]] = []
    look = place
    while look != opening:
        step = _over_joint(chunks, look)
        if step < 0 or chunks[step].kind is not Kind.NOUN:
            break
        last = chunks[step - 1].kind is Kind.COORDINATOR
        if last and not _joins(chunks, tokens, step, before):
            break
        pending.append((chunks[step].start, chunks[step].end))
        look = step + 1
        if last:
            parts += pending
            pending = []
            place = look
    if not parts and pending and _only_names(pending, tokens):
        return pending, look  # "A, B, C" without an "and"
    return parts, place


def _over_joint(chunks: list[Chunk], place: int) -> int:
    """Return the place behind a comma, an "and", or both; -1 where there is none."""
    count = len(chunks)
    step = place
    if step < count and chunks[step].kind is Kind.COMMA:
        step += 1
    if step < count and chunks[step].kind is Kind.COORDINATOR:
        step += 1
    return step if place < step < count else -1


def _joins(chunks: list[Chunk], tokens: Sequence[Token], step: int, before: list[Chunk]) -> bool:
    """Tell whether a coordinator joins the noun phrase behind it to what stands before."""
    word = tokens[chunks[step - 1].start].word
    if word == "but" or tokens[chunks[step].start].word in voc.POSSESSIVES:
        return False
    return word in ("or", "nor") or not _begins_clause(chunks, tokens, step, before)


def _only_names(parts: list[tuple[int, int]], tokens: Sequence[Token]) -> bool:
    return all(end - start == 1 and tokens[start].tag == "E" for start, end in parts)


def _end_of_opening(chunks: list[Chunk]) -> int:
    """Return the place of the comma that ends an opening phrase, or -1."""
    first = 1 if chunks and chunks[0].kind is Kind.COMMA else 0  # "Moreover, in T cells, ..."
    opening = chunks[first].kind if first < len(chunks) else Kind.BOUNDARY
    if opening not in (Kind.PREPOSITION, Kind.SUBORDINATOR, Kind.VERB):
        return -1
    has_verb = opening is not Kind.PREPOSITION
    for place, chunk in enumerate(chunks[first:], start=first):
        if chunk.kind is Kind.VERB and place > first and not has_verb and chunk.finite:
            return -1
        if chunk.kind is Kind.COMMA:
            later = [one.kind for one in chunks[place + 1 :]]
            # The last comma before the verb of the sentence.
            until = later.index(Kind.VERB) if Kind.VERB in later else len(later)
            if later[:1] == [Kind.NOUN] and Kind.COMMA not in later[:until]:
                return place
    return -1


def _begins_clause(
    chunks: list[Chunk], tokens: Sequence[Token], place: int, before: list[Chunk]
) -> bool:
    """Tell whether the noun phrase at a place is the subject of a clause of its own."""
    look = place + 1
    while look + 1 < len(chunks):
        if chunks[look].voice in _QUALIFYING and not chunks[look].finite:
            look += 1  # "the role of A derived from B is unknown"
        elif (
            chunks[look].kind in (Kind.PREPOSITION, Kind.COORDINATOR, Kind.COMMA)
            and chunks[look + 1].kind is Kind.NOUN
        ):
            look += 2
        else:
            break
    if look >= len(chunks) or chunks[look].kind is not Kind.VERB or not chunks[look].finite:
        return False
    for chunk in reversed(before):
        if tokens[chunk.start].word == "but not":
            continue  # "A activates B but not C, and D inhibits E"
        if chunk.kind in (Kind.BOUNDARY, Kind.SUBORDINATOR, Kind.RELATIVE):
            return False
        if chunk.kind is Kind.VERB and chunk.finite:
            return True
    return False
