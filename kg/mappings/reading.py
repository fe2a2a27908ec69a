"""Floor 5: SSSOM files, TSV or JSON, read as mappings.

Two stages: the values of a row are checked against SSSOM's model, by `sssom_pydantic`; then its
CURIEs become IRIs by the prefixes that the file declares, and IRIs of a registry that is known here
the one form that is used here. Rows are read one by one, so that memory does not grow with a file.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode

from kg.errors import InputError
from kg.mappings.library import load_sssom
from kg.mappings.model import (
    ADDRESSES,
    CORE,
    MATCHES,
    NUMBERS,
    OF_THE_FILE,
    REFERENCES,
    VOCABULARIES,
    Mapping,
    MappingSet,
    number_text,
)
from kg.model import Locator, Problem
from kg.namespaces import curie_to_iri, iri_to_curie, parse_curie

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_LARGEST_CELL = 10_000_000  # characters

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """A file of mappings that is read as `rows` are taken, in its order."""

    set: MappingSet
    rows: Iterator[Mapping | Problem]


def read_mappings(path: Path, *, metadata: Path | None = None) -> MappingFile:
    """Read a file of mappings: SSSOM as TSV or JSON, told by how it begins.

    `metadata` is a YAML file that has what else stands at the top of a TSV file.

    Raises:
        InputError: if it cannot be read, or is no SSSOM.

    """
    external = _yaml(_text(metadata), metadata) if metadata is not None else {}
    text = _text(path)
    if text.lstrip()[:1] in ("{", "["):
        header, rows = _from_json(text, path)
        form = "sssom-json"
    else:
        header, rows = _from_tsv(text, path)
        form = "sssom-tsv"
    header = {**external, **header}
    reader = _Reader(path, form, header)
    return MappingFile(set=_mapping_set(header), rows=reader.read(rows))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no text in UTF-8 ({error.reason})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _yaml(text: str, path: Path | None, line: int = 1) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = line + (mark.line if mark is not None else 0)
        said = getattr(error, "problem", None) or "it cannot be read"
        raise InputError(
            f"{path}:{place}: the metadata is no YAML ({said}); "
            "an IRI that ends in a colon needs quotes"
        ) from error
    if not isinstance(loaded, dict):
        raise InputError(f"{path}:{line}: the metadata should be keys and values, in YAML")
    return loaded


def _from_tsv(text: str, path: Path) -> tuple[dict[str, Any], Iterator[tuple[int, _Row]]]:
    lines = io.StringIO(text).readlines()  # which end in a line feed, and nowhere else
    count = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _yaml("".join(line[1:] for line in lines[:count]), path)
    columns = [name.strip() for name in lines[count].split("\t")] if count < len(lines) else []
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise InputError(
            f"{path}:{count + 1}: is no table of mappings in SSSOM: it has no column "
            f"{' and none '.join(missing)}; columns are parted by tabs"
        )

    def rows() -> Iterator[tuple[int, _Row]]:
        csv.field_size_limit(_LARGEST_CELL)
        reader = csv.DictReader(lines[count + 1 :], columns, delimiter="\t")
        try:
            for row in reader:
                cells = {
                    name: cell.strip()
                    for name, cell in row.items()
                    if name and isinstance(cell, str) and cell.strip()
                }
                if cells:
                    yield count + 1 + reader.line_num, cells
        except csv.Error as error:
            line = count + 1 + reader.line_num
            raise InputError(f"{path}:{line}: cannot be read as a table ({error})") from error

    return header, rows()


def _from_json(text: str, path: Path) -> tuple[dict[str, Any], Iterator[tuple[int, _Row]]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON ({error})") from error
    mappings = document.get("mappings") if isinstance(document, dict) else None
    if not isinstance(mappings, list):
        raise InputError(f"{path}: is no SSSOM: it should be an object with a list 'mappings'")
    header = {key: value for key, value in document.items() if key != "mappings"}
    context = header.pop("@context", None)
    header.setdefault("curie_map", _prefixes_of(context))

    def rows() -> Iterator[tuple[int, _Row]]:
        for number, row in enumerate(mappings, start=1):
            cells = row if isinstance(row, dict) else {}
            yield number, {name: cell for name, cell in cells.items() if cell not in (None, "", [])}

    return header, rows()


def _prefixes_of(context: object) -> dict[str, str]:
    """Return the prefixes that a context of JSON-LD declares."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for name, value in part.items() if isinstance(part, dict) else ():
            if isinstance(value, dict):
                value = value.get("@id") if value.get("@prefix") is True else None  # noqa: PLW2901
            if isinstance(value, str) and not name.startswith("@"):
                found[name] = value
    return found


