"""Speed and weight of the pages: how long each takes, and how many bytes its HTML has.

    python -m benchmarks.pages GRAPH [--times 9] [--only WORDS]

`kg serve` is asked for each page over HTTP. "First" is a page that was not asked for before, which
is worked out: the server is called by another name each time, so that nothing is known. "Again" is
a page that the server gives from memory. Medians, in milliseconds; of "first" the slowest too. What
is asked for follows from the graph: its entity with most papers, the one whose papers come nearest
to 2,000, its most mentioned gene.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import requests

from benchmarks.endpoint import serve_kg
from kg.descriptions.literature import count_mentioning, find_most_mentioned
from kg.descriptions.model import number_of, select
from kg.namespaces import KG, iri_to_curie
from kg.queries import load_saved_queries
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.store import Graph, open_graph

_WANTED = 2_000
_WARM = 8
"""Requests for each page that are not counted: each worker reads the files of the graph once."""

_HEADERS = {"accept": "text/html", "accept-encoding": "identity"}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--only", default="", help="pages whose names hold this")
    given = parser.parse_args()
    with open_graph(given.graph) as graph:
        pages = list(_pages(graph))
    with serve_kg(given.graph) as server:
        address = "http://" + urlsplit(server.endpoint).netloc
        _wait_for_index(address)
        print(f"{'page':58}{'first ms':>9}{'slowest':>9}{'again ms':>9}{'bytes':>9}")
        for name, path in pages:
            if given.only not in name:
                continue
            _show(name, address, path, given.times)


def _show(name: str, address: str, path: str, times: int) -> None:
    client = requests.Session()
    moved = client.get(f"{address}{path}", headers=_HEADERS, allow_redirects=False, timeout=60)
    path = moved.headers.get("location", path).removeprefix(address)
    first = [
        _ask(client, address, path, f"localhost:{100 + number}") for number in range(times + _WARM)
    ]
    again = [_ask(client, address, path, "localhost:100") for _ in range(times)]
    taken = [milliseconds for milliseconds, _ in first[_WARM:]]
    print(
        f"{name:58}{statistics.median(taken):>9.1f}{max(taken):>9.1f}"
        f"{statistics.median(each for each, _ in again):>9.1f}{first[0][1]:>9,}",
        flush=True,
    )


def _ask(client: requests.Session, address: str, path: str, host: str) -> tuple[float, int]:
    """Return how long a page took, in milliseconds, and how many bytes it has."""
    begun = time.perf_counter()
    answer = client.get(
        f"{address}{path}",
        headers={**_HEADERS, "host": host},
        allow_redirects=False,
        timeout=60,
    )
    taken = (time.perf_counter() - begun) * 1000
    if answer.status_code not in (200, 422):
        raise SystemExit(f"{path}: {answer.status_code} {answer.text[:500]}")
    return taken, len(answer.content)


def _wait_for_index(address: str) -> None:
    """Wait until words are searched for in an index, which is made when the server starts."""
    while True:
        found = requests.get(f"{address}/suggest", params={"q": "a"}, timeout=60).json()
        if found["index"] == "current":
            return
        time.sleep(0.5)


def _pages(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield pages by what they are: names, and addresses without the server's."""
    most = find_most_mentioned(graph, [f"{KG}{name}" for name in CLASS_OF_TYPE.values()], 20)
    ranked = sorted({pair for pairs in most.values() for pair in pairs}, key=lambda pair: -pair[1])
    largest = ranked[0][0]
    wanted = min(ranked, key=lambda pair: abs(pair[1] - _WANTED))[0]
    genes = [iri for iri, _ in most.get(f"{KG}Gene", ranked[:2])]
    diseases = [iri for iri, _ in most.get(f"{KG}Disease", ranked[1:2])]
    yield "home", "/"
    yield "about", "/about"
    yield "search", "/search?q=interleukin"
    yield "saved queries", "/queries"
    yield "editor", "/editor"
    yield "papers", "/papers"
    yield "entities, genes", "/entities?type=Gene"
    for iri in dict.fromkeys((largest, wanted, diseases[0], genes[0])):
        papers = count_mentioning(graph, [iri])[iri]
        name, key = f"{_key(iri)} ({papers:,} papers)", quote(_key(iri))
        yield f"entity {name}", f"/entity?{urlencode({'iri': iri})}"
        yield f"papers of {name}", f"/papers?mentions={key}"
        yield (
            f"all statements of {name}",
            f"/entity?{urlencode({'iri': iri, 'view': 'statements'})}",
        )
        edges = {"iri": iri, "predicate": f"{KG}mentions", "direction": "in"}
        yield f"one property of {name}", f"/entity?{urlencode(edges)}"
        yield f"network of {name}", f"/graph?{urlencode({'entity': _key(iri)})}"
    for a, b in ((genes[0], genes[1]), (genes[0], diseases[0]), (diseases[0], diseases[1])):
        pair = urlencode({"a": _key(a), "b": _key(b)})
        yield f"connect {_key(a)} and {_key(b)}", f"/connect?{pair}"
    yield "connect, a name that nobody knows", "/connect?a=interlekin%2077x&b=IL7"
    paper = _longest_paper(graph)
    yield f"paper {_key(paper)}", f"/entity?{urlencode({'iri': paper})}"
    for name, query in sorted(load_saved_queries().items()):
        if not query.online:
            yield f"query {name}", f"/queries/{name}"


def _longest_paper(graph: Graph) -> str:
    rows = select(
        graph,
        f"SELECT ?p (COUNT(?s) AS ?n) {{ ?s <{KG}inPublication> ?p }} "
        "GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 1",
    )
    return next(row["p"].value for row in rows if number_of(row, "n"))


def _key(iri: str) -> str:
    return iri_to_curie(iri) or iri


if __name__ == "__main__":
    main()
