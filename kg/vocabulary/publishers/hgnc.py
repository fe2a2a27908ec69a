"""Floor 5: HGNC's complete set, and its list of withdrawn entries.

Columns are read by name: releases before 2019 say `gene_family` where later ones say `gene_group`,
and lack what was added since.
"""

from collections.abc import Iterator
from pathlib import Path

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.vocabulary.publishers.rows import Row
from kg.vocabulary.publishers.tsv import parts, read_tsv

_HUMAN = "NCBITaxon:9606"
_SYNONYMS = ("name", "alias_symbol", "alias_name", "prev_symbol", "prev_name")
_XREFS = (
    ("ensembl_gene_id", "ENSEMBL:"),
    ("mgd_id", ""),
    ("entrez_id", "NCBIGene:"),
    ("rgd_id", ""),
    ("uniprot_ids", "UniProt:"),
)
# As Ensembl calls what HGNC calls a locus type.
_BIOTYPES = {
    "gene with protein product": "protein_coding",
    "pseudogene": "pseudogene",
    "RNA, long non-coding": "lncRNA",
    "RNA, micro": "miRNA",
    "RNA, transfer": "tRNA",
    "RNA, small nucleolar": "snoRNA",
    "RNA, small nuclear": "snRNA",
    "RNA, ribosomal": "rRNA",
    "RNA, Y": "other_ncrna",
    "RNA, vault": "other_ncrna",
    "immunoglobulin gene": "IG_gene",
    "T cell receptor gene": "TR_gene",
    "readthrough": "other",
    "fragile site": "other",
    "endogenous retrovirus": "other",
    "complex locus constituent": "other",
    "region": "other",
}


def read_complete_set(path: Path, source: str) -> Iterator[Row]:
    """Yield the genes of HGNC's complete set; `source` is what its synonyms are marked with.

    Raises:
        InputError: if a column is missing, or a line has no HGNC id.
    """
    for number, cells in read_tsv(path, ("hgnc_id", "symbol", "name", "locus_type", "status")):
        curie = cells["hgnc_id"]
        if not curie.startswith("HGNC:") or not cells.get("symbol"):
            raise InputError(f"{path}:{number}: '{curie[:40]}' is no HGNC id with a symbol")
        status = cells.get("status", "Approved")
        if status != "Approved":
            yield Row(id=curie, label=cells["symbol"], obsolete=True, extra={"status": status})
            continue
        kind = cells.get("locus_type", "")
        found = (
            f"{prefix}{each}" for name, prefix in _XREFS for each in parts(cells.get(name, ""))
        )
        yield Row(
            id=curie,
            label=cells["symbol"],
            synonyms=tuple(
                Synonym(text=text, scope=Scope.EXACT, kind=name, source=source)
                for name in _SYNONYMS
                for text in parts(cells.get(name, ""))
                if text != cells["symbol"]
            ),
            xrefs=tuple(sorted(set(found))),
            extra={
                "biotype": _BIOTYPES.get(kind, "unknown"),
                "locus_type": kind,
                "name": cells.get("name", ""),
                "taxon": _HUMAN,
            },
        )


def read_withdrawn(path: Path) -> Iterator[Row]:
    """Yield the withdrawn entries of HGNC, each with those that it was merged into.

    Raises:
        InputError: if a column is missing.
    """
    merged = "MERGED_INTO_REPORT(S) (i.e HGNC_ID|SYMBOL|STATUS)"
    for _, cells in read_tsv(path, ("HGNC_ID", "STATUS", "WITHDRAWN_SYMBOL")):
        reports = next((text for name, text in cells.items() if name.startswith("MERGED")), "")
        into = [
            report.strip().split("|")[0] for report in (cells.get(merged) or reports).split(",")
        ]
        yield Row(
            id=cells["HGNC_ID"],
            label=cells.get("WITHDRAWN_SYMBOL", ""),
            obsolete=True,
            extra={
                "status": cells.get("STATUS", ""),
                "replaced_by": list(dict.fromkeys(one for one in into if one.startswith("HGNC:"))),
            },
        )
