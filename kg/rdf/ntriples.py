"""Floor 6: IRIs and literals as N-Triples writes them.

Text is formatted directly: making quad objects first costs four times as much.
"""

import re
from functools import lru_cache

from kg.namespaces import XSD

# Besides the delimiters: control and private characters and non-characters, which RFC 3987 leaves
# out, and a percent sign that begins no escape.
_PLANE_ENDS = "".join(
    f"{chr((plane << 16) | 0xFFFE)}{chr((plane << 16) | 0xFFFF)}" for plane in range(1, 15)
)
_NOT_IN_IRI = re.compile(
    r'[\x00-\x20<>\[\]"{}|^`\\\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff'
    rf"\U000e0000-\U000e0fff\U000f0000-\U0010ffff{_PLANE_ENDS}]|%(?![0-9A-Fa-f]{{2}})"
)
_NOT_IN_LITERAL = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff]')
# Most IRIs need no encoding, which one repeated class tells ten times as fast as the search above.
_PLAIN_IRI = re.compile(r"[!$&-;=?-Z_a-z~]*(?:#[!$&-;=?-Z_a-z~]*)?")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def iri(value: str) -> str:
    """Return an IRI in angle brackets; what may not stand in one is percent-encoded.

    >>> iri("http://example.org/a b#c#d")
    '<http://example.org/a%20b#c%23d>'
    """
    if _PLAIN_IRI.fullmatch(value):
        return f"<{value}>"
    start, mark, fragment = value.partition("#")
    encoded = _NOT_IN_IRI.sub(_percent, f"{start}{mark}{fragment.replace('#', '%23')}")
    return f"<{encoded}>"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def text(value: str) -> str:
    r"""Return a plain string literal; a lone surrogate, which no file can hold, becomes U+FFFD.

    >>> print(text('say "cell"'))
    "say \"cell\""
    """
    if '"' in value or "\\" in value or not value.isprintable():
        value = _NOT_IN_LITERAL.sub(_escape, value)
    return f'"{value}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"


def integer(value: int) -> str:
    """Return an xsd:integer.

    >>> integer(2007)
    '"2007"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    return f'"{value}"^^<{XSD}integer>'


@lru_cache(maxsize=2)
def boolean(value: bool) -> str:  # noqa: FBT001 (it is the value)
    """Return an xsd:boolean.

    >>> boolean(True)
    '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    """
    return f'"{str(value).lower()}"^^<{XSD}boolean>'


@lru_cache(maxsize=2048)  # scores and confidences are few
def decimal(value: float) -> str:
    """Return an xsd:decimal of at most three places, in its canonical form.

    >>> decimal(0.95), decimal(1.0)[:5], decimal(-0.0001)[:5]
    ('"0.95"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"1.0"', '"0.0"')
    """
    # Adding 0 makes 0 of what is rounded to a negative zero.
    digits = f"{round(value, 3) + 0.0:.3f}".rstrip("0")
    return f'"{digits}0"^^<{XSD}decimal>' if digits.endswith(".") else f'"{digits}"^^<{XSD}decimal>'


def triple(subject: str, predicate: str, value: str) -> str:
    """Return one statement as a line, without the line's end; all three are formatted already."""
    return f"{subject} <{predicate}> {value} ."
