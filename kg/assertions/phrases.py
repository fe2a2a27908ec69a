"""Floor 6: which mentions a noun phrase stands for, and what is said of them there."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.assertions import vocabulary as voc
from kg.assertions.chunks import Chunk, Kind
from kg.assertions.tokens import HYPHENS, Token
from kg.assertions.triggers import ACTIVATION, DECREASE, INCREASE, Trigger, Triggers
from kg.model import EntityType, Mention

GENES = frozenset((EntityType.GENE, EntityType.GENE_FAMILY))
MOLECULES = frozenset((*GENES, EntityType.CHEMICAL))
# People and laboratory animals: who has the disease, not what is acted on.
HOSTS = frozenset(
    f"NCBITaxon:{number}"
    for number in (9606, 10090, 10088, 10116, 10114, 9986, 9544, 9541, 9615, 9823, 9913, 9940, 7955)
)
_EXAMPLES = frozenset(("such as", "like", "including", "namely", "e . g .", "i . e ."))
_CHAIN_LINKS = frozenset("of in for with by on from to between at within during against".split())
_ADJECTIVES = ("al", "ic", "ary", "ory", "ous", "oid", "ar")
# Without one of these no group was given anything, nor lacks it.
_GIVING = frozenset((*voc.GIVEN, *voc.LACKING, "group", "groups", *HYPHENS))
DEEPEST = 30  # phrases within phrases, and verbs that depend on verbs
_KNOCKED_OUT = ["-", "-", "-"]  # the tags of "-/-"

_CHANGES = {
    "activated": ACTIVATION,
    **dict.fromkeys(voc.LESS, DECREASE),
    **dict.fromkeys(voc.MORE, INCREASE),
}

Part = tuple[int, int]  # the first token of a part of a noun phrase, and the one after its last


class Argument(NamedTuple):
    """A mention as an argument: its number and the place of its token.

    `inverse` tells that its lack or its inhibitor is meant; `inner` is a change of it that is
    spoken of ("activation of X", "reduced X"); `amount` that its amount is, `variation` a variant
    of it, `bearer` those who have it, `therapy` a therapy with or of it, `cells` cells or tissue
    with it; `treated` that a group or culture was given it, or lacks it; `negated` that it is "no
    X"; `loose` that nouns stand behind it that may make something else of it.
    """

    mention: int
    token: int
    inverse: bool = False
    inner: Trigger | None = None
    amount: bool = False
    variation: bool = False
    bearer: bool = False
    negated: bool = False
    therapy: bool = False
    treated: bool = False
    cells: bool = False
    loose: bool = False

    @property
    def lowered(self) -> bool:
        """Tell whether it is the lack, the blockade or the decrease of it that acts."""
        decreased = self.inner is not None and self.inner.predicate.sign < 0
        return self.inverse != decreased


Arguments = tuple[Argument, ...]


def _nested(outer: Trigger | None, inner: Trigger | None) -> Trigger | None:
    """Return the change that a change of a change comes to: "inhibition of STAT3 activation"."""
    if outer is None or inner is None:
        return inner or outer
    if outer.predicate.sign < 0:
        return INCREASE if inner.predicate.sign < 0 else outer
    return inner


class Phrases:
    """The noun phrases of a sentence; what was read of one is remembered."""

    def __init__(
        self,
        tokens: Sequence[Token],
        chunks: Sequence[Chunk],
        mentions: Sequence[Mention],
        triggers: Triggers,
    ) -> None:
        self.tokens = tokens
        self.chunks = chunks
        self.mentions = mentions
        self.triggers = triggers
        self.words = frozenset([token.word for token in tokens])
        self.depends_on_order = (
            not self.words.isdisjoint(voc.POSSESSIVES) or len(chunks) > 2 * DEEPEST
        )
        self._may_give = not self.words.isdisjoint(_GIVING)
        self._phrases: dict[int, tuple[Arguments, int]] = {}
        self._parts: dict[Part, Arguments] = {}
        self._depth = 0

    def word(self, chunk: int) -> str:
        """Return the first word of a chunk, or an empty string where there is no such chunk."""
        if 0 <= chunk < len(self.chunks):
            return self.tokens[self.chunks[chunk].start].word
        return ""

    def kind(self, chunk: int) -> Kind:
        """Return the kind of a chunk; a boundary where there is none."""
        return self.chunks[chunk].kind if 0 <= chunk < len(self.chunks) else Kind.BOUNDARY

    def parts(self, chunk: int) -> Sequence[Part]:
        """Return the conjuncts of a noun phrase; one that is not coordinated is the only one."""
        one = self.chunks[chunk]
        return one.parts or ((one.start, one.end),)

    def type_of(self, argument: Argument) -> EntityType:
        """Return the type of entity of an argument."""
        return self.mentions[argument.mention].type

    def of_types(self, found: Arguments, types: frozenset[EntityType]) -> Arguments:
        """Return the arguments of certain types."""
        return tuple(one for one in found if self.mentions[one.mention].type in types)

    def arguments(self, chunk: int) -> tuple[Arguments, int]:
        """Return what a noun phrase stands for, and the last chunk that was read for it."""
        known = self._phrases.get(chunk)
        if known is None:
            if self._depth > DEEPEST:
                return (), chunk
            # What leads back to a phrase that is being read finds nothing there.
            self._phrases[chunk] = ((), chunk)
            self._depth += 1
            known = self._phrases[chunk] = self._read_phrase(chunk)
            self._depth -= 1
        return known

    def possessor(self, chunk: int) -> Arguments:  # noqa: ARG002 (for those who know the verbs)
        """Return what "its" or "their" in a phrase stands for; a phrase alone does not tell."""
        return ()

    def _read_phrase(self, chunk: int) -> tuple[Arguments, int]:
        parts = self.parts(chunk)
        found: Arguments = ()
        last = chunk
        for start, end in parts:
            own = self.in_part(start, end)
            if not own and self.tokens[start].word in voc.POSSESSIVES:
                own = self.possessor(chunk)
            if end == parts[-1][1] and (not own or own[0].bearer):
                complement, last = self.complement(chunk, start, end)
                own = complement or own
            found += own
        if len(parts) > 1 and len(found) > 1:
            found = self.shared(parts, found)
        step = last + 1
        if self.kind(step) is Kind.COMMA and self.kind(step + 1) is Kind.COMMA:
            step += 1
        if self.word(step) in _EXAMPLES and self.kind(step + 1) is Kind.NOUN:
            further, last = self.arguments(step + 1)
            found += further
        return found, last

    def shared(self, parts: Sequence[Part], found: Arguments) -> Arguments:
        """Return coordinated arguments with what is said once for all of them.

        "A and B blockade" blocks both, "increased A and B" raises both, "no A or B" denies both.
        """
        if self._shares_modifier(parts, found):
            return found[1:]
        kinds = {self.type_of(one) for one in found}
        if len(kinds) > 1 and not kinds <= GENES:
            return found
        starts = {start for start, _ in parts}
        ends = {end - 1 for _, end in parts}
        first, last = found[0], found[-1]
        changed = first.inner in (INCREASE, DECREASE)
        shared: list[Argument] = []
        for one in found:
            inner = one.inner
            behind = one.token in ends and one is not last
            if behind:
                inner = inner or last.inner
            if changed and one.token in starts:
                inner = inner or first.inner
            shared.append(
                one._replace(
                    inner=inner,
                    inverse=one.inverse or (behind and last.inverse),
                    amount=one.amount or (behind and last.amount),
                    negated=one.negated or first.negated,
                )
            )
        return tuple(shared)

    def _shares_modifier(self, parts: Sequence[Part], found: Arguments) -> bool:
        """Tell "CD4+ and CD8+ T-cell death", where the first is no conjunct of the death."""
        start, end = parts[0]
        if end - start != 1 or found[0].token != start:
            return False
        first = next((place for place in range(*parts[-1]) if self.tokens[place].tag == "E"), start)
        kind = self.type_of(found[0])
        return (
            first not in (start, found[-1].token)
            and self.mentions[self.tokens[first].mention].type is kind
            and self.type_of(found[-1]) is not kind
        )

    def complement(self, chunk: int, start: int, end: int) -> tuple[Arguments, int]:
        """Return what follows a noun that is only an aspect of it: "the survival of T cells"."""
        if self.kind(chunk + 1) is not Kind.PREPOSITION or self.kind(chunk + 2) is not Kind.NOUN:
            return (), chunk
        head = self.tokens[end - 1]
        bears = head.word in voc.BEARERS or self.is_host(head)
        link = self.word(chunk + 1)
        links = "with" if bears else voc.COMPLEMENTS.get(head.word, "of")
        if link not in links.split() and (link != "of" or head.word not in self.triggers.nouns):
            return (), chunk
        inner = None if bears else self._change(start, end)
        flags = voc.NOUN_FLAGS.get(head.word, 0)
        inverse = bool(flags & voc.INVERSE) and inner is None
        negated = any(token.word in ("no", "none") for token in self.tokens[start:end])
        found, last = self.arguments(chunk + 2)
        return tuple(
            one._replace(
                inverse=one.inverse != inverse,
                inner=_nested(inner, one.inner),
                amount=one.amount or bool(flags & voc.AMOUNT),
                variation=one.variation or bool(flags & voc.VARIATION),
                bearer=one.bearer or bears,
                negated=one.negated or negated,
                therapy=one.therapy or bool(flags & voc.THERAPY),
            )
            for one in found
        ), last

    def _change(self, start: int, end: int) -> Trigger | None:
        """Return the noun of a change in a part, or what an adjective there comes to."""
        nouns = self.triggers.nouns
        for place in range(end - 1, start - 1, -1):
            token = self.tokens[place]
            if token.cue:
                for trigger in nouns.get(token.word, ()):
                    if "by" in trigger.subject and "left" in trigger.object:
                        return trigger
            elif token.tag == "E":
                break
        return self._adjective(start, end)

    def _adjective(self, start: int, end: int) -> Trigger | None:
        """Return the change that an adjective tells: "increased X", "activated STAT3"."""
        for token in self.tokens[start:end]:
            change = _CHANGES.get(token.word)
            if change is ACTIVATION:
                number = self.tokens[end].mention if end < len(self.tokens) else -1
                if number < 0 or self.mentions[number].type not in GENES:
                    continue
            if change is not None:
                return change
        return None

    def in_part(self, start: int, end: int) -> Arguments:
        """Return the mentions that a part of a phrase, without its complements, stands for."""
        known = self._parts.get((start, end))
        if known is None:
            known = self._parts[start, end] = self._read_part(start, end)
        return known

    def _read_part(self, start: int, end: int) -> Arguments:
        tokens = self.tokens
        low = start
        places: list[int] = []
        for place in range(start, end):
            if tokens[place].tag == "E":
                places.append(place)
            elif places and tokens[place].cue and self.suffix_at(place):
                low = place + 1
                places.clear()
        given = self.given(start, end)
        if given and given[0].inverse:
            return given
        bearer = False
        while places:
            place = places[-1]
            if self.is_host(tokens[place]):
                bearer = place > low
            elif place + 1 == end or not self._qualifies(place):
                break
            places.pop()
        if not places:
            return given
        first = last = places.pop()
        while places and self._is_joined(places[-1], first):
            first = places.pop()
        return self._described(low, first, last, end, bearer=bearer)

    def _is_joined(self, place: int, further: int) -> bool:
        """Tell "JAK2/STAT3", which names two."""
        between = self.tokens[place + 1 : further]
        return bool(between) and all(token.tag == "-" for token in between)

    def _described(self, low: int, first: int, last: int, end: int, *, bearer: bool) -> Arguments:
        """Return mentions, parted by slashes at most, with what the words around say of them."""
        tokens = self.tokens
        nouns = self.triggers.nouns
        flags = 0
        loose = self._is_fragment(first, last)
        for token in tokens[last + 1 : end]:
            flag = voc.NOUN_FLAGS.get(token.word, 0)
            flags |= flag
            loose = loose or (not flag and token.tag == "n" and token.word not in nouns)
        if flags & voc.OTHER:
            return ()
        before = [token.word for token in tokens[low:first]]
        inner = self._change(last + 1, end) if last + 1 < end else None
        if inner is None and before:
            inner = self._adjective(low, first)
        found: Arguments = ()
        for place in range(first, last + 1):
            if tokens[place].tag == "E":
                one = Argument(
                    mention=tokens[place].mention,
                    token=place,
                    inverse=(bool(flags & voc.INVERSE) and inner is None) or "anti" in before[-2:],
                    inner=inner,
                    amount=bool(flags & voc.AMOUNT),
                    variation=bool(flags & voc.VARIATION),
                    bearer=bearer or bool(flags & voc.BEARER),
                    negated="no" in before or "neither" in before,
                    therapy=bool(flags & voc.THERAPY),
                    cells=bool(flags & voc.CELLS),
                    loose=loose,
                )
                found += (one,)
        return found

    def _is_fragment(self, first: int, last: int) -> bool:
        """Tell mentions that a hyphen ties to another word: "acetyl-bufalin", "CO2-laser"."""
        tokens = self.tokens
        for hyphen, beside in ((last + 1, last + 2), (first - 1, first - 2)):
            if 0 <= beside < len(tokens) and tokens[hyphen].tag == "-":
                word = tokens[beside]
                tied = tokens[hyphen].end == word.start or tokens[hyphen].start == word.end
                known = word.cue or word.word in voc.NOUN_FLAGS or word.word in voc.GIVEN
                if tied and word.tag == "n" and not known:
                    return True
        return False

    def is_host(self, token: Token) -> bool:
        """Tell a mention of people or laboratory animals."""
        return token.mention >= 0 and self.mentions[token.mention].best.term in HOSTS

    def _qualifies(self, place: int) -> bool:
        """Tell a mention that only qualifies the noun behind it ("mucosal immune responses")."""
        token, following = self.tokens[place], self.tokens[place + 1]
        if following.tag not in "nEVA" or following.word in voc.BEARERS or self.is_host(following):
            return False
        kind = self.mentions[token.mention].type
        if kind is EntityType.ANATOMY:
            return following.tag == "E" or following.word in voc.AMOUNTS  # "serum levels"
        if kind in MOLECULES:
            return False
        return token.word == "immune" or (len(token.word) > 5 and token.word.endswith(_ADJECTIVES))

    def given(self, start: int, end: int) -> Arguments:
        """Return what a group was given or lacks: "LPS-injected lambs", "Il7-/- mice"."""
        if not self._may_give:
            return ()
        tokens = self.tokens
        in_group = tokens[end - 1].word in ("group", "groups")
        for place in range(start + 1, end):
            token = tokens[place]
            given = token.word in voc.GIVEN
            lacking = token.word in voc.LACKING or (
                token.tag == "-" and [one.tag for one in tokens[place : place + 3]] == _KNOCKED_OUT
            )
            if not (given or lacking or (in_group and place == end - 1)):
                continue
            hyphen = place > start + 1 and tokens[place - 1].tag == "-"
            number = place - 2 if hyphen else place - 1
            if tokens[number].tag != "E":
                continue
            found = Argument(
                tokens[number].mention, number, inverse=lacking, bearer=True, treated=True
            )
            if lacking or (given and hyphen) or (in_group and self.type_of(found) in MOLECULES):
                return (found,)
        return ()

    def suffix_at(self, place: int) -> tuple[Trigger, ...]:
        """Return the triggers of a suffix ("-induced") at a place, behind a mention.

        A noun may stand between the two: "IL-7 receptor-induced".
        """
        found = self.triggers.suffixes.get(self.tokens[place].word, ())
        if not found or place == 0:
            return ()
        tag = self.tokens[place - 1].tag
        return found if tag == "E" or (tag == "-" and place > 1) else ()

    def head_of_chain(self, chunk: int) -> int:
        """Return the first noun phrase of the row of complements in which a phrase stands."""
        while (
            self.kind(chunk - 1) is Kind.PREPOSITION
            and self.word(chunk - 1) in _CHAIN_LINKS
            and self.kind(chunk - 2) is Kind.NOUN
        ):
            chunk -= 2
        return chunk

    def complements(self, chunk: int) -> Iterator[tuple[str, int]]:
        """Yield the prepositions behind a noun phrase, each with the noun phrase it leads to."""
        place = chunk + 1
        while self.kind(place) is Kind.PREPOSITION and self.kind(place + 1) is Kind.NOUN:
            yield self.word(place), place + 1
            place = self.arguments(place + 1)[1] + 1
