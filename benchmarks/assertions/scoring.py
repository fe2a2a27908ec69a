"""What is right of the found assertions, and the figures that come of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from benchmarks.accuracy import Score
from benchmarks.assertions.gold import Gold
from benchmarks.assertions.reading import Found, SentenceResult
from kg.model import Evidence, Predicate

INFLUENCE, BINDING, LOCATION, TREATMENT, ASSOCIATION = (
    "influence",
    "binding",
    "location",
    "treatment",
    "association",
)
GROUPS = {
    Predicate.ACTIVATES: INFLUENCE,
    Predicate.INHIBITS: INFLUENCE,
    Predicate.UPREGULATES: INFLUENCE,
    Predicate.DOWNREGULATES: INFLUENCE,
    Predicate.REGULATES: INFLUENCE,
    Predicate.REQUIRED_FOR: INFLUENCE,
    Predicate.PROMOTES: INFLUENCE,
    Predicate.PROTECTS_FROM: INFLUENCE,
    Predicate.BINDS: BINDING,
    Predicate.EXPRESSED_IN: LOCATION,
    Predicate.MARKER_OF: LOCATION,
    Predicate.TREATS: TREATMENT,
    Predicate.ASSOCIATED_WITH: ASSOCIATION,
}
UNORDERED = frozenset({Predicate.BINDS, Predicate.ASSOCIATED_WITH})
SIGNS = {
    Predicate.ACTIVATES: "+",
    Predicate.UPREGULATES: "+",
    Predicate.PROMOTES: "+",
    Predicate.INHIBITS: "-",
    Predicate.DOWNREGULATES: "-",
    Predicate.PROTECTS_FROM: "-",
    Predicate.TREATS: "-",
}

_Test = Callable[[SentenceResult, Found, Gold], bool]


def is_right(result: SentenceResult, found: Found, gold: Gold) -> bool:
    """Return whether pair, group of the predicate, and direction are right."""
    predicate = found.evidence.predicate
    if GROUPS[predicate] not in {GROUPS[one] for one in gold.predicates}:
        return False
    return result.is_pair(found, gold) or (
        predicate in UNORDERED and result.is_pair(found, gold, swapped=True)
    )


def is_exact(result: SentenceResult, found: Found, gold: Gold) -> bool:
    """Return whether the predicate itself is right as well, or one that is defensible."""
    return found.evidence.predicate in gold.predicates and is_right(result, found, gold)


def is_pair(result: SentenceResult, found: Found, gold: Gold) -> bool:
    """Return whether the pair is right, in whatever order."""
    return result.is_pair(found, gold) or result.is_pair(found, gold, swapped=True)


def judge_sign(found: Predicate, gold: Gold) -> str:
    """Return "right", "wrong" or "unsigned" for a found predicate; "" where gold has no sign.

    An unsigned predicate that gold itself holds for defensible is not judged.
    """
    signs = {SIGNS[one] for one in gold.predicates if one in SIGNS}
    if not signs or (found not in SIGNS and found in gold.predicates):
        return ""
    if found not in SIGNS:
        return "unsigned"
    return "right" if SIGNS[found] in signs else "wrong"


def match(
    result: SentenceResult, founds: Sequence[Found], golds: Sequence[Gold], test: _Test
) -> list[tuple[Found, Gold]]:
    """Match one to one, as many as can be; the same predicate, then the same sign, go first."""
    edges = [
        (_preference(one, other), number, order)
        for number, one in enumerate(founds)
        for order, other in enumerate(golds)
        if test(result, one, other)
    ]
    edges.sort()
    reachable: dict[int, list[int]] = {}
    for _, number, order in edges:
        reachable.setdefault(number, []).append(order)
    owner: dict[int, int] = {}
    placed: set[int] = set()
    for _, number, order in edges:
        if order not in owner and number not in placed:
            owner[order] = number
            placed.add(number)

    def place(number: int, seen: set[int]) -> bool:
        for order in reachable[number]:
            if order not in seen:
                seen.add(order)
                if order not in owner or place(owner[order], seen):
                    owner[order] = number
                    return True
        return False

    for number in reachable:
        if number not in placed:
            place(number, set())
    return [(founds[number], golds[order]) for order, number in sorted(owner.items())]


def _preference(found: Found, gold: Gold) -> tuple[int, int]:
    predicate = found.evidence.predicate
    rank = gold.predicates.index(predicate) if predicate in gold.predicates else 99
    return rank, judge_sign(predicate, gold) == "wrong"


def pairs_of(founds: Iterable[Found]) -> list[Found]:
    """Return what was found with each pair of terms once, whatever the order and predicate."""
    pairs: dict[frozenset[str], Found] = {}
    for one in founds:
        ends = (one.evidence.subject.best.term, one.evidence.object.best.term)
        known = pairs.get(frozenset(ends))
        places = one.places
        if known is not None:
            turned = known.evidence.subject.best.term != ends[0]
            places = known.places + tuple((b, a) if turned else (a, b) for a, b in places)
        pairs[frozenset(ends)] = Found((known or one).evidence, places)
    return list(pairs.values())


def co_mentions(result: SentenceResult) -> list[Found]:
    """Return all pairs of a sentence's terms: what is named first regulates what comes after."""
    pairs: dict[frozenset[str], list[Evidence]] = {}
    for one, other in combinations(result.mentions, 2):
        if one.best.term == other.best.term:
            continue
        of_pair = pairs.setdefault(frozenset((one.best.term, other.best.term)), [])
        turned = bool(of_pair) and of_pair[0].subject.best.term != one.best.term
        of_pair.append(
            Evidence(
                subject=other if turned else one,
                predicate=Predicate.REGULATES,
                object=one if turned else other,
                negated=False,
                speculative=False,
                start=one.end,
                end=other.start,
                trigger="",
                method="co-mention",
                confidence=0.0,
            )
        )
    return [
        Found(
            of_pair[0],
            tuple(
                ((each.subject.start, each.subject.end), (each.object.start, each.object.end))
                for each in of_pair
            ),
        )
        for of_pair in pairs.values()
    ]


