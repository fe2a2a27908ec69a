"""Floor 7: what is done to SPARQL before Oxigraph gets it, and to Oxigraph's complaints.

`without_service` and `prepare_update` make sure that a query or an update cannot reach another
address or a file; `explain_syntax_error` says where a mistake is. Pure text in, text or an error
out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from textwrap import shorten

from kg.errors import QueryError
from kg.store.sparql_tokens import (
    QUERY,
    UPDATE,
    Language,
    SparqlError,
    Token,
    error_at,
    read_tokens,
    undeclared,
)

_IN_VARIABLE = re.compile(r"[?$][a-z0-9_]*", re.IGNORECASE | re.ASCII)
_NAME_SIGN = re.compile(r"[?$\w]", re.ASCII)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
_REFUSALS = {
    "SERVICE": "SERVICE is refused: {} reads this graph only, and no other address",
    "LOAD": "LOAD is refused: {} reads no address and no file; "
    "give the statements themselves, with INSERT DATA",
}

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
    if QUERY.reaching.search(query) is None:
        return query
    return _join(read_tokens(query, prefixes or {}, QUERY), QUERY)


def prepare_update(text: str, prefixes: Mapping[str, str] | None = None) -> str:
    r"""Return an equal update that Oxigraph can read and that reaches nothing, or refuse it.

    As `without_service`, for `LOAD` too. Oxigraph takes PREFIX and BASE before the first operation
    only, SPARQL before each, so those of later ones go to the front.

    Raises:
        QueryError: if the update uses SERVICE or LOAD, a prefix or blank node is named after them,
            or a prefix has two meanings.

    >>> print(prepare_update("CLEAR ALL; PREFIX a: <http://a/> INSERT DATA { a:b a:c 'Load' }"))
    PREFIX a: <http://a/>
    CLEAR ALL;  INSERT DATA { a:b a:c '\u004Coad' }
    """
    return _join(read_tokens(text, prefixes or {}, UPDATE), UPDATE)


def probe_update(text: str, prefixes: Mapping[str, str] | None = None) -> str | None:
    """Return an update that parses where this one does, and fails before it changes anything.

    An operation that always fails is put before the first one, since Oxigraph has no way to parse
    an update and not to run it. Where there is no operation at all, there is nothing to return.

    Raises:
        QueryError: as `prepare_update`.

    """
    tokens = read_tokens(text, prefixes or {}, UPDATE)
    verb = _first_verb([token for token in tokens if token.kind != "space"])
    if verb is None:
        return None
    place = tokens.index(verb)
    before, after = _join(tokens[:place], UPDATE), _join(tokens[place:], UPDATE)
    return f"{before} DROP GRAPH <urn:kg:there-is-none> ; {after}"


def explain_syntax_error(
    query: str,
    prefixes: Mapping[str, str] | None,
    message: str,
    complain: Callable[[str], str | None],
    language: Language = QUERY,
) -> SparqlError:
    """Return the error to raise for a query or update that Oxigraph could not parse.

    `message` is what Oxigraph said of the whole of it; `complain` parses a text and returns what it
    says of that.
    """
    read = read_tokens(query, prefixes or {}, language)
    tokens = [token for token in read if token.kind != "space"]
    start = _first_verb(tokens)
    if start is not None and (wrong := _wrong_verb(start.text, language)):
        return error_at(query, start.offset, wrong, language)
    quote = next((each for each in tokens if each.given in ('"', "'")), None)
    if quote is not None:
        reason = "the string that starts here is not closed"
        return error_at(query, quote.offset, reason, language)
    opened = next((each for each in tokens if _BAD_IRI.match(query, each.offset)), None)
    if opened is not None and "IRI parsing failed" in message:
        reason = "the IRI that starts here holds a space or a sign that none may hold"
        return error_at(query, opened.offset, reason, language)
    misplaced = _misplaced(tokens, message) if language is UPDATE else None
    if misplaced is not None:
        return error_at(query, misplaced[0].offset, misplaced[1], language)
    token, message = _place(read, message, complain)
    end = len(query.rstrip())
    reason = _reason(tokens, token, message, language)
    return error_at(query, end if token is None else token.offset, reason, language)


def _wrong_verb(word: str, language: Language) -> str:
    """Return what is wrong with the word that a text begins with, or an empty string."""
    verb = word.upper()
    if language is QUERY and verb in _UPDATES:
        return (
            f"{verb} is SPARQL Update, which changes a graph; "
            "here a graph is only read, with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    if language is UPDATE and verb in _FORMS:
        return (
            f"{verb} is a query, which only reads a graph (kg sparql); "
            "here a graph is changed, with INSERT, DELETE, CLEAR, COPY and the like"
        )
    if verb not in (_FORMS if language is QUERY else _UPDATES):
        wanted = (
            "SELECT, ASK, CONSTRUCT or DESCRIBE"
            if language is QUERY
            else "INSERT, DELETE, WITH, CLEAR, CREATE, DROP, COPY, MOVE or ADD"
        )
        return f"'{word}' stands where {wanted} was expected"
    return ""


def _misplaced(tokens: list[Token], message: str) -> tuple[Token, str] | None:
    """Return the variable or blank node that may not stand where it does in an update, and why."""
    shared = re.search(r"blank node (_:\S+) cannot be shared", message)
    if shared is not None:
        last = [token for token in tokens if token.text == shared[1]][-1]
        return last, f"'{last.given}' has the same name in two operations; give it another here"
    verb, block, depth = "", "", 0
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if word in ("INSERT", "DELETE"):
            verb = word
        elif word in ("DATA", "WHERE") and verb:
            verb = f"{verb} {word}" if depth == 0 else verb
        elif token.text == "{":
            block = verb if depth == 0 else block
            depth += 1
        elif token.text == "}":
            depth -= 1
            verb = verb if depth else ""
        elif token.kind == "variable" and depth and block.endswith("DATA"):
            other = f"{block.split()[0]} {{ ... }} WHERE {{ ... }}"
            return token, f"a variable cannot stand in {block}; with variables it is {other}"
        elif token.text[:2] in ("_:", "[") and depth and block.startswith("DELETE"):
            return (
                token,
                f"a blank node cannot stand in {block}; match it with a variable and WHERE",
            )
    return None


def _join(tokens: Iterable[Token], language: Language) -> str:
    """Return tokens as one text, unless it would reach elsewhere."""
    result = "".join(token.text for token in tokens)
    for found in language.reaching.finditer(result):
        start = found.start()
        while start and _NAME_SIGN.fullmatch(result[start - 1]):
            start -= 1
        if _IN_VARIABLE.fullmatch(result[start : found.start()]) is None:
            refusal = _REFUSALS[found[0].upper()]
            raise QueryError(refusal.format(f"{language.article} {language.what}"))
    return result


def _first_verb(tokens: list[Token]) -> Token | None:
    """Return the first word after BASE and PREFIX lines."""
    skip = 0
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if skip:
            skip -= 1
        elif word in ("BASE", "PREFIX", "VERSION"):
            skip = 2 if word == "PREFIX" else 1
        else:
            return token if word else None
    return None


def _place(
    tokens: list[Token], message: str, complain: Callable[[str], str | None]
) -> tuple[Token | None, str]:
    """Return the token that the parser could not take (None: the end), and what it said there.

    Oxigraph tells the furthest place that it looked at, and a keyword that it tried in vain counts
    up to the keyword's last letter, which may be many tokens on. So the text is parsed again with
    gaps between its tokens that are wider than any keyword.
    """
    padded = ""
    starts: list[tuple[int, Token]] = []
    for token in tokens:
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


def _reason(tokens: list[Token], token: Token | None, message: str, language: Language) -> str:
    for phrase, reason in _COMPLAINTS.items():
        if phrase in message:
            return reason
    if token is None:
        words = [each.text for each in tokens if each.kind == "other"]
        for opening, closing in ("{}", "()"):
            if words.count(opening) > words.count(closing):
                return f"the {language.what} ends too early: a '{closing}' is missing"
        said = {each.text.upper() for each in tokens if each.kind == "word"}
        if said & {"INSERT", "DELETE"} and not said & {"DATA", "WHERE"}:
            return f"the {language.what} ends too early: WHERE {{ ... }} is missing"
        return f"the {language.what} {'ends too early' if tokens else 'is empty'}"
    if "Prefix not found" in message:
        return undeclared(token.given.partition(":")[0])
    found = f"'{shorten(token.given, 60)}'"
    if "IRI parsing failed" in message or (token.kind == "iri" and ":" not in token.given):
        return f"{found} is no whole IRI, such as <http://example.org/a>"
    wanted = re.findall(r"(?:of |, |expected )(WHERE|BY|AS|IN|TO|DATA)(?=,|$)", message)
    if wanted:
        return f"{found} stands where {' or '.join(wanted)} was expected"
    if language is UPDATE and token.given.upper() in _UPDATES:
        return f"{found} is not expected here; a ';' stands between two operations"
    if token.kind == "word":
        return f"{found} is not expected here; a name needs its prefix, and a variable its '?'"
    return f"{found} is not expected here"
