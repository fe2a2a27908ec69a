"""Floor 5: a row of a vocabulary table, as it is read, compared and written."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import zstandard

from kg.model import Scope, Synonym
from kg.vocabulary.tables import COLUMNS, Table, read_cells

_LEVEL = 9
_NOT_IN_CELL = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row; the columns are those of `data/vocabulary/README.md`."""

    id: str
    label: str
    synonyms: tuple[Synonym, ...] = ()
    xrefs: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    obsolete: bool = False
    definition: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def successor(self) -> str:
        """The CURIE of what stands in its place, where it is obsolete and there is just one."""
        named = self.extra.get("replaced_by") or self.extra.get("consider") or ()
        found = list(dict.fromkeys([named] if isinstance(named, str) else named))
        return str(found[0]) if self.obsolete and len(found) == 1 else ""

    @property
    def names(self) -> set[str]:
        """Its label and its synonyms."""
        return {self.label, *(one.text for one in self.synonyms)}


def read_rows(table: Table) -> Iterator[Row]:
    """Yield the rows of a table, in order.

    Raises:
        VocabularyError: if the table is damaged.
    """
    for _, cells in read_cells(table):
        curie, label, synonyms, xrefs, parents, obsolete, definition, extra = cells
        yield Row(
            id=curie,
            label=label,
            synonyms=tuple(
                Synonym(text=text, scope=Scope(scope), kind=kind, source=source)
                for text, scope, kind, source in (json.loads(synonyms) if synonyms else ())
            ),
            xrefs=tuple(xrefs.split("|")) if xrefs else (),
            parents=tuple(parents.split("|")) if parents else (),
            obsolete=obsolete == "1",
            definition=definition,
            extra=json.loads(extra) if extra else {},
        )


def pack_rows(rows: Iterable[Row]) -> bytes:
    """Return a table as it is written; the same rows give the same bytes."""
    out = io.StringIO()
    out.write("\t".join(COLUMNS) + "\n")
    for row in rows:
        out.write("\t".join(_cells(row)) + "\n")
    return zstandard.ZstdCompressor(level=_LEVEL).compress(out.getvalue().encode())


def _cells(row: Row) -> tuple[str, ...]:
    synonyms = [
        (_clean(one.text), one.scope.value, one.kind, one.source) for one in unique(row.synonyms)
    ]
    extra = {name: value for name, value in row.extra.items() if value not in (None, "", [], {})}
    return (
        row.id,
        _clean(row.label),
        _json(synonyms) if synonyms else "",
        "|".join(row.xrefs),
        "|".join(row.parents),
        "1" if row.obsolete else "0",
        _clean(row.definition),
        _json(extra) if extra else "",
    )


def unique(synonyms: Iterable[Synonym]) -> Iterator[Synonym]:
    """Yield synonyms, of those with one text the first."""
    seen: set[str] = set()
    for one in synonyms:
        if one.text not in seen:
            seen.add(one.text)
            yield one


def _clean(text: str) -> str:
    r"""Return a text that may stand in a cell.

    >>> _clean("a\tb\n c ")
    'a b c'
    """
    return re.sub(r" {2,}", " ", _NOT_IN_CELL.sub(" ", text)).strip()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
