"""Web floor: the address of a SPARQL endpoint, and what proves to it who asks. Pure."""

import base64
from urllib.parse import urlsplit

from kg.errors import ServiceError

TOKEN = "KG_ENDPOINT_TOKEN"  # noqa: S105 (the name of a variable)
"""The variable of the environment that holds a bearer token, or NAME:PASSWORD."""


def show_address(address: str) -> str:
    """Return an address as it is told: what stands behind a "?" may be a key.

    Raises:
        ServiceError: if it is none that can be asked.
    """
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or set(address) & set(' <>"{}|\\^`'):
        raise ServiceError(f"'{address}' is no address of an endpoint: it begins with https://")
    if "@" in parts.netloc:
        raise ServiceError(
            "an address with a name and a password in it is seen by others; "
            f"put them into {TOKEN}, as NAME:PASSWORD"
        )
    return parts._replace(query="", fragment="").geturl()


def origin_of(address: str) -> tuple[str, str | None, int | None]:
    """Return what two addresses of one server share (RFC 6454)."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None, None
    return parts.scheme, parts.hostname, port


def read_token(token: str) -> str:
    """Return the header that a token stands for (RFC 6750, RFC 7617): none has a colon in it.

    >>> read_token("Aladdin:open sesame")
    'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
    """
    token = token.strip()
    if not token:
        return ""
    if ":" in token:
        return f"Basic {base64.b64encode(token.encode()).decode('ascii')}"
    if not token.isascii() or not token.isprintable():
        raise ServiceError(f"{TOKEN} holds what no token may hold")
    return f"Bearer {token}"
