"""Floor 6: what a sentence denies or only supposes: cues and their scopes.

Cues and scopes follow NegEx (Chapman et al. 2001, https://doi.org/10.1006/jbin.2001.1029) and
BioScope (Vincze et al. 2008, https://doi.org/10.1186/1471-2105-9-S11-S9): a verb or an auxiliary
reaches to the end of its clause, an adjective over its phrase, and a predicate such as "is unclear"
back over its subject.
"""

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate, Spot
from kg.assertions.chunks import Kind, Voice
from kg.assertions.clauses import Sentence

# Verbs that make what follows them a supposition, or the aim of a study.
_SUPPOSING = frozenset(
    """suggest propose hypothesize hypothesise think believe speculate postulate assume presume
    suspect predict imply consider""".split()
)
_ASKING = frozenset(
    """investigate examine evaluate assess explore test study analyze analyse determine clarify
    elucidate ask compare aim seek address verify validate""".split()
)
_INVESTIGATING = frozenset(
    """investigate examine evaluate assess explore test study analyze analyse determine clarify
    elucidate compare measure address monitor""".split()
)
_SEEMING = frozenset(("appear", "seem", "tend"))
_SHOWING = frozenset(("demonstrate", "reveal", "show", "find"))
# What has not been studied is not denied.
_STUDYING = frozenset("report study investigate examine describe explore evaluate assess".split())
_FAILING = frozenset(("fail", "lack"))
_FAILURES = frozenset(("failure", "inability"))
_MAYBE = frozenset("may might likely unlikely possibly probably potentially perhaps".split())
# "Could" alone tells of an ability; with these, of a possibility.
_COULD_BE = frozenset("be have thus therefore potentially possibly also represent".split())
# Adjectives and nouns that reach over their phrase.
_POSSIBLE = frozenset(
    """potential possible putative candidate probable presumed hypothetical suspected potentially
    possibly probably presumably putatively perhaps likely hypothesis hypotheses possibility
    """.split()
)
_STUDIES = frozenset("analysis analyses study studies test tests testing scan".split())
_REACH = 5  # tokens that such a word reaches
# Predicates that reach back over their subject.
_UNCLEAR = frozenset(
    "unclear unknown undetermined elusive controversial uncertain unexplored".split()
)
_QUESTIONS = frozenset("how whether if why when where which what".split())
_INSTEAD = ("without", "rather than")
# What is not known well is no more than supposed.
_KNOWING = frozenset(
    """understand know characterize characterise elucidate establish define clarify explore study
    determine investigate examine describe""".split()
)
_SECTIONS = frozenset("result results finding findings conclusion conclusions".split())
_NO = frozenset("no neither without lack absence little".split())
_NONE = frozenset(("no", "little"))
_TRUE = ("true", "likely")
_FINDING = frozenset("find observe see detect".split())
_EVIDENCE = ("evidence", "indication", "proof")


def is_negated(sentence: Sentence, candidate: Candidate) -> bool:
    """Tell whether the sentence denies what a rule read."""
    spot = candidate.spot
    if spot.inside:
        return candidate.negated
    kind = sentence.kind(spot.chunk)
    if kind is Kind.VERB:
        return candidate.negated != _verb_denied(sentence, spot.chunk)
    if kind is Kind.NOUN:
        return candidate.negated != _noun_denied(sentence, candidate)
    return candidate.negated


def _verb_denied(sentence: Sentence, number: int) -> bool:
    """Tell whether a verb group, or one that it depends on, is denied."""
    chunk = sentence.chunks[number]
    if not _STUDYING.isdisjoint(chunk.verbs):
        return False
    if chunk.negated or _is_unlikely(sentence, number) or _without_evidence(sentence, number):
        return True
    if sentence.word(number - 1) in _INSTEAD:
        return True
    if chunk.voice is not Voice.INFINITIVE and sentence.kind(number - 1) is not Kind.VERB:
        return False
    if chunk.voice is Voice.INFINITIVE and sentence.kind(number - 1) is Kind.NOUN:
        head = sentence.head_of_chain(number - 1)
        if not _FAILURES.isdisjoint(_words(sentence, head)):
            return True  # "the failure of X to activate Y"
    governor = sentence.governor(number)
    if governor < 0:
        return False
    ruling = sentence.chunks[governor]
    unable = sentence.tokens[chunk.start - 1].word in ("unable", "insufficient")
    denied = ruling.negated and governor >= number - 2
    return unable or denied or not _FAILING.isdisjoint(ruling.verbs)


