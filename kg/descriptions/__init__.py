"""Floor 8: what a graph says of one thing: bounded, put in order, with names that people can read.

graph, IRI -> Description (`edges`): outgoing and incoming statements, by property
              Paper (`papers`), Entity (`entities`), OntologyTerm (`ontology`): what is more of some
              Statement, Evidence (`statements`), Sentence (`sentences`): what they are made of
graph -> which papers and entities there are, page by page (`literature`)
IRIs -> names (`naming`)           IRI -> what stands in its place (`aliases`)

All is read by SPARQL, so that a graph elsewhere can stand in for one on disk.
"""

from kg.descriptions.aliases import find_successor, is_known
from kg.descriptions.edges import describe_node, describe_outgoing, read_page
from kg.descriptions.model import Description, Edge, Edges, Readable
from kg.descriptions.naming import Names, shorten

__all__ = [
    "Description",
    "Edge",
    "Edges",
    "Names",
    "Readable",
    "describe_node",
    "describe_outgoing",
    "find_successor",
    "is_known",
    "read_page",
    "shorten",
]
