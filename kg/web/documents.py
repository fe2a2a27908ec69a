"""Web floor: a document at an address, fetched whole into a file of its own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kg.errors import ServiceError
from kg.web.client import Answer, TryAgainError, Warn, WebClient, ignore
from kg.web.services import read_settings

_ATTEMPTS = 5
_LONGEST_NAME = 100


@contextmanager
def fetched_document(
    url: str, warn: Warn = ignore, params: Mapping[str, str] | None = None
) -> Iterator[Path]:
    """Fetch a document, and give the file that holds it, which is removed at the block's end.

    Redirections are followed, as the persistent addresses of ontologies need.

    Raises:
        ServiceError: if it cannot be fetched, or is larger than 256 MB.
    """
    host = urlsplit(url).hostname
    if not host:
        raise ServiceError(f"'{url}' is no address of a document")
    settings = read_settings()
    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2][-_LONGEST_NAME:]
    with (
        tempfile.TemporaryDirectory(prefix="kg-") as folder,
        WebClient(name=host, attempts=_ATTEMPTS, agent=settings.program, warn=warn) as client,
    ):
        path = Path(folder) / (name or "document")
        path.write_bytes(client.get(url, params or {}, _read))
        yield path


def _read(answer: Answer) -> bytes:
    if not answer.body:
        raise TryAgainError("the document is empty")
    return answer.body
