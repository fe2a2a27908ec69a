"""Floor 7: what is done to the text of a query before Oxigraph gets it, and to its complaints.

`without_service` makes sure that a query cannot reach another address; `explain_syntax_error` says
where a mistake is. Pure text in, text or an error out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import shorten

from kg.errors import QueryError

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = rf"\\[tbnrf\\\"']|{_UCHAR}"
_LOCAL = r"[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+|\#[^\r\n]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*>)
  | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|{_ECHAR}))*\"\"\"
             | '''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*'''
             | "(?:[^"\\\r\n]|{_ECHAR})*" | '(?:[^'\\\r\n]|{_ECHAR})*')
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:\w(?:[\w.-]*[\w-])?)?:(?:(?:{_LOCAL})(?:\.*(?:{_LOCAL}))*)?)
  | (?P<word>\w+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_IN_VARIABLE = re.compile(r"[?$][a-z0-9_]*", re.IGNORECASE | re.ASCII)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)

_BAD_IRI = re.compile(r"<[a-z][\w+.-]*:[^<>\r\n]*[\s\"{}|^`\\][^<>\r\n]*>", re.IGNORECASE)

# Longer than any keyword of SPARQL; see `_place`.
_GAP = " " * 40
_COMPLAINTS = {
    "Duplicated variable name in SELECT": "SELECT names the same variable twice",
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable that is neither grouped (GROUP BY) nor aggregated"
    ),
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot stand with GROUP BY",
    "The VALUES clause rows should have exactly the same number of values as there are variables": (
        "a row of VALUES does not have as many values as there are variables"
    ),
    "Blank nodes are not allowed in DELETE": "a blank node is not allowed here",
}


class SparqlError(QueryError):
    """SPARQL that does not parse; `line` and `column`, both from 1, are where it goes wrong."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column} of the query: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """A token: its kind (a group of `_TOKEN`), and how and where it stood in the query as given."""

    kind: str
    text: str
    given: str
    offset: int


def without_service(query: str, prefixes: Mapping[str, str] | None = None) -> str:
    r"""Return an equal query that no parser can find `SERVICE` in, or refuse the query.

    Oxigraph sends a SERVICE pattern to any address, loopback too, and has no switch for it. Its
    grammar takes more for the keyword than the specification does (`1SERVICE`, `SERVICEex:a`), so
    reading the query as the specification has it is no defence. What is returned holds the seven
    letters nowhere but in variables: comments go, strings and IRIs spell them with an escape, and
    prefixed names become such IRIs. Whatever else holds them is refused.

    Raises:
        QueryError: if the query uses SERVICE, or a prefix or blank node named after it.

    >>> without_service('SELECT ?service { ?service ?p "Service" }')
    'SELECT ?service { ?service ?p "\\u0053ervice" }'
    >>> without_service("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.errors.QueryError: SERVICE is refused: a query reads this graph only, and no other address

    """
    if _SERVICE.search(query) is None:
        return query
    result = "".join(token.text for token in _disarm(query, prefixes or {}))
    for found in _SERVICE.finditer(result):
        before = re.search(r"[?$\w]*\Z", result[: found.start()], re.ASCII)
        if before is None or _IN_VARIABLE.fullmatch(before[0]) is None:
            raise QueryError(
                "SERVICE is refused: a query reads this graph only, and no other address"
            )
    return result


def explain_syntax_error(
    query: str,
    prefixes: Mapping[str, str] | None,
    message: str,
    complain: Callable[[str], str | None],
) -> SparqlError:
    """Return the error to raise for a query that Oxigraph could not parse.

    `message` is what Oxigraph said of the whole query; `complain` parses a text and returns what it
    says of that.
    """
    tokens = [token for token in _disarm(query, prefixes or {}) if token.kind != "space"]
    start = _first_verb(tokens)
    if start is not None and start.text.upper() in _UPDATES:
        return _error_at(
            query,
            start.offset,
            f"{start.text.upper()} is SPARQL Update, which changes a graph; "
            "here a graph is only read, with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if start is not None and start.text.upper() not in _FORMS:
        return _error_at(
            query,
            start.offset,
            f"'{start.text}' stands where SELECT, ASK, CONSTRUCT or DESCRIBE was expected",
        )
    quote = next((each for each in tokens if each.given in ('"', "'")), None)
    if quote is not None:
        return _error_at(query, quote.offset, "the string that starts here is not closed")
    opened = next((each for each in tokens if _BAD_IRI.match(query, each.offset)), None)
    if opened is not None and "IRI parsing failed" in message:
        return _error_at(
            query,
            opened.offset,
            "the IRI that starts here holds a space or a sign that none may hold",
        )
    token, message = _place(query, prefixes or {}, message, complain)
    end = len(query.rstrip())
    return _error_at(query, end if token is None else token.offset, _reason(tokens, token, message))


def _tokens(query: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(query):
        yield _Token(kind=str(match.lastgroup), text=match[0], given=match[0], offset=match.start())


def _disarm(query: str, given: Mapping[str, str]) -> Iterator[_Token]:
    """Yield the tokens of a query, those that hold "service" respelled where that is possible."""
    prefixes = dict(given)
    before, last = "", ""
    for token in _tokens(query):
        text = token.text
        if token.kind == "iri" and before.upper() == "PREFIX":
            prefixes[last[:-1]] = text[1:-1]
        if token.kind != "space":
            before, last = last, text
        if _SERVICE.search(text) is not None:
            text = _respell(query, token, prefixes)
        yield replace(token, text=text)


def _respell(query: str, token: _Token, prefixes: Mapping[str, str]) -> str:
    text = token.text
    if token.kind == "space":
        return " "
    if token.kind == "name":
        prefix, _, local = text.partition(":")
        if prefix == "_" or _SERVICE.search(prefix) is not None:
            reason = f"'{text}' looks like SERVICE to the query engine; choose another name"
            raise _error_at(query, token.offset, reason)
        if prefix not in prefixes:
            raise _error_at(query, token.offset, _undeclared(prefix))
        text = f"<{prefixes[prefix]}{_unescape(local)}>"
    if token.kind in ("iri", "string", "name"):
        return _SERVICE.sub(lambda found: f"\\u{ord(found[0][0]):04X}{found[0][1:]}", text)
    return text


def _unescape(local: str) -> str:
    return re.sub(r"\\(.)", r"\1", local)


def _first_verb(tokens: list[_Token]) -> _Token | None:
    """Return the first word after BASE and PREFIX lines."""
    skip = 0
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if skip:
            skip -= 1
        elif word in ("BASE", "PREFIX"):
            skip = 1 if word == "BASE" else 2
        else:
            return token if word else None
    return None


def _place(
    query: str,
    prefixes: Mapping[str, str],
    message: str,
    complain: Callable[[str], str | None],
) -> tuple[_Token | None, str]:
    """Return the token that the parser could not take (None: the end), and what it said there.

    Oxigraph tells the furthest place that it looked at, and a keyword that it tried in vain counts
    up to the keyword's last letter, which may be many tokens on. So the query is parsed again with
    gaps between its tokens that are wider than any keyword.
    """
    padded = ""
    starts: list[tuple[int, _Token]] = []
    for token in _disarm(query, prefixes):
        if token.kind == "space":
            padded += _GAP
            continue
        lone = token.text in ("{", "}")
        padded += _GAP if lone else ""
        starts.append((len(padded), token))
        padded += token.text + (_GAP if lone else "")
    padded += _GAP
    said = complain(padded) or message
    place = re.match(r"error at (\d+):(\d+):", said)
    if place is None or not starts:
        return None, said
    lines = padded.split("\n")
    offset = sum(len(line) + 1 for line in lines[: int(place[1]) - 1]) + int(place[2]) - 1
    if offset >= len(padded):
        return None, said
    for (_, token), (after, _) in pairwise(starts):
        if after > offset:
            return token, said
    return starts[-1][1], said


def _reason(tokens: list[_Token], token: _Token | None, message: str) -> str:
    for phrase, reason in _COMPLAINTS.items():
        if phrase in message:
            return reason
    if token is None:
        words = [each.text for each in tokens if each.kind == "other"]
        for opening, closing in ("{}", "()"):
            if words.count(opening) > words.count(closing):
                return f"the query ends too early: a '{closing}' is missing"
        return "the query is empty" if not tokens else "the query ends too early"
    if "Prefix not found" in message:
        return _undeclared(token.given.partition(":")[0])
    found = f"'{shorten(token.given, 60)}'"
    if "IRI parsing failed" in message or (token.kind == "iri" and ":" not in token.given):
        return f"{found} is no whole IRI, such as <http://example.org/a>"
    wanted = re.findall(r"(?:of |, |expected )(WHERE|BY|AS|IN)(?=,|$)", message)
    if wanted:
        return f"{found} stands where {' or '.join(wanted)} was expected"
    if token.kind == "word":
        return f"{found} is not expected here; a name needs its prefix, and a variable its '?'"
    return f"{found} is not expected here"


def _undeclared(prefix: str) -> str:
    return f"the prefix '{prefix}:' is not declared; add a line PREFIX {prefix}: <...>"


def _error_at(query: str, offset: int, reason: str) -> SparqlError:
    before = query[:offset]
    return SparqlError(before.count("\n") + 1, offset - before.rfind("\n"), reason)
