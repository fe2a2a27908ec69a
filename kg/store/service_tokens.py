"""Floor 7: where SERVICE stands in a query, and the queries that answering it takes.

Pure text in; texts or an error out. By tokens, not by a parser: what is taken for SERVICE here and
not by the specification, or the other way round, is refused later (`kg.store.sparql`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from urllib.parse import urljoin

from kg.store.sparql_tokens import QUERY, Token, error_at, split_tokens, undeclared

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_WHOLE = re.compile(r"<[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BRACES = {"{": 1, "}": -1}
_PARENTHESES = {"(": 1, ")": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A SERVICE: its address; `text[start:end]` is all of it, tokens from `first` to before `last`.

    `opening` is the token of its brace.
    """

    address: str
    silent: bool
    start: int
    end: int
    first: int
    opening: int
    last: int


@dataclass(frozen=True, slots=True)
class _Group:
    """A brace that is open: its token, and what stands before it (OPTIONAL, GRAPH ... or "")."""

    opening: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as tokens, without spaces and comments.

    `parts` are its SERVICE parts but for those inside of others, in order; `nested` are these,
    which the endpoint of the outer one answers. `groups` are those that are open at a part's token.
    `base` is what relative IRIs go by where the query has no BASE.
    """

    tokens: tuple[Token, ...]
    prologue: int
    prefixes: Mapping[str, str]
    parts: tuple[Part, ...] = ()
    nested: tuple[Part, ...] = ()
    groups: Mapping[int, tuple[_Group, ...]] = field(default_factory=dict)
    base: str = ""

    def every_part(self) -> Iterator[Part]:
        """Yield every SERVICE, those inside of others too."""
        yield from self.parts
        yield from self.nested

    def request(self, part: Part, names: Sequence[str], values: str) -> str:
        """Return the query to send to the endpoint of a SERVICE.

        `values` is a VALUES that restricts these variables; an empty text where there are none.
        """
        inner = self.tokens[part.opening + 1 : part.last - 1]
        shown = " ".join(f"?{name}" for name in self._wanted(part)) or "*"
        body = _join(inner)
        if names:
            body = f"{values} {body}" if _binds_all(inner, names) else f"{values} {{ {body} }}"
        return f"{self._prologue(inner)}SELECT {shown} WHERE {{ {body} }}"

    def local_bindings(self, part: Part) -> str | None:
        """Return the query for what the pattern before a SERVICE binds of its variables.

        It gives all that can join, or more: what follows, and a FILTER on what is bound elsewhere,
        is left out. None where there is no such pattern.
        """
        if any(token.text.upper() == "FROM" for token in self.tokens if token.kind == "word"):
            # Another dataset, in which the pattern would have to be matched.
            return None
        wanted = _names(self.tokens[part.opening : part.last])
        for before in self._patterns_before(part):
            kept = _without_filters(before)
            shared = [name for name in _names(kept) if name in wanted]
            if shared:
                shown = " ".join(f"?{name}" for name in shared)
                return f"{self._prologue(kept)}SELECT DISTINCT {shown} WHERE {{ {_join(kept)} }}"
        return None

    def _wanted(self, part: Part) -> list[str]:
        """Return the variables of a SERVICE that the rest of the query names; all: none."""
        rest = self.tokens[: part.first] + self.tokens[part.last :]
        stars = any(
            token.text == "*" and before.text.upper() in ("SELECT", "DISTINCT", "REDUCED")
            for before, token in pairwise(rest)
        )
        inner = _names(self.tokens[part.opening : part.last])
        outside = set(_names(rest))
        return [] if stars else [name for name in inner if name in outside]

    def _patterns_before(self, part: Part) -> Iterator[Sequence[Token]]:
        """Yield what stands before a SERVICE in its group, then before that group, and so on.

        As far out as what stands there joins with it: not out of a sub-select, MINUS or EXISTS.
        """
        groups = self.groups[part.first]
        end = part.first
        for depth in range(len(groups) - 1, -1, -1):
            group = groups[depth]
            if self.tokens[group.opening + 1].text.upper() == "SELECT":
                return
            if not any(each.kind == "GRAPH" for each in groups[: depth + 1]):
                yield self.tokens[group.opening + 1 : end]
            if group.kind not in ("", "OPTIONAL", "UNION", "GRAPH"):
                return
            end = self._element_start(group)

    def _element_start(self, group: _Group) -> int:
        """Return the token with which the element that a group belongs to begins."""
        place = group.opening
        if group.kind == "OPTIONAL":
            return place - 1
        if group.kind == "GRAPH":
            return place - 2
        while place and self.tokens[place - 1].text.upper() == "UNION":
            place = self._opening_of(place - 2)
        return place

    def _opening_of(self, closing: int) -> int:
        depth = 0
        for place in range(closing, -1, -1):
            depth += _BRACES.get(self.tokens[place].text, 0)
            if depth == 0:
                return place
        return 0

    def _prologue(self, used: Sequence[Token]) -> str:
        """Return the prologue of the query, and the prefixes that need no declaration in it."""
        own = self.tokens[: self.prologue]
        declared = {token.text[:-1] for token in own if token.kind == "name"}
        names = {token.text.partition(":")[0] for token in used if token.kind == "name"}
        given = sorted((names & set(self.prefixes)) - declared)
        lines = [f"PREFIX {name}: <{self.prefixes[name]}> " for name in given]
        # Elsewhere they would go by the address of that endpoint.
        relative = any(each.kind == "iri" and not _WHOLE.match(each.text) for each in (*own, *used))
        base = f"BASE <{self.base}> " if self.base and relative else ""
        return "".join([base, _join(own), " " if own else "", *lines])


def read_query(text: str, prefixes: Mapping[str, str], base_iri: str = "") -> Query:
    """Return a query's tokens, and where SERVICE stands in it; relative IRIs go by `base_iri`.

    Raises:
        SparqlError: if an address is a variable, a prefix is not declared, or no group follows.

    >>> [part.address for part in read_query("ASK { SERVICE <http://a/> { ?s ?p ?o } }", {}).parts]
    ['http://a/']
    """
    tokens = tuple(token for token in split_tokens(text) if token.kind != "space")
    prologue, base, known = _read_prologue(tokens, prefixes, base_iri)
    parts: list[Part] = []
    nested: list[Part] = []
    groups: dict[int, tuple[_Group, ...]] = {}
    opened: list[_Group] = []
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            part = _read_part(text, tokens, place, known, base)
            groups[place] = tuple(opened)
            inside = parts and place < parts[-1].last
            (nested if inside else parts).append(part)
        elif token.text == "{":
            opened.append(_Group(place, _kind(tokens, place)))
        elif token.text == "}" and opened:
            opened.pop()
    return Query(
        tokens=tokens,
        prologue=prologue,
        prefixes=prefixes,
        parts=tuple(parts),
        nested=tuple(nested),
        groups=groups,
        base=base_iri,
    )


def without_heads(text: str, query: Query) -> str:
    """Return a query in which each SERVICE is the group alone, all else at its place.

    It parses where the query does, and asks nobody.
    """
    for part in query.every_part():
        end = query.tokens[part.opening].offset
        blank = re.sub(r"[^\r\n]", " ", text[part.start : end])
        text = text[: part.start] + blank + text[end:]
    return text


def _read_prologue(
    tokens: Sequence[Token], given: Mapping[str, str], base: str
) -> tuple[int, str, dict[str, str]]:
    """Return how many tokens the prologue has, the base, and the prefixes."""
    known, place = dict(given), 0
    while place < len(tokens):
        word = tokens[place].text.upper()
        kinds = [token.kind for token in tokens[place + 1 : place + 3]]
        if word == "PREFIX" and kinds == ["name", "iri"]:
            known[tokens[place + 1].text[:-1]] = _resolved(tokens[place + 2].text[1:-1], base)
            place += 3
        elif word == "BASE" and kinds[:1] == ["iri"]:
            base = _resolved(tokens[place + 1].text[1:-1], base)
            place += 2
        else:
            break
    return place, base, known


def _resolved(iri: str, base: str) -> str:
    plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), iri)
    return urljoin(base, plain) if base else plain


def _read_part(
    text: str, tokens: Sequence[Token], first: int, prefixes: Mapping[str, str], base: str
) -> Part:
    place = first + 1
    silent = place < len(tokens) and tokens[place].text.upper() == "SILENT"
    place += silent
    start = tokens[first].offset
    if place + 1 >= len(tokens) or tokens[place + 1].text != "{":
        reason = "SERVICE takes an address and a group: SERVICE <https://...> { ... }"
        raise error_at(text, start, reason, QUERY)
    target = tokens[place]
    if target.kind == "variable":
        reason = (
            f"SERVICE {target.text} is refused: an address is to be known before the query is run; "
            "write it out"
        )
        raise error_at(text, target.offset, reason, QUERY)
    last = place + 1
    depth = 0
    for last in range(place + 1, len(tokens)):
        depth += _BRACES.get(tokens[last].text, 0)
        if depth == 0:
            break
    else:
        raise error_at(text, start, "the group of this SERVICE is not closed", QUERY)
    return Part(
        address=_address(text, target, prefixes, base),
        silent=silent,
        start=start,
        end=tokens[last].offset + 1,
        first=first,
        opening=place + 1,
        last=last + 1,
    )


def _address(text: str, target: Token, prefixes: Mapping[str, str], base: str) -> str:
    if target.kind == "iri":
        return _resolved(target.text[1:-1], base)
    if target.kind != "name":
        raise error_at(text, target.offset, f"'{target.text}' is no address", QUERY)
    prefix, _, local = target.text.partition(":")
    if prefix not in prefixes:
        raise error_at(text, target.offset, undeclared(prefix), QUERY)
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _kind(tokens: Sequence[Token], opening: int) -> str:
    """Return what makes a group more than a group; "" of one that just joins."""
    before = tokens[opening - 1].text.upper() if opening else ""
    if opening > 1 and tokens[opening - 2].text.upper() == "GRAPH":
        return "GRAPH"
    return before if before in ("OPTIONAL", "UNION", "MINUS", "EXISTS") else ""


def _names(tokens: Sequence[Token]) -> list[str]:
    """Return the variables among tokens, each once, without "?"."""
    return list(dict.fromkeys(token.text[1:] for token in tokens if token.kind == "variable"))


def _join(tokens: Sequence[Token]) -> str:
    """Return tokens as text; those that stood next to each other (`^^`, `@en`, `&&`) still do."""
    pieces: list[str] = []
    end = -1
    for token in tokens:
        pieces += ["" if token.offset == end or not pieces else " ", token.text]
        end = token.offset + len(token.text)
    return "".join(pieces)


def _binds_all(group: Sequence[Token], names: Sequence[str]) -> bool:
    """Tell whether VALUES of these variables may stand inside a group and mean the same.

    They may where its own triples bind them all, since then no other part of it sees a difference.
    Endpoints answer much sooner so.
    """
    braces = parentheses = 0
    bound: set[str] = set()
    for place, token in enumerate(group):
        braces += _BRACES.get(token.text, 0)
        parentheses += _PARENTHESES.get(token.text, 0)
        if braces == 0 and token.text.upper() in ("MINUS", "SELECT"):
            return False
        if token.kind == "variable" and braces == 0:
            before = group[place - 1].text.upper() if place else ""
            # A variable of VALUES may be UNDEF.
            if parentheses == 0 and before != "VALUES":
                bound.add(token.text[1:])
            elif token.text[1:] in names and before == "AS":
                return False
    return bound.issuperset(names)


def _without_filters(group: Sequence[Token]) -> list[Token]:
    """Return a pattern without the filters on variables that it does not bind by itself.

    They may be bound by what comes after; then the filter would be false here.
    """
    spans = list(_filters(group))
    inside = {place for start, end in spans for place in range(start, end)}
    bound: set[str] = set()
    braces = parentheses = 0
    for place, token in enumerate(group):
        braces += _BRACES.get(token.text, 0)
        parentheses += _PARENTHESES.get(token.text, 0)
        before = group[place - 1].text.upper() if place else ""
        # A variable of VALUES may be UNDEF.
        binds = before == "AS" or (parentheses == 0 and before != "VALUES")
        if token.kind == "variable" and braces == 0 and place not in inside and binds:
            bound.add(token.text[1:])
    kept: list[Token] = []
    place = 0
    for start, end in spans:
        kept += group[place:start]
        if bound.issuperset(_names(group[start:end])):
            kept += group[start:end]
        else:
            # Something has to part the triples before it from those after it.
            kept.append(replace(group[start], kind="other", text="{ }"))
        place = end
    return [*kept, *group[place:]]


def _filters(group: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where each FILTER of a group itself begins and ends."""
    depth = 0
    place = 0
    while place < len(group):
        token = group[place]
        depth += _BRACES.get(token.text, 0)
        if depth == 0 and token.kind == "word" and token.text.upper() == "FILTER":
            end = _filter_end(group, place)
            yield place, end
            place = end
            continue
        place += 1


def _filter_end(group: Sequence[Token], start: int) -> int:
    brackets = {**_BRACES, **_PARENTHESES}
    depth = 0
    for place in range(start + 1, len(group)):
        change = brackets.get(group[place].text, 0)
        depth += change
        if change and depth == 0:
            return place + 1
    return len(group)
