"""Floor 9: which records a person means: a source by its name, a paper by an identifier."""

from collections.abc import Sequence
from pathlib import Path

from kg.errors import InputError
from kg.namespaces import iri_to_curie, parse_curie
from kg.publications import normalise_identifier
from kg.publications.identity import identifier_keys
from kg.readers import source_of
from kg.store.records import RecordStore

_SHORTEST_DIGEST = 6


def find_sources(names: Sequence[str], records: RecordStore) -> list[int]:
    """Return the numbers of sources: by name, by the beginning of the digest, or by a file's path.

    Raises:
        InputError: if there is none of a name, or several.
    """
    named = {number: source for number, (source, _) in records.sources().items()}
    chosen = []
    for name in names:
        found = [number for number, source in named.items() if source.name == name]
        if not found and len(name) >= _SHORTEST_DIGEST:
            found = [n for n, source in named.items() if source.sha256.startswith(name.lower())]
        if not found and (path := Path(name)).is_file():
            sha256 = source_of(path).sha256
            found = [n for n, source in named.items() if source.sha256 == sha256]
            found = found or [n for n, source in named.items() if source.name == path.name]
        if not found:
            known = ", ".join(sorted(source.name for source in named.values())) or "none"
            raise InputError(f"no source '{name}' is in the graph; there are: {known}")
        if len(found) > 1:
            digests = ", ".join(sorted(named[number].sha256[:12] for number in found))
            raise InputError(
                f"'{name}' is the name of {len(found)} sources; give a digest: {digests}"
            )
        chosen += found
    return sorted(set(chosen))


def find_papers(names: Sequence[str], records: RecordStore, base: str) -> list[int]:
    """Return the numbers of the records of papers.

    A paper is named by "PMID:17265423", a bare PMID, a PMCID, a DOI, any IRI of these, or the IRI
    or key that was made for it ("cit-...").

    Raises:
        InputError: if a name is none of these, or no record has it.
    """
    chosen: list[int] = []
    for name in names:
        key = _key_of(name.strip(), base)
        if key is None:
            raise InputError(
                f"'{name}' names no paper; give a PMID, a PMCID (PMC...), a DOI (10....), or the "
                "paper's IRI"
            )
        found = records.find_key(key)
        if not found:
            raise InputError(f"no paper '{name}' is in the graph")
        chosen += found
    return sorted(set(chosen))


def _key_of(name: str, base: str) -> str | None:
    if name.startswith("cit-"):
        return name
    if (key := name.removeprefix(f"{base}paper/")) != name:
        return key
    identifier = identifier_of(name)
    return None if identifier is None else next(identifier_keys(dict([identifier])), None)


def identifier_of(name: str) -> tuple[str, str] | None:
    """Return which identifier of a paper a text is, and in its one form, or None.

    >>> identifier_of("17265423"), identifier_of("https://doi.org/10.1038/NI.1695")
    (('PMID', '17265423'), ('DOI', '10.1038/ni.1695'))
    """
    curie = iri_to_curie(name) or parse_curie(name) or ""
    prefix, _, local = curie.partition(":")
    if prefix not in ("PMID", "PMCID", "DOI"):
        local = name
        prefix = "PMID" if name.isdigit() else "DOI"
        prefix = "PMCID" if name.upper().startswith("PMC") else prefix
    normal = normalise_identifier(prefix, local)
    return (prefix, normal) if normal else None
