"""Floor 6: the table of triggers: the words that state a relation, and where its arguments stand.

`data/assertions/triggers.tsv` is the table; `docs/assertions.md` describes its columns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kg.errors import InputError
from kg.model import EntityType, Predicate
from kg.resources import resource_path

COLUMNS = (
    "trigger",
    "part",
    "predicate",
    "on_gene",
    "on_disease",
    "subject",
    "object",
    "polarity",
)


class Part(StrEnum):
    """What kind of word a trigger is, which tells where its arguments are looked for."""

    VERB = "verb"
    ADJECTIVE = "adjective"
    NOUN = "noun"
    AGENT = "agent"
    SUFFIX = "suffix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A row of the table.

    `word` is the dictionary form, `link` the preposition (or "to") that follows it, empty where
    none does. `subject` and `object` are the slots in which the two are looked for. `on_gene` and
    `on_disease` are the predicates where the object is a gene or family, or a disease. `negated` is
    true of triggers that deny ("-independent").
    """

    word: str
    link: str
    part: Part
    predicate: Predicate
    on_gene: Predicate
    on_disease: Predicate
    subject: tuple[str, ...]
    object: tuple[str, ...]
    negated: bool = False

    def predicate_on(self, kind: EntityType) -> Predicate:
        """Return the predicate where the object is of a type."""
        if kind is EntityType.DISEASE:
            return self.on_disease
        is_gene = kind is EntityType.GENE or kind is EntityType.GENE_FAMILY
        return self.on_gene if is_gene else self.predicate

    @property
    def swapped(self) -> bool:
        """Tell a trigger whose grammatical subject is the object ("X requires Y")."""
        return self.subject == ("object",)


def _built_in(
    word: str, predicate: Predicate, on_gene: Predicate | None = None, part: Part = Part.NOUN
) -> Trigger:
    return Trigger(
        word=word,
        link="",
        part=part,
        predicate=predicate,
        on_gene=on_gene or predicate,
        on_disease=predicate,
        subject=("subject",),
        object=("object",),
    )


# What an adjective says as a noun of change would: "increased X", "reduced X", "activated X".
INCREASE = _built_in("increase", Predicate.PROMOTES, Predicate.UPREGULATES)
DECREASE = _built_in("decrease", Predicate.INHIBITS, Predicate.DOWNREGULATES)
ACTIVATION = _built_in("activation", Predicate.ACTIVATES)
# What a construction says without a word of its own in the table.
CAUSES = _built_in("cause", Predicate.PROMOTES, Predicate.ACTIVATES, Part.VERB)
RAISES = _built_in("increase", Predicate.PROMOTES, Predicate.UPREGULATES, Part.VERB)
LOWERS = _built_in("decrease", Predicate.INHIBITS, Predicate.DOWNREGULATES, Part.VERB)
COUNTERS = _built_in("counter", Predicate.INHIBITS, part=Part.VERB)
BEARS_ON = _built_in("regulate", Predicate.REGULATES, part=Part.VERB)
REMEDIES = _built_in("treatment", Predicate.TREATS)
LINKS = _built_in("association", Predicate.ASSOCIATED_WITH)