def _is_unlikely(sentence: Sentence, number: int) -> bool:
    start = sentence.chunks[number].start
    return any(token.word == "unlikely" for token in sentence.tokens[max(0, start - 2) : start + 3])


def _without_evidence(sentence: Sentence, number: int) -> bool:
    """Tell "no evidence that X activates Y", "it is not true that", "we did not find that"."""
    for place in range(number - 1, 0, -1):
        kind = sentence.kind(place)
        if kind is Kind.RELATIVE and _not_so(sentence, place - 1):
            return True
        if kind in (Kind.VERB, Kind.BOUNDARY, Kind.SUBORDINATOR):
            return False
        if kind is Kind.RELATIVE and sentence.kind(place - 1) is Kind.NOUN:
            words = _words(sentence, place - 1)
            return words[-1] in _EVIDENCE and not _NO.isdisjoint(words)
    return False


def _not_so(sentence: Sentence, number: int) -> bool:
    """Tell a verb group, maybe with "true" behind it, that denies what "that" goes on with."""
    if sentence.word(number) in _TRUE:
        number -= 1
        return sentence.kind(number) is Kind.VERB and sentence.chunks[number].negated
    chunk = sentence.chunks[number]
    return chunk.kind is Kind.VERB and chunk.negated and not _FINDING.isdisjoint(chunk.verbs)


def _words(sentence: Sentence, number: int) -> list[str]:
    chunk = sentence.chunks[number]
    return [token.word for token in sentence.tokens[chunk.start : chunk.end]]


def _noun_denied(sentence: Sentence, candidate: Candidate) -> bool:
    """Tell "no effect on", "without an effect", "the lack of an association"."""
    number, token = candidate.spot.chunk, candidate.spot.token
    start = max(sentence.chunks[number].start, token - _REACH + 1)
    words = {one.word for one in sentence.tokens[start:token]}
    before = sentence.word(number - 1)
    if before == "without" or not words.isdisjoint(_NONE):
        return not (candidate.subject.negated or candidate.object.negated)
    if before in ("of", "for") and sentence.kind(number - 2) is Kind.NOUN:
        ruling = _words(sentence, number - 2)
        if ruling[-1] in ("lack", "absence"):
            return True
        if ruling[-1] in _EVIDENCE:
            return not _NO.isdisjoint(ruling) or _is_denied(sentence, number - 3)
    return _is_denied(sentence, number - 1)


def _is_denied(sentence: Sentence, number: int) -> bool:
    return sentence.kind(number) is Kind.VERB and _verb_denied(sentence, number)


def is_speculative(sentence: Sentence, candidate: Candidate) -> bool:
    """Tell whether the sentence only supposes, or asks, what a rule read."""
    if _is_possible(sentence, candidate.spot.token):
        return True
    if candidate.spot.inside:
        return False
    if sentence.tokens[-1].word == "?" or _is_studied(sentence, candidate.spot.token):
        return True
    number = candidate.spot.chunk
    if sentence.kind(number) is Kind.NOUN and _is_investigated(sentence, number):
        return True
    return _is_supposed(sentence, number) or _is_unclear(sentence, candidate.spot)


def _is_possible(sentence: Sentence, token: int) -> bool:
    """Tell a word that makes its phrase a possibility, shortly before the trigger."""
    for place in range(token, max(-1, token - _REACH - 1), -1):
        word = sentence.tokens[place]
        if word.tag in ";s":
            return False
        if word.word in _POSSIBLE:
            return True
    return False


def _is_studied(sentence: Sentence, token: int) -> bool:
    """Tell "association analysis", which says what was looked for."""
    behind = sentence.tokens[token + 1 : token + 2]
    return bool(behind) and behind[0].word in _STUDIES


