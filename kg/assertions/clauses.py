"""Floor 6: what is the subject and what the object of a verb group."""

from collections.abc import Sequence

from kg.assertions import vocabulary as voc
from kg.assertions.chunks import Chunk, Kind, Voice
from kg.assertions.phrases import DEEPEST, Arguments, Phrases
from kg.assertions.tokens import Token
from kg.assertions.triggers import Trigger, Triggers
from kg.model import Mention, Predicate

_INSERTED = 12  # chunks that an insertion between commas may have
_ENDS = (Kind.BOUNDARY, Kind.SUBORDINATOR)
_EXCEPTING = ("but not", "rather than")
_QUALIFYING = (Voice.PARTICIPLE, Voice.ADJECTIVE, Voice.GERUND)


class Sentence(Phrases):
    """A sentence as the rules see it: its noun phrases and its verbs."""

    def __init__(
        self,
        tokens: Sequence[Token],
        chunks: Sequence[Chunk],
        mentions: Sequence[Mention],
        triggers: Triggers,
    ) -> None:
        super().__init__(tokens, chunks, mentions, triggers)
        self._subjects: dict[int, Arguments] = {}

    def triggers_of(self, group: int) -> list[Trigger]:
        """Return the triggers that a verb group is, by its verb and the preposition behind it."""
        following = self.word(group + 1)
        triggers: list[Trigger] = []
        for verb in self.chunks[group].verbs:
            found = self.triggers.verbs.get(verb, ())
            linked = [one for one in found if one.link and one.link == following]
            linked = linked or [one for one in found if self._parts_from(group, one)]
            triggers += linked or [one for one in found if not one.link]
        return triggers

    def _parts_from(self, group: int, trigger: Trigger) -> bool:
        """Tell "protects X from Y", where the preposition stands behind the object."""
        return (
            trigger.predicate is Predicate.PROTECTS_FROM
            and bool(trigger.link)
            and self.word(self._behind_object(group, trigger.link)) == trigger.link
        )

    def _behind_object(self, group: int, link: str) -> int:
        place = group + 1
        return (
            self.behind_complements(place + 1, (link,)) if self.kind(place) is Kind.NOUN else group
        )

    def behind_complements(self, place: int, stop: tuple[str, ...] = ()) -> int:
        """Return the first chunk from a place on that is no preposition with its noun phrase."""
        while self.kind(place) is Kind.PREPOSITION and self.word(place) not in stop:
            if self.kind(place + 1) is not Kind.NOUN:
                return place
            place += 2
        return place

    def possessor(self, chunk: int) -> Arguments:
        """Return what "its" or "their" stands for: the subject of the verb before, or nothing."""
        for place in range(chunk - 1, -1, -1):
            if self.kind(place) is Kind.VERB and self.chunks[place].finite:
                found = self.subject(place)
                return found or self._before(chunk)
        return self._before(chunk)

    def _before(self, chunk: int) -> Arguments:
        """Return what the nearest noun phrase before one stands for."""
        for place in range(chunk - 1, -1, -1):
            if self.kind(place) is Kind.NOUN:
                found = self.arguments(place)[0]
                if found:
                    return found
        return ()

    def subject(self, group: int) -> Arguments:
        """Return the arguments that are the subject of a verb group."""
        known = self._subjects.get(group)
        if known is None:
            if self._depth > DEEPEST:
                return ()
            self._subjects[group] = ()
            self._depth += 1
            known = self._subjects[group] = self._find_subject(group)
            self._depth -= 1
        return known

    def _find_subject(self, group: int) -> Arguments:
        chunk = self.chunks[group]
        before = group - 1
        kind = self.kind(before)
        if chunk.voice is Voice.GERUND and kind is Kind.PREPOSITION:
            return self._subject_of_gerund(group)
        if chunk.voice is Voice.INFINITIVE:
            return self._subject_of_infinitive(group)
        if chunk.finite and self._excepted(before):
            return self._with_exception(before)
        if kind is Kind.NOUN:
            return self._subject_before(group) if chunk.finite else self._nearest(before)
        if kind is Kind.COORDINATOR:
            return self._shared_subject(group)
        if kind is Kind.COMMA:
            return self._subject_before_comma(group)
        if kind is Kind.RELATIVE:
            return self._antecedent(group)
        if kind is Kind.VERB:
            return self.subject(before)
        if kind is Kind.SUBORDINATOR and chunk.voice is Voice.GERUND:
            governor = self.governor(before)  # "inhibits X while promoting Y"
            return self.subject(governor) if governor >= 0 else ()
        maintains = kind is Kind.BOUNDARY and chunk.voice in (Voice.GERUND, Voice.PARTICIPLE)
        if maintains and self.kind(before - 1) is Kind.NOUN:
            return self.arguments(self.head_of_chain(before - 1))[0]  # "IL-7: keeping T cells"
        return ()

    def _excepted(self, chunk: int) -> int:
        """Return the place of "but not" before a noun phrase, maybe with a comma behind; or 0."""
        noun = chunk - 1 if self.kind(chunk) is Kind.COMMA else chunk
        place = noun - 1 if self.kind(noun) is Kind.NOUN else 0
        return place if place > 0 and self.word(place) in _EXCEPTING else 0

    def _with_exception(self, chunk: int) -> Arguments:
        """Return the subject of "A, but not B, inhibits C", which denies it of B."""
        place = self._excepted(chunk)
        before = place - 2 if self.kind(place - 1) is Kind.COMMA else place - 1
        if self.kind(before) is not Kind.NOUN:
            return ()
        denied = self.arguments(place + 1)[0]
        return (
            *self.arguments(self.head_of_chain(before))[0],
            *(one._replace(negated=not one.negated) for one in denied),
        )

    def _subject_before(self, group: int) -> Arguments:
        lacked = self._lacked(group - 1)
        if lacked:
            return lacked
        head = self._head_of_subject(group - 1)
        found = self._done_to(head, self.arguments(head)[0])
        if found and found[0].inner is not None and head < group - 1:
            # "Inhibition of A by B reduced C": B did, by way of A.
            for link, further in self.complements(head):
                if link == "by":
                    found += self.arguments(further)[0]
        return found

    def _done_to(self, chunk: int, found: Arguments) -> Arguments:
        """Return arguments with what is done to them: "blocking X or knocking down Y reduced Z"."""
        before = chunk - 1
        is_first = self.kind(before - 1) not in (Kind.NOUN, Kind.PREPOSITION, Kind.VERB)
        if self.kind(before) is not Kind.VERB or not is_first:
            return found
        actions = self.triggers_of(before)
        if self.chunks[before].voice is not Voice.GERUND or not actions:
            return found
        found = tuple(one._replace(inner=one.inner or actions[0]) for one in found)
        if self.kind(before - 1) is not Kind.COORDINATOR or self.kind(before - 2) is not Kind.NOUN:
            return found
        head = self.head_of_chain(before - 2)
        if self.kind(head - 1) is not Kind.VERB or self.chunks[head - 1].voice is not Voice.GERUND:
            return found
        return self._done_to(head, self.arguments(head)[0]) + found

    def _lacked(self, chunk: int) -> Arguments:
        """Return what mice or cells lack: "mice lacking IL-7 had fewer T cells"."""
        head = self.head_of_chain(chunk)
        if self.kind(head - 1) is not Kind.VERB or self.kind(head - 2) is not Kind.NOUN:
            return ()
        if self.chunks[head - 1].finite or "lack" not in self.chunks[head - 1].verbs:
            return ()
        found = self.arguments(head)[0]
        return tuple(one._replace(inverse=True, bearer=True, treated=True) for one in found)

    def given_before(self, group: int) -> Arguments:
        """Return what those were given who are the subject of a verb."""
        if self.kind(group - 1) is not Kind.NOUN:
            return ()
        head = self.head_of_chain(group - 1)
        action = head - 2 if self.kind(head - 1) is Kind.PREPOSITION else head - 1
        return self.given_to(action - 1 if self._gives(action) else head)

    def given_to(self, chunk: int) -> Arguments:
        """Return what a group or culture was given: "LPS-treated mice", "cells exposed to LPS"."""
        found: Arguments = ()
        for start, end in self.parts(chunk):
            found += self.given(start, end)
        if found or not self._gives(chunk + 1):
            return found
        place = chunk + 3 if self.kind(chunk + 2) is Kind.PREPOSITION else chunk + 2
        if self.kind(place) is not Kind.NOUN:
            return ()
        return tuple(one._replace(treated=True) for one in self.arguments(place)[0])

    def _gives(self, chunk: int) -> bool:
        return (
            self.kind(chunk) is Kind.VERB
            and not self.chunks[chunk].finite
            and self.tokens[self.chunks[chunk].head].word in voc.GIVEN
        )

    def _head_of_subject(self, chunk: int) -> int:
        """Return the noun phrase that is the subject of a verb behind a chunk.

        Read over is what qualifies it: "X levels associated with Y might ...".
        """
        while True:
            chunk = self.head_of_chain(chunk)
            before = chunk - 1
            if self.kind(before) is Kind.PREPOSITION:
                before -= 1
            if self.kind(before) is not Kind.VERB or self.kind(before - 1) is not Kind.NOUN:
                return chunk
            group = self.chunks[before]
            if group.finite or group.voice not in _QUALIFYING:
                return chunk
            chunk = before - 1

    def _subject_before_comma(self, group: int) -> Arguments:
        chunk = self.chunks[group]
        comma = group - 1
        told = chunk.voice is Voice.PARTICIPLE or (
            chunk.voice is Voice.ADJECTIVE and self.tokens[chunk.head].word.endswith("ed")
        )
        if told and not chunk.finite and self.kind(comma - 1) is Kind.NOUN:
            return self._nearest(comma - 1)  # "receptors, expressed by T cells"
        if self.kind(comma - 1) is Kind.NOUN and (chunk.finite or chunk.voice not in _QUALIFYING):
            governor = self.governor(group)
            if (
                governor < 0
                or not self.chunks[governor].finite
                or self.kind(governor - 1) is Kind.RELATIVE
            ):
                skipped = self._before_insertion(comma)
                if skipped >= 0:
                    return self.arguments(self.head_of_chain(skipped))[0]
        return self._shared_subject(group)

    def _before_insertion(self, comma: int) -> int:
        """Return the noun phrase before an insertion between commas, or -1.

        "IL-7, a cytokine of stroma, promotes"; "IL7R, which encodes a receptor, contributes".
        """
        for place in range(comma - 1, max(-1, comma - _INSERTED), -1):
            if self.kind(place) is Kind.COMMA and self.kind(place - 1) is Kind.NOUN:
                return place - 1
            if self.kind(place) in _ENDS:
                return -1
        return -1

    def _antecedent(self, group: int) -> Arguments:
        """Return what "that" or "which" stands for."""
        before = group - 2
        if self.kind(before) is Kind.COMMA:
            before -= 1
        if self.kind(before) is not Kind.NOUN:
            return ()
        if self._disagree(self.chunks[group], before):
            return self.arguments(self.head_of_chain(before))[0]
        return self._nearest(before)

    def _disagree(self, group: Chunk, noun: int) -> bool:
        """Tell a noun in the singular before "that" and a verb in the plural, or the reverse."""
        if group.end - group.start > 1 or self.chunks[noun].parts:
            return False
        plural = self.tokens[self.chunks[noun].end - 1].word.endswith("s")
        return plural == self.tokens[group.head].word.endswith("s")

    def _nearest(self, chunk: int) -> Arguments:
        """Return what a phrase qualified behind stands for: itself, else its chain's head."""
        is_asked = chunk == 1  # "Is X activated by Y?"
        before = self.chunks[chunk - 1]
        if before.kind is Kind.VERB and before.voice is Voice.COPULA and not is_asked:
            return self.subject(chunk - 1)  # "X is a cytokine implicated in"
        found = self.arguments(chunk)[0]
        head = self.tokens[self.chunks[chunk].end - 1]
        if found or head.word in voc.BEARERS or self.is_host(head):
            return found
        if self.kind(chunk - 1) is Kind.COMMA and self.kind(chunk - 2) is Kind.NOUN:
            return self.arguments(self.head_of_chain(chunk - 2))[0]  # "IL-7, a cytokine that"
        return self.arguments(self.head_of_chain(chunk))[0]

    def governor(self, group: int) -> int:
        """Return the verb group before one in the same clause, or -1."""
        for place in range(group - 1, -1, -1):
            kind = self.chunks[place].kind
            if kind is Kind.VERB:
                return place
            if kind in _ENDS:
                return -1
        return -1

    def _shared_subject(self, group: int) -> Arguments:
        """Return the subject of the verb that a verb is coordinated with, or depends on."""
        governor = self.governor(group)
        while governor >= 0 and not self.chunks[governor].finite:
            if self.chunks[governor].voice is self.chunks[group].voice:
                break
            further = self.governor(governor)
            if further < 0:
                break
            governor = further
        return self.subject(governor) if governor >= 0 else ()

    def _subject_of_gerund(self, group: int) -> Arguments:
        """Return the subject of a verb behind a preposition: "by inhibiting", "in controlling"."""
        link = self.word(group - 1)
        before = self.kind(group - 2)
        governor = self.governor(group)
        if before is Kind.NOUN and link in ("in", "of", "for", "to"):
            found = self.arguments(self.head_of_chain(group - 2))[0]
            if found or governor < 0:
                return found
            return self.subject(governor)
        if before is Kind.VERB and link in ("of", "in", "to", "for", "from", "as"):
            return self.subject(group - 2)
        if before is Kind.COORDINATOR:
            return self._shared_subject(group)
        finite = governor
        while finite >= 0 and not self.chunks[finite].finite:
            finite = self.governor(finite)
        if finite >= 0:
            return self.subject(finite)
        if group <= 2 or before in (*_ENDS, Kind.COMMA):
            later = self._subject_behind(group)
            if later is not None:
                return later
        return self.subject(governor) if governor >= 0 else ()

    def _subject_behind(self, group: int) -> Arguments | None:
        """Return the subject that comes later: "By inhibiting JAK3, BLNK suppresses ..."."""
        for place in range(group + 1, len(self.chunks)):
            if self.chunks[place].kind is Kind.VERB and self.chunks[place].finite:
                if self.kind(place - 1) is Kind.NOUN:
                    return self.arguments(self.head_of_chain(place - 1))[0]
                return None
        return None

    def _subject_of_infinitive(self, group: int) -> Arguments:
        before = group - 1
        kind = self.kind(before)
        if kind is Kind.COORDINATOR:
            return self._shared_subject(group)
        governor = self.governor(group)
        if governor < 0:
            return self.arguments(self.head_of_chain(before))[0] if kind is Kind.NOUN else ()
        ruling = self.chunks[governor]
        controls = ruling.voice is not Voice.PASSIVE and not voc.CONTROLLING.isdisjoint(
            ruling.verbs
        )
        if controls and kind is Kind.NOUN and self.kind(governor + 1) is kind:
            # "allows X to activate Y", "took X to treat Y"; but "used mice to study Y"
            found = self.arguments(governor + 1)[0]
            if found:
                return found
        return self.subject(governor)

    def object(self, group: int, link: str) -> tuple[Arguments, int]:
        """Return the object of a verb group, behind a preposition where it takes one.

        The number is that of the last chunk read.
        """
        place = group + 1
        if link:
            if self.word(place) != link:
                place = self._behind_object(group, link)
            if self.word(place) != link:
                return (), group
            if self.kind(place) is not Kind.VERB:  # it is one in "required to maintain X"
                place += 1
        # A verb may have a verb for its object: "contributes to maintaining X".
        for _ in range(DEEPEST):
            if self.kind(place) is not Kind.VERB:
                break
            if not link and self.chunks[place].voice is not Voice.GERUND:
                break
            link = ""
            group = place
            place += 1
        if self.kind(place) is not Kind.NOUN:
            return (), group
        found, last = self.arguments(place)
        return self.and_further(found, last, link)

    def and_further(self, found: Arguments, last: int, link: str) -> tuple[Arguments, int]:
        """Take in what is coordinated behind complements: "the growth of A and survival of B"."""
        while True:
            step = last + 1
            if self.kind(step) is Kind.COMMA:
                step += 1
            if self.kind(step) is not Kind.COORDINATOR:
                return found, last
            step += 1
            if self.kind(step) is Kind.PREPOSITION:
                if self.word(step) not in (link, "in", "of") or not self._repeats(step, last):
                    return found, last
                step += 1
            if self.kind(step) is not Kind.NOUN or self._is_subject(step):
                return found, last
            further, end = self.arguments(step)
            if not further:
                return found, last
            found += further
            last = end

    def _repeats(self, step: int, last: int) -> bool:
        """Tell whether a preposition is one that came shortly before."""
        word = self.word(step)
        return any(
            self.kind(place) is Kind.PREPOSITION and self.word(place) == word
            for place in range(max(0, last - 3), last)
        )

    def _is_subject(self, chunk: int) -> bool:
        """Tell whether a noun phrase is the subject of a verb behind it."""
        place = self.behind_complements(chunk + 1)
        if self.kind(place) is not Kind.VERB:
            return False
        if not self.chunks[place].finite and self.chunks[place].voice in _QUALIFYING:
            place = self.behind_complements(place + 1)  # "the role of A derived from B is unknown"
        return self.kind(place) is Kind.VERB and self.chunks[place].finite
