"""Web floor: a document at an address, fetched whole into a file of its own."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
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


@contextmanager
def vocabulary_downloads(
    addresses: Sequence[str], name: str, warn: Warn = ignore
) -> Iterator[list[Path]]:
    """Fetch the downloads of a vocabulary table; the files are removed at the block's end.

    KG_DOWNLOADS_URL names a mirror that has them all under their file names.

    Raises:
        ServiceError: if there are no addresses, or one cannot be fetched.
    """
    if not addresses:
        raise ServiceError(
            f"{name}: its publisher's download is not read; name a file that adds to it (SSSOM) "
            "with --from"
        )
    mirror = os.environ.get("KG_DOWNLOADS_URL", "").strip().rstrip("/")
    with ExitStack() as held:
        paths = []
        for address in addresses:
            url = address.replace("{year}", f"{datetime.now(UTC):%Y}")
            if mirror:
                url = f"{mirror}/{url.rpartition('/')[2]}"
            warn(f"fetching {url}")
            paths.append(held.enter_context(fetched_document(url, warn)))
        yield paths