class Form(StrEnum):
    """The forms of a verb."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


_LINKS = frozenset(
    """to for in into on upon of with from against by at within after following through via
    between""".split()
)
_IRREGULAR = {
    "bind": ("bound", "bound"),
    "drive": ("drove", "driven"),
    "lead": ("led", "led"),
    "underlie": ("underlay", "underlain"),
    "arise": ("arose", "arisen"),
    "give": ("gave", "given"),
    "overcome": ("overcame", "overcome"),
    "override": ("overrode", "overridden"),
    "be": ("was", "been"),
    "shape": ("shaped", "shaped"),
    "understand": ("understood", "understood"),
    "show": ("showed", "shown"),
    "find": ("found", "found"),
    "have": ("had", "had"),
    "know": ("knew", "known"),
    "think": ("thought", "thought"),
    "see": ("saw", "seen"),
    "hold": ("held", "held"),
    "make": ("made", "made"),
    "take": ("took", "taken"),
    "become": ("became", "become"),
    "undergo": ("underwent", "undergone"),
    "begin": ("began", "begun"),
    "grow": ("grew", "grown"),
    "keep": ("kept", "kept"),
    "bear": ("bore", "borne"),
    "choose": ("chose", "chosen"),
    "come": ("came", "come"),
    "seek": ("sought", "sought"),
    "shed": ("shed", "shed"),
    "fall": ("fell", "fallen"),
    "rise": ("rose", "risen"),
    "feed": ("fed", "fed"),
}
_DOUBLED = frozenset(
    "control propel confer program reprogram compel occur infer stem permit remit".split()
)
_DOUBLED_IN_BRITAIN = frozenset(("fuel", "signal"))


def inflect(verb: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of a verb, American and British.

    >>> [form for form, _ in inflect("modify")]
    ['modify', 'modifies', 'modified', 'modified', 'modifying']
    """
    yield from _forms(verb)
    if verb.endswith("ize"):
        yield from _forms(f"{verb[:-3]}ise")
    elif verb in _DOUBLED_IN_BRITAIN:
        doubled = f"{verb}{verb[-1]}"
        yield f"{doubled}ed", Form.PAST
        yield f"{doubled}ed", Form.PARTICIPLE
        yield f"{doubled}ing", Form.GERUND


