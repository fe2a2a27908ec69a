"""Floor 5: a table's new rows and its old ones: what is kept, and what the two differ in.

What a publisher gives replaces what it gave before. What others gave (loose names from NCBI Gene,
MeSH's entry terms among taxa, mappings) is kept for the terms that there still are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.model import Scope, Synonym
from kg.vocabulary.publishers.catalog import Entry
from kg.vocabulary.publishers.rows import Row, unique

# Kinds of names that a gene had, and had alone.
_FORMER = "former_label"
_RELEASE = re.compile(r"[\d-]+$")
_OBSOLETE = re.compile(r"^obsolete[ _]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What changed between two versions of a table.

    `gained` and `lost` are terms with their labels, `renamed` with the old and the new one,
    `obsoleted` with the old label and what stands in their place (empty where nothing does, or one
    of several).
    """

    gained: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str, str], ...] = ()
    obsoleted: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.gained or self.lost or self.renamed or self.obsoleted)


def merge_rows(
    old: Mapping[str, Row], new: Iterable[Row], entry: Entry, *, partial: bool
) -> dict[str, Row]:
    """Return the rows of a table after a download: in the old order, new terms at the end.

    Terms that were withdrawn before stay so, also where the download does not list them. A term
    that is listed no more is withdrawn where the download tells its successor, which has its id
    among its alternative ones, or its symbol among its previous ones; else it is gone, unless the
    download is `partial`.
    """
    fresh = {row.id: row for row in new}
    successors = {} if partial else _find_successors(old, fresh)
    rows: dict[str, Row] = {}
    for curie, row in old.items():
        if curie in fresh:
            rows[curie] = _merge(row, fresh[curie], entry)
        elif curie in successors:
            rows[curie] = _withdraw(row, successors[curie])
        elif row.obsolete or partial:
            rows[curie] = row
    for curie in sorted(fresh.keys() - old.keys(), key=_in_order):
        rows[curie] = fresh[curie]
    return pass_labels_on(old, rows)


def pass_labels_on(old: Mapping[str, Row], rows: dict[str, Row]) -> dict[str, Row]:
    """Give successors the labels of the terms that they replace, so that texts still find them.

    A name is exact where the successor replaces the term, and related where it is to be considered.
    """
    named: dict[str, list[tuple[str, Scope]]] = defaultdict(list)
    for curie, row in rows.items():
        before = old.get(curie)
        if row.obsolete and before is not None and not before.obsolete and row.successor in rows:
            scope = Scope.EXACT if row.extra.get("replaced_by") else Scope.RELATED
            named[row.successor].append((_OBSOLETE.sub("", before.label), scope))
    for curie, labels in named.items():
        row = rows[curie]
        added = tuple(
            Synonym(text=label, scope=scope, kind=_FORMER, source="kg")
            for label, scope in dict.fromkeys(labels)
            if label not in row.names
        )
        rows[curie] = replace(row, synonyms=(*row.synonyms, *added))
    return rows


def compare_rows(old: Mapping[str, Row], new: Mapping[str, Row]) -> Differences:
    """Return what changed between two versions of a table, in the order of ids."""
    live_before = {curie for curie, row in old.items() if not row.obsolete}
    live = {curie for curie, row in new.items() if not row.obsolete}
    obsoleted = sorted((live_before - live) & new.keys(), key=_in_order)
    return Differences(
        gained=tuple((one, new[one].label) for one in sorted(live - live_before, key=_in_order)),
        lost=tuple(
            (one, old[one].label) for one in sorted(live_before - new.keys(), key=_in_order)
        ),
        renamed=tuple(
            (one, old[one].label, new[one].label)
            for one in sorted(live_before & live, key=_in_order)
            if old[one].label != new[one].label
        ),
        obsoleted=tuple((one, old[one].label, new[one].successor) for one in obsoleted),
    )


