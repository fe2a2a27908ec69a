"""Floor 6: disease phrases: what curators read together with the name of a disease.

Coordinated diseases ("breast and ovarian cancer") are one mention of all of them; the way a disease
is inherited, its stage or its type belong to its mention; an organism with its infection and a gene
with its deficiency are the disease that the vocabulary has for them.
"""

import re
from collections.abc import Iterator

from kg.annotate.matching import Match, Names, keep_types
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.names import name_key

_DISEASE = frozenset({EntityType.DISEASE})
_ORGANISM = frozenset({EntityType.ORGANISM})
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_SHORT_FORM = re.compile(r"([A-Z]{2,6})\)")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Za-z]")
_WINDOW = 70  # characters before a disease in which its conjuncts or modifiers must stand
_LEAST_SCORE = 0.7
_TAXA_UP = 2  # above an organism, whose infection an infection with it is
_OWN_SCORE = 0.85

_CONJUNCTS = re.compile(
    r"(?<![\w-])(?P<words>[A-Za-z][\w-]*(?:, [A-Za-z][\w-]*){0,5})"
    r"(?P<link>,? (?:and|or|and/or) | ?/ ?|-)$"
)
_LINK = ("and ", "/or ", " or ", "/", "/ ", "-")
_NUMBER = r"(?:[IVX]{1,4}|\d{1,2})[A-Da-d]?"
_MODIFIERS = re.compile(
    r"(?<![\w-])(?:(?:hereditary|inherited|familial|sporadic"
    r"|X-linked(?: dominant| recessive)?"
    rf"|(?:stages?|types?) {_NUMBER}(?:(?: and | or |/)(?:(?:stage|type) )?{_NUMBER})?)\s+)+$",
    re.IGNORECASE,
)
_LAST_OF_MODIFIERS = re.compile(rf"(?:ary|ed|ial|adic|ant|ive| {_NUMBER})\s$", re.IGNORECASE)
_HEREDITARY = re.compile(r"\b(?:inherited|familial)\b", re.IGNORECASE)
_TWO_TYPES = re.compile(
    rf"types? (?P<one>{_NUMBER})(?: and | or |/)(?:type )?(?P<other>{_NUMBER}) (?P<head>.+)"
)
_SUBTYPE = re.compile(r"\b(type (?:[IVX]+|\d+))[A-Za-z]\b", re.IGNORECASE)
_SHORT = r"(?: \([\w-]{2,12}\))?"
_TYPE_AFTER = re.compile(rf"{_SHORT},?\s{{1,2}}(?P<type>type {_NUMBER})(?![\w-])")
_NEXT_WORDS = re.compile(r"\s[a-z]+(?: [a-z]+)?")
# With what the words behind a disease that belong to it begin; looked at before any pattern is.
_PARTERS = (" ", "-", ",")
_FIRST_LETTERS = frozenset("tdsicv( ")
_NOUN_AFTER = re.compile(r" (?:disease|disorder|syndrome)s?(?![\w-])")
_INFECTION = re.compile(rf"{_SHORT}[ -](?:virus )?(?:co-?)?infections?\b")
_OF_SPECIES = re.compile(r"(?:[- ]type)?[- ]\d$")
_DEFICIENCY = re.compile(
    rf"{_SHORT}[ -](?:deficiency\b"
    r"|deficient(?= (?:patients?|individuals?|subjects?|famil|child|infants?|probands?|cases)))"
)
_LACK_OF = re.compile(r"\bdeficiency of (?:the )?(?:\w+ )?$", re.IGNORECASE)


def read_disease_phrases(text: str, matches: list[Match], lexicon: Lexicon) -> Iterator[Match]:
    """Yield a match for each disease phrase that is longer than the name matched in it."""
    for match in matches:
        kind = match.names[0][1].type
        if kind is EntityType.DISEASE:
            yield from _with_neighbours(text, match, lexicon)
        elif kind is EntityType.ORGANISM:
            yield from _infection(text, match, lexicon)
        elif kind in _GENES:
            yield from _deficiency(text, match, lexicon)


def appositions(text: str, matches: list[Match]) -> Iterator[tuple[str, Names]]:
    """Yield the short forms that stand behind a disease with its initials in another order.

    "myotonic dystrophy (DM)" is from the Latin; forms whose letters are in order are found as
    abbreviations.
    """
    for match in matches:
        if (
            text.startswith(" (", match.end)
            and match.best.type is EntityType.DISEASE
            and not match.best.is_symbol
        ):
            short = _SHORT_FORM.match(text, match.end + 2)
            words = _INITIAL.findall(text, match.start, match.end)
            if short is not None and sorted(short[1].lower()) == sorted("".join(words).lower()):
                yield short[1], match.names


def _with_neighbours(text: str, match: Match, lexicon: Lexicon) -> Iterator[Match]:
    start, end = match.start, match.end
    joined = _coordinated(text, match, lexicon)
    if joined is not None:
        start = joined[0]
    if text[start - 1 : start].isspace() and _LAST_OF_MODIFIERS.search(
        text, max(0, start - 6), start
    ):
        before = _MODIFIERS.search(text[max(0, start - _WINDOW) : start])
        if before is not None:
            start -= before.end() - before.start()
    following = None
    if text[end : end + 1] in _PARTERS and text[end + 1 : end + 2] in _FIRST_LETTERS:
        following = _type_after(text, end, lexicon) or _noun_after(text, start, end)
    if following is not None:
        end = following.end()
    if (start, end) == (match.start, match.end):
        return
    disease = keep_types(match, _DISEASE)
    own = joined[1] if joined is not None else () if disease is None else disease.names
    named = _names_of_phrase(text[start:end], lexicon)
    method = "coordination" if joined is not None else "head of phrase"
    yield Match(start, end, named or _lowered(own), "lexicon phrase" if named else method)


