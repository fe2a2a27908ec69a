"""Floor 5: mappings written as SSSOM, TSV or JSON.

`sssom_pydantic` writes the TSV; the JSON is what SSSOM's model gives, with a context that makes it
JSON-LD as well. Entities are CURIEs; each prefix that is used is declared, and no other.
"""

import io
import json
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kg.mappings.library import load_sssom
from kg.mappings.model import (
    ADDRESSES,
    NUMBERS,
    REFERENCES,
    VOCABULARIES,
    Mapping,
    MappingSet,
)
from kg.namespaces import SSSOM, iri_to_curie
from kg.prefixes import PREFIXES

if TYPE_CHECKING:
    from sssom_pydantic.api import MappingSetRecord
    from sssom_pydantic.models import Record

_CORE = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_LOCAL = re.compile(r"[^/#:=]+$")


class SssomFormat(StrEnum):
    """The ways to write SSSOM."""

    TSV = "sssom-tsv"
    JSON = "sssom-json"


def write_mappings(
    mappings: Iterable[Mapping],
    of: MappingSet,
    form: SssomFormat,
    *,
    labels: MappingABC[str, str],
) -> str:
    """Return mappings as a file of SSSOM, sorted; the same mappings give the same text.

    `labels` are what subjects and objects are called, by their IRIs.
    """
    load_sssom()
    from sssom_pydantic.api import MappingSetRecord  # noqa: PLC0415

    ordered = sorted(mappings, key=lambda one: (one.key(), one.slots))
    names = _Curies(ordered)
    records = [_record(one, names, labels) for one in ordered]
    header = {
        "mapping_set_id": of.id,
        "mapping_set_title": of.title,
        "mapping_set_description": of.description,
        "mapping_set_version": of.version,
        "license": of.license,
        "comment": of.comment,
    }
    metadata = MappingSetRecord.model_validate(
        {name: value for name, value in header.items() if value}
    )
    if form is SssomFormat.JSON:
        return _json(records, metadata, names.used)
    return _tsv(records, metadata, names.used)


def _record(one: Mapping, names: "_Curies", labels: MappingABC[str, str]) -> "Record":
    from sssom_pydantic.constants import MULTIVALUED  # noqa: PLC0415
    from sssom_pydantic.models import Record  # noqa: PLC0415

    fields: dict[str, Any] = {
        "subject_id": names.shorten(one.subject),
        "predicate_id": names.shorten(one.predicate),
        "predicate_modifier": "Not" if one.negated else None,
        "object_id": names.shorten(one.object),
        "mapping_justification": names.shorten(one.justification),
    }
    for name, value in one.slots:
        shown: str | float = names.shorten(value) if name in REFERENCES else value
        if name in NUMBERS:
            shown = float(value)
        if name in MULTIVALUED:
            fields.setdefault(name, []).append(shown)
        else:
            fields[name] = shown
    for name, iri in (("subject_label", one.subject), ("object_label", one.object)):
        if iri in labels:
            fields[name] = labels[iri]
    return Record.model_validate(
        {name: value for name, value in fields.items() if value is not None}
    )


def _tsv(records: list["Record"], metadata: "MappingSetRecord", prefixes: dict[str, str]) -> str:
    from curies import Converter  # noqa: PLC0415
    from sssom_pydantic.io import write_unprocessed  # noqa: PLC0415

    # What all have in common stays in the rows, so that the rows of two files can be compared.
    out = io.StringIO(newline="")
    write_unprocessed(
        records,
        out,
        metadata=metadata,
        converter=Converter.from_prefix_map(prefixes),
        prefixes=set(prefixes),
        # Those that have a value; without a mapping, those that a reader asks for.
        columns=None if records else _CORE,
        condense=False,
    )
    return out.getvalue().replace("\r\n", "\n")


def _json(records: list["Record"], metadata: "MappingSetRecord", prefixes: dict[str, str]) -> str:
    typed = {name: {"@type": "@id"} for name in sorted(REFERENCES | ADDRESSES)}
    document = {
        "@context": {
            "@vocab": SSSOM,
            **{name: {"@type": "@id"} for name in _CORE},
            **typed,
            # Written out, since a prefix that ends in "_" is else none in JSON-LD 1.1.
            **{name: {"@id": prefixes[name], "@prefix": True} for name in sorted(prefixes)},
        },
        **metadata.model_dump(exclude_none=True, mode="json"),
        "mappings": [record.model_dump(exclude_none=True, mode="json") for record in records],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


class _Curies:
    """Gives IRIs their CURIEs, and knows which prefixes were needed (`used`).

    An IRI of no registry that is known gets a prefix for what stands before its last part: `ns1`,
    `ns2`, ... in the order of the alphabet.
    """

    def __init__(self, mappings: Iterable[Mapping]) -> None:
        self.used: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._starts = sorted(
            ((start, name) for name, start in VOCABULARIES.items()),
            key=lambda pair: -len(pair[0]),
        )
        iris = sorted({iri for one in mappings for iri in _iris(one)})
        others = {
            _LOCAL.sub("", iri): None
            for iri in iris
            if iri_to_curie(iri) is None and not self._vocabulary(iri)
        }
        self._others = {start: f"ns{number}" for number, start in enumerate(others, start=1)}

    def shorten(self, iri: str) -> str:
        """Return the CURIE of an IRI."""
        if iri not in self._known:
            self._known[iri] = self._shorten(iri)
        return self._known[iri]

    def _shorten(self, iri: str) -> str:
        curie = iri_to_curie(iri)
        if curie is not None:
            name = curie.partition(":")[0]
            self.used[name] = PREFIXES[name].iri.removesuffix("$1")
            return curie
        name, start = self._vocabulary(iri) or ("", "")
        if not name:
            start = _LOCAL.sub("", iri)
            name = self._others[start]
        self.used[name] = start
        return f"{name}:{iri.removeprefix(start)}"

    def _vocabulary(self, iri: str) -> tuple[str, str] | None:
        found = ((name, start) for start, name in self._starts if iri.startswith(start))
        return next(found, None)


def _iris(one: Mapping) -> Iterable[str]:
    yield from (one.subject, one.predicate, one.object, one.justification)
    yield from (value for name, value in one.slots if name in REFERENCES)
