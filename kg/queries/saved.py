"""Floor 8: saved queries as files: a `#+` header in YAML, then SPARQL that runs as it stands.

Reading checks the header against itself and the text (parameters, marks); `kg.queries.scopes`
checks the SPARQL, which takes a parser and so is left to the tests for the queries that ship.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kg.errors import QueryError, UnknownQueryError
from kg.model import EntityType
from kg.queries.binding import find_blocks, find_unmarked, read_tokens
from kg.resources import resource_path


class ParameterType(StrEnum):
    """What a parameter takes."""

    ENTITY = "entity"
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class QueryForm(StrEnum):
    """The four forms of a SPARQL query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a saved query.

    `default` is as a person would give it; None means that nothing need be given, and nothing is
    taken. `types` are the types of entity that it takes (empty: all), `choices` the words.
    `positional` is true for a parameter that is given by its place, without its name.
    """

    name: str
    type: ParameterType
    description: str
    required: bool
    default: str | None = None
    types: tuple[EntityType, ...] = ()
    choices: tuple[str, ...] = ()
    positional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the answer, and what it holds."""

    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Parameters to try, and rows (some of their columns) that the answer on the IL-7 list has."""

    parameters: Mapping[str, tuple[str, ...]]
    contains: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A saved query; `text` is the whole file, `budget` the milliseconds that it may take.

    `online` are the addresses of the endpoints that it asks (SERVICE); most ask none.
    """

    name: str
    summary: str
    description: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: Example
    budget: int
    form: QueryForm
    text: str
    online: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of a name, or None."""
        return next((each for each in self.parameters if each.name == name), None)


def load_saved_queries(folder: Path | None = None) -> dict[str, SavedQuery]:
    """Read the saved queries of a folder, by name; without one, those that ship.

    Raises:
        QueryError: if a file is malformed.

    >>> "papers-connecting" in load_saved_queries()
    True
    """
    paths = sorted((folder or resource_path("queries")).glob("*.rq"))
    return {path.stem: read_saved_query(path) for path in paths}


def load_saved_query(name: str, folder: Path | None = None) -> SavedQuery:
    """Read one saved query by its name.

    Raises:
        UnknownQueryError: if there is none of that name; the message says which there are.
        QueryError: if it is malformed.

    """
    folder = folder or resource_path("queries")
    known = sorted(path.stem for path in folder.glob("*.rq"))
    if name not in known:
        from difflib import get_close_matches  # noqa: PLC0415

        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise UnknownQueryError(f"no saved query called '{name}'; {hint}", near)
    return read_saved_query(folder / f"{name}.rq")


def read_saved_query(path: Path) -> SavedQuery:
    """Read a saved query from its file.

    Raises:
        QueryError: if it cannot be read or is malformed; the message names the file.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read ({error})") from error
    try:
        return parse_saved_query(path.stem, text)
    except QueryError as error:
        raise QueryError(f"{path}: {error}") from error


def parse_saved_query(name: str, text: str) -> SavedQuery:
    """Parse the text of a saved query.

    Raises:
        QueryError: if the header is no YAML, lacks something, or does not go with the SPARQL.

    """
    header = _parse_header(text)
    parameters = tuple(
        _parse_parameter(key, _mapping(value, f"parameter '{key}'"))
        for key, value in _mapping(header.get("parameters") or {}, "parameters").items()
    )
    columns = tuple(
        Column(name=str(key), description=str(value))
        for key, value in _mapping(header.get("columns") or {}, "columns").items()
    )
    query = SavedQuery(
        name=name,
        summary=_text(header, "summary"),
        description=_text(header, "description"),
        keywords=tuple(str(word) for word in header.get("keywords") or ()),
        parameters=parameters,
        columns=columns,
        example=_parse_example(header.get("example")),
        budget=_budget(header.get("budget")),
        form=_find_form(text),
        text=text,
        online=tuple(str(address) for address in header.get("online") or ()),
    )
    _check_online(query)
    _check_marks(query)
    _check_example(query)
    return query


def _parse_header(text: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415

    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line.removeprefix("#+").removeprefix(" "))
    if not lines:
        raise QueryError("there is no header: lines that begin with '#+', at the top")
    try:
        # The loader in C, where there is one, takes a tenth of the time.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        header = yaml.load("\n".join(lines), Loader=loader)  # noqa: S506 (both are safe)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or error
        raise QueryError(f"{where}the header is no YAML: {problem}") from error
    return _mapping(header, "the header")


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise QueryError(f"{what} is no mapping of names to values")
    return {str(key): each for key, each in value.items()}