@dataclass
class PredicateScore:
    """Counts of one predicate: of gold, what was matched; of what was found, what was right."""

    gold: int = 0
    matched: int = 0
    matched_exactly: int = 0
    found: int = 0
    right: int = 0
    right_exactly: int = 0


@dataclass
class Tally:
    """The counts of a set of sentences."""

    sentences: int = 0
    reachable: int = 0  # gold assertions that the mentions allow
    right: Score = field(default_factory=Score)
    pair: Score = field(default_factory=Score)
    exact: Score = field(default_factory=Score)
    signs: Counter[str] = field(default_factory=Counter)
    negated: Score = field(default_factory=Score)
    speculative: Score = field(default_factory=Score)
    negated_in_all: int = 0
    speculative_in_all: int = 0
    by_sentence: list[float] = field(default_factory=list)
    co_mention_pair: Score = field(default_factory=Score)
    co_mention_directed: Score = field(default_factory=Score)
    predicates: dict[Predicate, PredicateScore] = field(
        default_factory=lambda: {one: PredicateScore() for one in Predicate}
    )
    found_by: Counter[str] = field(default_factory=Counter)  # by rule, and by confidence
    right_by: Counter[str] = field(default_factory=Counter)


def tally(results: Iterable[SentenceResult]) -> Tally:
    """Return the counts of some sentences."""
    total = Tally()
    for result in results:
        _add(total, result)
    return total


def _add(total: Tally, result: SentenceResult) -> None:
    golds, founds = result.sentence.assertions, result.found
    pairs = list({frozenset((one.subject, one.object)): one for one in golds}.values())
    baseline = co_mentions(result)
    matched = match(result, founds, golds, is_right)
    exactly = match(result, founds, golds, is_exact)
    _count(total.right, founds, golds, matched)
    _count(total.exact, founds, golds, exactly)
    found_pairs = pairs_of(founds)
    _count(total.pair, found_pairs, pairs, match(result, found_pairs, pairs, is_pair))
    _count(total.co_mention_pair, baseline, pairs, match(result, baseline, pairs, is_pair))
    _count(total.co_mention_directed, baseline, golds, match(result, baseline, golds, is_right))
    total.sentences += 1
    total.reachable += sum(can_be_found(result, gold) for gold in golds)
    if founds or golds:
        total.by_sentence.append(2 * len(matched) / (len(founds) + len(golds)))
    for found, gold in matched:
        total.signs[judge_sign(found.evidence.predicate, gold)] += 1
        _flag(total.negated, found.evidence.negated, gold.negated)
        _flag(total.speculative, found.evidence.speculative, gold.speculative)
    total.negated_in_all += sum(gold.negated for gold in golds)
    total.speculative_in_all += sum(gold.speculative for gold in golds)
    _count_predicates(total.predicates, result, matched, exactly)
    for counts, those in (
        (total.found_by, founds),
        (total.right_by, [found for found, _ in matched]),
    ):
        for found in those:
            counts[f"rule {found.evidence.method}"] += 1
            counts[f"confidence {found.evidence.confidence:.2f}"] += 1


