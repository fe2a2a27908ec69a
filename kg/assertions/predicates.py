"""Floor 6: which predicate holds of two arguments, by the trigger and what is said of the two."""

from kg.assertions import vocabulary as voc
from kg.assertions.phrases import GENES, MOLECULES, Argument, Arguments, Phrases
from kg.assertions.triggers import DECREASE, Part, Trigger
from kg.model import EntityType, Predicate

PLACES = frozenset((EntityType.CELL_TYPE, EntityType.ANATOMY))
LEVELLED = frozenset((*MOLECULES, EntityType.CELL_TYPE))
DISEASES = frozenset((EntityType.DISEASE,))
_COURSES = frozenset((EntityType.DISEASE, EntityType.PROCESS))
_MARKED = frozenset((*_COURSES, EntityType.CELL_TYPE))
_FLIPPED = {
    Predicate.ACTIVATES: Predicate.INHIBITS,
    Predicate.UPREGULATES: Predicate.DOWNREGULATES,
    Predicate.PROMOTES: Predicate.INHIBITS,
    Predicate.DOWNREGULATES: Predicate.UPREGULATES,
    Predicate.PROTECTS_FROM: Predicate.PROMOTES,
    Predicate.TREATS: Predicate.PROMOTES,
}
INFLUENCE = frozenset((*_FLIPPED, Predicate.INHIBITS, Predicate.REGULATES, Predicate.REQUIRED_FOR))
# What restores a reduced X raises it.
_RESTORING = frozenset(
    "restore rescue revive recover reinvigorate improve normalize enhance boost".split()
)
# Verbs of relief, which of a process that is no disease say that it is inhibited.
_SOOTHING = frozenset("ameliorate alleviate relieve mitigate".split())
_RISKS = frozenset(("risk", "incidence", "odds", "prevalence", "likelihood"))


def flip(predicate: Predicate, kind: EntityType) -> Predicate:
    """Return the predicate of the opposite sign, as it is said of a type of object."""
    if predicate is Predicate.INHIBITS:
        return Predicate.ACTIVATES if kind in GENES else Predicate.PROMOTES
    return _FLIPPED.get(predicate, predicate)


def compose(predicate: Predicate, inner: Trigger, kind: EntityType) -> Predicate:
    """Return the predicate of a change of a change: to induce the inhibition of X inhibits X."""
    changed = inner.predicate_on(kind)
    if not changed.sign:
        return Predicate.REGULATES if predicate.sign else predicate
    if predicate is Predicate.REGULATES:
        return predicate
    if predicate is Predicate.REQUIRED_FOR:
        return predicate if changed.sign > 0 else changed
    return changed if predicate.sign > 0 else flip(changed, kind)


def settle(
    phrases: Phrases, trigger: Trigger, subject: Argument, object_: Argument
) -> Predicate | None:
    """Return the predicate that holds of two arguments, or None where none can."""
    kind, actor = phrases.type_of(object_), phrases.type_of(subject)
    predicate = trigger.predicate_on(kind)
    if predicate is Predicate.EXPRESSED_IN:
        return _settle_place(trigger, actor, object_, kind)
    if object_.therapy and predicate is not Predicate.ASSOCIATED_WITH:
        return None  # what is done to a therapy is not done to what it is made of
    if subject.therapy and actor is EntityType.DISEASE:
        return None
    if predicate is Predicate.TREATS and (kind is not EntityType.DISEASE or object_.cells):
        if kind is not EntityType.PROCESS or trigger.word not in _SOOTHING:
            return None
        predicate = Predicate.INHIBITS
    if predicate is Predicate.TREATS and actor in _COURSES:
        if trigger.part is Part.NOUN:
            return None  # no process is a therapy, but it may ease a disease
        predicate = Predicate.INHIBITS
    if predicate not in INFLUENCE:
        return _settle_link(trigger, predicate, actor, kind)
    if actor is EntityType.ANATOMY or (kind is EntityType.ANATOMY and object_.loose):
        return None
    if subject.variation and kind is EntityType.DISEASE:
        return Predicate.ASSOCIATED_WITH
    predicate = _on_object(trigger, predicate, object_, kind)
    return flip(predicate, kind) if subject.lowered else predicate


def _settle_link(
    trigger: Trigger, predicate: Predicate, actor: EntityType, kind: EntityType
) -> Predicate | None:
    """Return what a predicate that tells of no influence comes to by the types of its arguments."""
    if predicate is Predicate.MARKER_OF:
        if actor in _COURSES:
            predicate = Predicate.ASSOCIATED_WITH
        elif kind not in _MARKED:
            return None
    if trigger.word in _RISKS and kind is not EntityType.DISEASE:
        return None
    if predicate is Predicate.ASSOCIATED_WITH and EntityType.ANATOMY in (actor, kind):
        return None
    return predicate


def _on_object(
    trigger: Trigger, predicate: Predicate, object_: Argument, kind: EntityType
) -> Predicate:
    """Return what a predicate comes to by what of the object is spoken of."""
    inner = object_.inner
    restores = inner is DECREASE and trigger.word in _RESTORING
    if inner is not None and not restores:
        predicate = compose(predicate, inner, kind)
    if object_.inverse and predicate is Predicate.REQUIRED_FOR:
        protects = kind is EntityType.DISEASE
        predicate = Predicate.PROTECTS_FROM if protects else Predicate.INHIBITS
    elif object_.inverse and predicate.sign:
        predicate = flip(predicate, kind)
    if object_.amount and kind in GENES:
        if predicate in (Predicate.ACTIVATES, Predicate.PROMOTES):
            return Predicate.UPREGULATES
        if predicate is Predicate.INHIBITS:
            return Predicate.DOWNREGULATES
    return predicate


def _settle_place(
    trigger: Trigger, what: EntityType, object_: Argument, where: EntityType
) -> Predicate | None:
    """Return what "X is found in Y" comes to by the types of X and Y.

    In those who were given something it says nothing of Y: what they were given did it.
    """
    if object_.treated:
        return None
    if where in PLACES:
        return Predicate.EXPRESSED_IN if what in GENES else None
    if trigger.part is Part.SUFFIX or trigger.word == "derived":
        return None
    told = MOLECULES if trigger.part is Part.NOUN else LEVELLED
    is_level = where is EntityType.DISEASE and what in told
    return Predicate.ASSOCIATED_WITH if is_level else None


def diseases(phrases: Phrases, found: Arguments) -> Arguments:
    """Return the diseases among arguments, those of their bearers too ("patients with RA")."""
    return phrases.of_types(found, DISEASES)


def is_harm(word: str) -> bool:
    """Tell a noun of harm: what promotes it in a disease promotes the disease."""
    return word in voc.HARMS or word.endswith("pathology")
