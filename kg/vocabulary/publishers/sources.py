"""Floor 5: which publisher's download a file is, told from its content."""

import re
import zipfile
from collections import Counter
from pathlib import Path

from kg.errors import InputError
from kg.vocabulary.ontologies.opening import opened, tell_syntax
from kg.vocabulary.publishers.catalog import CATALOG, Entry, Kind

_HEAD = 1 << 16
_OBO_NAME = re.compile(r"/obo/([a-z]+)[./]")
_TOLD = 2000  # terms of an ontology that are looked at


def tell_kind(path: Path) -> Kind:
    """Return the kind of a download.

    Raises:
        InputError: if it cannot be read, or is none that is known.
    """
    if path.is_dir() or zipfile.is_zipfile(path):
        return "famplex"
    with opened(path) as stream:
        head = stream.read(_HEAD)
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].rstrip(b"\r")
    columns = first.decode("utf-8", "replace").lstrip("#").split("\t")
    if {"hgnc_id", "symbol", "status"} <= set(columns):
        return "hgnc"
    if columns[:2] == ["HGNC_ID", "STATUS"]:
        return "hgnc-withdrawn"
    if {"tax_id", "GeneID", "Synonyms", "dbXrefs"} <= set(columns):
        return "gene-info"
    if b"<DescriptorRecordSet" in head:
        return "mesh"
    body = [line for line in head.split(b"\n") if not line.startswith(b"#")]
    if body and {b"subject_id", b"predicate_id", b"object_id"} <= set(
        body[0].rstrip().split(b"\t")
    ):
        return "sssom"
    if tell_syntax(head):
        return "ontology"
    raise InputError(
        f"{path}: is no download that is known: HGNC's complete set or withdrawn entries, NCBI "
        "gene_info, an ontology (OBO, obographs JSON, OWL), MeSH descriptors in XML, SSSOM, or the "
        "folder or ZIP file of FamPlex"
    )


def tell_table(path: Path) -> Entry:
    """Return the table that a download is for, where one file tells it alone.

    Raises:
        InputError: if it does not.
    """
    kind = tell_kind(path)
    if kind == "ontology":
        from kg.vocabulary.ontologies import read_ontology  # noqa: PLC0415

        ontology = read_ontology(path)
        named = _OBO_NAME.search(ontology.iri)
        known = _own(named[1]) if named is not None else None
        if known is not None:
            return known
        prefixes: Counter[str] = Counter()
        for number, term in enumerate(ontology.terms):
            prefixes[term.id.partition(":")[0]] += 1
            if number > _TOLD:
                break
        found = next((one for prefix, _ in prefixes.most_common() if (one := _own(prefix))), None)
        if found is not None:
            return found
    elif kind not in {"gene-info", "sssom"}:
        wanted = "hgnc" if kind == "hgnc-withdrawn" else kind
        return next(each for each in CATALOG if each.kind == wanted)
    raise InputError(f"{path}: does not tell which vocabulary it is for; name one")


def _own(prefix: str) -> Entry | None:
    entry = next((each for each in CATALOG if each.prefix.casefold() == prefix.casefold()), None)
    return entry if entry is not None and entry.kind == "ontology" else None
