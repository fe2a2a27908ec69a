"""Floor 5: the vocabulary tables, read as terms.

A table is UTF-8, zstd, one header line, tab separated without quoting; see
`data/vocabulary/README.md` for the columns and each source's licence.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard

from kg.errors import VocabularyError
from kg.model import EntityType, Scope, Synonym, Term
from kg.resources import resource_path

COLUMNS = ["id", "label", "synonyms", "xrefs", "parents", "obsolete", "definition", "extra"]
_SCOPES = {scope.value: scope for scope in Scope}  # a quarter of the time of a look-up by `Scope`


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A vocabulary table that MANIFEST.json lists."""

    name: str
    vocabulary: str
    path: Path
    sha256: str
    licence: str
    contents: tuple[str, ...]


def vocabulary_folder() -> Path:
    """Return the folder of the vocabulary tables that ship with the package."""
    return resource_path("data", "vocabulary")


def list_tables(folder: Path) -> list[Table]:
    """Return the tables that the folder's MANIFEST.json lists, in its order.

    Raises:
        VocabularyError: if the manifest or a table is missing, or is not what it should be.
    """
    path = folder / "MANIFEST.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        tables = [
            Table(
                name=name,
                vocabulary=entry["vocabulary"],
                path=folder / entry["file"],
                sha256=entry["sha256"],
                licence=entry["licence"],
                contents=tuple(entry["contents"]),
            )
            for name, entry in manifest.items()
        ]
    except FileNotFoundError:
        raise VocabularyError(f"{path}: no such file; it lists the vocabulary tables") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VocabularyError(f"{path}: not a manifest of vocabulary tables ({error})") from error
    for table in tables:
        if not table.path.is_file():
            raise VocabularyError(f"{table.path}: no such file, but {path} lists it")
    return tables


def check_table(table: Table) -> None:
    """Check a table's bytes against its manifest.

    Raises:
        VocabularyError: if the sha256 differs.
    """
    found = sha256(table.path.read_bytes()).hexdigest()
    if found != table.sha256:
        raise VocabularyError(
            f"{table.path}: sha256 is {found[:12]}..., but the manifest says "
            f"{table.sha256[:12]}...; restore the file, or correct the manifest if you changed it"
        )


def read_table(table: Table) -> Iterator[Term]:
    """Read the terms of a table that are of a type this project knows.

    Raises:
        VocabularyError: with the line, if the table is damaged.
    """
    for number, cells in read_cells(table):
        try:
            term = _read_row(cells)
        except (ValueError, KeyError, TypeError) as error:
            raise VocabularyError(f"{table.path}:{number}: {error}") from error
        if term is not None:
            yield term


def read_labels(table: Table) -> Iterator[tuple[str, str]]:
    """Read the CURIEs and labels of all entries of a table, of whatever type they are.

    Raises:
        VocabularyError: if the table is damaged.
    """
    for _, cells in read_cells(table):
        yield cells[0], cells[1]


