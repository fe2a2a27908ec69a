"""Floor 7: what is done to a query before a store gets it, ours or one elsewhere.

Each SERVICE is answered, or refused. For a store elsewhere a query is checked here, spelled so that
no store reads it otherwise, and declares all that it needs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from pyoxigraph import QuerySolutions, Store

from kg.errors import QueryError
from kg.store.federation import Services, answer_services, check_allowed
from kg.store.service_tokens import read_query, without_heads
from kg.store.sparql import explain_syntax_error, without_service
from kg.store.sparql_tokens import QUERY, SparqlError, Token, split_tokens

Select = Callable[[str], QuerySolutions]

_STAR = re.compile(r"\bselect\b(?:\s+(?:distinct|reduced)\b)?\s*\*", re.IGNORECASE)
_LONGEST = 1 << 16
"""Characters of a query past which a program wrote it, which reads columns by their names."""

_FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE = re.compile(r"\\(?:u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})|(?P<sign>.))")
_SIGNS = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_NOT_IN_IRIS = frozenset('<>"{}|^`\\')


def with_services_answered(
    text: str,
    prefixes: Mapping[str, str],
    services: Services,
    select: Select,
    base_iri: str | None = None,
) -> str:
    """Return a query in which no SERVICE is left; it is checked before anyone is asked.

    `select` runs a SELECT on the graph that the rest of the query is for.

    Raises:
        SparqlError: if it does not parse.
        QueryError: if a SERVICE is not allowed, or too much would be sent or came back.
        ServiceError: if a service fails.
    """
    if QUERY.reaching.search(text) is None:
        return text
    asked = read_query(text, prefixes, base_iri or "")
    if not asked.parts:
        return text
    check_allowed(asked, services)
    check_syntax(without_heads(text, asked), prefixes, base_iri)
    return answer_services(text, prefixes, services, select, base_iri or "")


def check_syntax(text: str, prefixes: Mapping[str, str], base_iri: str | None = None) -> None:
    """Make sure that a query is SPARQL 1.1, and has no SERVICE.

    Raises:
        SparqlError: if it does not parse; it says at which line and column.
        QueryError: if it has a SERVICE.
    """
    said = _complaint(without_service(text, prefixes), prefixes, base_iri)
    if said is not None:
        raise explain(text, prefixes, said, base_iri)


def explain(
    text: str, prefixes: Mapping[str, str], said: str, base_iri: str | None = None
) -> SparqlError:
    """Return the error to raise for a query of which Oxigraph said that it does not parse."""
    return explain_syntax_error(
        text, prefixes, said, lambda part: _complaint(part, prefixes, base_iri)
    )


def _complaint(text: str, prefixes: Mapping[str, str], base_iri: str | None) -> str | None:
    """Return what Oxigraph says of a text that does not parse; nothing is asked of the graph."""
    try:
        Store().query(text, prefixes=dict(prefixes), base_iri=base_iri)
    except SyntaxError as error:
        return str(error.msg)
    except (RuntimeError, ValueError, OSError):
        return None
    return None


def spell_out(text: str, prefixes: Mapping[str, str], base_iri: str | None = None) -> str:
    r"""Return a query that parses as one that any store can be sent, and that each reads alike.

    The prefixes that it uses and does not declare are declared in it, and `base_iri` where it has
    an IRI that is not whole. Comments go, and characters stand for their escapes (`\u0041`): some
    stores read these before they look for strings and comments, and might find an update, or a
    SERVICE, in what is none to others.

    Raises:
        QueryError: if it has a SERVICE, or an escape for what no IRI may hold.

    >>> spell_out("SELECT * { ?s kg:exact '\\u0041' } # all", {"kg": "http://e.org/", "a": "b:"})
    "PREFIX kg: <http://e.org/>\nSELECT * { ?s kg:exact 'A' }  "
    """
    plain = "".join(_respelled(token) for token in split_tokens(text))
    safe = without_service(plain, prefixes)
    tokens = [token for token in split_tokens(safe) if token.kind != "space"]
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
    names = sorted((used & set(prefixes)) - set(_declared(tokens)))
    lines = [f"PREFIX {name}: <{prefixes[name]}>\n" for name in names]
    is_whole = all(_SCHEME.match(token.text) for token in tokens if token.kind == "iri")
    if base_iri and not is_whole:
        lines.insert(0, f"BASE <{base_iri}>\n")
    return "".join([*lines, safe])


def with_columns_as_named(
    text: str, prefixes: Mapping[str, str], base_iri: str | None = None
) -> str:
    """Return a query whose `SELECT *` gives its columns in the order in which the text names them.

    Oxigraph gives them by the alphabet. What is in scope it tells itself, asked without data. Text
    that is no such query, does not parse, or is very long, is returned as it is.

    >>> with_columns_as_named("SELECT * { ?s ?p ?o . { SELECT ?o { ?o ?p ?z } } }", {})
    'SELECT ?s ?p ?o { ?s ?p ?o . { SELECT ?o { ?o ?p ?z } } }'
    """
    if len(text) > _LONGEST or _STAR.search(text) is None:
        return text
    tokens = (token for token in split_tokens(text) if token.kind != "space")
    star = _star_of(tokens)
    if star is None:
        return text
    try:
        found = Store().query(text, prefixes=dict(prefixes), base_iri=base_iri)
    except (SyntaxError, RuntimeError, ValueError, OSError):
        return text
    assert isinstance(found, QuerySolutions)  # noqa: S101
    in_scope = {variable.value for variable in found.variables}
    named = dict.fromkeys(token.text[1:] for token in tokens if token.kind == "variable")
    if not in_scope or not in_scope <= named.keys():
        return text
    columns = " ".join(f"?{name}" for name in named if name in in_scope)
    before = "" if text[:star].endswith((" ", "\n")) else " "
    after = "" if text[star + 1 : star + 2].isspace() else " "
    return f"{text[:star]}{before}{columns}{after}{text[star + 1 :]}"


def _star_of(tokens: Iterator[Token]) -> int | None:
    """Return where a query has the star of its SELECT; read no further than that."""
    for token in tokens:
        if token.text == "{":
            break
        if token.text.upper() == "SELECT":
            following = next(tokens, None)
            if following is not None and following.text.upper() in ("DISTINCT", "REDUCED"):
                following = next(tokens, None)
            return following.offset if following is not None and following.text == "*" else None
    return None


def find_form(text: str) -> str:
    """Return which of the four forms a query has: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QueryError: if it has none.

    >>> find_form("PREFIX select: <http://e.org/> ask { ?s select:ed ?o }")
    'ASK'
    """
    for token in split_tokens(text):
        if token.kind == "word" and token.text.upper() in _FORMS:
            return token.text.upper()
    raise QueryError("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")


def _declared(tokens: list[Token]) -> Iterator[str]:
    for before, token in pairwise(tokens):
        if token.kind == "name" and before.text.upper() == "PREFIX":
            yield token.text[:-1]


def _respelled(token: Token) -> str:
    """Return a token without escapes by number; of what stands between tokens, a space."""
    if token.kind == "space":
        return "\n" if "\n" in token.text and not token.text.startswith("#") else " "
    if token.kind == "string":
        return _ESCAPE.sub(_as_sign, token.text)
    if token.kind == "iri":
        return _ESCAPE.sub(_as_part_of_iri, token.text)
    return token.text


def _character(found: re.Match[str]) -> str:
    try:
        character = chr(int(found["four"] or found["eight"], 16))
        character.encode()
    except (ValueError, OverflowError) as error:
        raise QueryError(f"the query has '{found[0]}', which is no character") from error
    return character


def _as_sign(found: re.Match[str]) -> str:
    if found["sign"]:
        return found[0]
    character = _character(found)
    return _SIGNS.get(character, character)


def _as_part_of_iri(found: re.Match[str]) -> str:
    character = _character(found)
    if character <= " " or character in _NOT_IN_IRIS:
        raise QueryError(f"the query has '{found[0]}' in an IRI, which may not hold that")
    return character
