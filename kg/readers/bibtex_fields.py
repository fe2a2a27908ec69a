"""Reading floor: the body of a BibTeX entry -> its fields, by pybtex.

Pure. pybtex puts together what is joined by `#` and fills in macros, which bibtexparser 2.1 does
not. What it gives up on, real files have: names of fields with spaces in them (Scopus), entries
without a key, values without quotes, a comma that is missing. Here a field that is no BibTeX costs
that field, and the rest is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import Pattern, PrematureEOF, PybtexSyntaxError, Token
from pybtex.utils import CaseInsensitiveDict

_KEY = re.compile(r"\s*([^,={}\"#\n]*?)\s*(?:,|\Z)")
_NEXT_FIELD = re.compile(r"[,\n]\s*(?=[A-Za-z][\w .:+-]{0,40}?\s*=\s*[{\"\w])")
_BRACES_AND_QUOTES = re.compile(r'[{}"]')
# Fields of which a second one is told; Scopus repeats others.
_CORE = frozenset(
    "title author journal journaltitle year date volume number pages doi pmid abstract".split()
)
_MOST_MACROS = 5_000
_LONGEST_MACRO = 2_000
_MOST_ERRORS = 20  # of one entry
_MOST_FILLED_IN = 1 << 20  # letters of macros in one entry


@dataclass(frozen=True, slots=True)
class BibtexFields:
    """The fields of an entry, by their names in small letters, in LaTeX; and what is wrong."""

    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


class MacroTable:
    """The macros that the `@string`s of a file define, and the names of the months."""

    def __init__(self) -> None:
        self._macros = CaseInsensitiveDict(month_names)

    def define(self, body: str) -> tuple[str, ...]:
        """Take the body of a `@string`, and return what is wrong with it."""
        parser = _Parser("@string{" + body + "}", self._macros)
        if len(self._macros) >= _MOST_MACROS or len(body) > _LONGEST_MACRO:
            return (f"more than {_MOST_MACROS:,} macros, or a very long one, are not kept",)
        for _, (name, _) in parser:
            # One that is made of others can be far longer than its definition.
            if len(self._macros.get(name or "", "")) > _LONGEST_MACRO:
                del self._macros[name]
                parser.errors.append(f"the macro '{name}' is very long; it is not kept")
        return tuple(parser.errors)

    def parse(self, body: str) -> BibtexFields:
        """Return the fields of an entry.

        >>> macros = MacroTable()
        >>> macros.define('ji = "J. Immunol."')
        ()
        >>> macros.parse('a1, journal = ji, title = "IL-" # 7, note 1={x} year=2001').values
        {'journal': 'J. Immunol.', 'title': 'IL-7', 'note 1': 'x', 'year': '2001'}
        """
        key = _KEY.match(body)
        rest = body[key.end() :] if key else body
        parser = _Parser("@entry{" + rest + "}", self._macros)
        values: dict[str, str] = {}
        errors = parser.errors
        for _, (_, fields) in parser:
            for name, parts in fields:
                value = "".join(parts).strip()
                kept = values.setdefault(name.lower(), value) if value else value
                if kept != value and name.lower() in _CORE:
                    errors.append(f"a second '{name}' is left out")
        told = tuple(dict.fromkeys(errors))[:_MOST_ERRORS]
        return BibtexFields(key[1] if key else "", values, told)


class _Parser(LowLevelParser):  # type: ignore[misc]
    """pybtex's parser of entries, which goes on behind what it does not understand."""

    NAME = Pattern(r"[^\s=,{}\"#()](?:[^=,{}\"#()\n]*[^\s=,{}\"#()])?", "a valid name")
    BARE = Pattern(r"[^\s,{}\"#][^,{}\"#\n]*(?<!\s)", "a value")

    def __init__(self, text: str, macros: dict[str, str]) -> None:
        self.errors: list[str] = []
        self._filled = 0
        super().__init__(text, keyless_entries=True, macros=macros, handle_error=self._report)

    def parse_entry_fields(self) -> None:
        state: Any = self  # pybtex keeps what it has parsed in attributes without types
        while True:
            state.current_field_name, state.current_value = None, []
            try:
                self.parse_field()
            except PybtexSyntaxError as error:
                self._report(error)
                behind = _NEXT_FIELD.search(state.text, state.pos)
                state.pos = behind.end() if behind else state.end_pos - 1
                if behind is None:
                    return
                continue
            name = state.current_field_name
            if name and state.current_value:
                state.current_fields.append((name, state.current_value))
            if self.optional([self.COMMA]):
                continue
            if not name or state.text[state.pos :] == "}":
                return
            self.errors.append(f"no comma behind '{name}'")

    def parse_value_part(self) -> str:
        token = self.required([self.QUOTE, self.LBRACE, self.BARE], description="field value")
        if token.pattern is self.BARE:
            return self.substitute_macro(token.value)
        end = self.QUOTE if token.pattern is self.QUOTE else self.RBRACE
        return str(self.flatten_string(self.parse_string(string_end=end)))

    def parse_string(
        self, string_end: Pattern, level: int = 0, max_level: int = 0
    ) -> Iterator[Token]:
        """Yield the rest of a string in one piece; pybtex's own takes the square of its length."""
        end = '"' if string_end is self.QUOTE else "}"
        state: Any = self
        start = state.pos
        for match in _BRACES_AND_QUOTES.finditer(state.text, start):
            if match[0] == end and level == max_level:
                state.pos = match.end()
                yield Token(match.string[start : match.end()], string_end)
                return
            level += {"{": 1, "}": -1}.get(match[0], 0)
            if level < max_level:
                message = "braces that do not match"
                raise PybtexSyntaxError(message, self)
        raise PrematureEOF(self)

    def substitute_macro(self, name: str) -> str:
        """Return what a macro stands for; one that is not defined, and a number, stand as is."""
        macros: Mapping[str, str] = self.macros
        if name in macros and self._filled < _MOST_FILLED_IN:
            self._filled += len(macros[name])
            return macros[name]
        if not name.isdecimal():
            self.errors.append(f"'{name}' is in no quotes and no macro; it is kept as it is")
        return name

    def _report(self, error: PybtexSyntaxError) -> None:
        name = self.current_field_name
        where = f"in or behind the field '{name}'" if name else "between two fields"
        self.errors.append(f"{error.args[0]} {where}; it is left out")