def read_obsolete(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read the CURIEs that a vocabulary has given up, with what is to be used in place of each.

    Raises:
        VocabularyError: if the table is damaged.
    """
    for number, cells in read_cells(table):
        if cells[5] != "1":
            continue
        try:
            replaced = json.loads(cells[7]).get("replaced_by", ()) if cells[7] else ()
        except (ValueError, AttributeError) as error:
            raise VocabularyError(f"{table.path}:{number}: {error}") from error
        others = (replaced,) if isinstance(replaced, str) else replaced
        yield cells[0], tuple(dict.fromkeys(others or ()))


def read_cells(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row."""
    try:
        with table.path.open("rb") as compressed:
            stream = zstandard.ZstdDecompressor().stream_reader(compressed)
            lines = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
            header = lines.readline().rstrip("\n").split("\t")
            if header != COLUMNS:
                raise VocabularyError(f"{table.path}:1: the columns should be {COLUMNS}")
            for number, line in enumerate(lines, start=2):
                yield number, line.rstrip("\n").split("\t")
    except (zstandard.ZstdError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{table.path}: damaged ({error})") from error


def _read_row(cells: list[str]) -> Term | None:
    curie, label, synonyms, xrefs, parents, obsolete, definition, extra_json = cells
    extra = json.loads(extra_json) if extra_json else {}
    kind = _type_of(curie, extra, xrefs)
    if kind is None:
        return None
    return Term(
        curie=curie,
        label=label,
        type=kind,
        synonyms=tuple(
            Synonym(text=text, scope=_SCOPES.get(scope) or Scope(scope), kind=kind_, source=source)
            for text, scope, kind_, source in (json.loads(synonyms) if synonyms else ())
        ),
        xrefs=(*(xrefs.split("|") if xrefs else ()), *extra.get("alt_ids", ())),
        parents=tuple(parents.split("|")) if parents else (),
        members=tuple((relation, member) for relation, member in extra.get("members", ())),
        definition=definition,
        taxon=extra.get("taxon", ""),
        biotype=extra.get("biotype", ""),
        obsolete=obsolete == "1",
        successors=_successors(extra) if obsolete == "1" else (),
    )


def _successors(extra: dict[str, Any]) -> tuple[str, ...]:
    """Return what replaces an obsolete term, else what is to be considered in its place.

    >>> _successors({"replaced_by": ["CL:1", "CL:1"], "consider": ["CL:2"]})
    ('CL:1',)
    """
    named = extra.get("replaced_by") or extra.get("consider") or ()
    return tuple(dict.fromkeys([named] if isinstance(named, str) else named))


_TYPE_OF_PREFIX = {
    "HGNC": EntityType.GENE,
    "MGI": EntityType.GENE,
    "RGD": EntityType.GENE,
    "FPLX": EntityType.GENE_FAMILY,
    "CL": EntityType.CELL_TYPE,
    "MONDO": EntityType.DISEASE,
    "UBERON": EntityType.ANATOMY,
    "NCBITaxon": EntityType.ORGANISM,
    "CHEBI": EntityType.CHEMICAL,
}


def _type_of(curie: str, extra: dict[str, object], xrefs: str) -> EntityType | None:
    prefix = curie.partition(":")[0]
    if prefix == "GO":
        return EntityType.PROCESS if extra.get("namespace") == "biological_process" else None
    if prefix == "MESH":
        # A descriptor is of the type of what it is mapped to, else of its place in the tree.
        mapped = (_TYPE_OF_PREFIX.get(xref.partition(":")[0]) for xref in xrefs.split("|"))
        return next(filter(None, mapped), None) or _type_of_tree(extra.get("tree", []))
    return _TYPE_OF_PREFIX.get(prefix)


# What MeSH files there as well as under anatomy is a structure and no disease.
_ANATOMICAL_CONDITIONS = "C23.300"
# Branches of the MeSH tree by type, in order: a descriptor is of the first that it stands in.
_TYPE_OF_TREE: tuple[tuple[str, EntityType | None], ...] = (
    ("A11.284", EntityType.ANATOMY),  # parts of cells
    ("A11", EntityType.CELL_TYPE),
    ("F03", EntityType.DISEASE),
    ("C", EntityType.DISEASE),
    ("A", EntityType.ANATOMY),
    ("G", EntityType.PROCESS),
    ("D12.125", EntityType.CHEMICAL),  # amino acids
    # Peptides and proteins, which lend their names to the families that are mapped to them.
    ("D12.776", EntityType.GENE_FAMILY),
    ("D12", None),
    # Without enzymes (D08), nucleic acids (D13), factors (D23), preparations and uses (D26, D27).
    *((f"D{branch:02}", EntityType.CHEMICAL) for branch in (1, 2, 3, 4, 5, 6, 9, 10, 20)),
)


def _type_of_tree(tree: object) -> EntityType | None:
    """Return the type that MeSH tree numbers tell."""
    if not isinstance(tree, list):
        return None
    numbers = [str(number) for number in tree]
    if any(number.startswith("A") for number in numbers) and all(
        number.startswith(("A", _ANATOMICAL_CONDITIONS)) for number in numbers
    ):
        numbers = [number for number in numbers if number.startswith("A")]
    for branch, kind in _TYPE_OF_TREE:
        if any(number.startswith(branch) for number in numbers):
            return kind
    return None
