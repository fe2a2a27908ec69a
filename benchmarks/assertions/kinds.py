"""How many errors are of which kind.

Counted on held-out sentences too: what the sentences are is not told.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.assertions.gold import Gold
from benchmarks.assertions.reading import SentenceResult
from benchmarks.assertions.scoring import can_be_found, is_pair, is_right, match, share
from kg.assertions.triggers import Triggers, inflect

_UNREAD = "missed: argument not recognised"
_TURNED = "missed: relation or direction"
_UNKNOWN = "missed: trigger not in the table"
_KNOWN = "missed: trigger in the table"
_EXTRA = "false alarm: pair not in gold"
_AWRY = "false alarm: relation or direction"


def words_of(triggers: Triggers) -> frozenset[str]:
    """Return all single words that triggers are made of, verbs in all their forms.

    A preposition that belongs to a trigger is none.
    """
    forms = {form for verb in triggers.verbs for form, _ in inflect(verb.split()[0])}
    others = (triggers.adjectives, triggers.nouns, triggers.agents, triggers.suffixes)
    return frozenset(forms.union(*others))


def report_kinds(
    results: Iterable[SentenceResult], known: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield how many of the missed assertions, and of the false alarms, are of each kind."""
    missed, alarms = Counter[str](), Counter[str]()
    for result in results:
        golds, founds = result.sentence.assertions, result.found
        right = match(result, founds, golds, is_right)
        pairs = match(result, founds, golds, is_pair)
        of_gold, of_pair = ({id(gold) for _, gold in those} for those in (right, pairs))
        for gold in golds:
            if id(gold) not in of_gold:
                missed[_why_missed(result, gold, known, paired=id(gold) in of_pair)] += 1
        of_found, of_pair = ({id(found) for found, _ in those} for those in (right, pairs))
        for found in founds:
            if id(found) not in of_found:
                alarms[_AWRY if id(found) in of_pair else _EXTRA] += 1
    for kind in (_UNREAD, _TURNED, _KNOWN, _UNKNOWN):
        yield kind, share(missed[kind], missed.total())
    for kind in (_EXTRA, _AWRY):
        yield kind, share(alarms[kind], alarms.total())


def _why_missed(result: SentenceResult, gold: Gold, known: frozenset[str], *, paired: bool) -> str:
    if not can_be_found(result, gold):
        return _UNREAD
    if paired:
        return _TURNED
    trigger = result.sentence.text[slice(*gold.trigger)] if gold.trigger else ""
    words = re.findall(r"[^\W\d_]+", trigger.lower())
    return _KNOWN if not known.isdisjoint(words) else _UNKNOWN
