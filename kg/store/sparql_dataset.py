"""Floor 7: the graphs that a request over HTTP gives an update, written into the update itself.

They are the dataset that its WHERE reads (the SPARQL Protocol), or the only graph that it is about
(PATCH of the Graph Store Protocol). So the log that a rebuild replays needs nothing but the text.
Pure text in, text or an error out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from kg.store.sparql_tokens import (
    UPDATE,
    Language,
    SparqlError,
    Token,
    error_at,
    read_tokens,
    split_tokens,
)

_OPENING, _CLOSING = "{([", "})]"

# To this grammar of Oxigraph a word may be part of a longer one (`1GRAPH`, `GRAPHex:a`), so they
# are looked for as SERVICE is: wherever their letters stand but in variables.
_NAMING = Language(
    what="update",
    article="an",
    reaching=re.compile("graph|using|with|load", re.IGNORECASE | re.ASCII),
)
_DATA = (["INSERT", "DATA"], ["DELETE", "DATA"])
_SHORT = ["DELETE", "WHERE"]
_MODIFYING = (["DELETE", "INSERT", "WHERE"], ["INSERT", "WHERE"], ["DELETE", "WHERE"])
_EMPTYING = tuple(
    [verb, *silent, "DEFAULT"] for verb in ("CLEAR", "DROP") for silent in ([], ["SILENT"])
)


class OtherGraphError(SparqlError):
    """An update that names graphs itself, where the request says which one it is about."""


def with_dataset(update: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """Return an update whose WHERE clauses read the graphs that a request names.

    Raises:
        SparqlError: if it names a dataset itself, with USING or WITH.

    >>> with_dataset("DELETE WHERE { ?s ?p ?o }", ["http://example.org/g"], [])
    'DELETE { ?s ?p ?o } USING <http://example.org/g> WHERE { ?s ?p ?o }'
    """
    clauses = "".join(
        f"{word} <{iri}> "
        for word, iris in (("USING", using), ("USING NAMED", using_named))
        for iri in iris
    )
    pieces = [_with_clauses(update, part, clauses) for part in _operations(split_tokens(update))]
    return ";".join(pieces)


def _operations(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each operation, without the signs that part them."""
    depth = 0
    operation: list[Token] = []
    for token in tokens:
        if token.kind == "other":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == ";" and depth == 0:
            yield operation
            operation = []
        else:
            operation.append(token)
    yield operation


def _with_clauses(update: str, tokens: list[Token], clauses: str) -> str:
    depth = 0
    where = -1
    words: list[str] = []
    for place, token in enumerate(tokens):
        if token.kind == "other":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.kind != "word" or depth:
            continue
        word = token.text.upper()
        if word in ("USING", "WITH"):
            reason = f"{word} does not go with a dataset that the request names"
            raise error_at(update, token.offset, reason, UPDATE)
        if word == "WHERE":
            where = place
        words.append(word)
    texts = [token.text for token in tokens]
    if where < 0:
        return "".join(texts)
    pattern = ""
    if words[-2:] == ["DELETE", "WHERE"]:
        # The short form has no place for a dataset: it is written out.
        pattern = f"{''.join(texts[where + 1 :]).strip()} "
    return "".join(texts[:where]) + pattern + clauses + "".join(texts[where:])


def on_graph(update: str, graph: str, prefixes: Mapping[str, str] | None = None) -> str:
    """Return an update that reads and writes one graph as this one does the default graph.

    An empty `graph` is the default graph. The update has to parse; it may not name any graph, since
    that could be another one. Words of it that look like one of GRAPH are spelled with escapes.

    Raises:
        OtherGraphError: if it names a graph, or does what is done to several.
        SparqlError: if a prefix or a blank node is named after a word such as GRAPH.

    >>> on_graph("INSERT DATA { <x:a> <x:b> 1 }; CLEAR DEFAULT", "http://example.org/g")
    'INSERT DATA { GRAPH <http://example.org/g> { <x:a> <x:b> 1 } }; CLEAR SILENT GRAPH \
<http://example.org/g>'
    """
    tokens = read_tokens(update, prefixes or {}, _NAMING)
    for token in tokens:
        if token.kind == "word" and _NAMING.reaching.search(token.text) is not None:
            raise _naming(update, token)
    name = str(NamedNode(graph)) if graph else ""
    return ";".join(_operation_on(update, part, name) for part in _operations(tokens))


def _operation_on(update: str, tokens: list[Token], name: str) -> str:
    place = _after_prologue(tokens)
    before, rest = tokens[:place], tokens[place:]
    words, groups = _outline(rest)
    verbs = [rest[word].text.upper() for word in words]
    texts = [token.text for token in rest]
    if not verbs:
        return "".join(token.text for token in tokens)
    if verbs in _EMPTYING and not groups:
        texts = [f"{verbs[0]} SILENT GRAPH {name}"] if name else texts
    elif verbs in _DATA or (verbs == _SHORT and len(groups) == 1):
        if len(groups) != 1:
            raise _naming(update, rest[words[0]])
        if name:
            first, last = groups[0]
            texts[first] = f"{{ GRAPH {name} {{"
            texts[last] = "} }"
    elif verbs in _MODIFYING:
        texts = [f"WITH {name} ", *texts] if name else texts
    else:
        raise _naming(update, rest[words[0]])
    return "".join([*(token.text for token in before), *texts])


def _after_prologue(tokens: list[Token]) -> int:
    """Return the place of the first token that is no part of PREFIX and BASE lines."""
    skip = 0
    for place, token in enumerate(tokens):
        if token.kind == "space":
            continue
        word = token.text.upper() if token.kind == "word" else ""
        if skip:
            skip -= 1
        elif word in ("PREFIX", "BASE"):
            skip = 2 if word == "PREFIX" else 1
        else:
            return place
    return len(tokens)


def _outline(tokens: list[Token]) -> tuple[list[int], list[tuple[int, int]]]:
    """Return where the words outside of all groups stand, and where each group begins and ends."""
    words: list[int] = []
    groups: list[tuple[int, int]] = []
    depth = begun = 0
    for place, token in enumerate(tokens):
        if token.kind == "other":
            change = (token.text in _OPENING) - (token.text in _CLOSING)
            if change > 0 and depth == 0:
                begun = place
            depth += change
            if change < 0 and depth == 0:
                groups.append((begun, place))
        elif token.kind == "word" and depth == 0:
            words.append(place)
    return words, groups


def _naming(update: str, token: Token) -> OtherGraphError:
    found = error_at(
        update,
        token.offset,
        f"'{token.given}' is refused here: the request itself says which graph is changed, and the "
        "update can only be INSERT, DELETE, or CLEAR DEFAULT, and name no graph",
        UPDATE,
    )
    return OtherGraphError(found.line, found.column, found.reason, UPDATE.what)
