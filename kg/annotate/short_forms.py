"""Floor 6: what the short forms of a document stand for.

A short form that the document defines stands for what its long form names, and for nothing where
that names nothing; an acronym that it does not define may be the initials of a longer name in it.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from kg.annotate.abbreviations import Abbreviation, find_abbreviations, find_uses
from kg.annotate.diseases import appositions
from kg.annotate.matching import Match, Names
from kg.annotate.species import is_cue
from kg.annotate.symbols import is_variant
from kg.model import EntityType
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.names import name_key
from kg.vocabulary.proteins import names_a_protein

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_EXACT_SCORE = 0.9
_CELLS = re.compile(r"\scells?\b")


def defined_short_forms(fields: Sequence[str], found: Sequence[list[Match]]) -> dict[str, Names]:
    """Return what the short forms that a document defines stand for.

    A short form whose long form names nothing stands for nothing (an empty tuple), unless it is the
    symbol of a gene and the long form reads like the name of a protein.
    """
    defined: dict[str, Names] = {}
    for text, matches in zip(fields, found, strict=True):
        if "(" not in text and "[" not in text:
            continue
        definitions = find_abbreviations(text)
        by_end: dict[int, list[Match]] = defaultdict(list)
        for match in matches if definitions else ():
            by_end[match.end].append(match)
        for definition in definitions:
            short = text[definition.short_start : definition.short_end]
            if is_variant(short):
                continue
            covering = [
                match
                for match in by_end[definition.long_end]
                if match.start >= definition.long_start and not is_cue(match)
            ]
            longest = min(covering, key=lambda match: match.start, default=None)
            complete = longest is not None and longest.start == definition.long_start
            long = text[definition.long_start : definition.long_end]
            if not complete and _is_gene(by_end, definition) and names_a_protein(long):
                continue  # the short form is a symbol, and the long form reads like its name
            if longest is not None and (complete or any(char.isdigit() for char in short)):
                defined.setdefault(short, longest.names)
            elif not any(char.isdigit() for char in short):
                defined.setdefault(short, ())
        for short, names in appositions(text, matches):
            defined.setdefault(short, names)
    return defined


def initials_of(surface: str, names: Names, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the acronyms that a name of several words may have."""
    name = names[0][1]
    if name.is_symbol or name.type in _GENES or name.status in CUE_STATUSES:
        return ()
    words = re.findall(r"[^\W\d_]+", surface)
    if len(words) < 2:
        return ()
    initials = "".join(word[0] for word in words).upper()
    if len(words) > 3 and words[-1].rstrip("s") == "cell":
        return initials, initials[:-1]
    if not _is_free(initials, name, lexicon):
        return ()
    if len(words) == 2 and name.type is EntityType.DISEASE:
        return initials, f"{initials[0]}{words[0][1:2].lower()}{initials[1]}"  # PsA, SjS
    return (initials,)


def _is_gene(by_end: dict[int, list[Match]], definition: Abbreviation) -> bool:
    return any(
        match.start == definition.short_start and match.best.type in _GENES
        for match in by_end[definition.short_end]
    )


def used_initials(
    fields: Sequence[str], candidates: dict[str, Names], known: Container[str]
) -> dict[str, Names]:
    """Return the acronyms among some initials that a document uses and does not define."""
    return {
        initials: names
        for initials, names in candidates.items()
        if initials not in known and _stands(initials, fields)
    }


def _stands(acronym: str, fields: Sequence[str]) -> bool:
    """Tell whether an acronym is used in a document, in the singular and not behind a hyphen.

    One in parentheses is explained by what stands before it, if by anything.
    """
    using = [field for field in fields if acronym in field]
    if not using or any(f"({acronym})" in field for field in using):
        return False
    return any(
        field[start - 1 : start] != "-" and end == start + len(acronym)
        for field in using
        for start, end, _ in find_uses(field, (acronym,))
    )


def _is_free(short: str, name: Name, lexicon: Lexicon) -> bool:
    """Tell initials of a disease that are long enough, or not the acronym of something else."""
    if len(short) > 2 or name.type is not EntityType.DISEASE:
        return True
    exact = {one.curie for one in lexicon.names(name_key(short)) if one.score >= _EXACT_SCORE}
    return not exact or name.curie in exact


def uses(text: str, short_forms: dict[str, Names]) -> Iterator[Match]:
    """Yield the places where a text uses a short form that its document defines."""
    known = {short: names for short, names in short_forms.items() if names}
    for start, end, short in find_uses(text, known) if known else ():
        names = known[short]
        noun = _CELLS.match(text, end) if names[0][1].type is EntityType.CELL_TYPE else None
        yield Match(start, noun.end() if noun else end, names, "abbreviation")
