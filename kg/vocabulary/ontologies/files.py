"""Floor 5: the ontologies that were added to a graph, in one SQLite file, looked up by term.

Terms are packed with msgpack. A file is written once and then read only, so that generations of a
graph can share it.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, Self

import msgspec

from kg.errors import StoreError
from kg.vocabulary.ontologies.terms import Ontology, OntologyTerm, count_relations

NAME = "ontologies.sqlite"
"""The file in a generation's folder."""

Extent = Literal["module", "whole"]

_SCHEMA = """
    PRAGMA journal_mode=OFF;
    PRAGMA synchronous=OFF;
    CREATE TABLE ontologies (name TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID;
    CREATE TABLE terms (id TEXT, name TEXT, body BLOB, PRIMARY KEY (id, name)) WITHOUT ROWID;
    CREATE TABLE obsolete (successor TEXT, id TEXT, PRIMARY KEY (successor, id)) WITHOUT ROWID;
"""
_MEMORY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is known of an ontology that was added: `kg ontology list` and the manifest have it.

    `extent` says whether all its terms are in the graph, or those around the terms used.
    `left_out` counts, by name of the property, restrictions that are no subclasses.
    """

    name: str
    iri: str
    version: str
    title: str
    syntax: str
    file: str
    sha256: str
    extent: Extent
    terms: int = 0
    obsolete: int = 0
    imports: tuple[str, ...] = ()
    left_out: Mapping[str, int] = msgspec.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as a manifest has it."""
        return asdict(self)


_encode = msgspec.msgpack.Encoder().encode
_decode_term = msgspec.msgpack.Decoder(OntologyTerm).decode
_decode_description = msgspec.msgpack.Decoder(Description).decode


class OntologyTerms(Protocol):
    """What is asked of ontologies when entities are written."""

    @property
    def term(self) -> Callable[[str], OntologyTerm | None]:
        """Return what the ontologies say of a class, None where none has it."""

    def origins(self, identifier: str) -> tuple[str, ...]:
        """Return the IRIs of the ontologies that have a class."""

    def obsolete_for(self, identifier: str) -> Iterable[OntologyTerm]:
        """Return the obsolete classes in whose place a class stands."""

    def is_whole(self, identifier: str) -> bool:
        """Tell whether a class is in the graph whatever its papers mention."""

    def whole_terms(self) -> Iterator[str]:
        """Yield the classes of ontologies that are in the graph as a whole."""


class OntologyFile:
    """The ontologies in a file, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            StoreError: if it is damaged.
        """
        self._path = path
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._rows = sqlite3.connect(uri, uri=True)
            found = self._rows.execute("SELECT body FROM ontologies ORDER BY name").fetchall()
            self.descriptions = tuple(_decode_description(body) for (body,) in found)
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise StoreError(
                f"{path}: the ontologies that were added cannot be read ({error}); go back with "
                "kg rollback, or build the graph anew in another folder"
            ) from error
        self._iris = {each.name: each.iri for each in self.descriptions}
        self._whole = [each.name for each in self.descriptions if each.extent == "whole"]
        self.term = lru_cache(maxsize=_MEMORY)(self._read_term)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def _read_term(self, identifier: str) -> OntologyTerm | None:
        """Return what the ontologies say of a class: of several, all is put together."""
        found = self._rows.execute(
            "SELECT body FROM terms WHERE id = ? ORDER BY name", (identifier,)
        )
        terms = [_decode_term(body) for (body,) in found]
        # One that calls it obsolete does not speak against one that has it still.
        terms = [each for each in terms if not each.obsolete] or terms
        return _join(terms) if terms else None

    def concerns(self, identifier: str) -> bool:
        """Tell whether the ontologies say anything of a class, or name it as a successor."""
        found = self._rows.execute(
            "SELECT 1 FROM terms WHERE id = ? UNION SELECT 1 FROM obsolete WHERE successor = ?",
            (identifier, identifier),
        )
        return found.fetchone() is not None

    def has(self, name: str, identifier: str) -> bool:
        """Tell whether the ontology of a name has a class."""
        found = self._rows.execute(
            "SELECT 1 FROM terms WHERE id = ? AND name = ?", (identifier, name)
        )
        return found.fetchone() is not None

    def origins(self, identifier: str) -> tuple[str, ...]:
        """Return the IRIs of the ontologies that have a class, in order."""
        rows = self._rows.execute("SELECT name FROM terms WHERE id = ?", (identifier,))
        return tuple(sorted({self._iris[name] for (name,) in rows}))

    def obsolete_for(self, identifier: str) -> Iterator[OntologyTerm]:
        """Yield the obsolete classes in whose place a class stands, in order."""
        rows = self._rows.execute(
            "SELECT id FROM obsolete WHERE successor = ? ORDER BY id", (identifier,)
        ).fetchall()
        for (one,) in rows:
            term = self.term(one)
            if term is not None and term.obsolete:
                yield term

    def is_whole(self, identifier: str) -> bool:
        """Tell whether a class is in the graph whatever its papers mention."""
        if not self._whole:
            return False
        rows = self._rows.execute("SELECT name FROM terms WHERE id = ?", (identifier,))
        return any(name in self._whole for (name,) in rows)

    def whole_terms(self) -> Iterator[str]:
        """Yield the classes of ontologies that are in the graph as a whole, obsolete ones not."""
        for name in self._whole:
            rows = self._rows.execute(
                "SELECT id, body FROM terms WHERE name = ? ORDER BY id", (name,)
            )
            for identifier, body in rows:
                if not _decode_term(body).obsolete:
                    yield identifier

    def copy_into(self, rows: sqlite3.Connection, names: Iterable[str]) -> None:
        """Copy some of the ontologies, by name, into another file."""
        for name in names:
            for table in ("ontologies", "terms"):
                found = self._rows.execute(f"SELECT * FROM {table} WHERE name = ?", (name,))  # noqa: S608
                marks = "?, ?" if table == "ontologies" else "?, ?, ?"
                rows.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608


