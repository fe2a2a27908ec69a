"""Floor 7: the dataset that the SPARQL Protocol gives an update, written into the update itself.

So the log that a rebuild replays needs nothing but the text. Pure text in, text or an error out.
"""

from collections.abc import Iterable, Iterator, Sequence

from kg.store.sparql_tokens import UPDATE, Token, error_at, split_tokens

_OPENING, _CLOSING = "{([", "})]"


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
