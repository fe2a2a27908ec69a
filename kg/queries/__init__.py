"""Floor 8: saved queries: questions written once in SPARQL, asked with names.

    `.rq` file -> SavedQuery -> parameters resolved -> text bound -> Answer

`saved` reads the files, `scopes` proves that their parameters reach everywhere they are used,
`parameters` turns names into terms, `binding` puts terms into the text, `run` asks the graph;
`executables` writes the queries as RDF.
"""

from kg.queries.parameters import Lexicon, Queryable, Resolved
from kg.queries.run import Answer, Value, prepare_query, run_query
from kg.queries.saved import (
    Column,
    Example,
    Parameter,
    ParameterType,
    SavedQuery,
    load_saved_queries,
    load_saved_query,
)

__all__ = [
    "Answer",
    "Column",
    "Example",
    "Lexicon",
    "Parameter",
    "ParameterType",
    "Queryable",
    "Resolved",
    "SavedQuery",
    "Value",
    "load_saved_queries",
    "load_saved_query",
    "prepare_query",
    "run_query",
]
