"""Reading floor: JSON -> the objects in it that are records, one at a time.

A record is cut out by its brackets and parsed by itself, so that memory is that of one record, a
broken one is a `Problem`, and the next one is read. (ijson gives up for good at the first broken
byte, and takes 23 s over a string of 100 MB.) Problem codes: cut-file, broken-json, long-record,
not-utf-8, nul, lost-letter.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from kg.model import Locator, Problem
from kg.readers.json_scanner import BrokenJsonError, CutJsonError, JsonScanner
from kg.readers.lines import show_damage

_MOST_RAW = 1000

_STEP = re.compile(r"\[\]|[^.\[\]]+")
_OUTLINE = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"|\Z)|[{}\[\]:,]', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_OPENING = {ord("}"): ord("{"), ord("]"): ord("[")}

_Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonItem:
    """An object of a JSON file: its number in the file and its line (both from 1), its value."""

    position: int
    line: int
    value: dict[str, Any]


def read_items(
    stream: BinaryIO, path: str, format_name: str, places: Collection[str]
) -> Iterator[JsonItem | Problem]:
    r"""Yield the objects that stand in one of the places, and a problem for what cannot be read.

    A place is a path of keys, `[]` for the elements of a list: `items[]`, `[].documents[]`. An
    object at the top, or at a place, in which no other place is found is itself an item, so that
    a file with one record, or with one a line, needs no place.

    >>> from io import BytesIO
    >>> page = BytesIO(b'{"total": 2, "items": [{"id": 1},\n {"id": 2}, {"id": ')
    >>> found = list(read_items(page, "a.json", "csl-json", ["items[]"]))
    >>> [(item.line, item.value) for item in found[:2]]
    [(1, {'id': 1}), (2, {'id': 2})]
    >>> found[2].code, found[2].locator.line
    ('cut-file', 2)
    """
    wanted = frozenset(tuple(_STEP.findall(place)) for place in places)
    yield from _Reading(JsonScanner(stream), path, format_name, wanted).read()


def outline_json(head: bytes) -> dict[str, str]:
    r"""Return the paths of all keys in the beginning of a JSON file, each with its first string.

    Paths are as in `read_items`; a value that is no string is an empty one. For telling formats
    apart: the beginning may be cut anywhere, and what is no JSON has no paths.

    >>> outline_json(b'{"items": [{"type": "book", "volume": 3}, {"type": "article"')
    {'items': '', 'items[].type': 'book', 'items[].volume': ''}
    """
    found: dict[str, str] = {}
    stack: list[str] = []
    key, awaits_value = "", False
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return found
    for match in _OUTLINE.finditer(head):
        token = match[0]
        where = "".join([*stack, f".{key}"]).removeprefix(".")
        if token in (b"{", b"["):
            stack.append((f".{key}" if awaits_value else "") + ("[]" if token == b"[" else ""))
        elif token in (b"}", b"]"):
            stack = stack[:-1]
        elif token == b":":
            found.setdefault(where, "")
        elif awaits_value and token != b",":
            found[where] = found[where] or match[1].decode("utf-8", "replace")
        elif token != b",":
            key = match[1].decode("utf-8", "replace")
        awaits_value = token == b":"
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where an item begins, and the brackets and keys that it stands in."""

    line: int
    column: int
    brackets: bytes
    steps: _Steps


