"""Floor 10: who may ask at all: host names, other origins (CORS), and how often. Pure.

A page of another origin may read answers only where that origin is allowed. A server that listens
to its own machine alone answers only to names of that machine, since else a page could give its own
name the address 127.0.0.1, and read on (DNS rebinding).
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from kg.service.protocol import RefusalError

_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS = b"accept, authorization, content-type, if-none-match"
_EXPOSED = b"etag, kg-complete, kg-parameters, link, location, retry-after"
_DAY = b"86400"
_CLIENTS = 10_000

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Origins:
    """The origins whose pages may read answers: "*" is any."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed)

    def headers(self, origin: str) -> list[tuple[bytes, bytes]]:
        """Return what to tell a page of this origin; nothing where it is not allowed.

        >>> Origins(["*"]).headers("https://example.org")[0]
        (b'access-control-allow-origin', b'*')
        >>> Origins([]).headers("https://example.org")
        []
        """
        if "*" in self._allowed:
            return [
                (b"access-control-allow-origin", b"*"),
                (b"access-control-expose-headers", _EXPOSED),
            ]
        if not self._allowed:
            return []
        if origin not in self._allowed:
            return [(b"vary", b"origin")]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"origin"),
        ]

    def preflight(self) -> list[tuple[bytes, bytes]]:
        """Return what to tell a browser that asks what it may send, beside `headers`."""
        return [
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _HEADERS),
            (b"access-control-max-age", _DAY),
        ]


def check_host(headers: Mapping[str, str], hosts: Collection[str]) -> None:
    """Make sure that a server is called by one of its names; any is right where it has none.

    Raises:
        RefusalError: if it is called otherwise.

    >>> check_host({"host": "localhost:7878"}, LOOPBACK)
    >>> check_host({"host": "evil.example"}, LOOPBACK)
    Traceback (most recent call last):
    kg.service.protocol.RefusalError: this server is not known as evil.example; \
if it should be, start it with --public-url
    """
    if not hosts:
        return
    called = headers.get("host", "")
    name = called if called.endswith("]") else called.rpartition(":")[0] or called
    if name.lower() not in hosts:
        raise RefusalError(
            421,
            f"this server is not known as {name[:100] or 'nothing'}; "
            "if it should be, start it with --public-url",
        )


def known_hosts(host: str, public_url: str) -> tuple[str, ...]:
    """Return the names by which a server that listens at `host` may be called; none: any.

    >>> known_hosts("127.0.0.1", "https://example.org/kg")
    ('localhost', '127.0.0.1', '[::1]', 'example.org')
    >>> known_hosts("0.0.0.0", "")
    ()
    """
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback:
        return ()
    public = urlsplit(public_url).netloc.rpartition("@")[2]
    name = public if public.endswith("]") or ":" not in public else public.rpartition(":")[0]
    return (*LOOPBACK, *((name.lower(),) if name else ()))


class Rates:
    """Holds each client to so many requests a second, with twice as many at once (a token bucket).

    Clients are told apart by their IPv4 address, or the first 64 bits of their IPv6 address. Those
    that were not seen longest are forgotten.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, 2 * rate)
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str, now: float) -> None:
        """Count a request of a client at a time in seconds.

        Raises:
            RefusalError: if it is one too many.

        >>> rates = Rates(1)
        >>> for second in (0, 0, 1): rates.check("192.0.2.1", second)
        >>> rates.check("192.0.2.1", 1)
        Traceback (most recent call last):
        kg.service.protocol.RefusalError: too many requests: 1 a second are allowed
        """
        key = _network(client)
        left, since = self._clients.pop(key, (self._most, now))
        left = min(self._most, left + (now - since) * self._rate)
        if left < 1:
            self._clients[key] = left, now
            wait = max(1, round((1 - left) / self._rate))
            raise RefusalError(
                429,
                f"too many requests: {self._rate:g} a second are allowed",
                [("retry-after", str(wait))],
            )
        self._clients[key] = left - 1, now
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)


def _network(client: str) -> str:
    if ":" not in client:
        return client
    try:
        return str(ipaddress.ip_network((client.partition("%")[0], 64), strict=False))
    except ValueError:
        return client