def _is_investigated(sentence: Sentence, number: int) -> bool:
    """Tell "studies that evaluated the effect of X", "the effect of X was explored"."""
    governor = sentence.governor(number)
    if governor >= 0 and not _INVESTIGATING.isdisjoint(sentence.chunks[governor].verbs):
        return True
    for chunk in sentence.chunks[number + 1 :]:
        if chunk.kind is Kind.VERB and (chunk.finite or chunk.voice is Voice.PASSIVE):
            asked = chunk.voice is Voice.PASSIVE
            return asked and not _INVESTIGATING.isdisjoint(chunk.verbs)
        if chunk.kind in (Kind.BOUNDARY, Kind.SUBORDINATOR, Kind.RELATIVE):
            return False
    return False


def _is_supposed(sentence: Sentence, reached: int) -> bool:
    """Tell whether a verb before, or the trigger's own, makes a supposition of its clause."""
    if _is_apposed(sentence, reached):
        return False
    verbs = 0
    for number in range(reached, -1, -1):
        kind = sentence.chunks[number].kind
        word = sentence.word(number)
        if word == "which" and verbs < 2 and sentence.kind(number - 1) is Kind.COMMA:
            return False  # "we studied X, which activates Y": that it does is known
        if kind is Kind.VERB:
            verbs += 1
            if _supposes(sentence, number, reached):
                return True
        elif kind in (Kind.SUBORDINATOR, Kind.RELATIVE):
            if word in ("whether", "if"):
                return True
            if word in voc.CONTRAST:
                return False
        elif kind is Kind.BOUNDARY and (word == ";" or _ends_label(sentence, number)):
            return False
    return False


def _is_apposed(sentence: Sentence, number: int) -> bool:
    """Tell "we studied X, a filament involved in Y": what is said beside is known."""
    chunk = sentence.chunks[number]
    return (
        chunk.voice in (Voice.PARTICIPLE, Voice.ADJECTIVE)
        and not chunk.finite
        and sentence.kind(number - 1) is Kind.NOUN
        and sentence.kind(number - 2) is Kind.COMMA
    )


def _ends_label(sentence: Sentence, number: int) -> bool:
    """Tell the colon of "Results:", which is where another section begins."""
    before = sentence.tokens[sentence.chunks[number].start - 1].word if number else ""
    return sentence.word(number) == ":" and before in _SECTIONS


def _supposes(sentence: Sentence, number: int, reached: int) -> bool:
    """Tell whether a verb group makes what follows it a supposition."""
    chunk = sentence.chunks[number]
    words = _words(sentence, number)
    if not _MAYBE.isdisjoint(words):
        return True
    if "would" in words or ("could" in words and not _COULD_BE.isdisjoint(words)):
        return not _is_shown(sentence, number)
    if chunk.negated and not _STUDYING.isdisjoint(chunk.verbs):
        return True
    if number == reached:
        return False
    if not _SUPPOSING.isdisjoint(chunk.verbs) or not _SEEMING.isdisjoint(chunk.verbs):
        return True
    if _ASKING.isdisjoint(chunk.verbs):
        return False
    ours = sentence.word(number - 1) in ("we", "study", "aim", "this", "here")
    return chunk.voice is Voice.INFINITIVE or (chunk.voice is Voice.ACTIVE and ours)


def _is_shown(sentence: Sentence, number: int) -> bool:
    """Tell "we demonstrated that X could": there "could" speaks of an ability."""
    governor = sentence.governor(number)
    return governor >= 0 and not _SHOWING.isdisjoint(sentence.chunks[governor].verbs)


def _is_unclear(sentence: Sentence, spot: Spot) -> bool:
    """Tell "the role of X in Y is unclear", "how X activates Y is unknown".

    Not what a clause of its own says of something else: "X activates Y, and Z is unknown".
    """
    chunks = sentence.chunks
    if sentence.kind(spot.chunk) is Kind.VERB and chunks[spot.chunk].finite:
        before = (sentence.word(place) for place in range(spot.chunk))
        if _QUESTIONS.isdisjoint(before):
            return False
    verbs = 0
    for chunk in chunks[spot.chunk + 1 :]:
        verbs += chunk.kind is Kind.VERB and chunk.finite
        if verbs > 1:
            return False
        if chunk.negated and not _KNOWING.isdisjoint(chunk.verbs):
            return True
        for token in sentence.tokens[max(chunk.start, spot.token + 1) : chunk.end]:
            if token.tag in ";s" or token.word in voc.CONTRAST:
                return False
            if token.word in _UNCLEAR:
                return True
    return False
