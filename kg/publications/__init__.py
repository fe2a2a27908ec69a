"""Floor above the model: Record -> Publication. What a paper's identity is, and who shares it.

Pure. The same records in any order give the same publications in the same order. Records that
share a key are one paper; records with different PMIDs never are, whatever else they share.
"""

from kg.publications.identity import (
    KEY_KINDS,
    fingerprint,
    journal_initials,
    key_to_curie,
    make_keys,
    normalise_identifier,
    normalise_title,
)
from kg.publications.merging import merge_records
from kg.publications.searching import search_pubmed

__all__ = [
    "KEY_KINDS",
    "fingerprint",
    "journal_initials",
    "key_to_curie",
    "make_keys",
    "merge_records",
    "normalise_identifier",
    "normalise_title",
    "search_pubmed",
]
