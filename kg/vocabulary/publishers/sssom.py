"""Floor 5: SSSOM mappings, as exact cross-references of the rows of a table."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from kg.errors import InputError
from kg.vocabulary.ontologies.opening import opened_text
from kg.vocabulary.ontologies.terms import identify_xref

_EXACT = frozenset({"skos:exactMatch", "owl:equivalentClass", "owl:sameAs"})
_NEEDED = ("subject_id", "predicate_id", "object_id")


def read_exact(path: Path, prefix: str) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """Return what terms of a prefix are exactly mapped to, either way, and the prefixes of that.

    A mapping that is denied (`predicate_modifier` "Not") is left out.

    Raises:
        InputError: if a column is missing, or no mapping is of a term of the prefix.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for number, cells in _lines(path):
        if cells["predicate_id"] not in _EXACT or cells.get("predicate_modifier") == "Not":
            continue
        ends = [identify_xref(cells[name]) for name in ("subject_id", "object_id")]
        if not all(ends):
            raise InputError(f"{path}:{number}: '{cells['object_id'][:60]}' is no CURIE")
        for own, other in (ends, ends[::-1]):
            if own.startswith(f"{prefix}:"):
                found[own].append(other)
    if not found:
        raise InputError(f"{path}: holds no exact mapping of a term with the prefix {prefix}")
    prefixes = {other.partition(":")[0] for others in found.values() for other in others}
    return {one: tuple(dict.fromkeys(others)) for one, others in found.items()}, frozenset(prefixes)


def _lines(path: Path) -> "list[tuple[int, dict[str, str]]]":
    with opened_text(path) as lines:
        numbered = [
            (number, line.rstrip("\r\n").split("\t"))
            for number, line in enumerate(lines, start=1)
            if line.strip() and not line.startswith("#")
        ]
    header = numbered[0][1] if numbered else []
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise InputError(f"{path}: there is no column '{missing[0]}'")
    for number, cells in numbered[1:]:
        if len(cells) != len(header):
            raise InputError(
                f"{path}:{number}: {len(cells)} cells, and the header has {len(header)}"
            )
    return [(number, dict(zip(header, cells, strict=True))) for number, cells in numbered[1:]]
