"""Floor 6: chains: "A promotes B via C" says what A does to C, and C to B."""

from collections.abc import Iterator

from kg.assertions.candidates import AGENT_LINKS, Candidate, Clause, Spot, pair
from kg.assertions.chunks import Kind
from kg.assertions.clauses import Sentence
from kg.assertions.compounds import manners, mediators
from kg.assertions.phrases import MOLECULES, Argument, Arguments
from kg.assertions.predicates import INFLUENCE, compose, flip, settle
from kg.assertions.triggers import BEARS_ON, CAUSES, Trigger
from kg.model import EntityType, Predicate


def read_means(sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    """Read the means by which a subject acts on an object, where the pairing is determined.

    That is, where there is one means or one object.
    """
    if clause.trigger.swapped:
        return
    yield from _read_manner(sentence, clause)
    place = sentence.behind_complements(clause.last + 1, AGENT_LINKS)
    if sentence.kind(place) is Kind.COMMA:
        place += 1
    if sentence.word(place) not in AGENT_LINKS:
        place = _opening(sentence, clause.number)
    if sentence.kind(place) is not Kind.PREPOSITION or sentence.word(place) not in AGENT_LINKS:
        return
    is_verb = sentence.kind(place + 1) is Kind.VERB
    action, means = _action(sentence, place)
    if len(means) > 1 and len(clause.objects) > 1:
        return
    spot = Spot(sentence.chunks[place].start, place, "means")
    if means and not is_verb:
        for one in mediators(sentence, place + 1):  # "via STAT5-mediated activation of Akt"
            yield from _read_step(sentence, clause, one, spot)
    for one in means:
        if not is_verb:  # what the subject does to them, the verb itself says
            yield from _read_step(sentence, clause, one, spot)
        for object_ in clause.objects:
            how = _effect(sentence, clause, action, one, object_)
            if how is not None and one.token != object_.token:
                yield Candidate(subject=one, predicate=how, object=object_, spot=spot)


def _read_manner(sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    """Read "A promotes B in a C-dependent manner", or in one that is independent of C."""
    for link, phrase in sentence.complements(clause.last):
        if link != "in":
            continue
        for one, trigger in manners(sentence, phrase):
            if trigger.predicate is not Predicate.REQUIRED_FOR:
                continue
            spot = Spot(sentence.chunks[phrase].end - 2, phrase - 1, "means")
            if not trigger.negated:
                yield from _read_step(sentence, clause, one, spot)
            for object_ in clause.objects:
                how = _effect(sentence, clause, None, one, object_)
                if how is not None and one.token != object_.token:
                    how = trigger.predicate if trigger.negated else how
                    yield Candidate(one, how, object_, spot, negated=trigger.negated)


def _opening(sentence: Sentence, number: int) -> int:
    """Return the place of "by" in "By controlling C, A regulates B", or -1."""
    if any(chunk.finite for chunk in sentence.chunks[:number]):
        return -1
    place = 0
    while sentence.kind(place) in (Kind.SUBORDINATOR, Kind.COMMA):
        place += 1  # "Therefore, by ..."
    return place if sentence.kind(place + 1) is Kind.VERB else -1


def _action(sentence: Sentence, place: int) -> tuple[Trigger | None, Arguments]:
    """Return what is done behind a preposition, where a verb tells it, and to what."""
    if sentence.kind(place + 1) is Kind.NOUN:
        means = sentence.arguments(place + 1)[0]
        agents = sentence.word(place) == "by" and not any(one.inner for one in means)
        return None, () if agents else means
    if sentence.kind(place + 1) is Kind.VERB:
        triggers = sentence.triggers_of(place + 1)
        for trigger in triggers:
            found = sentence.object(place + 1, trigger.link)[0]
            if found:
                return triggers[0], found
    return None, ()


def _read_step(
    sentence: Sentence, clause: Clause, means: Argument, spot: Spot
) -> Iterator[Candidate]:
    """Read the step from A to C; what C undergoes may be told ("via inhibition of C")."""
    step = CAUSES
    if means.inner is None:
        kinds = {sentence.type_of(one) for one in (*clause.subjects, means)}
        if not clause.objects or not kinds <= MOLECULES:
            return
        whole = settle(sentence, clause.trigger, clause.subjects[0], clause.objects[0])
        if whole not in INFLUENCE:
            return
        step = CAUSES if whole.sign > 0 else BEARS_ON
    yield from pair(sentence, step, clause.subjects, (means,), spot)


def _effect(
    sentence: Sentence,
    clause: Clause,
    action: Trigger | None,
    means: Argument,
    object_: Argument,
) -> Predicate | None:
    """Return what the means do to the object: the sign of the whole by that of the step before."""
    whole = settle(sentence, clause.trigger, clause.subjects[0], object_)
    if whole not in INFLUENCE or sentence.type_of(means) is EntityType.ANATOMY:
        return None
    if whole is Predicate.REGULATES:
        return whole
    if whole is Predicate.REQUIRED_FOR:
        whole = Predicate.PROMOTES
    raised = not means.lowered
    if action is not None:
        kind = sentence.type_of(means)
        acted = action.predicate_on(kind)
        if acted is Predicate.EXPRESSED_IN:
            acted = Predicate.UPREGULATES  # "by producing X"
        if not acted.sign:
            return Predicate.REGULATES
        if means.inner is not None:
            acted = compose(acted, means.inner, kind)
        raised = (acted.sign > 0) != means.inverse
    elif means.inner is not None and not means.inner.predicate.sign:
        return Predicate.REGULATES
    return whole if raised else flip(whole, sentence.type_of(object_))