def _mapping_set(header: dict[str, Any]) -> MappingSet:
    return MappingSet(
        id=str(header.get("mapping_set_id") or ""),
        title=str(header.get("mapping_set_title") or ""),
        description=str(header.get("mapping_set_description") or ""),
        version=str(header.get("mapping_set_version") or ""),
        license=str(header.get("license") or ""),
        comment=str(header.get("comment") or ""),
    )


class _Reader:
    """Reads rows by what the file says of all of them."""

    def __init__(self, path: Path, form: str, header: dict[str, Any]) -> None:
        load_sssom()
        from sssom_pydantic.constants import DEFAULT_PREFIX_MAP, PROPAGATABLE  # noqa: PLC0415

        self._path = path
        self._form = form
        declared = header.get("curie_map") or {}
        if not isinstance(declared, dict):
            raise InputError(f"{path}: the curie_map should have an IRI for each prefix")
        self._prefixes = {str(name): str(iri) for name, iri in declared.items()}
        self._builtin = {**VOCABULARIES, **DEFAULT_PREFIX_MAP}
        self._propagated = {
            name: _plain(value) for name, value in header.items() if name in PROPAGATABLE
        }

    def read(self, rows: Iterable[tuple[int, _Row]]) -> Iterator[Mapping | Problem]:
        """Yield a mapping for each row, or what is wrong with it."""
        from sssom_pydantic.constants import BUILTIN_CONVERTER  # noqa: PLC0415
        from sssom_pydantic.io import row_to_record  # noqa: PLC0415

        for line, row in rows:
            try:
                record = row_to_record({**self._propagated, **row}, converter=BUILTIN_CONVERTER)
                yield self._mapping(record.model_dump(exclude_none=True))
            except ValueError as error:
                yield self._problem(line, row, error)

    def _mapping(self, record: dict[str, Any]) -> Mapping:
        predicate = self._iri("predicate_id", record["predicate_id"])
        if predicate not in MATCHES:
            raise ValueError(
                f"predicate_id: {record['predicate_id']} is none of "
                f"{', '.join(f'skos:{name}' for name in MATCHES.values())}"
            )
        slots: list[tuple[str, str]] = []
        for name, value in record.items():
            if name in CORE or name in OF_THE_FILE:
                continue
            values = value if isinstance(value, list) else [value]
            slots += [(name, given) for one in values if (given := self._value(name, one))]
        return Mapping(
            subject=self._iri("subject_id", record["subject_id"]),
            predicate=predicate,
            object=self._iri("object_id", record["object_id"]),
            justification=self._iri("mapping_justification", record["mapping_justification"]),
            negated=record.get("predicate_modifier") == "Not",
            slots=tuple(sorted(set(slots))),
        )

    def _value(self, name: str, value: object) -> str:
        if name in REFERENCES:
            return self._iri(name, str(value))
        if name in NUMBERS:
            return number_text(str(value))
        shown = _scalar(value)
        return _checked(name, shown) if name in ADDRESSES and "://" in shown else shown

    def _iri(self, name: str, text: str) -> str:
        """Return the IRI of an entity, in the form used here where its registry is known."""
        prefix, _, local = text.partition(":")
        start = self._prefixes.get(prefix) or self._builtin.get(prefix)
        if start is None and not local.startswith("//"):
            curie = parse_curie(text)
            if curie is None:
                raise ValueError(f"{name}: the prefix of '{text}' is not in the file's curie_map")
            return curie_to_iri(curie)
        iri = f"{start}{local}" if start is not None else text
        curie = iri_to_curie(iri)
        if curie is not None:
            return curie_to_iri(curie)
        return _checked(name, iri)

    def _problem(self, line: int, row: _Row, error: ValueError) -> Problem:
        errors = getattr(error, "errors", None)
        if errors is not None:
            # What pydantic found: "confidence: Input should be less than or equal to 1".
            found = errors()[0]
            message = f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
        else:
            message = str(error)
        return Problem(
            locator=Locator(path=str(self._path), format=self._form, line=line),
            code="bad-mapping",
            message=message,
            field=message.partition(":")[0],
            raw=json.dumps(row, ensure_ascii=False, default=str),
            lost=True,
        )


def _checked(name: str, iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError:
        raise ValueError(f"{name}: '{iri}' is no CURIE and no IRI") from None


def _plain(value: object) -> str | list[str]:
    """Return a value of the metadata as a row has it: YAML makes numbers and dates of some."""
    if isinstance(value, list):
        return [_scalar(one) for one in value]
    return _scalar(value)


def _scalar(value: object) -> str:
    # A cell of a table has no space around it, so what JSON has is the same without.
    return value.isoformat() if isinstance(value, date) else str(value).strip()
