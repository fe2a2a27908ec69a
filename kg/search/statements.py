"""Floor 7: rows of a graph, read in one thread while another works on them."""

import os
import re
from collections.abc import Iterator, Mapping
from threading import Thread
from typing import IO, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.errors import KgError
from kg.store import Graph

_BUFFER = 1 << 20
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def read_rows(graph: Graph, query: str, prefixes: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows of a SELECT as texts: of an IRI its address, of a literal its words, or "".

    Raises:
        QueryError: if the query cannot be run.
        OSError, RuntimeError: if the graph cannot be read to its end.
    """
    for row in read_terms(graph, query, prefixes):
        yield list(map(text_of, row))


def read_terms(graph: Graph, query: str, prefixes: Mapping[str, str]) -> Iterator[list[bytes]]:
    """Yield the rows of a SELECT as SPARQL's TSV writes them, for `text_of`.

    Oxigraph lets other threads run while it writes its answer, and not while it is asked for it row
    by row, which also takes three times as long.

    Raises:
        QueryError: if the query cannot be run.
        OSError, RuntimeError: if the graph cannot be read to its end.
    """
    failed: list[BaseException] = []
    reading, writing = os.pipe()

    def run() -> None:
        try:
            with os.fdopen(writing, "wb", buffering=0) as stream:
                # What a query gives stays in the thread that asked it.
                result = graph.query(query, prefixes=prefixes)
                assert isinstance(result, QuerySolutions)  # noqa: S101
                result.serialize(cast("IO[bytes]", stream), QueryResultsFormat.TSV)
                del result
        except (KgError, OSError, RuntimeError, ValueError) as error:
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    with os.fdopen(reading, "rb", buffering=_BUFFER) as stream:
        thread.start()
        next(stream, None)  # the names of the columns
        for line in stream:
            if not line.endswith(b"\n"):
                break  # it failed within a row
            yield line[:-1].split(b"\t")
    # Where nobody reads on, Oxigraph ends as it finds the pipe closed.
    thread.join()
    if failed:
        raise failed[0]


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
