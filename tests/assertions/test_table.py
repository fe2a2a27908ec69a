"""The table that ships: no row stands twice, none is dead, no form hides another.

Of each row a sentence is made in which its word states its relation in the plainest way.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from kg.assertions import vocabulary as voc
from kg.assertions.triggers import COLUMNS, Form, Part, Trigger, inflect, load_triggers
from kg.model import EntityType, Evidence, Predicate
from kg.resources import resource_path

Read = Callable[..., tuple[Evidence, ...]]

LINES = resource_path("data", "assertions", "triggers.tsv").read_text("utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES[1:] if line.strip() and line[0] != "#"]
TRIGGERS = load_triggers()
FOUND_BY = {
    Part.VERB: TRIGGERS.verbs,
    Part.ADJECTIVE: TRIGGERS.adjectives,
    Part.NOUN: TRIGGERS.nouns,
    Part.AGENT: TRIGGERS.agents,
    Part.SUFFIX: TRIGGERS.suffixes,
}
ALL = list(
    {
        id(trigger): trigger
        for table in FOUND_BY.values()
        for triggers in table.values()
        for trigger in triggers
    }.values()
)
# A subject and an object of which a predicate can hold.
PAIRS = {
    Predicate.EXPRESSED_IN: ("leptin", "adipocytes"),
    Predicate.TREATS: ("metformin", "diabetes"),
    Predicate.PROTECTS_FROM: ("vitamin D", "rickets"),
    Predicate.MARKER_OF: ("CRP", "sepsis"),
    Predicate.REQUIRED_FOR: ("EPO", "erythropoiesis"),
    Predicate.ASSOCIATED_WITH: ("APOE", "dementia"),
}
OF_TYPE = {
    EntityType.GENE: "STAT3",
    EntityType.DISEASE: "fibrosis",
    EntityType.PROCESS: "angiogenesis",
}
# Where a preposition is looked for first.
PREFERRED = ("by", "between", "with", "to", "of", "for", "on", "in")


def third(verb: str) -> str:
    first, *rest = verb.split()
    form = next(form for form, kind in inflect(first) if kind is Form.THIRD)
    return " ".join([form, *rest])


def slot(names: tuple[str, ...], taken: str = "") -> str:
    """Return the preposition of a noun's slot that is used here."""
    fitting = [name for name in names if name not in ("left", "subject", "and", taken)]
    return min(fitting, key=lambda name: (PREFERRED.index(name) if name in PREFERRED else 99, name))


def sentence(trigger: Trigger, subject: str, object_: str) -> str:
    """Return a sentence in which a trigger states its relation."""
    if trigger.part is Part.SUFFIX:
        first, second = (subject, object_) if trigger.subject == ("left",) else (object_, subject)
        return f"[{first}]-{trigger.word} [{second}] was found again."
    if trigger.part in (Part.VERB, Part.ADJECTIVE):
        first, second = (object_, subject) if trigger.swapped else (subject, object_)
        verb = third(trigger.word) if trigger.part is Part.VERB else f"is {trigger.word}"
        return " ".join(f"[{first}] {verb} {trigger.link} [{second}].".split())
    if trigger.part is Part.AGENT:
        if trigger.object == ("subject",):
            return f"[{object_}] is a {trigger.word} {slot(trigger.subject)} [{subject}]."
        return f"[{subject}] is a {trigger.word} {slot(trigger.object)} [{object_}]."
    behind = slot(trigger.object)
    before = slot(trigger.subject, behind)
    if before == "between":
        return f"We report the {trigger.word} between [{subject}] and [{object_}]."
    of_object = f"{behind} [{object_}]"
    of_subject = f"{before} [{subject}]"
    first, second = (of_object, of_subject) if behind == "of" else (of_subject, of_object)
    return f"We report the {trigger.word} {first} {second}."


def cases() -> Iterator[tuple[str, str, str, Predicate, Trigger]]:
    """Yield a sentence, its subject and object and what holds of them, of each row and type."""
    for trigger in ALL:
        if trigger.predicate in PAIRS:
            subject, object_ = PAIRS[trigger.predicate]
            yield sentence(trigger, subject, object_), subject, object_, trigger.predicate, trigger
            continue
        for kind, object_ in OF_TYPE.items():
            predicate = trigger.predicate_on(kind)
            subject = "curcumin" if predicate is Predicate.TREATS else "leptin"
            yield sentence(trigger, subject, object_), subject, object_, predicate, trigger


CASES = list(cases())


@pytest.mark.parametrize(
    ("marked", "subject", "object_", "predicate", "trigger"), CASES, ids=[one[0] for one in CASES]
)
def test_a_row_is_read(
    read: Read, marked: str, subject: str, object_: str, predicate: Predicate, trigger: Trigger
) -> None:
    found = [
        (one.subject.text, one.object.text, one.predicate, one.negated) for one in read(marked)
    ]
    expected = [(subject, object_, predicate, trigger.negated)]
    if predicate.symmetric:
        expected.append((object_, subject, predicate, trigger.negated))
    assert not set(found).isdisjoint(expected), found


def test_no_row_stands_twice() -> None:
    assert [one for one, count in Counter(ROWS).items() if count > 1] == []
    # A word may have two rows of one part only where its arguments stand elsewhere.
    again = Counter((one[0], one[1], *one[COLUMNS.index("subject") :]) for one in ROWS)
    assert [one for one, count in again.items() if count > 1] == []


def test_each_row_is_one_trigger() -> None:
    assert len(ALL) == len(ROWS)


def test_rows_are_written_as_they_are_read() -> None:
    for one in ROWS:
        assert [cell.strip().lower() for cell in one] == list(one)
        assert len(one) == len(COLUMNS)


def test_every_predicate_is_used() -> None:
    used = {trigger.predicate_on(kind) for trigger in ALL for kind in EntityType}
    assert used == set(Predicate)
    assert {trigger.part for trigger in ALL} == set(Part)


def test_a_column_of_types_says_something_else_than_predicate() -> None:
    for trigger, _, predicate, on_gene, on_disease, *_ in ROWS:
        assert predicate not in (on_gene, on_disease), trigger


def test_a_form_is_of_one_verb_only() -> None:
    verbs: dict[str, set[str]] = {}
    for verb in TRIGGERS.verbs:
        for form, _ in inflect(verb):
            # British spellings have rows of their own in part.
            verbs.setdefault(form, set()).add(verb.replace("ise", "ize"))
    assert {form: found for form, found in verbs.items() if len(found) > 1} == {}


CLOSED = {
    "preposition": voc.PREPOSITIONS | {"to"},
    "adverb": voc.ADVERBS,
    "determiner": voc.DETERMINERS,
    "coordinator": voc.COORDINATORS,
    "subordinator": voc.SUBORDINATORS,
    "pronoun": voc.PRONOUNS,
    "auxiliary": voc.BE | voc.HAVE | voc.DO | voc.MODALS | voc.NOT,
}


@pytest.mark.parametrize("kind", CLOSED)
def test_no_trigger_is_hidden_by_a_word_of_a_closed_class(kind: str) -> None:
    words = {word.split()[0] for word in (*TRIGGERS.verbs, *TRIGGERS.adjectives)}
    forms = {form for verb in TRIGGERS.verbs for form, _ in inflect(verb)}
    assert sorted((words | forms) & CLOSED[kind]) == []
