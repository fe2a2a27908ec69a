"""Floor 6: the words of a sentence in chunks: noun phrases, verb groups, and what joins them.

A finite-state chunker, as in Abney (1991), "Parsing by chunks": no model, no training; which of its
readings a form has ("increases", "induced") is told from its neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

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
    """Tokens from `start` to `end`; `head` is the verb of a group, `verbs` its dictionary forms.

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
    display measure estimate screen sequence clone map address answer record shape prime fuel
    guide halt process condition subject experience challenge interest reason place name complex
    lower direct reverse boost favor favour compromise program reprogram silence engage contact
    exhibit treat effect affect approach mediate stem hold view balance start transport
    exercise""".split()
)
_PASSIVE_LINKS = frozenset(("by", "through", "via"))
_SUFFIXES_WITHOUT_HYPHEN = frozenset(
    """mediated driven dependent independent induced expressing producing secreting deficient
    specific derived associated related positive negative stimulated infected treated""".split()
)
_ADJECTIVES = ("ic", "ical", "ous", "ary", "ive", "able", "ible")
_CHANGED = frozenset(
    "increased decreased reduced elevated enhanced impaired diminished altered lowered".split()
)
_MEASURES = frozenset("levels concentrations numbers frequencies proportions counts".split())
_PAIRING = ("both", "either")
_KINDS = {
    "p": Kind.PREPOSITION,
    "c": Kind.COORDINATOR,
    ",": Kind.COMMA,
    ";": Kind.BOUNDARY,
    "r": Kind.RELATIVE,
    "s": Kind.SUBORDINATOR,
}
_VERBAL = "bhdmtgaVA"

Verbs = dict[str, list[tuple[str, Form]]]  # the verbs and forms that a word may be


@dataclass(slots=True)
class _Auxiliaries:
    """What the words before a verb tell of it: "has been shown to"; `end` is the place behind."""

    end: int
    infinitive: bool = False
    modal: bool = False
    be: bool = False
    have: bool = False
    negated: bool = False


class Chunker:
    """Makes chunks of tokens, with the verbs that a tagger knows and the triggers of a table."""

    def __init__(self, triggers: Triggers, verbs: Verbs) -> None:
        self._verbs = verbs
        self._verb_links = {
            (verb, one.link) for verb, found in triggers.verbs.items() for one in found if one.link
        }
        self._forms: dict[str, _Forms] = {}
        self._links: dict[str, frozenset[str]] = {
            word: frozenset(one.link for one in found)
            for word, found in triggers.adjectives.items()
        }

    def chunk(self, tokens: Sequence[Token]) -> list[Chunk]:
        """Return the chunks of a sentence, in order."""
        chunks: list[Chunk] = []
        place, count = 0, len(tokens)
        start = -1  # of the noun phrase that is open
        while place < count:
            tag = tokens[place].tag
            if tag in "nE-":  # the most of all: a phrase goes on, or begins
                if start < 0:
                    start = place
                place += 1
                continue
            kind = _KINDS.get(tag)
            end = place + 1
            chunk: Chunk | None = None
            if kind is not None:
                chunk = Chunk(kind, place, end)
            elif tag in _VERBAL:
                chunk = self._verb_group(tokens, place, chunks)
                if chunk is not None:
                    end = chunk.end
                elif tag == "t":
                    chunk = Chunk(Kind.PREPOSITION, place, end)
            meets = tag in "Do" and start >= 0 and tokens[place - 1].tag in "nE"
            if chunk is not None or meets:  # two phrases may meet: "the cells the others"
                _close(chunks, tokens, start, place)
                start = -1
            if chunk is not None:
                chunks.append(chunk)
            elif start < 0:
                start = place
            place = end
        _close(chunks, tokens, start, count)
        return chunks

    def _verb_group(self, tokens: Sequence[Token], place: int, chunks: list[Chunk]) -> Chunk | None:
        """Return the verb group that begins at a token, or None where none does."""
        before = _auxiliaries(tokens, place)
        end = before.end
        head = tokens[end] if end < len(tokens) else None
        auxiliary = before.be or before.have or before.modal
        if head is not None and head.tag == "A":
            following = _next(tokens, end)
            if following is not None and following.word in self._links[head.word]:
                finite = auxiliary and not before.infinitive
                return Chunk(
                    Kind.VERB,
                    place,
                    end + 1,
                    end,
                    Voice.ADJECTIVE,
                    (head.word,),
                    finite,
                    before.negated,
                )
        if head is not None and (head.tag == "V" or (head.tag == "A" and head.word in self._verbs)):
            forms = self._forms.get(head.word) or self._forms_of(head.word)
            voice = self._voice(tokens, place, end, forms, before, chunks)
            if voice is not None:
                finite = voice in (Voice.ACTIVE, Voice.PASSIVE) and not before.infinitive
                return Chunk(
                    Kind.VERB, place, end + 1, end, voice, forms.verbs, finite, before.negated
                )
        if before.be or ((before.have or before.modal) and not before.infinitive):
            return _auxiliary_alone(tokens, place, before)
        return None

    def _forms_of(self, word: str) -> "_Forms":
        """Return what verbs and forms a word may be, remembered if the tagger knows it."""
        found = self._verbs.get(word)
        if found is None:
            return _GUESSED_GERUND if word.endswith("ing") else _GUESSED_PARTICIPLE
        forms = self._forms[word] = _Forms(
            found[0][0],
            tuple(dict.fromkeys(verb for verb, _ in found if verb)),
            frozenset(kind for _, kind in found),
        )
        return forms

    def _voice(
        self,
        tokens: Sequence[Token],
        place: int,
        head: int,
        forms: "_Forms",
        auxiliaries: _Auxiliaries,
        chunks: list[Chunk],
    ) -> Voice | None:
        """Return how a verb is used, or None where the form is a noun or adjective here."""
        kinds = forms.kinds
        if auxiliaries.be:
            if Form.PARTICIPLE in kinds:
                return Voice.PASSIVE
            return Voice.ACTIVE if Form.GERUND in kinds else None
        if auxiliaries.have and not auxiliaries.infinitive:
            is_verb = Form.PARTICIPLE in kinds and not _tells_level(tokens, head)
            return Voice.ACTIVE if is_verb else None
        if auxiliaries.infinitive:
            return Voice.INFINITIVE if Form.BASE in kinds else None
        if auxiliaries.modal:
            return Voice.ACTIVE if Form.BASE in kinds else None
        following = _next(tokens, head)
        around = _Around(
            before=tokens[place - 1].tag if place else ";",
            word_before=tokens[place - 1].word if place else "",
            after=following.tag if following is not None else ";",
            word_after=following.word if following is not None else "",
        )
        if Form.GERUND in kinds:
            return self._of_gerund(tokens[head].word, around)
        if Form.PAST in kinds or Form.PARTICIPLE in kinds:
            return self._of_past(tokens, place, head, around, chunks)
        return self._of_present(tokens, head, forms, around, chunks)

    def _of_gerund(self, word: str, around: "_Around") -> Voice | None:
        before, after = around.before, around.after
        if before in "En" and after in "DEnVa":
            is_suffix = word in _SUFFIXES_WITHOUT_HYPHEN and before == "E"
            return None if is_suffix else Voice.GERUND
        if around.word_before in _PAIRING and after in "DE" and word in self._verbs:
            return Voice.GERUND
        if before in "pc,;srVAt" and after in "DEnVaAoptr" and word in self._verbs:
            return Voice.GERUND
        return None

    def _of_present(
        self,
        tokens: Sequence[Token],
        head: int,
        forms: "_Forms",
        around: "_Around",
        chunks: list[Chunk],
    ) -> Voice | None:
        verb = forms.first
        third = Form.THIRD in forms.kinds
        before, after, word_after = around.before, around.after, around.word_after
        if third and verb not in _NOUN_TOO:
            return None if before == "-" else Voice.ACTIVE
        if verb == "result" and word_after == "in" and before in "En":
            return Voice.ACTIVE
        if before in "D-" or (before == "p" and around.word_before != "as"):
            return None
        if after in "bhmd" or (after == "V" and _is_finite(tokens, head, self._verbs)):
            return None
        if verb not in _NOUN_TOO:
            return Voice.ACTIVE
        if third:
            return _of_doubtful_third(around)
        plural = before in "En" and around.word_before.endswith("s")
        plural = plural or _is_coordinated(chunks, tokens)
        if before in "ro" or (plural and (after in "DEn" or word_after in ("in", "to", "that"))):
            return Voice.ACTIVE
        return None

    def _of_past(
        self,
        tokens: Sequence[Token],
        place: int,
        head: int,
        around: "_Around",
        chunks: list[Chunk],
    ) -> Voice | None:
        word = tokens[head].word
        before, after = around.before, around.after
        if before in "Enoc,ar" and any(
            (verb, around.word_after) in self._verb_links for verb, _ in self._verbs.get(word, ())
        ):
            return Voice.ACTIVE
        if around.word_after in _PASSIVE_LINKS and before in "Eno,r-ca":
            return Voice.PARTICIPLE
        if before in "Dp-" or _is_suffix(tokens, place, word, around):
            return None
        if before in "Enor":
            if before == "n" and around.word_before.endswith(_ADJECTIVES):
                return None
            return Voice.ACTIVE if after in "DEnVAo" else Voice.PARTICIPLE
        goes_on = _had_past(chunks, tokens, self._verbs) or (
            around.word_before == "but" and any(chunk.finite for chunk in chunks)
        )
        continues = before in "c," and after in "DEnpt" and goes_on
        if continues and not (word in _CHANGED and _lists_changes(chunks, tokens, place)):
            return Voice.ACTIVE
        return Voice.PARTICIPLE if before == "," and after in "pt" else None


class _Forms(NamedTuple):
    """What a word may be: the first of its verbs, all of them, and the forms of these."""

    first: str
    verbs: tuple[str, ...]
    kinds: frozenset[Form]


_GUESSED_GERUND = _Forms("", (), frozenset({Form.GERUND}))
_GUESSED_PARTICIPLE = _Forms("", (), frozenset({Form.PARTICIPLE}))


class _Around(NamedTuple):
    """The tags and words before and behind a form, adverbs behind it left out."""

    before: str
    word_before: str
    after: str
    word_after: str


def _close(chunks: list[Chunk], tokens: Sequence[Token], start: int, end: int) -> None:
    """Add the noun phrase that is open, unless it holds no more than adverbs or "both"."""
    for place in range(start, end) if start >= 0 else ():
        token = tokens[place]
        if token.tag != "a" and token.word not in _PAIRING:
            chunks.append(Chunk(Kind.NOUN, start, end))
            return


def _auxiliaries(tokens: Sequence[Token], place: int) -> _Auxiliaries:
    found = _Auxiliaries(place)
    count = len(tokens)
    end = place
    while end < count and tokens[end].tag in "bhdmtga":
        tag = tokens[end].tag
        if tag == "t":
            if found.infinitive or found.be or found.have or found.modal:
                break
            found.infinitive = True
        elif tag == "b":
            found.be = True
        elif tag == "h":
            found.have = True
        elif tag in "dm":
            found.modal = True
            found.negated |= tokens[end].word == "cannot"
        elif tag == "g":
            found.negated = True
        end += 1
    found.end = end
    return found


def _auxiliary_alone(tokens: Sequence[Token], place: int, found: _Auxiliaries) -> Chunk:
    """Return the verb group of a copula, or of "has"; adverbs are left to what follows."""
    last = found.end - 1
    while tokens[last].tag == "a" and last > place:
        last -= 1
    voice = Voice.COPULA if found.be else Voice.ACTIVE
    verbs = ("be",) if found.be else ("have",) if found.have else ()
    return Chunk(
        Kind.VERB, place, last + 1, last, voice, verbs, not found.infinitive, found.negated
    )


def _of_doubtful_third(around: _Around) -> Voice | None:
    """Return how "increases" is used, which is a noun as often."""
    before, after = around.before, around.after
    if before in "Eora" and after in "DEnVapots":
        return Voice.ACTIVE
    if before == "n" and (after in "DE" or around.word_after in ("in", "to", "from", "that")):
        return Voice.ACTIVE
    return Voice.ACTIVE if before == "c" and after in "DE" else None


def _is_suffix(tokens: Sequence[Token], place: int, word: str, around: _Around) -> bool:
    """Tell "IL-7 mediated survival", written without its hyphen, inside a phrase."""
    if around.before != "E" or word not in _SUFFIXES_WITHOUT_HYPHEN:
        return False
    outer = tokens[place - 2].tag if place > 1 else ";"
    return around.after in "nEVAa" and (outer in "pD-c" or word in ("mediated", "driven"))


def _tells_level(tokens: Sequence[Token], head: int) -> bool:
    """Tell "patients had increased IL-6", "have reduced levels of": they did not increase it."""
    if tokens[head].word not in _CHANGED:
        return False
    following = _next(tokens, head)
    if following is None or following.tag not in "nE":
        return False
    before = next(token.word for token in reversed(tokens[:head]) if token.tag == "h")
    return before == "had" or following.word in _MEASURES


def _next(tokens: Sequence[Token], place: int) -> Token | None:
    """Return the token after a place that is no adverb."""
    for step in range(place + 1, min(place + 4, len(tokens))):
        token = tokens[step]
        if token.tag != "a":
            return token
    return None


def _is_finite(tokens: Sequence[Token], head: int, verbs: Verbs) -> bool:
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
    return (
        bool(chunks)
        and chunks[-1].kind is Kind.COORDINATOR
        and tokens[chunks[-1].start].word == "and"
    )


def _had_past(chunks: list[Chunk], tokens: Sequence[Token], verbs: Verbs) -> bool:
    """Tell whether the clause has a verb in the past already, which "and" may go on from."""
    for chunk in reversed(chunks):
        if chunk.kind in (Kind.BOUNDARY, Kind.SUBORDINATOR, Kind.RELATIVE):
            return False
        if chunk.kind is Kind.VERB and chunk.voice is Voice.ACTIVE:
            if any(one.word in ("did", "had") for one in tokens[chunk.start : chunk.end]):
                return True
            return any(kind is Form.PAST for _, kind in verbs.get(tokens[chunk.head].word, ()))
    return False