def _type_after(text: str, end: int, lexicon: Lexicon) -> re.Match[str] | None:
    """Return the type that stands behind a disease ("glycogen storage disease type II").

    In "ovarian cancer, type 2 diabetes" it is that of the disease which follows.
    """
    found = _TYPE_AFTER.match(text, end)
    if found is None:
        return None
    following = _NEXT_WORDS.match(text, found.end())
    if following is not None:
        words = following[0].split()
        if any(_names(f"{found['type']} {' '.join(words[:n])}", lexicon) for n in (1, 2)):
            return None
    return found


def _noun_after(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the noun that repeats what a name says ("keloid disease", "malaria infection")."""
    last = text[start:end].rpartition(" ")[2].lower()
    if last.startswith(("infect", "disease", "disorder", "syndrome")):
        return None
    return _NOUN_AFTER.match(text, end) or _INFECTION.match(text, end)


def _coordinated(text: str, disease: Match, lexicon: Lexicon) -> tuple[int, Names] | None:
    """Return where diseases that share a noun with the next one begin, and the names of all."""
    if not text[max(0, disease.start - 4) : disease.start].endswith(_LINK):
        return None
    head = text[max(0, disease.start - _WINDOW) : disease.start]
    found = _CONJUNCTS.search(head)
    words = text[disease.start : disease.end].split()
    if found is None or len(words) < 2:
        return None
    conjuncts = found["words"].split(", ")
    names: Names = ()
    taken = 0
    for conjunct in reversed(conjuncts):
        # "malignant and benign ovarian tumors" share more than their last word.
        shared = _names(f"{conjunct} {' '.join(words[1:])}", lexicon)
        own = shared or _names(f"{conjunct} {words[-1]}", lexicon)
        alone = _names(conjunct, lexicon)
        if not own or (alone and alone[0][0] >= _OWN_SCORE):
            break  # what is a disease by itself does not share the noun
        names = (own[0], *names)
        taken += 1
    if not taken:
        return None
    first = ", ".join(conjuncts[-taken:])
    start = disease.start - len(head) + found.end("words") - len(first)
    if found["link"].strip() in {"-", "/"}:
        whole = _names(f"hereditary {first} {' '.join(words)}", lexicon)
        names = (*whole[:1], *names)
    return start, (*names, *(one for one in disease.names if one[1].type in _DISEASE))


def _infection(text: str, match: Match, lexicon: Lexicon) -> Iterator[Match]:
    """Yield the infection with an organism ("streptococcus infection")."""
    organism = keep_types(match, _ORGANISM)
    following = _INFECTION.match(text, match.end)
    if organism is None or following is None:
        return
    surface = text[match.start : match.end]
    names: Names = ()
    label = organism.best.label
    # "HIV-1 infection" is one with HIV.
    numberless = (_OF_SPECIES.sub("", surface), _OF_SPECIES.sub("", label))
    wider = _wider(organism.best.curie, lexicon)
    for form in (surface, label, *numberless, *wider, label.split()[0]):
        names = names or _names(f"{form} infection", lexicon)
    names = names or _lowered(_names("infection", lexicon))
    if names:
        yield Match(match.start, following.end(), names, "infection")


def _wider(curie: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield the labels of the taxa that an organism belongs to, the next ones."""
    for _ in range(_TAXA_UP):
        term = lexicon.term(curie)
        term = lexicon.term(term.parents[0]) if term is not None and term.parents else None
        if term is None:
            return
        yield term.label
        curie = term.curie


def _deficiency(text: str, match: Match, lexicon: Lexicon) -> Iterator[Match]:
    """Yield the deficiency of a gene's product ("FH deficiency", "deficiency of FH")."""
    if "deficien" not in text[max(0, match.start - 40) : match.end + 30]:
        return
    following = _DEFICIENCY.match(text, match.end)
    before = None
    if following is None and text[max(0, match.start - 25) : match.start].endswith(" "):
        before = _LACK_OF.search(text[max(0, match.start - 40) : match.start])
    if following is None and before is None:
        return
    forms = [text[match.start : match.end], match.best.label, match.best.text]
    term = lexicon.term(match.best.curie)
    if term is not None:
        forms.extend(one.text for one in term.synonyms)
    for form in dict.fromkeys(forms):
        names = _names(f"{form} deficiency", lexicon)
        if names:
            end = following.end() if following is not None else match.end
            start = match.start
            if before is not None:
                start -= min(40, match.start) - before.start()
            yield Match(start, end, names, "deficiency")
            return


def _names_of_phrase(text: str, lexicon: Lexicon) -> Names:
    """Return the names of a phrase as it is written, or in the words that vocabularies use."""
    types = _TWO_TYPES.fullmatch(text)
    if types is not None:
        numbers = (types["one"], types["other"])
        return tuple(
            name
            for number in numbers
            for name in _names(f"type {number} {types['head']}", lexicon)[:1]
        )
    usual = _HEREDITARY.sub("hereditary", text).replace("and/or", "and").replace(" or ", " and ")
    for form in dict.fromkeys((text, usual, _SUBTYPE.sub(r"\1", usual))):
        names = _names(form, lexicon)
        if names:
            return names
    return ()


def _names(text: str, lexicon: Lexicon) -> Names:
    return tuple(
        (round(name.score - 0.05, 3), name)
        for name in lexicon.names(name_key(text))
        if name.type is EntityType.DISEASE and name.score >= _LEAST_SCORE
    )


def _lowered(names: Names) -> Names:
    return tuple((round(score - 0.05, 3), name) for score, name in names)
