"""Floor 5: FamPlex's CSV files, in a folder or in the ZIP file of its repository.

They have no header: entities (id); relations (namespace, id, isa or partof, FPLX, id; genes by
their symbols); grounding_map (a text, then pairs of a namespace and an id); equivalences
(namespace, id, entity); descriptions (entity, source, text).
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.vocabulary.publishers.rows import Row, unique

_FILES = ("entities", "relations", "grounding_map", "equivalences", "descriptions")
# FamPlex's namespaces of other registries that a cross-reference is made of, as CURIEs have them.
_PREFIXES = {
    "RE": "reactome",
    "MESH": "MESH",
    "IP": "InterPro",
    "HGNC_GROUP": "HGNC.GENEGROUP",
    "NCIT": "NCIT",
    "SIGNOR": "SIGNOR",
    "GO": "GO",
    "NXP": "nextprot.family",
    "PF": "PFAM",
    "ECCODE": "eccode",
    "COMPLEXPORTAL": "complexportal",
}
_RELATIONS = frozenset({"isa", "partof"})

_LARGEST = 64 << 20
"""Bytes that one of FamPlex's files may have; the largest that was seen has 160 kB."""


def read_famplex(path: Path, source: str, genes: Mapping[str, str]) -> list[Row]:
    """Return FamPlex's families and complexes; `genes` gives the CURIE of each gene symbol.

    Raises:
        InputError: if a file is missing, or a line is not as it should be.
    """
    files = {name: list(_read_csv(path, name)) for name in _FILES}
    entities = {cells[0]: line for line, cells in files["entities"] if cells and cells[0]}
    members: dict[str, list[tuple[str, str]]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    for line, cells in files["relations"]:
        if len(cells) != 5 or cells[2] not in _RELATIONS or cells[4] not in entities:
            raise InputError(f"{path}: relations.csv:{line}: no relation to an entity of FamPlex")
        space, identifier, relation, _, family = cells
        member = f"FPLX:{identifier}" if space == "FPLX" else genes.get(identifier, "")
        if member and space in {"FPLX", "HGNC"}:
            members[family].append((relation, member))
        if space == "FPLX":
            parents[identifier].append(f"FPLX:{family}")
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, cells in files["grounding_map"]:
        if len(cells) > 2 and cells[1] == "FPLX":
            names[cells[2]].append((cells[0].strip(), ""))
    xrefs: dict[str, list[str]] = defaultdict(list)
    for _, (space, identifier, family) in _threes(path, "equivalences", files["equivalences"]):
        if space == "BEL":
            names[family].append((identifier.strip(), "bel_name"))
        elif space in _PREFIXES:
            local = identifier.removeprefix(f"{_PREFIXES[space]}:")
            xrefs[family].append(f"{_PREFIXES[space]}:{local}")
    told = {cells[0]: cells for _, cells in _threes(path, "descriptions", files["descriptions"])}
    rows = []
    for entity in sorted(entities):
        readable = entity.replace("_", " ")
        texts = [(readable, "readable_label", "derived")] if readable != entity else []
        texts += [(text, kind, source) for text, kind in names[entity] if text != entity]
        extra: dict[str, object] = {
            "kind": _kind(members[entity]),
            "members": [list(each) for each in members[entity]],
            "leaf_members": sorted(_leaves(entity, members)),
        }
        if entity in told:
            extra["def_source"] = told[entity][1]
        synonyms = (
            Synonym(text=text, scope=Scope.EXACT, kind=kind, source=of) for text, kind, of in texts
        )
        rows.append(
            Row(
                id=f"FPLX:{entity}",
                label=entity,
                synonyms=tuple(unique(synonyms)),
                xrefs=tuple(sorted(set(xrefs[entity]))),
                parents=tuple(dict.fromkeys(parents[entity])),
                definition=told[entity][2] if entity in told else "",
                extra=extra,
            )
        )
    return rows


def _kind(members: list[tuple[str, str]]) -> str:
    return "complex" if any(relation == "partof" for relation, _ in members) else "family"


def _leaves(entity: str, members: Mapping[str, list[tuple[str, str]]]) -> set[str]:
    """Return the genes that belong to an entity, by any number of steps."""
    found: set[str] = set()
    waiting, seen = [entity], {entity}
    while waiting:
        for _, member in members.get(waiting.pop(), ()):
            inner = member.removeprefix("FPLX:")
            if inner == member:
                found.add(member)
            elif inner not in seen:
                seen.add(inner)
                waiting.append(inner)
    return found


def _threes(
    path: Path, name: str, lines: list[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in lines:
        if len(cells) != 3:
            raise InputError(f"{path}: {name}.csv:{line}: {len(cells)} columns where 3 should be")
        yield line, cells


def _read_csv(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered lines of one of FamPlex's files, of a folder or a ZIP file."""
    try:
        if path.is_dir():
            found = [one for one in path.glob("*.csv") if _is_file(one.name, name)]
            data = found[0].read_bytes() if found else None
        else:
            data = _unpack(path, name)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    if data is None:
        raise InputError(f"{path}: there is no {name}.csv of FamPlex in it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: {name}.csv is no UTF-8 text") from error
    reader = csv.reader(io.StringIO(text))
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(
            f"{path}: {name}.csv:{reader.line_num}: cannot be read as a table ({error})"
        ) from error


def _unpack(path: Path, name: str) -> bytes | None:
    """Return one of the files of a ZIP file, and not more than may be of one that lies."""
    with zipfile.ZipFile(path) as packed:
        inside = [one for one in packed.namelist() if _is_file(Path(one).name, name)]
        if not inside:
            return None
        with packed.open(min(inside, key=len)) as stream:
            data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise InputError(f"{path}: {name}.csv is larger than FamPlex can be ({_LARGEST >> 20} MB)")
    return data


def _is_file(file: str, name: str) -> bool:
    return file in {f"{name}.csv", f"famplex_{name}.csv"}
