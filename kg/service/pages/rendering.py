"""Floor 10: values -> a page, and the headers that it is sent with."""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.descriptions.naming import cut

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html; charset=utf-8"

_ALLOWED = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
POLICY = ("content-security-policy", _ALLOWED)
"""Nothing runs in a page but files of this server, and nothing is loaded from elsewhere."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    "NOTICE": "text/plain; charset=utf-8",
}
_BUILT = "built/"
"""Where the scripts are that were built; their names hold a hash of what is in them."""

# What HTML may not hold: control characters and what is no character.
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def prepare() -> None:
    """Read all templates, so that processes that are forked from this one have them."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def render(template: str, server: str, **values: Any) -> bytes:  # noqa: ANN401
    """Return a page; `server` is the address of the server, without a slash at its end."""
    page = _environment().get_template(template)
    text = page.render(server=server, version=__version__, static=_addresses(server), **values)
    return text.encode("utf-8", "replace")


def render_error(server: str, status: int, message: str) -> bytes:
    """Return the page that tells why there is no answer."""
    title = HTTPStatus(status).phrase
    return render("error.html", server, status=status, title=title, message=message)


@cache
def static_file(name: str) -> tuple[str, bytes] | None:
    """Return the media type of a file that pages use, and what it holds; None for any other."""
    folder = files("kg.service.pages") / "static"
    plain = name.removeprefix(_BUILT)
    if plain != name:
        folder /= _BUILT.rstrip("/")
    for each in folder.iterdir() if folder.is_dir() else ():
        _, dot, ending = each.name.rpartition(".")
        content_type = _TYPES.get(f"{dot}{ending}")
        if each.name == plain and content_type and each.is_file():
            return content_type, each.read_bytes()
    return None


@cache
def packed_file(name: str) -> dict[str, bytes]:
    """Return a file that pages use as it is when packed, by coding; the best is first.

    What was built was packed then, in both ways. The rest is packed here, once a process.
    """
    found = static_file(name)
    if found is None:
        return {}
    folder = files("kg.service.pages") / "static"
    packed = {
        coding: place.read_bytes()
        for coding, ending in (("br", ".br"), ("gzip", ".gz"))
        if name.startswith(_BUILT) and (place := folder / f"{name}{ending}").is_file()
    }
    packed.setdefault("gzip", gzip.compress(found[1], mtime=0))
    return {coding: body for coding, body in packed.items() if len(body) < len(found[1])}


def is_lasting(name: str) -> bool:
    """Tell whether a file that pages use never changes under its name.

    >>> is_lasting("built/editor-YXNTF2OK.js"), is_lasting("style.css"), is_lasting("built/NOTICE")
    (True, False, False)
    """
    return name.startswith(_BUILT) and name.endswith(".js")


@cache
def digest_of_looks() -> str:
    """Return a digest of templates, style and scripts: another one, and pages have changed."""
    digest = hashlib.sha256()
    for folder in ("templates", "static", f"static/{_BUILT}"):
        place = files("kg.service.pages") / folder
        found = place.iterdir() if place.is_dir() else ()
        for each in sorted(found, key=lambda each: each.name):
            if each.is_file():
                digest.update(each.name.encode() if folder.endswith("/") else each.read_bytes())
    return digest.hexdigest()


def _addresses(server: str) -> Callable[[str], str]:
    """Return what gives the addresses of files, which are other ones when these are."""
    return lambda name: f"{server}/static/{name}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    found = static_file(name)
    return hashlib.sha256(found[1]).hexdigest()[:12] if found else ""


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("kg.service.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_show,
    )
    environment.filters["count"] = count
    environment.filters["shorten"] = cut
    return environment


def _show(value: object) -> object:
    return visible(value) if type(value) is str else value


def visible(text: str) -> str:
    r"""Return a text with characters that can be seen for those that HTML may not hold.

    >>> visible("a\x00b")
    'a\u2400b'
    """
    return _UNSHOWN.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def count(number: int, what: str, several: str = "") -> str:
    """Return a number of things in words.

    >>> count(1, "paper"), count(1200, "entity", "entities")
    ('1 paper', '1,200 entities')
    """
    return f"{number:,} {what if number == 1 else several or what + 's'}"
