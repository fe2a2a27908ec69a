"""Floor 6: a sentence cut into words, with its mentions as one word each.

Each token has a tag, a letter: E mention; n noun, adjective or anything else; V what may be a verb;
A an adjective trigger; p preposition; c coordinator; r relative; s subordinator; b h d m forms of
be, have, do and modals; t "to"; g negation; D determiner; a adverb; o pronoun; - hyphen or slash;
comma and semicolon as they are (colons, dashes and full stops count as semicolons).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.assertions import vocabulary as voc
from kg.assertions.triggers import Form, Triggers, inflect
from kg.model import EntityType, Mention

_WORD = re.compile(r"\d+(?:[-–.,]\d+)+(?![^\W_])|[^\W_]+(?:[-‐‑–'’][^\W_]+)*|[^\w\s]")
HYPHENS = frozenset("-‐‑–/")
_STRONG = frozenset(";:—?!")
_NO_ADVERBS = frozenset(
    """early family assembly anomaly supply daily weekly monthly elderly butterfly friendly deadly
    costly lively disassembly subfamily superfamily polyploidy""".split()
)
_MEMORY = 150_000  # ways of writing that are remembered
_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
_LONGEST = 240  # tokens of a sentence; those of abstracts have 30, and seldom 100
_DATING = frozenset("in of since until during".split())
# What a word asks for besides being taken as it is: a look at what stands around it, at the words
# that it may go together with, or at what stands in parentheses.
_DEPENDS, _JOINS, _PARTS = (1 << bit for bit in range(3))
_DASH = re.compile(r"\s[-–]+\s")


@dataclass(slots=True)
class Token:
    """A word, a sign or a mention; `word` is in lower case, `mention` the number of the mention.

    `cue` tells a word that may be a trigger within a noun phrase.
    """

    start: int
    end: int
    word: str
    tag: str
    mention: int = -1
    cue: bool = False


class Tagger:
    """Cuts sentences into tagged tokens, with the triggers of one table."""

    def __init__(self, triggers: Triggers) -> None:
        self._tags: dict[str, str] = {}
        self.verbs: dict[str, list[tuple[str, Form]]] = {}
        self._suffixes = frozenset(triggers.suffixes)
        self._phrases: _Phrases = {"down": [], **{key: [*one] for key, one in _PHRASES.items()}}
        self._cues = frozenset(("anti", *triggers.nouns, *triggers.agents, *triggers.suffixes))
        self._known: dict[str, _Read] = {}
        self._fill(triggers)
        adverbs = (word for word, tag in self._tags.items() if tag == "A" and word.endswith("ly"))
        self._joining = frozenset((*self._phrases, *adverbs, "neither", "nor"))
        # A mention that is only such a word ("expression", a process) is read as the word.
        self._plain = (
            voc.ASPECTS | voc.INVERSES | frozenset(triggers.nouns) | frozenset(voc.COMPLEMENTS)
        )

    def _fill(self, triggers: Triggers) -> None:
        for form, found in voc.plain_verbs().items():
            self.verbs[form] = list(found)
        for trigger in triggers.verbs:
            verb, space, rest = trigger.partition(" ")  # "give rise" is inflected as "give" is
            for form, kind in inflect(verb):
                known = self.verbs.setdefault(f"{form}{space}{rest}", [])
                if (trigger, kind) not in known:
                    known.append((trigger, kind))
                if rest:
                    self._phrases.setdefault(form, []).append(([form, *rest.split()], "V"))
        tags = self._tags
        tags |= dict.fromkeys(self.verbs, "V")
        tags |= dict.fromkeys(voc.ASPECTS | voc.HARMS | {"following"}, "n")
        tags |= dict.fromkeys((word.split()[0] for word in triggers.adjectives), "A")
        for words, tag in (
            (voc.ADVERBS, "a"),
            (voc.DETERMINERS, "D"),
            (voc.PREPOSITIONS, "p"),
            (voc.COORDINATORS, "c"),
            (voc.SUBORDINATORS, "s"),
            (voc.RELATIVES, "r"),
            (voc.PRONOUNS, "o"),
            (voc.BE, "b"),
            (voc.HAVE, "h"),
            (voc.DO, "d"),
            (voc.MODALS, "m"),
            (voc.NOT, "g"),
        ):
            tags |= dict.fromkeys(words, tag)
        tags["to"] = "t"
        tags[","] = ","
        tags["."] = "."
        tags |= dict.fromkeys(HYPHENS, "-")
        tags |= dict.fromkeys(_STRONG, ";")

    def tag(self, text: str, mentions: Sequence[Mention], offset: int) -> list[Token]:
        """Return the tokens of a sentence, what stands in parentheses mostly left out."""
        tokens: list[Token] = []
        joining: list[int] = []
        parted = False
        place = 0
        for number, mention in enumerate(mentions):
            start, end = mention.start - offset, mention.end - offset
            if mention.type is EntityType.PROCESS and self._plain.issuperset(
                text[start:end].lower().split()
            ):
                continue
            parted |= self._words(text, place, start, tokens, joining)
            word = text[start:end].lower()
            if word in self._joining:
                joining.append(len(tokens))
            tokens.append(Token(start, end, word, "E", number))
            place = end
        parted |= self._words(text, place, len(text), tokens, joining)
        if joining:
            tokens = _merged(tokens, joining, self._tags, self._phrases)
        return _without_parentheses(tokens) if parted else tokens

    def _words(
        self, text: str, start: int, end: int, tokens: list[Token], joining: list[int]
    ) -> bool:
        """Add the words of a stretch of text, and the places of those that may go together.

        Return whether there are parentheses.
        """
        known = self._known
        parted = False
        stop = start
        for written in _WORD.findall(text, start, end):
            begin = text.find(written, stop)
            stop = begin + len(written)
            read = known.get(written)
            if read is None:
                if len(known) > _MEMORY:
                    known.clear()
                read = known[written] = self._read(written)
            word, tag, cue, asks, stem = read
            if asks:
                if stem:
                    self._cut_suffix(read, begin, tokens, joining)
                    continue
                if asks & _DEPENDS:
                    tag = _tag_among(text, begin, stop, tag, tokens)
                if asks & _JOINS:
                    joining.append(len(tokens))
                if asks & _PARTS:
                    parted = True
            tokens.append(Token(begin, stop, word, tag, -1, cue))
        return parted

    def _cut_suffix(
        self, read: "_Read", begin: int, tokens: list[Token], joining: list[int]
    ) -> None:
        """Add the parts of a word such as "IL-7-induced": stem, hyphen and suffix."""
        word, tag, cue, _, stem = read
        cut = begin + stem
        first, last = word[:stem], word[stem + 1 :]
        if first in self._joining:
            joining.append(len(tokens))
        tokens.append(Token(begin, cut, first, self._tags.get(first, "n"), -1, first in self._cues))
        tokens.append(Token(cut, cut + 1, "-", "-"))
        if last in self._joining:
            joining.append(len(tokens))
        tokens.append(Token(cut + 1, begin + len(word), last, tag, -1, cue))

    def _read(self, written: str) -> "_Read":
        """Return a word in lower case, its tag, `cue`, what it asks for, and where its stem ends.

        It has a stem where a suffix such as "-induced" follows; else the last number is 0.
        """
        word = written.lower()
        cue = word in self._cues
        tag = self._tags.get(word)
        asks = _JOINS if word in self._joining else 0
        if word in _OPEN or word in _CLOSE:
            asks |= _PARTS
        if tag == "." or (tag == "-" and word != "/") or written == "May":
            asks |= _DEPENDS
        if tag is not None or len(word) != len(written):
            return word, tag or "n", cue, asks, 0
        stem, _, suffix = word.rpartition("-")
        if stem and suffix in self._suffixes:
            return word, self._tags.get(suffix, "V"), True, _DEPENDS, len(stem)
        if word.endswith("ly") and word not in _NO_ADVERBS:
            return word, "a", cue, asks, 0
        is_verb = word.endswith(("ed", "ing")) and len(word) > 5 and "-" not in word
        return word, "V" if is_verb else "n", cue, asks, 0


# A word in lower case, its tag, whether it is a cue, what it asks for, the length of its stem.
_Read = tuple[str, str, bool, int, int]


def _tag_among(text: str, begin: int, stop: int, tag: str, tokens: list[Token]) -> str:
    """Return the tag of a full stop, a hyphen or "May" by what stands around it."""
    after = text[stop : stop + 1]
    if tag == ".":
        return "n" if after.strip() else ";"
    if tag == "-":
        between = after == " " and text[begin - 1 : begin] == " "
        return ";" if between else tag  # a dash between words
    return "n" if tokens and tokens[-1].word in _DATING else tag  # the month


# Words that go together, by the first of them, each with the tag of the whole.
_Phrases = dict[str, list[tuple[list[str], str]]]
_PHRASES: _Phrases = {}
for _words_, _tag in (
    ("as well as", "c"),
    ("as a result of", "p"),
    ("such as", ","),
    ("e . g .", ","),
    ("i . e .", ","),
    ("because of", "p"),
    ("together with", "c"),
    ("along with", "c"),
    ("combined with", "c"),
    ("in combination with", "c"),
    ("in response to", "p"),
    ("in addition to", "p"),
    ("in contrast to", "p"),
    ("in order to", "t"),
    ("in the absence of", "p"),
    ("in the presence of", "p"),
    ("in part", "a"),
    ("in turn", "a"),
    ("in vitro", "a"),
    ("in vivo", "a"),
    ("in contrast", "a"),
    ("in particular", "a"),
    ("taken together", "a"),
    ("not only", "a"),
    ("at least", "a"),
    ("rather than", "p"),
    ("by means of", "p"),
    ("by way of", "p"),
    ("compared with", "p"),
    ("compared to", "p"),
    ("including", ","),
    ("namely", ","),
    ("and / or", "c"),
    ("up to", "p"),
    ("but also", "c"),
    ("but not", "s"),
):
    _PHRASES.setdefault(_words_.split()[0], []).append((_words_.split(), _tag))


def _merged(
    tokens: list[Token], joining: list[int], tags: dict[str, str], phrases: _Phrases
) -> list[Token]:
    """Join the words that go together; `joining` are the places of those that may."""
    merged: list[Token] = []
    place, count = 0, len(tokens)
    for mark in joining:
        if mark < place:
            continue  # in the phrase before
        merged += tokens[place:mark]
        token = tokens[mark]
        place = mark + 1
        if token.word in phrases:
            found = _phrase_at(tokens, mark, tags, phrases[token.word])
            if found is not None:
                token, place = found
        if token.word in ("neither", "nor") and place < count and tokens[place].tag in "VA":
            # "Neither activates nor inhibits"; of "neither A nor B" it is the names.
            if token.word == "nor":
                merged.append(Token(token.start, token.start, "nor", "c"))
            token.tag = "g"
        elif token.tag == "A" and token.word.endswith("ly") and place < count:
            # "Independently of" is a trigger, "not independently associated" has an adverb.
            token.tag = "A" if tokens[place].tag == "p" else "a"
        merged.append(token)
    merged += tokens[place:]
    return merged


def _phrase_at(
    tokens: list[Token], place: int, tags: dict[str, str], phrases: list[tuple[list[str], str]]
) -> tuple[Token, int] | None:
    """Return the phrase that begins at a place as one token, and the place behind it."""
    first = tokens[place]
    second = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if first.word in ("up", "down") and second != "to":
        joined = f"{first.word}{second}"
        if joined in tags or joined.startswith(("upregul", "downregul")):
            end = tokens[place + 1].end
            # "down regulation" may be a trigger, where its parts are none.
            return Token(first.start, end, joined, tags.get(joined, "n"), -1, cue=True), place + 2
        return None
    for words, tag in phrases:
        stop = place + len(words)
        if [one.word for one in tokens[place:stop]] == words:
            return Token(first.start, tokens[stop - 1].end, " ".join(words), tag), stop
    return None


def _without_parentheses(tokens: list[Token]) -> list[Token]:
    """Leave out what stands in parentheses, unless it lists what the words before it stand for.

    "cytokines (IL-6 and TNF)" names two; "interleukin 7 (IL-7)" and "(P < 0.05)" add nothing.
    """
    closing = _closing(tokens)
    kept: list[Token] = []
    place, count = 0, len(tokens)
    while place < count:
        token = tokens[place]
        if token.word not in _OPEN:
            if token.word not in _CLOSE:
                kept.append(token)
            place += 1
            continue
        end = closing.get(place, place)  # never closed: the sign alone is left out
        inside = tokens[place + 1 : end]
        before = kept[-1].tag if kept else ";"
        listed = [one for one in inside if one.tag == "E"]
        plain = all(one.tag in "En,c-D" for one in inside)
        if listed and before != "E" and plain:
            kept.extend(inside)
        place = end + 1
    return kept


def _closing(tokens: list[Token]) -> dict[int, int]:
    """Return for the place of each opening parenthesis that of the one that closes it."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.word in _OPEN:
            opened.append(place)
        elif token.word in _CLOSE and opened:
            closing[opened.pop()] = place
    return closing


def pieces(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut what is too long for a sentence, such as a table that was run together.

    It is cut where a clause or an item of a list ends, if one does. What a rule looks over is then
    bounded, and so is how deep phrases are nested in each other.
    """
    start, count = 0, len(tokens)
    while count - start > _LONGEST:
        end = start + _LONGEST
        for tag in ";,":
            middle = start + _LONGEST // 2
            found = [place for place in range(middle, end) if tokens[place].tag == tag]
            if found:
                end = found[-1] + 1
                break
        yield tokens[start:end]
        start = end
    yield tokens[start:]