def _text(header: Mapping[str, Any], key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or not value.strip():
        raise QueryError(f"the header has no {key}")
    return value.strip()


def _budget(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise QueryError("the header has no budget, a number of milliseconds")
    return value


def _given(value: object) -> str:
    """Return a YAML value as a person would type it.

    >>> _given(True), _given(20), _given("IL-7")
    ('true', '20', 'IL-7')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse_parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    unknown = set(entry) - {"type", "description", "default", "types", "choices"}
    if unknown:
        raise QueryError(f"parameter '{name}' has the unknown entry '{min(unknown)}'")
    try:
        kind = ParameterType(entry.get("type", ""))
        types = tuple(EntityType(each) for each in entry.get("types") or ())
    except ValueError as error:
        raise QueryError(f"parameter '{name}': {error}") from error
    choices = tuple(_given(each) for each in entry.get("choices") or ())
    if (kind is ParameterType.CHOICE) != bool(choices):
        raise QueryError(f"parameter '{name}': choices go with the type 'choice'")
    if types and kind is not ParameterType.ENTITY:
        raise QueryError(f"parameter '{name}': types go with the type 'entity'")
    default = entry.get("default")
    return Parameter(
        name=name,
        type=kind,
        description=_text(entry, "description"),
        required="default" not in entry,
        default=None if default is None else _given(default),
        types=types,
        choices=choices,
    )


def _parse_example(value: object) -> Example:
    entry = _mapping(value, "the example")
    parameters = {
        name: tuple(_given(each) for each in (given if isinstance(given, list) else [given]))
        for name, given in _mapping(entry.get("parameters") or {}, "the example").items()
    }
    contains = entry.get("contains")
    if not isinstance(contains, list) or not contains:
        raise QueryError("the example does not say what its answer contains")
    rows = tuple(
        {column: _given(each) for column, each in _mapping(row, "a row of the example").items()}
        for row in contains
    )
    return Example(parameters=parameters, contains=rows)


def _find_form(text: str) -> QueryForm:
    for token in read_tokens(text):
        if token.kind == "word" and token.text.upper() in QueryForm.__members__:
            return QueryForm(token.text.upper())
    raise QueryError("there is no SELECT, ASK, CONSTRUCT or DESCRIBE")


def _check_online(query: SavedQuery) -> None:
    """Check that the endpoints of the header are those that the text asks, written as they are."""
    asked: set[str] = set()
    tokens = [token for token in read_tokens(query.text) if token.kind != "comment"]
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            target = next(
                (each for each in tokens[place + 1 : place + 3] if each.text.upper() != "SILENT"),
                token,
            )
            if target.kind != "iri":
                raise QueryError("a SERVICE of a saved query has its address in full, in <...>")
            asked.add(target.text[1:-1])
    for address in sorted(asked - set(query.online)):
        raise QueryError(f"the query asks <{address}>, which the header does not name under online")
    for address in sorted(set(query.online) - asked):
        raise QueryError(f"the header names <{address}> under online, which the query does not ask")


def _check_marks(query: SavedQuery) -> None:
    names = [parameter.name for parameter in query.parameters]
    marked = {block.name for block in find_blocks(query.text)}
    for name in sorted(set(names) - marked):
        raise QueryError(f"the parameter '{name}' has no block marked '# @param {name}'")
    for name in sorted(marked - set(names)):
        raise QueryError(f"the header does not name the parameter '{name}' that is marked")
    for block in find_blocks(query.text):
        parameter = query.parameter(block.name)
        is_number = parameter is not None and parameter.type is ParameterType.INTEGER
        if block.is_limit and not (is_number and block.name == "limit"):
            raise QueryError("a marked LIMIT takes an integer parameter called 'limit'")
    problem = find_unmarked(query.text, names)
    if problem is not None:
        raise QueryError(problem)


def _check_example(query: SavedQuery) -> None:
    for parameter in query.parameters:
        if parameter.required and parameter.name not in query.example.parameters:
            raise QueryError(f"the example has no value for '{parameter.name}'")
    for name in query.example.parameters:
        if query.parameter(name) is None:
            raise QueryError(f"the example has a value for '{name}', which is no parameter")
    columns = {column.name for column in query.columns}
    for name in sorted({column for row in query.example.contains for column in row} - columns):
        raise QueryError(f"the example names '{name}', which is no column")
