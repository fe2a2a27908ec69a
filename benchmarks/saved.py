"""What the server adds to saved queries: their time over HTTP, and by pyoxigraph alone.

    python -m benchmarks.saved GRAPH [--times 9] [--entity CURIE]

Each saved query is asked with its example's values, or with one entity in all places for entities
of its type. "Alone" is the bound text, run and written as JSON in this process; "served" is a
request for the same JSON to `kg serve`, under another name of the server each time, so that no
answer is known. Medians in milliseconds.
"""

import argparse
import http.client
import io
import statistics
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from pyoxigraph import QueryResultsFormat, QuerySolutions

from benchmarks.endpoint import serve_kg
from kg.errors import ParameterError
from kg.queries import ParameterType, SavedQuery, load_saved_queries
from kg.queries.run import resolve_query
from kg.store import Graph, open_graph
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon

_WARM = 3
_JSON = "application/sparql-results+json"
_Given = dict[str, tuple[str, ...]]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--entity", default="")
    given = parser.parse_args()
    lexicon = open_lexicon()
    with open_graph(given.graph) as graph, serve_kg(given.graph) as server:
        address = "http://" + urlsplit(server.endpoint).netloc
        print(f"{'query':32}{'alone':>9}{'served':>9}{'ratio':>7}{'bytes':>11}")
        for name, text, values in _questions(graph, lexicon, given.entity):
            alone, size = _median(_alone(graph, text), given.times)
            served, _ = _median(_served(f"{address}/queries/{name}", values), given.times)
            print(f"{name:32}{alone:>9.2f}{served:>9.2f}{served / alone:>7.2f}{size:>11,}")


def _questions(graph: Graph, lexicon: Lexicon, entity: str) -> Iterator[tuple[str, str, _Given]]:
    """Yield queries by name, bound, with the values that they were bound to."""
    for name, query in sorted(load_saved_queries().items()):
        if query.online or query.form.name != "SELECT":
            continue
        values = _values(query, entity)
        try:
            yield name, resolve_query(graph, query, values, lexicon).bind(), values
        except ParameterError:
            # It takes entities of another type.
            continue


def _values(query: SavedQuery, entity: str) -> _Given:
    values: _Given = {
        name: tuple(map(str, value)) if isinstance(value, tuple | list) else (str(value),)
        for name, value in query.example.parameters.items()
    }
    for parameter in query.parameters if entity else ():
        if parameter.type is ParameterType.ENTITY and parameter.name in values:
            values[parameter.name] = (entity,)
    return values


def _alone(graph: Graph, text: str) -> Callable[[int], int]:
    def ask(_: int) -> int:
        found = graph.store.query(text)
        assert isinstance(found, QuerySolutions)
        out = io.BytesIO()
        found.serialize(out, QueryResultsFormat.JSON)
        return len(out.getvalue())

    return ask


def _served(address: str, values: _Given) -> Callable[[int], int]:
    # requests would take half a millisecond itself.
    place = urlsplit(address)
    client = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    asked = f"{place.path}?{urlencode(values, doseq=True)}"

    def ask(number: int) -> int:
        headers = {
            "accept": _JSON,
            "accept-encoding": "identity",
            "host": f"localhost:{number + 1}",
        }
        client.request("GET", asked, headers=headers)
        answer = client.getresponse()
        body = answer.read()
        assert answer.status == HTTPStatus.OK, body
        return len(body)

    return ask


def _median(ask: Callable[[int], int], times: int) -> tuple[float, int]:
    """Return the median in milliseconds, of all but the first few, and how many bytes came."""
    taken = []
    for number in range(times + _WARM):
        begun = time.perf_counter()
        size = ask(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[_WARM:]), size


if __name__ == "__main__":
    main()
