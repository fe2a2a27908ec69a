"""Floor 7: rows of a graph, read in one thread while another works on them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from types import TracebackType
from typing import Self

from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.store import Graph

_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Reader:
    """Reads what SELECTs give, in a thread of its own; use it in a `with`.

    Each answer is held in memory. Oxigraph writes it whole without Python's lock: asked row by row
    it takes three times as long, and two threads that pass on every 8 kB of it wait for each other,
    which takes as long again on a machine that has other work.
    """

    def __init__(self, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self._graph = graph
        self._prefixes = prefixes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read")
        self._begun: dict[str, Future[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, *queries: str) -> None:
        """Ask these already, in this order; their rows are wanted later."""
        for query in queries:
            self._begun[query] = self._thread.submit(self._ask, query)

    def rows(self, queries: Iterable[str]) -> Iterator[list[str]]:
        """Yield rows as texts: of an IRI its address, of a literal its words, or "".

        Raises:
            QueryError: if a query cannot be run.
            OSError, RuntimeError: if the graph cannot be read.
        """
        for row in self.terms(queries):
            yield list(map(text_of, row))

    def terms(self, queries: Iterable[str]) -> Iterator[list[bytes]]:
        """Yield rows as SPARQL's TSV writes them, for `text_of`.

        The next query is asked while the rows of one are read. Raises as `rows`.
        """
        waiting: Future[bytes] | None = None
        for query in chain(queries, (None,)):
            following = None
            if query is not None:
                following = self._begun.pop(query, None) or self._thread.submit(self._ask, query)
            if waiting is not None:
                _, *lines = waiting.result().split(b"\n")
                yield from (line.split(b"\t") for line in lines[:-1])
            waiting = following

    def _ask(self, query: str) -> bytes:
        # What a query gives stays in the thread that asked it.
        result = self._graph.query(query, prefixes=self._prefixes)
        assert isinstance(result, QuerySolutions)  # noqa: S101
        return result.serialize(format=QueryResultsFormat.TSV) or b""


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
