"""Floor 6: cell-type phrases: surface markers and states read together with the cell they qualify.

"CD4+CD25+ regulatory T cells" is one cell type, not two genes and a cell. The phrase is looked up
under the name that the Cell Ontology composes for it ("CD4-positive, CD25-positive, alpha-beta
regulatory T cell"), with fewer and fewer of its parts, and at last stands for the cell alone.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from kg.annotate.matching import Match, keep_types
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.names import name_key

_LEVEL = (
    r"(?:\s?\([+\-−]\)|[+](?![a-z0-9])|[\-−](?!\w)"
    r"|\(?(?:hi|lo|high|low|int|bright|dim|neg|pos)\)?(?![a-z]))"
)
_SYMBOL = r"[A-Z][A-Za-z]*(?:-[A-Za-z]*)?(?:\d+(?:[A-Za-z]{1,5}\d*)?)?"
# Atomic: a marker is read in one way only, so that a row of them takes no more than linear time.
_MARKER = rf"(?>{_SYMBOL}{_LEVEL}|CD\d+[a-z]?(?![\w+-])|{_SYMBOL}-(?:positive|negative))"
_STATE = r"(?:central memory|effector memory|naive|naïve|memory|effector|regulatory)"
_BEFORE = re.compile(
    rf"(?<![\w+-])(?:(?:{_MARKER}|{_STATE}(?=\s))(?:\s*[,/]\s*|\s+|(?={_SYMBOL}))?)+$"
)
_COORDINATED = re.compile(rf"(?<![\w+-])((?:{_MARKER}[,/\s]*)+)\s+(?:and|or|and/or)\s+$")
_CONJUNCT = re.compile(r"(?<![\w-])([A-Z]\w{0,6}|[a-z]{5,})\s?(?:and|or|/)\s+$")
_ONE_MARKER = re.compile(rf"({_SYMBOL})(?:({_LEVEL})|-(positive|negative))?(?=$|[\s,/A-Z(])")
_MARKER_OF_CELLS = re.compile(
    rf"(?: (?:alpha|beta|gamma|delta))?{_LEVEL}"
    rf"(?:[\s,/]|and\b|or\b|{_STATE}|{_MARKER}|lineage{_LEVEL})*\s*"
    r"(?:cells?|lymphocytes?)\b"
)
# Without a state "CD4+ cells" may be of another lineage, and is left alone.
_T_BY_MARKER = re.compile(
    rf"(?<![\w+-])CD[348]a?(?:{_LEVEL}|(?=\s))\s?(?P<cells>(?P<state>memory|naive|naïve)\scells?\b)"
)
# As in "natural killer (NK) cells".
_WITH_SHORT_FORM = re.compile(r" \([A-Za-z][\w-]{0,7}\) (cells?|lymphocytes?|neurons?)\b")
# "Memory T cell precursors" come before memory T cells; they are no precursors of T cells.
_PRECURSOR = re.compile(r"\b(?:precursor|progenitor)s?\b")
_AGENT_CELL = re.compile(r"(?:cyte|blast|clast|phage|phil|neuron) cell$")
# What makes another cell of the cell that it is written together with.
_OTHER_BEFORE = re.compile(r"(?<![\w])(?:pre|pro|non|anti|pseudo)-$")
# Stages of B and T cells are named without the noun ("from the pre-pro-B to the pro-B stage").
_STAGE = re.compile(r"(?<![\w-])(?:pre-pro-|pro-|pre-)[BT](?![\w-]| cell| lymph)")
_WINDOW = 90  # characters between a cell and the farthest of its markers
_NO_LEVEL = ("", ".", ",", ";", ":", ")", "/")  # what no level of a marker begins with
_AFTER_SPACE = ("(", "a", "b", "g", "d")  # a level in parentheses, or a Greek letter first
_LAST_OF_STATES = frozenset({"memory", "naive", "naïve", "effector", "regulatory"})
_CELL = frozenset({EntityType.CELL_TYPE})


def read_cell_phrases(text: str, matches: list[Match], lexicon: Lexicon) -> Iterator[Match]:
    """Yield a match for each cell phrase that is longer than the cell's name as matched.

    Cells that share a noun with the next one are matched as well ("T and B cells", "CD4+ and CD8+
    T cells").
    """
    yield from _with_short_form(text, lexicon)
    yield from _stages(text, lexicon)
    for match in (*matches, *_t_cells_by_marker(text, lexicon)):
        cell = keep_types(match, _CELL)
        if cell is None:
            continue
        start = cell.start - _length_of_modifiers(text, cell.start)
        if start < cell.start:
            names, method = _ground(text[start : cell.start], cell, lexicon)
            if method == "composed" or not _PRECURSOR.search(text, cell.start, cell.end):
                yield Match(start, cell.end, names, method)
        yield from _coordinated(text, start, cell, lexicon)


def _length_of_modifiers(text: str, end: int) -> int:
    """Return how many characters before a cell's name are markers and states of the cell."""
    head = text[max(0, end - _WINDOW) : end]
    words = head.rsplit(None, 1)
    if words and words[-1].isalpha() and words[-1].islower() and words[-1] not in _LAST_OF_STATES:
        return 0  # most cells have a plain word before them
    before = _BEFORE.search(head)
    return len(before[0]) if before and before[0].strip() else 0


def _t_cells_by_marker(text: str, lexicon: Lexicon) -> Iterator[Match]:
    """Yield the plain "cells" that CD3, CD4 or CD8 tells to be T cells ("CD8+ memory cells")."""
    for found in _T_BY_MARKER.finditer(text) if "CD" in text else ():
        state = f"{found['state']} " if found["state"] else ""
        names = _cell_names(f"{state}T cell", lexicon)
        if names:
            yield Match(found.start("cells"), found.end("cells"), names, "marker")


def _stages(text: str, lexicon: Lexicon) -> Iterator[Match]:
    """Yield the lymphocytes that are named by their stage alone ("pro-B")."""
    if "-B" not in text and "-T" not in text:
        return
    for found in _STAGE.finditer(text):
        names = _cell_names(f"{found[0]} cell", lexicon)
        if names:
            yield Match(found.start(), found.end(), names, "stage")


def _with_short_form(text: str, lexicon: Lexicon) -> Iterator[Match]:
    """Yield cells whose short form stands before their noun ("natural killer (NK) cells")."""
    if not any(f") {noun}" in text for noun in ("cell", "lymphocyte", "neuron")):
        return
    for found in _WITH_SHORT_FORM.finditer(text):
        begin = max(0, found.start() - _WINDOW)
        words = list(re.finditer(r"(?<![\w-])[\w+-]+(?=[ ]|$)", text[begin : found.start()]))
        for word in words[-4:]:
            names = _cell_names(f"{text[begin + word.start() : found.start()]} {found[1]}", lexicon)
            if names:
                yield Match(begin + word.start(), found.end(), names, "name around short form")
                break


def is_of_other_cell(text: str, start: int, end: int) -> bool:
    """Tell whether a cell's name is part of another's ("pre-B cells", "macrophage-like").

    >>> text = "pre-B cells and macrophage-like cells"
    >>> is_of_other_cell(text, 4, 11), is_of_other_cell(text, 16, 26), is_of_other_cell(text, 0, 11)
    (True, True, False)
    """
    if text.startswith("-like", end):
        return True
    if text.startswith(" line", end) and _AGENT_CELL.search(text[max(0, end - 20) : end]):
        return True  # "lymphocyte cell lines" are cell lines of lymphocytes
    return _OTHER_BEFORE.search(text, max(0, start - 8), start) is not None


def is_surface_marker(text: str, end: int) -> bool:
    """Tell whether a name that ends at an offset marks cells ("CD4(+) memory cells").

    >>> text = "CD8+ memory cells express CD28"
    >>> is_surface_marker(text, 3), is_surface_marker(text, len(text))
    (True, False)
    """
    after = text[end : end + 2]
    if after[:1] in _NO_LEVEL or (after[:1] == " " and after[1:] not in _AFTER_SPACE):
        return False
    return _MARKER_OF_CELLS.match(text, end, end + _WINDOW) is not None


def _coordinated(text: str, start: int, cell: Match, lexicon: Lexicon) -> Iterator[Match]:
    begin = max(0, start - _WINDOW)
    head = text[begin:start]
    bare = head.rstrip()
    if len(bare) == len(head) or not bare.endswith(("and", "or", "/")):
        return
    markers = _COORDINATED.search(head)
    if markers is not None and start < cell.start:
        own_state = re.findall(_STATE, text[start : cell.start])
        names, _ = _ground(" ".join([markers[1], *own_state]), cell, lexicon)
        yield Match(begin + markers.start(1), begin + markers.end(1), names, "coordination")
        return
    conjunct = _CONJUNCT.search(head) if start == cell.start else None
    if conjunct is None:
        return
    noun = re.search(r"[\w]+$", text[cell.start : cell.end])
    if noun is None:
        return
    rest = text[cell.start : cell.end].partition(" ")[2]
    names = _cell_names(f"{conjunct[1]} {noun[0]}", lexicon)
    if not names and " " in rest:  # "naive and memory T cells"
        names = _cell_names(f"{conjunct[1]} {rest}", lexicon)
    if names:
        begin_word = begin + conjunct.start(1)
        yield Match(begin_word, begin_word + len(conjunct[1]), names, "coordination")


def _ground(
    modifiers: str, cell: Match, lexicon: Lexicon
) -> tuple[tuple[tuple[float, Name], ...], str]:
    """Return the names of a qualified cell, and whether they were composed or are the cell's."""
    states = re.findall(_STATE, modifiers)
    positive = [
        marker
        for marker, level, word in _ONE_MARKER.findall(re.sub(_STATE, " ", modifiers))
        if not (word == "negative" or any(sign in level for sign in ("-", "−", "neg", "lo")))
    ]
    positive = list(dict.fromkeys(positive))[:4]
    label = cell.best.label
    for state_count in range(len(states), -1, -1):
        head = " ".join([*states[:state_count], label]).replace("naïve", "naive")
        for count in range(len(positive), -1, -1):
            if not count and not state_count:
                break
            for chosen in combinations(positive, count):
                names = _compose(chosen, head, lexicon)
                if names:
                    return names, "composed"
    return tuple((round(score - 0.1, 3), name) for score, name in cell.names), "head of phrase"


def _compose(
    markers: tuple[str, ...], head: str, lexicon: Lexicon
) -> tuple[tuple[float, Name], ...]:
    qualified = ", ".join(f"{marker}-positive" for marker in markers)
    forms = [f"{qualified}, alpha-beta {head}", f"{qualified} {head}"] if markers else [head]
    for form in forms:
        names = _cell_names(form, lexicon)
        if names:
            return names
    return ()


def _cell_names(text: str, lexicon: Lexicon) -> tuple[tuple[float, Name], ...]:
    return tuple(
        (round(name.score - 0.05, 3), name)
        for name in lexicon.names(name_key(text))
        if name.type is EntityType.CELL_TYPE and name.score >= 0.8
    )