class _Reading:
    """Goes down to the places where items stand, and takes each of them apart from the rest."""

    def __init__(
        self, scanner: JsonScanner, path: str, format_name: str, wanted: frozenset[_Steps]
    ) -> None:
        self._scanner = scanner
        self._path = path
        self._format = format_name
        self._wanted = wanted
        self._on_the_way = {place[:end] for place in wanted for end in range(len(place))}
        self._brackets = bytearray()
        self._steps: list[str] = []  # for each bracket `[]`, or the key that is being read
        self._position = 0
        self._start = _Start(line=1, column=0, brackets=b"", steps=())
        # How many brackets the item that is being read stands in; None between items.
        self._depth: int | None = None

    def read(self) -> Iterator[JsonItem | Problem]:
        """Yield the items and problems of the file."""
        while True:
            try:
                if self._scanner.peek() is None:
                    break
                yield from self._read_next()
            except CutJsonError:
                yield self._lose("cut-file", "the file ends inside a record, which is lost")
                return
            except BrokenJsonError:
                problem, goes_on = self._restart()
                yield problem
                if not goes_on:
                    return
        if self._brackets:
            message = "the file ends before its brackets are closed; what was to follow is lost"
            yield self._lose("cut-file", message)

    def _read_next(self) -> Iterator[JsonItem | Problem]:
        scanner = self._scanner
        byte = scanner.peek()
        if byte in _OPENING:
            yield from self._close(_OPENING[byte])
            return
        if self._brackets and self._brackets[-1] == ord("{"):
            self._steps[-1] = scanner.take_key()
            byte = scanner.peek()
        steps = tuple(self._steps)
        is_item = not steps or steps in self._wanted
        if is_item:
            self._begin()
        if not steps and byte is not None and byte not in b"{[":
            scanner.step()
            raise BrokenJsonError  # Text or a number at the top: what follows is no list either.
        elements = (*steps, "[]")
        if byte == ord("[") and elements in self._wanted:
            self._end()  # What they stand in is no item: they are.
            self._open(byte, "[]")
        elif byte == ord("[") and elements in self._on_the_way:
            self._open(byte, "[]")
        elif byte == ord("{") and steps in self._on_the_way:
            self._open(byte, "")
        else:
            scanner.skip_value()
            if is_item:
                yield from self._finish()

    def _open(self, bracket: int, step: str) -> None:
        self._brackets.append(bracket)
        self._steps.append(step)
        self._scanner.step()

    def _close(self, opening: int) -> Iterator[JsonItem | Problem]:
        if not self._brackets or self._brackets[-1] != opening:
            self._scanner.step()
            raise BrokenJsonError
        self._brackets.pop()
        self._steps.pop()
        self._scanner.step()
        if self._depth == len(self._brackets):
            yield from self._finish()

    def _begin(self) -> None:
        self._scanner.mark()
        self._depth = len(self._brackets)
        self._start = _Start(
            line=self._scanner.line(),
            column=self._scanner.column(),
            brackets=bytes(self._brackets),
            steps=tuple(self._steps),
        )

    def _end(self) -> None:
        self._scanner.unmark()
        self._depth = None

    def _finish(self) -> Iterator[JsonItem | Problem]:
        """Yield the item that ends here, with what had to be mended in it."""
        raw = self._scanner.kept()
        value, problem = (None, None) if raw is None else self._parse(raw)
        if raw is None:
            problem = self._report(
                "long-record",
                f"the record is longer than {self._scanner.longest:,} bytes; it is left out",
                lost=True,
            )
        self._position += 1
        self._end()
        if isinstance(value, dict):
            yield JsonItem(position=self._position, line=self._start.line, value=value)
        elif problem is None and raw is not None:
            message = "the record is no JSON object; it is left out"
            problem = self._report("broken-json", message, raw, lost=True)
        if problem is not None:
            yield problem

    def _parse(self, raw: bytes) -> tuple[object, Problem | None]:
        """Return the value of an item, or None, and a problem where something is wrong with it."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            message = (
                f"byte 0x{raw[error.start]:02x} in this record is not UTF-8; name the encoding of "
                "the file with --encoding (cp1252, latin-1, gbk, ...)"
            )
            return None, self._report("not-utf-8", message, raw, lost=True)
        if "\0" in text:
            message = (
                "a NUL byte in this record, which no text has; the file is damaged, or of an "
                "encoding that --encoding has to name (utf-16, utf-32)"
            )
            return None, self._report("nul", message, raw, lost=True)
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            message = f"the record is no valid JSON ({error}); it is left out"
            return None, self._report("broken-json", message, raw, lost=True)
        if not _SURROGATE.search(raw):
            return value, None
        # Halves of surrogate pairs that stand alone are no letters, and cannot be written as UTF-8.
        whole = json.dumps(value, ensure_ascii=False)
        mended = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if mended == whole:
            return value, None
        message = "half of a surrogate pair was replaced by U+FFFD"
        return json.loads(mended), self._report("lost-letter", message, raw)

    def _restart(self) -> tuple[Problem, bool]:
        """Go to the next record behind a broken place; return the problem, and whether there is."""
        if self._depth is not None:
            self._position += 1
        else:
            self._start = _Start(
                line=self._scanner.line(),
                column=self._start.column,
                brackets=self._start.brackets,
                steps=self._start.steps,
            )
        is_in_list = not self._start.brackets.endswith(b"{")
        goes_on = is_in_list and self._scanner.restart(self._start.column)
        where = f"before line {self._scanner.line()}" if goes_on else "behind it"
        message = f"this is no valid JSON; the record and what stands {where} is lost"
        problem = self._report("broken-json", message, lost=True)
        self._brackets, self._steps = bytearray(self._start.brackets), [*self._start.steps]
        self._end()
        return problem, goes_on

    def _lose(self, code: str, message: str) -> Problem:
        """Return a problem for the rest of the file, in the record that is being read or here."""
        if self._depth is None:
            place = Locator(path=self._path, format=self._format, line=self._scanner.line())
            return Problem(locator=place, code=code, message=message, lost=True)
        return self._report(code, message, self._scanner.kept() or b"", lost=True)

    def _report(self, code: str, message: str, raw: bytes = b"", *, lost: bool = False) -> Problem:
        return Problem(
            locator=Locator(path=self._path, format=self._format, line=self._start.line),
            code=code,
            message=message,
            raw=show_damage(raw[:_MOST_RAW].decode("utf-8", "replace")),
            lost=lost,
        )
