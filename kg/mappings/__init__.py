"""Floor 5: mappings between vocabularies, as SSSOM files hold them; nothing of graphs.

    SSSOM (TSV or JSON) -> rows -> records, whose values are checked -> Mapping, in IRIs

A row that cannot be used is a value (`kg.model.Problem`), with its line; a file that is no SSSOM
raises `InputError`.
"""

from kg.mappings.model import MATCHES, Mapping, MappingSet
from kg.mappings.reading import MappingFile, read_mappings
from kg.mappings.writing import SssomFormat, write_mappings

__all__ = [
    "MATCHES",
    "Mapping",
    "MappingFile",
    "MappingSet",
    "SssomFormat",
    "read_mappings",
    "write_mappings",
]