def write_ontologies(
    path: Path,
    known: OntologyFile | None,
    *,
    without: str,
    ontology: Ontology | None = None,
    description: Description | None = None,
) -> Description | None:
    """Write a file with the ontologies of another, without one of them, and with a new one.

    Returned is the description of the new one, with what was counted as its terms were read. There
    is no file where there are no ontologies.

    Raises:
        InputError: if the new ontology's file turns out to be damaged.
        StoreError: if the file cannot be written.
    """
    kept = [each.name for each in known.descriptions if each.name != without] if known else []
    path.unlink(missing_ok=True)
    if not kept and ontology is None:
        return None
    try:
        rows = sqlite3.connect(path)
        try:
            rows.executescript(_SCHEMA)
            with rows:
                if known is not None:
                    known.copy_into(rows, kept)
                added = description and ontology and _add(rows, ontology, description)
                _index_obsolete(rows)
        finally:
            rows.close()
    except sqlite3.Error as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written ({error})") from error
    return added or None


def _add(rows: sqlite3.Connection, ontology: Ontology, description: Description) -> Description:
    counted: Counter[str] = Counter()
    terms = obsolete = 0
    for term in count_relations(ontology.terms, counted):
        terms += 1
        obsolete += term.obsolete
        # A class that a file has twice (OBO allows it) is put together.
        known = rows.execute(
            "SELECT body FROM terms WHERE id = ? AND name = ?", (term.id, description.name)
        ).fetchone()
        body = term if known is None else _join([_decode_term(known[0]), term])
        rows.execute(
            "INSERT OR REPLACE INTO terms VALUES (?, ?, ?)",
            (term.id, description.name, _encode(replace(body, relations=(), properties=()))),
        )
    left_out = {ontology.names.get(name) or name: count for name, count in counted.most_common()}
    done = replace(description, terms=terms, obsolete=obsolete, left_out=left_out)
    rows.execute("INSERT INTO ontologies VALUES (?, ?)", (description.name, _encode(done)))
    return done


def _index_obsolete(rows: sqlite3.Connection) -> None:
    found = rows.execute("SELECT body FROM terms").fetchall()
    terms = (_decode_term(body) for (body,) in found)
    rows.executemany(
        "INSERT OR IGNORE INTO obsolete VALUES (?, ?)",
        ((term.successor, term.id) for term in terms if term.successor),
    )


def _join(terms: list[OntologyTerm]) -> OntologyTerm:
    """Return what several say of one class: the first label and definition, all the rest."""
    if len(terms) == 1:
        return terms[0]

    def every(name: str) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value for term in terms for value in getattr(term, name)))

    first = terms[0]
    return replace(
        first,
        label=next((term.label for term in terms if term.label), ""),
        definition=next((term.definition for term in terms if term.definition), ""),
        namespace=next((term.namespace for term in terms if term.namespace), ""),
        synonyms=every("synonyms"),
        xrefs=every("xrefs"),
        exact=every("exact"),
        parents=every("parents"),
        genus=every("genus"),
        relations=every("relations"),
        replaced_by=every("replaced_by"),
        consider=every("consider"),
        alt_ids=every("alt_ids"),
        obsolete=all(term.obsolete for term in terms),
    )
