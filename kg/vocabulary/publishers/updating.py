"""Floor 5: a vocabulary table rebuilt from downloads, and written beside a manifest of its own.

The tables that ship are never changed: what is rebuilt stands in another folder, which a lexicon is
told to read (`open_lexicon(tables=...)`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.errors import InputError, ParameterError, VocabularyError
from kg.vocabulary.publishers.catalog import Entry
from kg.vocabulary.publishers.famplex import read_famplex
from kg.vocabulary.publishers.hgnc import read_complete_set, read_withdrawn
from kg.vocabulary.publishers.merging import (
    Differences,
    add_synonyms,
    compare_rows,
    merge_rows,
    pass_labels_on,
    put_xrefs,
)
from kg.vocabulary.publishers.mesh import read_descriptors
from kg.vocabulary.publishers.ncbi_gene import read_gene_info
from kg.vocabulary.publishers.ontology_rows import read_ontology_rows, release_of
from kg.vocabulary.publishers.rows import Row, pack_rows, read_rows
from kg.vocabulary.publishers.sources import tell_kind
from kg.vocabulary.publishers.sssom import read_exact
from kg.vocabulary.publishers.tsv import last_date
from kg.vocabulary.tables import Table, check_table, list_tables, vocabulary_folder

MANIFEST = "MANIFEST.json"
_MOST_LOST = 0.1
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """A table rebuilt: its rows, how they differ from the old ones, and what it was made of."""

    entry: Entry
    old: Table
    rows: Mapping[str, Row]
    differences: Differences
    contents: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    packed: bytes

    @property
    def is_changed(self) -> bool:
        """Whether the table's content is another than that of the old one."""
        return sha256(self.packed).hexdigest() != self.old.sha256


def current_tables(folder: Path | None) -> dict[str, Table]:
    """Return the tables by name: those of a folder, where it has them, else those that ship."""
    tables = {table.name: table for table in list_tables(vocabulary_folder())}
    if folder is not None and (folder / MANIFEST).is_file():
        tables |= {table.name: table for table in list_tables(folder)}
    return tables


def rebuild_table(
    entry: Entry,
    paths: Sequence[Path],
    tables: Mapping[str, Table],
    *,
    partial: bool = False,
    today: date | None = None,
) -> Updated:
    """Return a table rebuilt from downloads of its publisher, and others that add to it.

    The old table is that of `tables`. With `partial` the rows that a download does not have stay
    as they are.

    Raises:
        InputError: if a file cannot be read, is for another vocabulary, or lacks more than a tenth
            of the terms.
        VocabularyError: if an old table is damaged.
    """
    table = tables[entry.name]
    check_table(table)
    old = {row.id: row for row in read_rows(table)}
    kinds = [(path, tell_kind(path)) for path in paths]
    for path, kind in kinds:
        if kind != entry.kind and kind not in entry.adds:
            raise InputError(f"{path}: is no download for {entry.name} (it is: {kind})")
    rows = dict(old)
    contents: list[str] = []
    day = today or date.today()  # noqa: DTZ011 (the day here)
    for path, kind in kinds:
        if kind == entry.kind:
            release = _release(path, kind, day)
            new = _read(entry, path, f"{entry.tag}{release}", old, tables)
            _check_whole(path, new, old, entry, partial=partial)
            rows = merge_rows(rows, new, entry, partial=partial or len(contents) > 0)
            contents.append(f"{table.vocabulary} {release} ({path.name})")
    for path, kind in kinds:
        if kind != entry.kind:
            rows = _add(entry, path, kind, rows, day)
            contents.append(f"{kind} {_release(path, kind, day)} ({path.name})")
    rows = pass_labels_on(old, rows)
    return Updated(
        entry=entry,
        old=table,
        rows=rows,
        differences=compare_rows(old, rows),
        contents=tuple(contents),
        sources=tuple((path.name, _digest(path)) for path in paths),
        packed=pack_rows(rows.values()),
    )


def _read(
    entry: Entry, path: Path, source: str, old: Mapping[str, Row], tables: Mapping[str, Table]
) -> list[Row]:
    match entry.kind:
        case "hgnc":
            return list(read_complete_set(path, source))
        case "famplex":
            genes = read_rows(tables["hgnc_human_genes"])
            symbols = {row.label: row.id for row in genes if not row.obsolete}
            return read_famplex(path, entry.tag, symbols)
        case "mesh":
            return read_descriptors(path, source)
        case "ontology":
            new = read_ontology_rows(path, entry, source, {*old})
            if new:
                return new
            raise InputError(f"{path}: holds no terms with the prefix {entry.prefix}")
        case _:
            raise ParameterError(f"{entry.name} is rebuilt from no download of its publisher's")


