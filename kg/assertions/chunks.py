"""Floor 6: the words of a sentence in chunks: noun phrases, verb groups, and what joins them.

A finite-state chunker, as in Abney (1991), "Parsing by chunks": no model, no training; which of its
readings a form has ("increases", "induced") is told from its neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kg.assertions import vocabulary as voc
from kg.assertions.tokens import Token
from kg.assertions.triggers import Form, Triggers


class Kind(StrEnum):
    """What a chunk is."""

    NOUN = "NP"
    VERB = "VG"
    PREPOSITION = "P"
    COORDINATOR = "C"
    COMMA = ","
    BOUNDARY = ";"
    RELATIVE = "R"
    SUBORDINATOR = "S"


class Voice(StrEnum):
    """How a verb group stands to its arguments.

    A participle may be passive without an auxiliary ("cells activated by"); an adjective is what a
    trigger of that part heads, with or without a form of be.
    """

    ACTIVE = "active"
    PASSIVE = "passive"
    INFINITIVE = "infinitive"
    GERUND = "gerund"
    PARTICIPLE = "participle"
    ADJECTIVE = "adjective"
    COPULA = "copula"


@dataclass(slots=True)
class Chunk:
    """Tokens from `start` to `end`; `head` is the verb of a verb group; `verbs` its dictionary forms.

    A coordinated noun phrase ("A, B and C") has each conjunct in `parts`. `finite` tells of a verb
    group that makes a clause.
    """

    kind: Kind
    start: int
    end: int
    head: int = -1
    voice: Voice = Voice.ACTIVE
    verbs: tuple[str, ...] = ()
    finite: bool = False
    negated: bool = False
    parts: list[tuple[int, int]] = field(default_factory=list)


# Forms that are nouns as often as verbs.
_NOUN_TOO = frozenset(
    """increase decrease control block influence impact result cause support link target test study
    report signal function work help need aim attempt review focus use change trigger drive mark
    release limit delay rescue arrest lack yield culture range form share act fall rise decline
    display measure estimate screen sequence clone map address answer record shape prime fuel guide
    halt process condition subject experience challenge interest reason place name
    complex lower direct reverse boost favor favour compromise program reprogram silence sequence engage contact display exhibit treat effect affect approach challenge mediate stem
    help hold increase view balance start transport exercise decline display""".split()
)
_PASSIVE_LINKS = frozenset(("by", "through", "via"))
_SUFFIXES_WITHOUT_HYPHEN = frozenset(
    "mediated driven dependent independent induced expressing producing secreting deficient specific"
    " associated related positive negative stimulated".split()
)
_ADJECTIVES = ("ic", "ical", "ous", "ary", "ive", "able", "ible")
_CHANGED = frozenset(
    "increased decreased reduced elevated enhanced impaired diminished altered lowered".split()
)
_IN_NOUN_PHRASE = "nED-o"


class Chunker:
    """Makes chunks of tokens, with the verbs that a tagger knows and the triggers of a table."""

    def __init__(self, triggers: Triggers, verbs: dict[str, list[tuple[str, Form]]]) -> None:
        self._verbs = verbs
        self._verb_links = {
            (verb, one.link) for verb, found in triggers.verbs.items() for one in found if one.link
        }
        self._links: dict[str, frozenset[str]] = {
            word: frozenset(one.link for one in found) for word, found in triggers.adjectives.items()
        }

    def chunk(self, tokens: Sequence[Token]) -> list[Chunk]:
        """Return the chunks of a sentence, coordinated noun phrases joined."""
        chunks = self._cut(tokens)
        return join_coordinated(chunks, tokens)

    def _cut(self, tokens: Sequence[Token]) -> list[Chunk]:
        chunks: list[Chunk] = []
        place, count = 0, len(tokens)
        noun_start = -1

        def close(end: int) -> None:
            nonlocal noun_start
            if noun_start >= 0:
                if any(token.tag != "a" for token in tokens[noun_start:end]):
                    chunks.append(Chunk(Kind.NOUN, noun_start, end))
                noun_start = -1

        while place < count:
            tag = tokens[place].tag
            if tag in "bhdmtgaVA":
                group = self._verb_group(tokens, place, chunks, noun_start)
                if group is not None:
                    close(place)
                    chunks.append(group)
                    place = group.end
                    continue
                if tag == "t":
                    close(place)
                    chunks.append(Chunk(Kind.PREPOSITION, place, place + 1))
                elif noun_start < 0:
                    noun_start = place
                place += 1
                continue
            if tag in _IN_NOUN_PHRASE:
                if noun_start < 0:
                    noun_start = place
                elif tag in "Do" and tokens[place - 1].tag in "nE":
                    close(place)  # two phrases meet: "the cells the others"
                    noun_start = place
                place += 1
                continue
            close(place)
            kind = {
                "p": Kind.PREPOSITION,
                "c": Kind.COORDINATOR,
                ",": Kind.COMMA,
                ";": Kind.BOUNDARY,
                "r": Kind.RELATIVE,
                "s": Kind.SUBORDINATOR,
            }[tag]
            chunks.append(Chunk(kind, place, place + 1))
            place += 1
        close(count)
        return chunks

    def _verb_group(
        self, tokens: Sequence[Token], place: int, chunks: list[Chunk], noun_start: int
    ) -> Chunk | None:
        """Return the verb group that begins at a token, or None where none does."""
        count = len(tokens)
        end = place
        infinitive = modal = passive = perfect = negated = auxiliary = False
        while end < count and tokens[end].tag in "bhdmtga":
            token = tokens[end]
            tag = token.tag
            if tag == "t":
                if auxiliary or infinitive:
                    break
                infinitive = True
            elif tag == "b":
                passive = auxiliary = True
            elif tag == "h":
                perfect = auxiliary = True
            elif tag in "dm":
                modal = auxiliary = True
                negated |= token.word == "cannot"
            elif tag == "g":
                negated = True
            end += 1
        if negated and tokens[end - 1].word == "nor":
            negated = False
        head = tokens[end] if end < count else None
        if head is not None and head.tag == "A":
            following = _next(tokens, end)
            if following is not None and following.word in self._links[head.word]:
                finite = auxiliary and not infinitive
                return Chunk(
                    Kind.VERB, place, end + 1, end, Voice.ADJECTIVE, (head.word,), finite, negated
                )
        if head is not None and (head.tag == "V" or (head.tag == "A" and head.word in self._verbs)):
            forms = self._verbs.get(head.word) or [("", _guess(head.word))]
            voice = self._voice(
                tokens, place, end, forms, infinitive, modal, passive, perfect, chunks, noun_start
            )
            if voice is not None:
                verbs = tuple(dict.fromkeys(verb for verb, _ in forms if verb))
                finite = voice in (Voice.ACTIVE, Voice.PASSIVE)
                if infinitive:
                    finite = False
                return Chunk(Kind.VERB, place, end + 1, end, voice, verbs, finite, negated)
        if passive or (perfect and not infinitive) or (modal and not infinitive):
            # Only adverbs may be given back to what follows.
            last = end - 1
            while tokens[last].tag == "a" and last > place:
                last -= 1
            voice = Voice.COPULA if passive else Voice.ACTIVE
            verbs = ("be",) if passive else ("have",) if perfect else ()
            return Chunk(Kind.VERB, place, last + 1, last, voice, verbs, not infinitive, negated)
        return None

    def _voice(
        self,
        tokens: Sequence[Token],
        place: int,
        head: int,
        forms: list[tuple[str, Form]],
        infinitive: bool,
        modal: bool,
        passive: bool,
        perfect: bool,
        chunks: list[Chunk],
        noun_start: int,
    ) -> Voice | None:
        """Return how a verb is used, or None where the form is a noun or adjective here."""
        kinds = {kind for _, kind in forms}
        if passive:
            if kinds & {Form.PARTICIPLE}:
                return Voice.PASSIVE
            if Form.GERUND in kinds:
                return Voice.ACTIVE
            return None
        if perfect and kinds & {Form.PARTICIPLE}:
            return Voice.ACTIVE
        if infinitive:
            return Voice.INFINITIVE if Form.BASE in kinds else None
        if modal:
            return Voice.ACTIVE if Form.BASE in kinds else None
        before = tokens[place - 1].tag if place else ";"
        word_before = tokens[place - 1].word if place else ""
        following = _next(tokens, head)
        after = following.tag if following is not None else ";"
        word_after = following.word if following is not None else ""
        word = tokens[head].word
        if Form.GERUND in kinds:
            if before == "D" or before == "-":
                return None
            if before in "En" and after in "DEnVa" and noun_start >= 0:
                if word in _SUFFIXES_WITHOUT_HYPHEN and before == "E":
                    return None
                return Voice.GERUND
            if before in "pc,;srVAt" and (after in "DEnVaAopt"):
                return Voice.GERUND if word in self._verbs else None
            return None
        if Form.PAST in kinds or Form.PARTICIPLE in kinds:
            return self._past_voice(tokens, place, head, before, after, word_after, chunks)
        verb = forms[0][0]
        if Form.THIRD in kinds and verb not in _NOUN_TOO:
            return None if before == "-" else Voice.ACTIVE
        if verb == "result" and word_after == "in" and before in "En":
            return Voice.ACTIVE
        if before in "D-" or (before == "p" and word_before != "as"):
            return None
        if after in "bhmd" or (after == "V" and _is_finite(tokens, head, self._verbs)):
            return None
        if verb not in _NOUN_TOO:
            return Voice.ACTIVE
        if after not in "DEnVapto,;sr-" and word_after not in ("that",):
            return None
        if Form.THIRD in kinds:
            if before in "Eora" and after in "DEnVapots":
                return Voice.ACTIVE
            if before == "n" and (after in "DE" or word_after in ("in", "to", "from", "that")):
                return Voice.ACTIVE
            return Voice.ACTIVE if before == "c" and after in "DE" else None
        is_plural = (before in "En" and word_before.endswith("s")) or _is_coordinated(chunks, tokens)
        if before in "ro" or (is_plural and (after in "DEn" or word_after in ("in", "to", "that"))):
            return Voice.ACTIVE
        return None

    def _past_voice(
        self,
        tokens: Sequence[Token],
        place: int,
        head: int,
        before: str,
        after: str,
        word_after: str,
        chunks: list[Chunk],
    ) -> Voice | None:
        word = tokens[head].word
        if before in "Enoc,ar" and any(
            (verb, word_after) in self._verb_links for verb, _ in self._verbs.get(word, ())
        ):
            return Voice.ACTIVE
        if word_after in _PASSIVE_LINKS and before in "Eno,r-ca":
            return Voice.PARTICIPLE
        if before in "Dp-":
            return None
        if before == "E" and word in _SUFFIXES_WITHOUT_HYPHEN and after in "nEVAa":
            outer = tokens[place - 2].tag if place > 1 else ";"
            if outer in "pD-c" or word in ("mediated", "driven"):
                return None
        if before in "Enor":
            if before == "n" and tokens[place - 1].word.endswith(_ADJECTIVES):
                return None
            if after in "DEnVAo":
                return Voice.ACTIVE
            return Voice.PARTICIPLE
        if (
            before in "c,"
            and after in "DEnpt"
            and _had_past(chunks, tokens, self._verbs)
            and not (word in _CHANGED and _lists_changes(chunks, tokens, place))
        ):
            return Voice.ACTIVE
        if before == "," and after in "pt":
            return Voice.PARTICIPLE
        return None


def _guess(word: str) -> Form:
    return Form.GERUND if word.endswith("ing") else Form.PARTICIPLE


def _next(tokens: Sequence[Token], place: int) -> Token | None:
    """Return the token after a place that is no adverb."""
    for token in tokens[place + 1 : place + 4]:
        if token.tag != "a":
            return token
    return None


def _is_finite(tokens: Sequence[Token], head: int, verbs: dict[str, list[tuple[str, Form]]]) -> bool:
    """Tell whether the word after a form is a verb that makes a clause ("studies show")."""
    following = _next(tokens, head)
    kinds = {kind for _, kind in verbs.get(following.word, ())} if following is not None else set()
    return bool(kinds & {Form.BASE, Form.THIRD, Form.PAST})


def _lists_changes(chunks: list[Chunk], tokens: Sequence[Token], place: int) -> bool:
    """Tell "increased A and decreased B", where the second is as little a verb as the first."""
    start = 0
    for chunk in reversed(chunks):
        if chunk.kind is Kind.VERB:
            start = chunk.end
            break
    return any(token.word in _CHANGED for token in tokens[start:place])


def _is_coordinated(chunks: list[Chunk], tokens: Sequence[Token]) -> bool:
    return bool(chunks) and chunks[-1].kind is Kind.COORDINATOR and tokens[chunks[-1].start].word == "and"


def _had_past(
    chunks: list[Chunk], tokens: Sequence[Token], verbs: dict[str, list[tuple[str, Form]]]
) -> bool:
    """Tell whether the clause has a verb in the past already, which "and" may go on from."""
    for chunk in reversed(chunks):
        if chunk.kind in (Kind.BOUNDARY, Kind.SUBORDINATOR, Kind.RELATIVE):
            return False
        if chunk.kind is Kind.VERB and chunk.voice is Voice.ACTIVE:
            if any(one.word in ("did", "had") for one in tokens[chunk.start : chunk.end]):
                return True
            return any(kind is Form.PAST for _, kind in verbs.get(tokens[chunk.head].word, ()))
    return False


def join_coordinated(chunks: list[Chunk], tokens: Sequence[Token]) -> list[Chunk]:
    """Join noun phrases that "and", "or" or commas before them make one argument.

    Not joined is what begins a clause of its own ("A activates B, and C inhibits D"), nor across the
    comma after an opening phrase ("In T cells, IL-7 and IL-15 ...").
    """
    joined: list[Chunk] = []
    place, count = 0, len(chunks)
    opening = _end_of_opening(chunks)
    while place < count:
        chunk = chunks[place]
        joined.append(chunk)
        place += 1
        if chunk.kind is not Kind.NOUN:
            continue
        parts = [(chunk.start, chunk.end)]
        pending: list[tuple[int, int]] = []
        look = place
        while look < count:
            if look == opening:
                break
            kind = chunks[look].kind
            last = kind is Kind.COORDINATOR
            step = look + 1
            if kind is Kind.COMMA and step < count and chunks[step].kind is Kind.COORDINATOR:
                last = True
                step += 1
            if kind not in (Kind.COMMA, Kind.COORDINATOR) or step >= count:
                break
            following = chunks[step]
            if following.kind is not Kind.NOUN:
                break
            word = tokens[chunks[step - 1].start].word
            if last and word == "but":
                break
            if last and word not in ("or", "nor") and _begins_clause(chunks, step, joined):
                break
            if last and tokens[following.start].word in voc.POSSESSIVES:
                break
            pending.append((following.start, following.end))
            look = step + 1
            if last:
                parts += pending
                pending = []
                place = look
        if len(parts) == 1 and pending and _only_names(pending, tokens):
            parts += pending  # "A, B, C" without an "and"
            place = look
        if len(parts) > 1:
            chunk.parts = parts
            chunk.end = parts[-1][1]
    return joined


def _only_names(parts: list[tuple[int, int]], tokens: Sequence[Token]) -> bool:
    return all(end - start == 1 and tokens[start].tag == "E" for start, end in parts)


def _end_of_opening(chunks: list[Chunk]) -> int:
    """Return the place of the comma that ends an opening phrase, or -1."""
    if not chunks or chunks[0].kind not in (Kind.PREPOSITION, Kind.SUBORDINATOR, Kind.VERB):
        return -1
    verbs = chunks[0].kind is not Kind.PREPOSITION
    for place, chunk in enumerate(chunks):
        if chunk.kind is Kind.COMMA:
            following = chunks[place + 1].kind if place + 1 < len(chunks) else Kind.BOUNDARY
            if following is Kind.NOUN:
                later = [one.kind for one in chunks[place + 1 :]]
                # The last comma before the verb of the sentence.
                verb = later.index(Kind.VERB) if Kind.VERB in later else len(later)
                if Kind.COMMA not in later[:verb]:
                    return place
        elif chunk.kind is Kind.VERB and place and not verbs and chunk.finite:
            return -1
    return -1


def _begins_clause(chunks: list[Chunk], place: int, before: list[Chunk]) -> bool:
    """Tell whether the noun phrase at a place is the subject of a clause of its own."""
    look = place + 1
    while (
        look + 1 < len(chunks)
        and chunks[look].kind in (Kind.PREPOSITION, Kind.COORDINATOR, Kind.COMMA)
        and chunks[look + 1].kind is Kind.NOUN
    ):
        look += 2
    if look >= len(chunks) or chunks[look].kind is not Kind.VERB or not chunks[look].finite:
        return False
    for chunk in reversed(before):
        if chunk.kind in (Kind.BOUNDARY, Kind.SUBORDINATOR, Kind.RELATIVE):
            return False
        if chunk.kind is Kind.VERB and chunk.finite:
            return True
    return False
