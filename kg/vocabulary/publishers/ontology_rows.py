"""Floor 5: the terms of an ontology as the rows of its table."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.model import Scope, Synonym
from kg.namespaces import OBO
from kg.vocabulary.ontologies import OntologyTerm, read_ontology
from kg.vocabulary.ontologies.terms import shown_curie
from kg.vocabulary.publishers.catalog import Entry
from kg.vocabulary.publishers.rows import Row, unique

_PART_OF = frozenset({f"{OBO}BFO_0000050", f"{OBO}uberon/core#part_of", f"{OBO}go#part_of"})
_REGULATES = frozenset(
    f"{OBO}{name}" for name in ("RO_0002211", "RO_0002212", "RO_0002213")
) | frozenset(
    f"{OBO}go#{name}" for name in ("regulates", "positively_regulates", "negatively_regulates")
)


def read_ontology_rows(path: Path, entry: Entry, source: str, wanted: set[str]) -> list[Row]:
    """Return the rows of an ontology's own terms, by the rules of its table.

    Of a table that is a subset the rows are those `wanted`, and all above them: the file is gone
    through again as long as that brings new ones.

    Raises:
        InputError: if the file is no ontology.
    """
    if not entry.is_subset:
        return list(_rows(path, entry, source, None))
    rows: dict[str, Row] = {}
    asked = set(wanted)
    while asked:
        new = {row.id: row for row in _rows(path, entry, source, asked)}
        rows |= new
        asked = {one for row in new.values() for one in row.parents} - rows.keys()
        if not new:
            break
    return list(rows.values())


def release_of(path: Path) -> str:
    """Return the version that an ontology says it is."""
    return read_ontology(path).version


def _rows(path: Path, entry: Entry, source: str, wanted: set[str] | None) -> Iterator[Row]:
    own = f"{entry.prefix}:"
    terms = read_ontology(path).terms
    held = [term for term in terms if term.id.startswith(own)] if wanted is None else terms
    # Where an ontology tells which of its cross-references are exact, the others are not.
    tells_exact = wanted is None and any(term.exact for term in held)
    for term in held:
        if wanted is not None and term.id not in wanted and not wanted.intersection(term.alt_ids):
            continue
        if term.id.startswith(own):
            yield _row(term, entry, source, tells_exact=tells_exact)


def _row(term: OntologyTerm, entry: Entry, source: str, *, tells_exact: bool) -> Row:
    own = f"{entry.prefix}:"
    relations: dict[str, list[str]] = defaultdict(list)
    for name, target in term.relations:
        if target.startswith(own):
            if name in _PART_OF:
                relations["part_of"].append(target)
            elif name in _REGULATES:
                relations["regulates"].append(target)
    parents = [one for one in term.parents if one.startswith(own)]
    if entry.has_parts:
        parents += relations.pop("part_of", [])
    extra: dict[str, Any] = {
        "namespace": term.namespace if entry.prefix == "GO" else "",
        "alt_ids": [one for one in term.alt_ids if one.startswith(own)],
        "rank": dict(term.properties).get("rank", "").rpartition(":")[2],
    }
    if entry.prefix == "GO":
        extra |= {name: sorted(set(targets)) for name, targets in relations.items()}
    if term.obsolete:
        extra["replaced_by"] = [shown_curie(one) or one for one in term.replaced_by]
        extra["consider"] = [shown_curie(one) or one for one in term.consider]
    found = term.exact if tells_exact else term.xrefs
    return Row(
        id=term.id,
        label=term.label,
        synonyms=tuple(
            unique(
                replace(one, kind="", source=source)
                for one in sorted(term.synonyms, key=_order)
                if one.scope in entry.scopes and one.text != term.label
            )
        ),
        xrefs=tuple(
            sorted({one for one in found if one.partition(":")[0] in entry.xrefs | entry.shared})
        ),
        parents=tuple(dict.fromkeys(parents)) if not term.obsolete else (),
        obsolete=term.obsolete,
        definition=term.definition,
        extra={name: value for name, value in extra.items() if value},
    )


def _order(synonym: Synonym) -> bool:
    return synonym.scope is not Scope.EXACT
