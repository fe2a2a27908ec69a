"""Reading floor: the header of a table -> which column holds what.

`data/csv/columns.tsv` is the table of names that columns have, from the exports of PubMed, Scopus,
Web of Science, Embase, Zotero, Dimensions, Cochrane, Rayyan, Covidence, Lens, Europe PMC and
others; a name that is missing is added there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.resources import resource_path

_TABLE = ("data", "csv", "columns.tsv")
_IDENTIFIERS = ("pmid", "pmcid", "doi")
_PLAIN = re.compile(r"[^\W_][^\[\]{}<>=\"\n]{0,80}")
# The two letters that Web of Science and RIS have for names mean much else elsewhere.
_TAG = re.compile(r"[A-Z][A-Z0-9]")
_FEWEST_TAGS = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold which field, the best names first; and those that are not understood."""

    count: int
    places: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]

    @property
    def is_of_papers(self) -> bool:
        """Tell whether there are titles or identifiers."""
        return "title" in self.places or self.has_identifier

    @property
    def has_identifier(self) -> bool:
        """Tell whether there is a column of PMIDs, PMCIDs or DOIs."""
        return any(name in self.places for name in _IDENTIFIERS)

    @property
    def known(self) -> int:
        """How many columns are understood, those that are left out on purpose among them."""
        return sum(map(len, self.places.values()))

    @property
    def is_bare(self) -> bool:
        """Tell whether identifiers are all that the table has."""
        return self.has_identifier and self.places.keys() <= {*_IDENTIFIERS, "ignored"}

    def all(self, row: Sequence[str], *fields: str) -> list[str]:
        """Return the cells of a row that hold one of the fields and are not empty."""
        places = (place for field in fields for place in self.places.get(field, ()))
        return [cell for place in places if place < len(row) and (cell := row[place].strip())]

    def first(self, row: Sequence[str], *fields: str) -> str:
        """Return the first of these cells, or an empty string."""
        return next(iter(self.all(row, *fields)), "")


def read_header(cells: Sequence[str]) -> Columns:
    """Return what the columns with these names hold.

    >>> columns = read_header(["PMID", "Article Title", "My mark"])
    >>> columns.places, columns.unknown
    ({'pmid': (0,), 'title': (1,)}, ('My mark',))
    """
    ranked: dict[str, list[tuple[int, int]]] = {}
    unknown = []
    names = [cell.strip().strip("\ufeff") for cell in cells]
    are_tags = sum(map(bool, map(_TAG.fullmatch, names))) >= _FEWEST_TAGS
    for place, name in enumerate(names):
        found = _names().get(_normalise(name)) if _PLAIN.fullmatch(name) else None
        if found is not None and len(name) == 2 and not are_tags and name.lower() != "id":
            found = None
        if found is not None:
            field, rank = found
            ranked.setdefault(field, []).append((rank, place))
        elif name:
            unknown.append(name)
    places = {field: tuple(place for _, place in sorted(each)) for field, each in ranked.items()}
    return Columns(len(cells), places, tuple(unknown))


@cache
def _names() -> dict[str, tuple[str, int]]:
    """Return the field of each name, and its rank: the better one of two stands higher up."""
    return {_normalise(name): (field, rank) for rank, (field, name) in enumerate(_read_table())}


def _read_table() -> Iterator[tuple[str, str]]:
    lines = resource_path(*_TABLE).read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        field, name = line.split("\t")
        yield field, name


def _normalise(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