def _check_whole(
    path: Path, new: Sequence[Row], old: Mapping[str, Row], entry: Entry, *, partial: bool
) -> None:
    live = {curie for curie, row in old.items() if not row.obsolete}
    missing = len(live - {row.id for row in new})
    if not partial and missing > len(live) * _MOST_LOST:
        raise InputError(
            f"{path}: lacks {missing:,} of the {len(live):,} terms of {entry.name}; is it whole? "
            "Of a part, --partial takes what it has and keeps the others"
        )


def _add(entry: Entry, path: Path, kind: str, rows: Mapping[str, Row], day: date) -> dict[str, Row]:
    """Return rows with what a file of another publisher adds to them."""
    changed = dict(rows)
    if kind == "hgnc-withdrawn":
        for row in read_withdrawn(path):
            if row.id not in rows or rows[row.id].obsolete or row.extra["replaced_by"]:
                changed[row.id] = row
    elif kind == "gene-info":
        source = f"ncbi{_release(path, 'gene-info', day)}"
        found = 0
        for gene in read_gene_info(path, entry.taxon, entry.prefix, source):
            known = rows.get(gene.registry)
            if known is not None and not known.obsolete:
                found += 1
                given = gene.synonyms if entry.prefix == "HGNC" else ()
                put = put_xrefs(known, (gene.curie,), ("NCBIGene",))
                changed[known.id] = add_synonyms(put, given, "ncbi") if given else put
        if not found:
            raise InputError(f"{path}: holds no gene of taxon {entry.taxon} that {entry.name} has")
    else:
        mapped, prefixes = read_exact(path, entry.prefix)
        for curie, xrefs in mapped.items():
            if curie in rows and not rows[curie].obsolete:
                changed[curie] = put_xrefs(rows[curie], xrefs, prefixes)
    return changed


def _release(path: Path, kind: str, day: date) -> str:
    """Return the month of a release, or the year of MeSH's: as the file says, else its name.

    A list of genes is of the month in which its last entry was changed.
    """
    said = release_of(path) if kind == "ontology" else ""
    if kind in {"hgnc", "gene-info"}:
        said = last_date(path, ("date_modified", "date_approved_reserved", "Modification_date"))
    if kind == "mesh":
        year = re.search(r"(?:19|20)\d\d", path.name)
        return year[0] if year is not None else str(day.year)
    match = _DATE.search(said) or _DATE.search(path.name)
    return f"{match[1]}-{match[2]}" if match is not None else f"{day:%Y-%m}"


def _digest(path: Path) -> str:
    digest = sha256()
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    for one in files:
        digest.update(one.read_bytes())
    return digest.hexdigest()


def write_table(updated: Updated, folder: Path) -> Path:
    """Write a table into a folder of tables, and its entry into the folder's manifest.

    The file is named after its content, and the manifest replaced when it is there, so that a
    reader finds the old table or the new one.

    Raises:
        VocabularyError: if the folder is that of the tables that ship, or cannot be written.
    """
    if folder.resolve() == vocabulary_folder().resolve():
        raise VocabularyError(f"{folder}: holds the tables that ship; choose another folder")
    name, digest = updated.entry.name, sha256(updated.packed).hexdigest()
    path = folder / f"{name}-{digest[:12]}.tsv.zst"
    shipped = _manifest(vocabulary_folder())[name]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = _manifest(folder)
        before = manifest.get(name, {}).get("file")
        manifest[name] = {
            **shipped,
            "file": path.name,
            "terms": len(updated.rows),
            "obsolete": sum(row.obsolete for row in updated.rows.values()),
            "bytes": len(updated.packed),
            "sha256": digest,
            "contents": [*updated.contents, f"on top of: {'; '.join(shipped['contents'])}"],
            "made_from": [{"file": file, "sha256": of} for file, of in updated.sources],
        }
        _replace(path, updated.packed)
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        _replace(folder / MANIFEST, f"{text}\n".encode())
        if before and before != path.name and Path(before).name == before:
            with suppress(OSError):
                (folder / before).unlink()
    except OSError as error:
        raise VocabularyError(f"{folder}: cannot be written ({error.strerror or error})") from error
    return path


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise VocabularyError(f"{folder / MANIFEST}: is no manifest of tables ({error})") from error
    return found


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
