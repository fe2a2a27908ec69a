"""Floor 5: NCBI Gene's gene_info: loose names of genes, and their ids, added to other tables.

Its aliases are noisy (one is listed for genes that only stand near), so they are RELATED.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.model import Scope, Synonym
from kg.vocabulary.publishers.tsv import parts, read_tsv

_NEEDED = ("tax_id", "GeneID", "Symbol", "Synonyms", "dbXrefs")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneInfo:
    """A gene: its NCBI Gene id, the id of its nomenclature, and its names."""

    curie: str
    registry: str
    synonyms: tuple[Synonym, ...]


def read_gene_info(path: Path, taxon: str, prefix: str, source: str) -> Iterator[GeneInfo]:
    """Yield the genes of a taxon that have an id of a registry (HGNC, MGI, RGD).

    Raises:
        InputError: if a column is missing.
    """
    for _, cells in read_tsv(path, _NEEDED):
        if cells["tax_id"] != taxon:
            continue
        registry = _own_id(parts(cells.get("dbXrefs", "")), prefix)
        if not registry:
            continue
        aliases = parts(cells.get("Synonyms", ""))
        designations = parts(cells.get("Other_designations", ""))
        yield GeneInfo(
            curie=f"NCBIGene:{cells['GeneID']}",
            registry=registry,
            synonyms=tuple(
                Synonym(text=text, scope=Scope.RELATED, kind=kind, source=source)
                for kind, texts in (("ncbi_alias", aliases), ("ncbi_designation", designations))
                for text in texts
            ),
        )


def _own_id(xrefs: list[str], prefix: str) -> str:
    """Return the id of a registry among cross-references.

    >>> _own_id(["MIM:146660", "HGNC:HGNC:6023"], "HGNC"), _own_id(["RGD:2904"], "RGD")
    ('HGNC:6023', 'RGD:2904')
    """
    for xref in xrefs:
        name, _, local = xref.partition(":")
        if name == prefix:
            return f"{prefix}:{local.removeprefix(f'{prefix}:')}"
    return ""