def _forms(verb: str) -> Iterator[tuple[str, Form]]:
    yield verb, Form.BASE
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield f"{verb}es", Form.THIRD
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield f"{verb[:-1]}ies", Form.THIRD
    else:
        yield f"{verb}s", Form.THIRD
    if verb in _IRREGULAR:
        past, participle = _IRREGULAR[verb]
    elif verb.endswith("e"):
        past = participle = f"{verb}d"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        past = participle = f"{verb[:-1]}ied"
    elif verb in _DOUBLED:
        past = participle = f"{verb}{verb[-1]}ed"
    else:
        past = participle = f"{verb}ed"
    yield past, Form.PAST
    yield participle, Form.PARTICIPLE
    if verb.endswith("ie"):
        yield f"{verb[:-2]}ying", Form.GERUND
    elif verb.endswith("e") and not verb.endswith("ee") and verb != "be":
        yield f"{verb[:-1]}ing", Form.GERUND
    elif verb in _DOUBLED:
        yield f"{verb}{verb[-1]}ing", Form.GERUND
    else:
        yield f"{verb}ing", Form.GERUND


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers by part, under the word that they are found by.

    Nouns and agents are found under the singular and plural of their last word, the longer ones
    first.
    """

    verbs: dict[str, tuple[Trigger, ...]]
    adjectives: dict[str, tuple[Trigger, ...]]
    nouns: dict[str, tuple[Trigger, ...]]
    agents: dict[str, tuple[Trigger, ...]]
    suffixes: dict[str, tuple[Trigger, ...]]
    sha256: str


_Name = TypeVar("_Name", bound=StrEnum)


def load_triggers(own: Path | None = None) -> Triggers:
    """Return the triggers that ship with the package, and those of a user's own table.

    A trigger of one's own stands in place of all that ship for the same word and part; with the
    predicate "none" there is none.

    Raises:
        InputError: if a table cannot be read, or a row of it is wrong: the message says which.
    """
    shipped = resource_path("data", "assertions", "triggers.tsv")
    paths = (shipped,) if own is None else (shipped, own)
    return _load_tables(tuple((path, _read_table(path)) for path in paths))


@lru_cache(maxsize=4)
def _load_tables(contents: tuple[tuple[Path, bytes], ...]) -> Triggers:
    digest = sha256()
    rows: dict[tuple[str, str], list[Trigger]] = {}
    for path, content in contents:
        digest.update(content)
        rows |= _read_rows(path, content)
    tables: dict[Part, dict[str, list[Trigger]]] = {part: {} for part in Part}
    for triggers in rows.values():
        for trigger in triggers:
            for word in _keys(trigger):
                tables[trigger.part].setdefault(word, []).append(trigger)
    frozen = {part: _frozen(table) for part, table in tables.items()}
    return Triggers(
        verbs=frozen[Part.VERB],
        adjectives=frozen[Part.ADJECTIVE],
        nouns=frozen[Part.NOUN],
        agents=frozen[Part.AGENT],
        suffixes=frozen[Part.SUFFIX],
        sha256=digest.hexdigest(),
    )


def _read_table(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _read_rows(path: Path, content: bytes) -> dict[tuple[str, str], list[Trigger]]:
    """Return the triggers of a table by word and part; of a word that is taken out, none."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start + 1}") from None
    if tuple(lines[0].rstrip().split("\t")) != COLUMNS if lines else True:
        raise InputError(f"{path}:1: the first line names the columns: {', '.join(COLUMNS)}")
    rows: dict[tuple[str, str], list[Trigger]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        cells[0] = cells[0].lower()  # as the words of a text are compared
        cells += [""] * (len(COLUMNS) - len(cells))
        try:
            part = _check_row(cells)
            found = rows.setdefault((cells[0], part), [])
            if cells[2] == "none":
                found.clear()
            else:
                found.append(_read_row(cells, part))
        except ValueError as error:
            raise InputError(f"{path}:{number}: {error}") from None
    return rows


def _frozen(table: dict[str, list[Trigger]]) -> dict[str, tuple[Trigger, ...]]:
    """Return a table with the triggers of more words before those of fewer."""
    return {
        word: tuple(sorted(triggers, key=lambda one: -len(one.word.split())))
        for word, triggers in table.items()
    }


def _check_row(cells: list[str]) -> Part:
    """Return the part of a row, or raise a ValueError where it has too many columns or no word."""
    if not cells[0]:
        raise ValueError("the column 'trigger' is empty")
    if len(cells) > len(COLUMNS):
        raise ValueError(f"there are {len(cells)} columns, not {len(COLUMNS)}")
    return _one_of(Part, cells[1], "part")


def _read_row(cells: list[str], part: Part) -> Trigger:
    words, _, predicate_name, on_gene, on_disease, subject, object_, polarity = cells
    predicate = _one_of(Predicate, predicate_name, "predicate")
    word, _, link = words.rpartition(" ")
    if not word or link not in _LINKS or part in (Part.NOUN, Part.AGENT, Part.SUFFIX):
        word, link = words, ""
    for column, value in (("subject", subject), ("object", object_)):
        _check_slots(column, value, part)
    if polarity not in ("", "negated"):
        raise ValueError(f"the column 'polarity' is 'negated' or empty, not '{polarity}'")
    return Trigger(
        word=word,
        link=link,
        part=part,
        predicate=predicate,
        on_gene=_one_of(Predicate, on_gene, "on_gene") if on_gene else predicate,
        on_disease=_one_of(Predicate, on_disease, "on_disease") if on_disease else predicate,
        subject=tuple(subject.split("|")),
        object=tuple(object_.split("|")),
        negated=polarity == "negated",
    )


def _check_slots(column: str, value: str, part: Part) -> None:
    """Raise a ValueError where a slot is none that the part of a trigger has."""
    slots = value.split("|")
    if part in (Part.VERB, Part.ADJECTIVE):
        fits = slots in (["subject"], ["object"])
        wanted = "'subject' or 'object'"
    elif part is Part.SUFFIX:
        fits = slots in (["left"], ["right"])
        wanted = "'left' or 'right'"
    else:
        fits = all(slot.isalpha() for slot in slots)
        wanted = "prepositions, 'left' or 'subject', parted by |"
    if not fits:
        name = f"an {part}" if part.startswith("a") else f"a {part}"
        raise ValueError(f"the column '{column}' of {name} is {wanted}, not '{value}'")


def _one_of(names: type[_Name], value: str, column: str) -> _Name:
    try:
        return names(value)
    except ValueError:
        known = ", ".join(names)
        raise ValueError(f"the column '{column}' is one of {known}, not '{value}'") from None


def _keys(trigger: Trigger) -> Iterable[str]:
    if trigger.part not in (Part.NOUN, Part.AGENT):
        return (trigger.word,)
    last = trigger.word.split()[-1]
    return (last, f"{last[:-1]}ies" if last.endswith("y") else f"{last}s")
