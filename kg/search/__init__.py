"""Floor 7: text search over a graph: entities, papers and sentences by the words that they have.

words        a text -> the words that are compared     pure
asking       what is searched for -> what to look for  pure
building     a generation -> its index, a SQLite file
index        asks it
places       where it is, and who makes it
fallback     asks the graph itself, where there is no index
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
