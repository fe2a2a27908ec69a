"""Floor 5: a user's own names, read from a table: names that are added, changed or forbidden.

A line is a name, a CURIE, a type and a scope, parted by tabs. A line that cannot be used is a
`Problem` that says what to do; only a file that is no such table at all is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError
from kg.model import EntityType, Locator, Problem, Scope
from kg.namespaces import parse_curie
from kg.prefixes import PREFIXES
from kg.vocabulary.names import name_key

# How a name of the user's is told in output, where others are an "alias" or a "synonym".
OWN_NAME = "own name"

_COLUMNS = ("name", "curie", "type", "scope")
_FORBIDDEN = "NONE"
_LONGEST = 150  # characters of a normalised name; recognition looks ahead a little farther
_TYPES = {kind.value.casefold(): kind for kind in EntityType}
_SCOPES = {scope.value: scope for scope in Scope if scope is not Scope.UNSPECIFIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """A file of own names: its path as given, its bytes and their sha256."""

    path: Path
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class OwnName:
    """A line of the table; without a CURIE it forbids the name.

    `key` is the name normalised (see `kg.vocabulary.names.name_key`).
    `type` is None where it is left to the vocabularies, which must then know the CURIE.
    """

    line: int
    text: str
    key: str
    curie: str
    type: EntityType | None
    scope: Scope


def load_own_table(path: Path) -> OwnTable:
    """Load the bytes of a file of own names.

    Raises:
        InputError: if it cannot be read, is empty, or is no text.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; name a table of names in it")
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path}: cannot be opened: {reason}") from error
    if not content.strip():
        raise InputError(f"{path}: is empty; {_form()}")
    if b"\0" in content:
        raise InputError(f"{path}: is no UTF-8 text; save the table as tab-separated UTF-8 text")
    return OwnTable(path=path, content=content, sha256=sha256(content).hexdigest())


def read_own_names(table: OwnTable) -> Iterator[OwnName | Problem]:
    """Yield the names of a table in order, and a problem for each line that cannot be used.

    Blank lines, comments (`#`) and a heading (`name`, `curie`, ...) are passed over.

    Raises:
        InputError: if no line has the columns of such a table.
    """
    is_table = False
    is_first = True
    for number, raw in enumerate(table.content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.rstrip(b"\r")
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            cells = _cells(line)
            is_table = is_table or len(cells) > 1
            if is_first and _is_heading(cells):
                is_table = True
                continue
            yield _read_row(number, cells)
        except ValueError as error:
            yield own_problem(table.path, number, str(error))
        finally:
            is_first = False
    if not is_table:
        raise InputError(f"{table.path}: is no table of names; {_form()}")


def own_problem(path: Path, line: int, message: str) -> Problem:
    """Return what is wrong with a line, as a record that is lost."""
    locator = Locator(path=str(path), format="own-names", line=line)
    return Problem(locator=locator, code="own-name", message=message, lost=True)


def _form() -> str:
    return "each line should be a name, a CURIE, a type and a scope, parted by tabs"


def _cells(line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not UTF-8 at byte {error.start + 1}; save the table as UTF-8 text"
        ) from None
    return [cell.strip() for cell in text.split("\t")]


def _is_heading(cells: list[str]) -> bool:
    folded = tuple(cell.casefold() for cell in cells)
    return len(folded) > 1 and folded == _COLUMNS[: len(folded)]


def _read_row(number: int, cells: list[str]) -> OwnName:
    """Return a line as a name.

    Raises:
        ValueError: if it cannot be used, with what to do.
    """
    while len(cells) > len(_COLUMNS) and not cells[-1]:
        cells.pop()  # spreadsheets fill lines up with empty cells
    if not 2 <= len(cells) <= len(_COLUMNS):
        raise ValueError(f"{len(cells)} columns; {_form()}")
    text, curie, kind, scope = (*cells, "", "")[: len(_COLUMNS)]
    key = _check_name(text)
    scope = scope.upper()
    if scope not in _SCOPES and scope not in {"", _FORBIDDEN}:
        raise ValueError(
            f"unknown scope '{scope}'; use {', '.join(_SCOPES)}, or {_FORBIDDEN} to forbid the name"
        )
    if scope == _FORBIDDEN or not curie:
        if scope not in {"", _FORBIDDEN}:
            raise ValueError(f"no CURIE; give one, or the scope {_FORBIDDEN} to forbid the name")
        return OwnName(number, text, key, "", None, Scope.EXACT)
    known = parse_curie(curie)
    if known is None:
        raise ValueError(f"'{curie}' is no CURIE with one of these prefixes: {', '.join(PREFIXES)}")
    return OwnName(number, text, key, known, _read_type(kind), _SCOPES.get(scope, Scope.EXACT))


def _read_type(text: str) -> EntityType | None:
    if not text:
        return None
    kind = _TYPES.get(text.casefold()) or _TYPES.get(
        "".join(char for char in text.casefold() if char.isalnum())
    )
    if kind is None:
        raise ValueError(f"unknown type '{text}'; use one of {', '.join(EntityType)}")
    return kind


def _check_name(text: str) -> str:
    """Return the key of a name.

    Raises:
        ValueError: if it is none that could be recognised.
    """
    key = name_key(text)
    bare = key.strip()
    if not bare:
        raise ValueError(f"the name '{text}' holds no letter or digit; write it out")
    if len(bare) < 2 or bare.replace(" ", "").isdigit():
        raise ValueError(f"the name '{text}' is too short to be recognised; give a longer one")
    if len(bare) > _LONGEST:
        raise ValueError(
            f"the name '{text[:40]}...' is too long to be recognised; "
            f"give one of up to {_LONGEST} characters"
        )
    return key