def _merge(old: Row, new: Row, entry: Entry) -> Row:
    """Return a row of a download with what others than its publisher gave to the old one."""
    if new.obsolete:
        kept = {name: old.extra[name] for name in ("replaced_by", "consider") if name in old.extra}
        return replace(new, extra={**kept, **new.extra}) if old.obsolete else new
    others = (one for one in old.synonyms if not _is_publishers(one, entry))
    synonyms = (one for one in (*new.synonyms, *others) if one.text != new.label)
    given = entry.xrefs | (entry.shared & {one.partition(":")[0] for one in new.xrefs})
    xrefs = {*new.xrefs, *(one for one in old.xrefs if one.partition(":")[0] not in given)}
    parents = [one for one in old.parents if not one.startswith(f"{entry.prefix}:")]
    own = {"replaced_by", "consider", "status", "part_of", "regulates"}
    extra = {name: value for name, value in old.extra.items() if name not in own}
    if alternative := {*old.extra.get("alt_ids", ()), *new.extra.get("alt_ids", ())}:
        # An id that was merged into a term stays so.
        new = replace(new, extra={**new.extra, "alt_ids": sorted(alternative)})
    if entry.kind == "hgnc" and _is_same_kind(old, new):
        # Ensembl's word for what a gene makes is finer than what is made of HGNC's.
        new = replace(new, extra={**new.extra, "biotype": old.extra["biotype"]})
    return replace(
        new,
        synonyms=tuple(unique(synonyms)),
        xrefs=tuple(sorted(xrefs)),
        parents=tuple(dict.fromkeys((*new.parents, *parents))),
        definition=new.definition or old.definition,
        extra={**extra, **new.extra},
    )


def _is_same_kind(old: Row, new: Row) -> bool:
    return bool(old.extra.get("biotype")) and old.extra.get("locus_type") == new.extra["locus_type"]


def _is_publishers(synonym: Synonym, entry: Entry) -> bool:
    if entry.kind == "famplex" and synonym.kind == "readable_label":
        return True
    return _RELEASE.sub("", synonym.source) == entry.tag


def _find_successors(old: Mapping[str, Row], fresh: Mapping[str, Row]) -> dict[str, str]:
    """Return what terms that are not listed any more were merged into, as the new rows tell it."""
    gone = {curie for curie, row in old.items() if curie not in fresh and not row.obsolete}
    named: dict[str, set[str]] = defaultdict(set)
    symbols = {row.label for row in fresh.values() if not row.obsolete}
    for row in fresh.values():
        if row.obsolete:
            continue
        for other in row.extra.get("alt_ids", ()):
            named[other].add(row.id)
        for one in row.synonyms:
            if one.kind == "prev_symbol":
                named[one.text].add(row.id)
    found = {}
    for curie in gone:
        label = old[curie].label
        merged = named.get(curie) or (set() if label in symbols else named.get(label, set()))
        if len(merged) == 1:
            found[curie] = next(iter(merged))
    return found


def _withdraw(row: Row, successor: str) -> Row:
    return Row(
        id=row.id,
        label=row.label,
        obsolete=True,
        definition=row.definition,
        extra={"replaced_by": [successor]},
    )


def _in_order(curie: str) -> tuple[str, int, str]:
    prefix, _, local = curie.partition(":")
    return prefix, int(local) if local.isdecimal() else -1, local


def add_synonyms(row: Row, synonyms: Iterable[Synonym], publisher: str) -> Row:
    """Return a row with what a publisher gives in place of what it gave before."""
    others = (one for one in row.synonyms if not one.source.startswith(publisher))
    given = (one for one in synonyms if one.text != row.label)
    return replace(row, synonyms=tuple(unique((*others, *given))))


def put_xrefs(row: Row, xrefs: Iterable[str], prefixes: Iterable[str]) -> Row:
    """Return a row with cross-references in place of those with the same prefixes."""
    replaced = set(prefixes)
    kept: Iterator[str] = (one for one in row.xrefs if one.partition(":")[0] not in replaced)
    return replace(row, xrefs=tuple(sorted({*kept, *xrefs})))
