"""Floor 10: what a worker has at hand for its jobs, and the way out for their answers."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from kg.errors import KgError
from kg.queries.formats import query_prefixes
from kg.search import Index
from kg.service.memory import beside_limit
from kg.service.messages import Job
from kg.service.negotiation import Offer, RowCounter, choose, named
from kg.service.paging import Windows
from kg.service.remote import AGENT, NAME
from kg.service.settings import Source
from kg.store import Graph, Rows, Services, open_graph
from kg.web.results import Verbatim

if TYPE_CHECKING:
    from kg.vocabulary.lexicon import Lexicon
    from kg.web.remote import RemoteGraph

# The server ends a worker whose time is over, which is the time of the query.
_REMOTE_SECONDS = 1e6


class TooLargeError(KgError):
    """An answer that goes past its limit of rows or bytes."""


class NotAcceptableError(KgError):
    """A format that cannot be had for what was asked."""


class NotFoundError(KgError):
    """A thing that was asked for and is not there."""


class Out(Protocol):
    """Takes an answer: how it begins, then what it is; a file for `serialize` to write to."""

    rows: int

    def begin(
        self,
        content_type: str,
        *,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        keep: bool = True,
    ) -> None:
        """Begin an answer; nothing can be refused from here on.

        With `keep` false it is not given again to who asks the same.
        """

    def write(self, piece: bytes) -> int:
        """Take a piece of the answer.

        Raises:
            TooLargeError: if that is more than may be sent.
        """

    def flush(self) -> None:
        """Send what was gathered."""


class Context:
    """What a worker has at hand: the graph, its prefixes, the endpoints that may be asked.

    `asked` counts how often one of these was. `windows` are rows of answers that pages were cut
    from.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.prefixes = query_prefixes()
        self._held = ExitStack()
        self._graph: Graph | None = None
        self._remote: RemoteGraph | None = None
        self._services: Services | None = None
        self._index: tuple[Path, Index] | None = None
        self.asked = 0
        self._lexicon: Lexicon | None = None
        self._is_lexicon_tried = False
        self.windows = Windows()

    def graph(self, generation: str = "") -> "Graph | RemoteGraph":
        """Return a generation, opened if it is not yet; the live one if none is named.

        A store elsewhere has none, and is asked as it is.

        Raises:
            StoreError: if there is no such one.
            ServiceError: if a store elsewhere has no address that can be asked.
        """
        if self.source.endpoint:
            if self._remote is None:
                from kg.web.remote import connect  # noqa: PLC0415

                self._remote = connect(
                    self.source.endpoint, seconds=_REMOTE_SECONDS, agent=AGENT, name=NAME
                )
            return self._remote
        if self._graph is None or generation not in ("", self._graph.generation):
            self._graph = None
            with beside_limit():
                self._held.close()
                self._graph = self._held.enter_context(open_graph(self.source.folder, generation))
        return self._graph

    def index(self, path: Path) -> Index:
        """Return a text index, opened if it is not yet.

        Raises:
            SearchError: if there is none that is whole.
        """
        if self._index is None or self._index[0] != path:
            self.drop_index()
            self._index = path, Index(path)
        return self._index[1]

    def drop_index(self) -> None:
        """Let go of the text index."""
        if self._index is not None:
            self._index[1].close()
            self._index = None

    @property
    def lexicon(self) -> "Lexicon | None":
        """The lexicon, opened when it is first asked for; None where there is none.

        Its files are mapped, so that all workers share them.
        """
        if self.source.lexicon is not None and not self._is_lexicon_tried:
            self._is_lexicon_tried = True
            with beside_limit():
                self._lexicon = _lexicon(self.source.lexicon)
        return self._lexicon

    @property
    def services(self) -> Services:
        """The endpoints that SERVICE may ask.

        Raises:
            ServiceError: if one of them is no endpoint.
        """
        if self._services is None:
            self._services = self._make_services()
        return self._services

    def _make_services(self) -> Services:
        if not self.source.services:
            return Services()
        from kg.web.endpoints import EndpointClient, read_allowed  # noqa: PLC0415

        allowed = read_allowed(self.source.services)
        client = EndpointClient(
            allowed=frozenset(allowed.values()),
            agent=AGENT,
            timeout=self.source.service_seconds,
        )

        def ask(address: str, query: str) -> Rows:
            self.asked += 1
            return client.ask(address, query)

        return Services(allowed=allowed, ask=ask)


def _lexicon(folder: Path) -> "Lexicon | None":
    """Open a compiled lexicon; None where its folder was cleared away since the server began."""
    import sqlite3  # noqa: PLC0415

    from kg.vocabulary.lexicon import Lexicon  # noqa: PLC0415

    try:
        return Lexicon(folder)
    except (OSError, RuntimeError, ValueError, sqlite3.Error):
        return None


class Counted:
    """Passes an answer on, and counts its rows, which have a limit."""

    def __init__(self, out: Out, offer: Offer, max_rows: int) -> None:
        self._out = out
        self._rows = RowCounter(offer)
        self._most = max_rows

    def write(self, piece: bytes) -> int:
        """Take a piece.

        Raises:
            TooLargeError: if that is more than may be sent.
        """
        self._out.rows = self._rows.count(piece)
        if self._most and self._out.rows > self._most:
            raise TooLargeError(f"the answer has more than {self._most:,} rows")
        return self._out.write(piece)

    def flush(self) -> None:
        """Send what was gathered."""
        self._out.flush()


def wanted(job: Job, offers: tuple[Offer, ...]) -> Offer:
    """Return the format that is wanted for an answer.

    Raises:
        NotAcceptableError: if it cannot be had.
    """
    offer = named(job.form, offers) if job.form else choose(job.accept, offers)
    if offer is None:
        known = ", ".join(each.name for each in offers)
        raise NotAcceptableError(f"this gives {known}; none of them was asked for")
    return offer


Result = QuerySolutions | QueryBoolean | Iterable[Triple] | Verbatim
