"""Floor 7, above the stores: search in a graph: entities, papers and sentences by their words.

`words` says what of a text is compared, `asking` what is looked for when somebody searches;
`building` makes the index of a generation, a SQLite file, and `index` asks it; `places` knows where
it is and who makes it. Where there is none, `fallback` asks the graph itself.
"""

from kg.search.asking import LONGEST_QUERY
from kg.search.building import build_index
from kg.search.fallback import search_graph, suggest_names
from kg.search.found import KINDS, Found, Hit, Kind, Match, Place, Suggestion, Taken
from kg.search.index import Index
from kg.search.places import find_index, find_older_index, make_index, remove_spare
from kg.search.snippets import Part, plain

__all__ = [
    "KINDS",
    "LONGEST_QUERY",
    "Found",
    "Hit",
    "Index",
    "Kind",
    "Match",
    "Part",
    "Place",
    "Suggestion",
    "Taken",
    "build_index",
    "find_index",
    "find_older_index",
    "make_index",
    "plain",
    "remove_spare",
    "search_graph",
    "suggest_names",
]
