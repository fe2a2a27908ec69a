"""Floor 5: ontologies of others: read from their publishers' formats, and kept to be looked up.

terms       what an ontology says of a class
opening     a file's text, unpacked; its syntax, told from its content
obo, obographs, owl
            the syntaxes
files       several ontologies in one SQLite file, looked up term by term
"""

from kg.vocabulary.ontologies.files import (
    Description,
    Extent,
    OntologyFile,
    OntologyTerms,
    write_ontologies,
)
from kg.vocabulary.ontologies.opening import read_ontology
from kg.vocabulary.ontologies.terms import Ontology, OntologyTerm

__all__ = [
    "Description",
    "Extent",
    "Ontology",
    "OntologyFile",
    "OntologyTerm",
    "OntologyTerms",
    "read_ontology",
    "write_ontologies",
]
