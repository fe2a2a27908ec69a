"""Floor 10: who may write: the bearer token (RFC 6750) of a server. Pure."""

import hmac

from kg.service.exchange import Exchange
from kg.service.protocol import RefusalError


def check_token(exchange: Exchange, wanted: str) -> None:
    """Make sure that a request may write.

    Raises:
        RefusalError: if it has not the token, or the server takes no writes.
    """
    if not wanted:
        raise RefusalError(403, "this graph is served for reading only")
    kind, _, given = exchange.headers.get("authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), wanted.encode())
    if kind.lower() != "bearer" or not is_right:
        raise RefusalError(
            401, "writing needs the token of this server", [("www-authenticate", "Bearer")]
        )
