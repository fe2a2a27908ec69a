"""Floor 8: puts values into the text of a saved query, as terms and never as pasted text.

A parameter stands in the text as `VALUES ?name { rows }  # @param name`, once in every scope that
uses it, or as `LIMIT 20  # @param name`. Binding replaces the rows, all blocks of a name together.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from kg.errors import QueryError

Term = NamedNode | Literal

# Enough of SPARQL's tokens to tell braces and comments from those inside strings and IRIs.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\".*?(?<!\\)\"\"\" | '''.*?(?<!\\)'''
             | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<word>\w+)
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MARK = re.compile(r"#\s*@param\s+(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of SPARQL: its kind, its text, where it starts, and the depth of braces around it."""

    kind: str
    text: str
    start: int
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A place where a parameter's values stand: `text[start:end]`.

    `is_limit` is true where it is the number of a LIMIT, false where it is the rows of a VALUES.
    """

    name: str
    start: int
    end: int
    is_limit: bool


def read_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query but for white space; braces count as outside of themselves."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match[0]
        if kind == "space":
            continue
        if found == "}":
            depth -= 1
        yield Token(kind, found, match.start(), depth)
        if found == "{":
            depth += 1


def find_blocks(text: str) -> list[Block]:
    r"""Return the marked blocks of a query, in order.

    Raises:
        QueryError: if a mark does not follow a VALUES block of its variable or a LIMIT.

    >>> find_blocks("SELECT * { VALUES ?a { 1 }  # @param a\n ?s ?p ?a }")[0].name
    'a'
    """
    return list(_find_blocks(text))


@lru_cache(maxsize=200)
def _find_blocks(text: str) -> tuple[Block, ...]:
    tokens = list(read_tokens(text))
    blocks = []
    for index, token in enumerate(tokens):
        mark = _MARK.fullmatch(token.text) if token.kind == "comment" else None
        if mark is not None:
            blocks.append(_block_before(text, tokens[:index], mark[1]))
    return tuple(blocks)


def _block_before(text: str, tokens: list[Token], name: str) -> Block:
    if len(tokens) > 1 and tokens[-2].text.upper() == "LIMIT" and tokens[-1].text.isdecimal():
        last = tokens[-1]
        return Block(name=name, start=last.start, end=last.start + len(last.text), is_limit=True)
    if tokens and tokens[-1].text == "}":
        closing = tokens[-1]
        opened = [
            index
            for index, token in enumerate(tokens)
            if token.text == "{" and token.depth == closing.depth
        ][-1]
        head = [token.text for token in tokens[max(0, opened - 2) : opened]]
        if len(head) == 2 and head[0].upper() == "VALUES" and head[1][1:] == name:
            return Block(
                name=name, start=tokens[opened].start + 1, end=closing.start, is_limit=False
            )
    line = text.count("\n", 0, tokens[-1].start) + 1 if tokens else 1
    raise QueryError(
        f"line {line}: the mark '@param {name}' stands neither after 'VALUES ?{name} {{ ... }}' "
        f"nor after 'LIMIT <number>'"
    )


def find_unmarked(text: str, names: Sequence[str]) -> str | None:
    """Return what is wrong where a parameter's VALUES, or a LIMIT of the whole, lacks its mark."""
    blocks = find_blocks(text)
    marked = {block.start for block in blocks}
    tokens = [token for token in read_tokens(text) if token.kind != "comment"]
    for before, token in pairwise(tokens):
        if before.text.upper() == "VALUES" and token.text[1:] in names:
            if text.index("{", token.start) + 1 not in marked:
                return f"a block 'VALUES {token.text}' has no mark '# @param {token.text[1:]}'"
        elif before.text.upper() == "LIMIT" and before.depth == 0 and token.start not in marked:
            return "the LIMIT of the query has no mark '# @param limit'"
    return None


def bind_values(text: str, values: Mapping[str, Sequence[Term]]) -> str:
    r"""Return the query with the values of its parameters; no values at all leave one unbound.

    Values are written by the RDF library, typed and escaped, each once, in the order given.

    Raises:
        QueryError: if a marked parameter has no entry, or an entry no mark; else what the query
            asked would be the example's question, or everyone's.

    >>> bind_values("SELECT * { VALUES ?a { 1 }  # @param a\n ?s ?p ?a }", {"a": [Literal('"')]})
    'SELECT * { VALUES ?a { "\\"" }  # @param a\n ?s ?p ?a }'
    """
    blocks = find_blocks(text)
    marked = {block.name for block in blocks}
    for name in sorted(marked ^ set(values)):
        raise QueryError(
            f"the parameter '{name}' has no value" if name in marked else f"no parameter '{name}'"
        )
    pieces, done = [], 0
    for block in blocks:
        pieces += [text[done : block.start], _rows(values[block.name], block)]
        done = block.end
    return "".join(pieces) + text[done:]


def _rows(terms: Sequence[Term], block: Block) -> str:
    if block.is_limit:
        return str(int(terms[0].value))
    rows = dict.fromkeys(str(term) for term in terms)
    return f" {' '.join(rows) or 'UNDEF'} "
