"""Floor 7: the tokens of SPARQL, spelled so that Oxigraph finds no way to another address in them.

    text -> tokens -> those that hold a word that reaches elsewhere respelled -> one text again

Pure text in, tokens or an error out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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
_OPENING, _CLOSING = "{([", "})]"


class SparqlError(QueryError):
    """SPARQL that does not parse; `line` and `column`, both from 1, are where it goes wrong."""

    def __init__(self, line: int, column: int, reason: str, what: str = "query") -> None:
        super().__init__(f"line {line}, column {column} of the {what}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One of SPARQL's two languages: what it is called, and its words that reach elsewhere."""

    what: str
    article: str
    reaching: re.Pattern[str]


QUERY = Language(
    what="query", article="a", reaching=re.compile("service", re.IGNORECASE | re.ASCII)
)
UPDATE = Language(
    what="update", article="an", reaching=re.compile("service|load", re.IGNORECASE | re.ASCII)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token: its kind (a group of `_TOKEN`), and how and where it stood in the text as given."""

    kind: str
    text: str
    given: str
    offset: int


def read_tokens(text: str, prefixes: Mapping[str, str], language: Language) -> list[Token]:
    """Return the tokens of a text as Oxigraph is to get them."""
    tokens = list(_disarm(text, prefixes, language))
    return tokens if language is QUERY else _hoist(text, tokens, prefixes)


def split_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text as they stand, spaces and comments too."""
    for match in _TOKEN.finditer(text):
        yield Token(kind=str(match.lastgroup), text=match[0], given=match[0], offset=match.start())


def _disarm(text: str, given: Mapping[str, str], language: Language) -> Iterator[Token]:
    """Yield tokens, those that hold a word that reaches elsewhere respelled where possible."""
    prefixes = dict(given)
    before, last = "", ""
    for token in split_tokens(text):
        spelled = token.text
        if token.kind == "iri" and before.upper() == "PREFIX":
            prefixes[last[:-1]] = spelled[1:-1]
        if token.kind != "space":
            before, last = last, spelled
        if language.reaching.search(spelled) is not None:
            spelled = _respell(text, token, prefixes, language)
        yield replace(token, text=spelled)


def _respell(text: str, token: Token, prefixes: Mapping[str, str], language: Language) -> str:
    spelled = token.text
    if token.kind == "space":
        return " "
    if token.kind == "name":
        prefix, _, local = spelled.partition(":")
        found = language.reaching.search(prefix) or language.reaching.search(spelled)
        if prefix == "_" or language.reaching.search(prefix) is not None:
            word = found[0].upper() if found is not None else ""
            reason = f"'{spelled}' looks like {word} to the query engine; choose another name"
            raise error_at(text, token.offset, reason, language)
        if prefix not in prefixes:
            raise error_at(text, token.offset, undeclared(prefix), language)
        spelled = f"<{prefixes[prefix]}{_unescape(local)}>"
    if token.kind in ("iri", "string", "name"):
        return language.reaching.sub(
            lambda found: f"\\u{ord(found[0][0]):04X}{found[0][1:]}", spelled
        )
    return spelled


def _hoist(text: str, tokens: list[Token], given: Mapping[str, str]) -> list[Token]:
    """Return the tokens of an update with the prologues of later operations before the first."""
    front: list[Token] = []
    rest: list[Token] = []
    meanings: dict[str, str] = {}
    place, depth, begins, operations = 0, 0, True, 0
    while place < len(tokens):
        token = tokens[place]
        length = _prologue_length(tokens, place) if begins else 0
        if length:
            line = tokens[place : place + length]
            _declare(text, line, meanings, given, rest if operations else [])
            (front if operations else rest).extend(line)
            if operations:
                front.append(replace(token, kind="space", text="\n"))
            place += length
            continue
        rest.append(token)
        place += 1
        if token.kind != "space":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            begins = depth == 0 and token.text == ";"
            operations += not begins
    return front + rest


def _prologue_length(tokens: list[Token], place: int) -> int:
    """Return how many tokens a PREFIX or BASE line that begins here has; 0 where none does."""
    word = tokens[place].text.upper()
    kinds = {"PREFIX": ["word", "name", "iri"], "BASE": ["word", "iri"]}.get(word, [])
    length = 0
    for token in tokens[place:]:
        if not kinds:
            break
        if token.kind == kinds[0]:
            kinds = kinds[1:]
        elif token.kind != "space":
            return 0
        length += 1
    return 0 if kinds else length


def _declare(
    text: str,
    line: list[Token],
    meanings: dict[str, str],
    given: Mapping[str, str],
    before: list[Token],
) -> None:
    """Note what a line of a prologue declares; `before` are the tokens of earlier operations.

    It must mean there what it means here, since it is put in front of them.
    """
    is_base = line[0].text.upper() == "BASE"
    # No prefix is called "<".
    name = "<" if is_base else next(each.text for each in line if each.kind == "name")[:-1]
    meaning = line[-1].text[1:-1]
    if is_base:
        used = any(each.kind == "iri" and ":" not in each.text for each in before)
        known = meanings.get(name, "" if used else meaning)
    else:
        used = any(each.kind == "name" and each.text.partition(":")[0] == name for each in before)
        known = meanings.get(name, given.get(name, meaning) if used else meaning)
    if before and known != meaning:
        what = "BASE" if is_base else f"the prefix '{name}:'"
        reason = f"{what} has another meaning in an earlier operation; one update takes one"
        raise error_at(text, line[0].offset, reason, UPDATE)
    meanings[name] = meaning


def _unescape(local: str) -> str:
    return re.sub(r"\\(.)", r"\1", local)


def undeclared(prefix: str) -> str:
    """Return what to say of a prefix that nothing declares."""
    return f"the prefix '{prefix}:' is not declared; add a line PREFIX {prefix}: <...>"


def error_at(text: str, offset: int, reason: str, language: Language) -> SparqlError:
    """Return the error for what is wrong at an offset of a text."""
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    return SparqlError(line, column, reason, language.what)