def can_be_found(result: SentenceResult, gold: Gold) -> bool:
    """Return whether both arguments have mentions, of different terms."""
    terms = {(one.start, one.end): one.best.term for one in result.mentions}
    return any(
        terms[one] != terms[other]
        for one in result.accepts[gold.subject]
        for other in result.accepts[gold.object]
    )


def _count(
    score: Score, founds: Sequence[Found], golds: Sequence[Gold], matched: Sequence[object]
) -> None:
    score.found += len(founds)
    score.gold += len(golds)
    score.right += len(matched)
    score.right_gold += len(matched)


def _flag(score: Score, found: bool, gold: bool) -> None:  # noqa: FBT001
    score.found += found
    score.gold += gold
    score.right += found and gold
    score.right_gold += found and gold


def _count_predicates(
    predicates: dict[Predicate, PredicateScore],
    result: SentenceResult,
    matched: Iterable[tuple[Found, Gold]],
    exactly: Iterable[tuple[Found, Gold]],
) -> None:
    for gold in result.sentence.assertions:
        predicates[gold.predicate].gold += 1
    for found in result.found:
        predicates[found.evidence.predicate].found += 1
    for found, gold in matched:
        predicates[gold.predicate].matched += 1
        predicates[found.evidence.predicate].right += 1
    for found, gold in exactly:
        predicates[gold.predicate].matched_exactly += 1
        predicates[found.evidence.predicate].right_exactly += 1


def report(total: Tally) -> Iterator[tuple[str, str]]:
    """Yield each figure of some sentences: its name and what it comes to."""
    golds = total.right.gold
    yield "sentences, assertions", f"{total.sentences} {golds}"
    yield "ceiling of recall", f"{share(total.reachable, golds)}"
    for name, score in (
        ("pair+group+direction", total.right),
        ("pair, undirected", total.pair),
        ("exact predicate", total.exact),
        ("co-mention: pair, undirected", total.co_mention_pair),
        ("co-mention: pair+group+direction", total.co_mention_directed),
    ):
        yield name, with_counts(score)
    average = sum(total.by_sentence) / len(total.by_sentence) if total.by_sentence else 0.0
    yield "pair+group+direction by sentence", f"F1 {average:.3f}  (of {len(total.by_sentence)})"
    right, wrong, unsigned = (total.signs[one] for one in ("right", "wrong", "unsigned"))
    yield "sign, where found", f"{share(right, right + wrong)}  unsigned {unsigned}"
    yield "sign, unsigned as wrong", share(right, right + wrong + unsigned)
    for name, score, in_all in (
        ("negation", total.negated, total.negated_in_all),
        ("speculation", total.speculative, total.speculative_in_all),
    ):
        yield f"{name}, of matched", with_counts(score)
        missed = Score(score.found, in_all, score.right, score.right_gold)
        yield f"{name}, end to end", with_counts(missed)
    for predicate, one in total.predicates.items():
        if one.gold or one.found:
            of_gold = f"gold {one.gold} matched {one.matched} exactly {one.matched_exactly}"
            of_found = f"found {one.found} right {one.right} exactly {one.right_exactly}"
            yield f"predicate {predicate}", f"{of_gold}; {of_found}"
    for name, found in sorted(total.found_by.items()):
        yield name, f"right {share(total.right_by[name], found)}"


def with_counts(score: Score) -> str:
    """Return precision, recall and F1, with what they are of."""
    return f"{score.row()}  (found {score.found}, gold {score.gold}, right {score.right})"


def share(part: int, whole: int) -> str:
    """Return a share, with what it is of."""
    return f"{part / whole if whole else 0.0:.3f}  ({part} of {whole})"
