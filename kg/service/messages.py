"""Floor 10: what the server and its workers say to each other, over a pair of sockets.

A job goes one way, as its length and MessagePack; frames come back, each a kind, a length, and as
many bytes: `READY` once, then for a question `HEAD` and pieces of `BODY`, and at the end of each
job `END` or `FAILED`.
"""

import struct
from collections.abc import Iterator

import msgspec

HEADER = struct.Struct("<cI")
LENGTH = struct.Struct("<I")

READY, HEAD, BODY, END, FAILED = b"R", b"H", b"B", b"E", b"F"


class Job(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A question to a generation of the graph; equal ones have the same answer.

    `accept` and `form` (from `?format=`) say which format is wanted; `base` is the address of the
    server as the client sees it. The answer may have `max_rows` rows and `max_bytes` bytes (0: any
    number).
    """

    generation: str = ""
    accept: str = ""
    form: str = ""
    base: str = ""
    max_rows: int = 0
    max_bytes: int = 0


class Query(Job, frozen=True, kw_only=True, tag=True):
    """A query that a person wrote, with the dataset that the protocol gives it."""

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


class Thing(Job, frozen=True, kw_only=True, tag=True):
    """What the graph says of a thing, which is asked for by a path below the server or by `iri`.

    With `predicate`, only statements of this property are wanted, in a direction ("in", "out"),
    those that come `after` others. Without `follow`, the thing itself is wanted and not what stands
    in its place. `view` "statements" asks for a page of all that is said, whatever the thing is,
    and "card" for the card of an entity.
    `rest` are the parameters that go along where the thing has another address.
    """

    path: str = ""
    iri: str = ""
    predicate: str = ""
    direction: str = "out"
    after: str = ""
    follow: bool = True
    view: str = ""
    rest: str = ""


class Dataset(Job, frozen=True, kw_only=True, tag=True):
    """What the graph says of itself, with the addresses of the server; `path` is how it came."""

    path: str = ""


class About(Job, frozen=True, kw_only=True, tag=True):
    """What the graph was made from, for a person."""


class Papers(Job, frozen=True, kw_only=True, tag=True):
    """Papers, the newest first: those that mention an entity, with `below` also what is under it.

    `year` is a number, 0 for papers without a year, or empty; `after` is where a page ended.
    """

    mentions: str = ""
    year: str = ""
    below: bool = False
    after: str = ""


class Entities(Job, frozen=True, kw_only=True, tag=True):
    """Entities of a kind, those first that most papers mention; `after` is where a page ended."""

    only: str
    after: str = ""


class Connect(Job, frozen=True, kw_only=True, tag=True):
    """What joins two entities, each given as a person calls it."""

    a: str = ""
    b: str = ""


class NamedGraph(Job, frozen=True, kw_only=True, tag=True):
    """All statements of the graph of this name, or of the default graph where it is empty."""

    iri: str = ""


class Saved(Job, frozen=True, kw_only=True, tag=True):
    """A saved query, with what was given for its parameters, in the order of their names.

    `limit` and `after` are among them: how many rows to give, and behind which.
    """

    name: str
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()


class SavedList(Job, frozen=True, kw_only=True, tag=True):
    """Which saved queries there are; with a `name`, what that one takes and gives."""

    name: str = ""


class Network(Job, frozen=True, kw_only=True, tag=True):
    """Entities, as a person calls them, and what joins them: as JSON, or as a page.

    With `together` "yes" also what is only mentioned with them; left empty, where nothing is said.
    `types` are kinds of entities at the other ends, `years` (first, last) those of the papers; 0
    is no limit.
    """

    entities: tuple[str, ...] = ()
    limit: int = 200
    together: str = ""
    types: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 0)


class Quotes(Job, frozen=True, kw_only=True, tag=True):
    """The sentences that say what an assertion does."""

    assertion: str


class SavedPage(Job, frozen=True, kw_only=True, tag=True):
    """The page of a saved query, a form with its answer; without a `name`, of all of them.

    `is_asked` tells that the form was sent, `build` for which generation the link was made.
    """

    name: str = ""
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_asked: bool = False
    build: str = ""


class Editor(Job, frozen=True, kw_only=True, tag=True):
    """The page on which queries are written, with one in it: `text`, or a saved one by its name.

    `given` are the parameters of the saved one. With `run` the page has the answer too.
    """

    text: str = ""
    saved: str = ""
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    run: bool = False
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


class EditorTerms(Job, frozen=True, kw_only=True, tag=True):
    """What an editor of queries completes: prefixes, classes, properties."""


class ApiDescription(Job, frozen=True, kw_only=True, tag=True):
    """What can be asked of the server, as OpenAPI."""


class Write(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A write: an update (`kind` "update"), also of one graph alone ("patch"), or statements.

    Statements are those of a graph ("put", "post", "delete").

    `graph` is an IRI, or empty for the default graph. `using` and `using_named` are the dataset
    that the WHERE of an update reads, None where the request gives none.
    """

    kind: str
    data: bytes = b""
    media_type: str = ""
    graph: str = ""
    base_iri: str = ""
    using: tuple[str, ...] | None = None
    using_named: tuple[str, ...] | None = None
    wait: float = 0.0


class Search(Job, frozen=True, kw_only=True, tag=True):
    """Words that are looked for: in all, or in `only` one kind of things, after where a page ended.

    `index` is the file of the text index that is to be asked, or nothing where there is none.
    """

    text: str
    only: str = ""
    limit: int = 20
    after: str = ""
    index: str = ""


class Suggest(Job, frozen=True, kw_only=True, tag=True):
    """How a name begins that somebody is typing; `index` as in `Search`."""

    text: str
    limit: int = 10
    index: str = ""


Asked = (
    Query
    | NamedGraph
    | Thing
    | Dataset
    | Saved
    | SavedList
    | ApiDescription
    | Search
    | Suggest
    | About
    | Papers
    | Entities
    | Connect
    | Editor
    | EditorTerms
    | SavedPage
    | Network
    | Quotes
)
"""What a worker may be asked."""


class Written(msgspec.Struct, frozen=True):
    """What a write made: the new generation, and whether its graph was not there before."""

    generation: str
    created: bool


class Head(msgspec.Struct, frozen=True):
    """How an answer begins; `headers` beside its content type.

    `keep` is false for what may be answered otherwise by the same generation.
    """

    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    keep: bool = True


class Finished(msgspec.Struct, frozen=True):
    """What the answer to a question held: its rows, 0 where it has none or they are not known."""

    rows: int = 0


class Failure(msgspec.Struct, frozen=True):
    """Why there is no answer, or none that is whole: a status of HTTP and a message for people.

    `details` are for programs: JSON, or nothing.
    """

    status: int
    message: str
    details: bytes = b""


def pack(job: Asked | Write) -> bytes:
    """Return a job as it is sent."""
    packed = msgspec.msgpack.encode(job)
    return LENGTH.pack(len(packed)) + packed


class Frames:
    """Cuts what comes back into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> Iterator[tuple[bytes, bytes]]:
        """Take in what was received, and yield the frames that are whole by now."""
        self._buffer += data
        place, size = 0, len(self._buffer)
        while size - place >= HEADER.size:
            kind, length = HEADER.unpack_from(self._buffer, place)
            end = place + HEADER.size + length
            if end > size:
                break
            yield kind, bytes(self._buffer[place + HEADER.size : end])
            place = end
        del self._buffer[:place]
