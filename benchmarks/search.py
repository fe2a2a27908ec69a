"""Speed of search: one line a figure.

    python -m benchmarks.search large.kg [--queries 500]

The index of the graph is made anew, in a temporary folder. What is searched for is drawn, always
alike, from the graph: labels of entities that are mentioned, two of them together, words of titles,
authors; and words that very many sentences have. What is suggested for is each of these as it is
typed, from its first letter to its tenth. Where there is no index the graph is asked itself.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pyoxigraph import QuerySolutions

from kg.search import Index, build_index, search_graph, suggest_names
from kg.store import Graph, open_graph

_SEED = 7
_LETTERS = 10
_FALLBACKS = 10
_COMMON = ("patients", "cells", "disease", "human", "the")
_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "kg": "https://w3id.org/litkg/ontology#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
_LABELS = "SELECT DISTINCT ?label { ?paper kg:mentions ?e . ?e rdfs:label ?label }"
_TITLES = "SELECT ?label { ?paper dcterms:title ?label }"
_AUTHORS = "SELECT ?label { ?author a kg:Author ; rdfs:label ?label }"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--queries", type=int, default=500)
    given = parser.parse_args()
    with open_graph(given.graph) as graph, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.sqlite")
        begun, cpu = time.perf_counter(), time.process_time()
        build_index(graph, path)
        print(f"index made in        {time.perf_counter() - begun:>9.1f} s")
        print(f"  of processor time  {time.process_time() - cpu:>9.1f} s")
        print(f"index                {path.stat().st_size / 1e6:>9.1f} MB")
        print(f"graph                {graph.size_on_disk() / 1e6:>9.1f} MB")
        kinds = _draw(graph, given.queries)
        with Index(path) as index:
            for name, queries in kinds.items():
                _tell(f"search, {name}", queries, index.search)
            typed = [
                query[:size]
                for name, queries in kinds.items()
                if name != "two labels"
                for query in queries
                for size in range(1, min(len(query), _LETTERS) + 1)
            ]
            _tell("suggest", typed, index.suggest)
        few = kinds["label"][:_FALLBACKS]
        _tell("search, no index", few, lambda query: search_graph(graph, query))
        _tell("suggest, no index", few, lambda query: suggest_names(graph, query))


def _draw(graph: Graph, count: int) -> dict[str, list[str]]:
    """Return what is searched for, by its kind."""
    chance = random.Random(_SEED)
    labels, titles, authors = (_read(graph, query) for query in (_LABELS, _TITLES, _AUTHORS))
    drawn = {
        "label": chance.choices(labels, k=count),
        "two labels": [" ".join(chance.sample(labels, 2)) for _ in range(count)],
        "title": [" ".join(title.split()[:8]) for title in chance.choices(titles, k=count)],
        "author": chance.choices(authors, k=count),
    }
    return {**drawn, "common word": list(_COMMON)}


def _read(graph: Graph, query: str) -> list[str]:
    result = graph.query(query, prefixes=_PREFIXES)
    assert isinstance(result, QuerySolutions)
    return sorted(row["label"].value for row in result)


def _tell(name: str, queries: Sequence[str], ask: Callable[[str], object]) -> None:
    seconds = []
    for query in queries:
        begun = time.perf_counter()
        ask(query)
        seconds.append(time.perf_counter() - begun)
    seconds.sort()
    middle, last = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
    print(
        f"{name:20} {middle * 1e3:>9.2f} ms   99th {last * 1e3:.2f}   most {seconds[-1] * 1e3:.2f}"
    )


if __name__ == "__main__":
    main()
