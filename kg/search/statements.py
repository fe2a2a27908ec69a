"""Floor 7: rows of a graph, read in one thread while another works on them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain

from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.store import Graph

_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def read_rows(
    graph: Graph, queries: Iterable[str], prefixes: Mapping[str, str]
) -> Iterator[list[str]]:
    """Yield the rows of SELECTs as texts: of an IRI its address, of a literal its words, or "".

    Raises:
        QueryError: if a query cannot be run.
        OSError, RuntimeError: if the graph cannot be read.
    """
    for row in read_terms(graph, queries, prefixes):
        yield list(map(text_of, row))


def read_terms(
    graph: Graph, queries: Iterable[str], prefixes: Mapping[str, str]
) -> Iterator[list[bytes]]:
    """Yield the rows of SELECTs as SPARQL's TSV writes them, for `text_of`.

    The next query is asked while the rows of one are read; each answer is held in memory. Oxigraph
    writes it whole without Python's lock: asked row by row it takes three times as long, and two
    threads that pass on every 8 kB of it wait for each other, which takes as long again on a
    machine that has other work.

    Raises:
        QueryError: if a query cannot be run.
        OSError, RuntimeError: if the graph cannot be read.
    """

    def ask(query: str) -> bytes:
        # What a query gives stays in the thread that asked it.
        result = graph.query(query, prefixes=prefixes)
        assert isinstance(result, QuerySolutions)  # noqa: S101
        return result.serialize(format=QueryResultsFormat.TSV) or b""

    with ThreadPoolExecutor(1, thread_name_prefix="read") as thread:
        waiting: Future[bytes] | None = None
        for query in chain(queries, (None,)):
            following = None if query is None else thread.submit(ask, query)
            if waiting is not None:
                _, *lines = waiting.result().split(b"\n")
                yield from (line.split(b"\t") for line in lines[:-1])
            waiting = following


def text_of(term: bytes) -> str:
    r"""Return the text of a term.

    >>> text_of(b'<http://a/b>'), text_of(b'"a \\"b\\""@en'), text_of(b"7"), text_of(b"")
    ('http://a/b', 'a "b"', '7', '')
    """
    first = term[:1]
    if first == b"<":
        return term[1:-1].decode()
    if first != b'"':
        return term.decode()
    text = term[1 : term.rindex(b'"')].decode()
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)
