"""Reading floor: files of tagged lines ("TI  - A title") -> entries: RIS, MEDLINE and their kin.

Streaming: one entry is held at a time, and no more of it than `kg.readers.lines` allows. What the
tags of a format mean is told in its own module; here lines become fields, and fields entries:

- A line that begins with a tag begins a field; one without goes on with the field before it.
- A blank line is nothing by itself: some formats part entries with it, some abstracts paragraphs.
- An entry with a line that cannot be read has a fault, and ends where it would without it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Protocol

from kg.model import Locator, Problem, Record
from kg.readers.fields import squeeze
from kg.readers.lines import Fault, Gauge, Line, read_lines, show_damage

_LONGEST_RAW = 2_000


@dataclass(slots=True)
class Field:
    """One field of an entry: its tag, and its lines without it."""

    tag: str
    lines: list[str]
    _value: str | None = None

    @property
    def value(self) -> str:
        """The lines put together, white space squeezed; not asked for while lines are added."""
        if self._value is None:
            self._value = squeeze(" ".join(self.lines))
        return self._value


@dataclass(slots=True)
class Entry:
    """The fields of one record in their order; `position` counts the entries of a file from 1.

    `is_closed` is true where the format's mark for the end of a record was met; `is_broken_off` of
    the last entry of a file whose last line has no end, as where it was cut.
    """

    line: int
    position: int
    fields: list[Field] = field(default_factory=list)
    fault: Fault | None = None
    is_closed: bool = False
    is_last: bool = False
    is_broken_off: bool = False
    _gauge: Gauge = field(default_factory=Gauge)
    _by_tag: dict[str, list[Field]] = field(default_factory=dict)
    _indexed: int = 0

    def add(self, tag: str | None, text: str, fault: Fault | None) -> None:
        """Add a line: a new field where it has a tag, else more of the last one."""
        excess = self._gauge.add(text)
        self.fault = self.fault or fault or excess
        if self.fault is not None:
            if self._gauge.size > _LONGEST_RAW and self.fields:
                return
            text = text[:_LONGEST_RAW]
        if tag is not None or not self.fields:
            self.fields.append(Field(tag or "", [text]))
        else:
            self.fields[-1].lines.append(text)

    def has(self, *tags: str) -> bool:
        """Tell whether there is a field with one of the tags, be it empty."""
        return any(each.tag in tags for each in self.fields)

    def all(self, *tags: str) -> list[str]:
        """Return the values of all fields with one of the tags, in the order of the file."""
        found = self._find(tags[0]) if len(tags) == 1 else self._find_any(tags)
        return [value for each in found if (value := each.value)]

    def first(self, *tags: str) -> str:
        """Return the value of the first of the tags that has one, or an empty string."""
        return next((value for tag in tags for value in self.all(tag)), "")

    def _find(self, tag: str) -> list[Field]:
        if self._indexed != len(self.fields):
            self._by_tag = {}
            for each in self.fields:
                self._by_tag.setdefault(each.tag, []).append(each)
            self._indexed = len(self.fields)
        return self._by_tag.get(tag, [])

    def _find_any(self, tags: Collection[str]) -> list[Field]:
        return [each for each in self.fields if each.tag in tags]

    def each_line(self, *tags: str) -> list[str]:
        """Return the lines of all fields with one of the tags, for lists of one item a line."""
        lines = (line for each in self._find_any(tags) for line in each.lines)
        return [line for line in map(squeeze, lines) if line]

    def renamed(self, tags: Mapping[str, str], items: Collection[str] = ()) -> "Entry":
        """Return the entry with the tags of another format; fields without one are left out.

        Fields with a tag of `items` are lists of one item a line, and become a field for each.
        """
        fields = []
        for each in self.fields:
            if (tag := tags.get(each.tag)) is not None:
                parts = [[line] for line in each.lines] if each.tag in items else [each.lines]
                fields += [Field(tag, lines) for lines in parts]
        return self.with_fields(fields)

    def with_fields(self, fields: list[Field]) -> "Entry":
        """Return the entry with other fields."""
        return Entry(
            self.line,
            self.position,
            fields,
            self.fault,
            is_closed=self.is_closed,
            is_last=self.is_last,
            is_broken_off=self.is_broken_off,
        )

    @property
    def raw(self) -> str:
        """The beginning of the entry as it came, tags and values, in a form to print."""
        lines = [f"{each.tag} {line}".strip() for each in self.fields for line in each.lines]
        return show_damage("\n".join(lines)[:_LONGEST_RAW])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A line with something on it that belongs to no entry."""

    line: int
    text: str


class Grammar(Protocol):
    """How the lines of one file are told apart; it may keep what it has seen of the file."""

    def split(self, text: str) -> tuple[str, str] | None:
        """Return the tag that a line begins with and what follows it, or None where it has none."""

    def opens(self, tag: str, entry: Entry, *, after_blank: bool) -> bool:
        """Tell whether a line with this tag begins another entry than the one that is open."""

    def closes(self, tag: str) -> bool:
        """Tell whether a tag ends an entry."""

    def parts(self, text: str, entry: Entry) -> bool:
        """Tell whether a blank line before this one, which has no tag, parts it from an entry."""

    def is_padding(self, text: str) -> bool:
        """Tell whether a line between entries says nothing ("Record #3 of 18")."""


class EntryFormat(Protocol):
    """A format of tagged lines."""

    @property
    def name(self) -> str:
        """The name of the format."""

    def grammar(self) -> Grammar:
        """Return a grammar for a file that is about to be read."""

    def make_record(self, entry: Entry, locator: Locator) -> Record | None:
        """Return the record of an entry, or None where it has nothing that tells of a paper."""

    def has_end(self, entry: Entry) -> bool:
        """Tell whether an entry has what whole ones end with."""

    def is_identifier(self, tag: str) -> bool:
        """Tell whether a field is an identifier, which must not be taken from half a line."""


def split_entries(stream: BinaryIO, grammar: Grammar) -> Iterator[Entry | Stray]:
    """Yield the entries of a stream, and what stands behind the first of them and in none."""
    entry: Entry | None = None
    position = 0
    after_blank = False
    line = Line(0, "")
    for line in read_lines(stream):
        if line.fault is None and not line.text.strip():
            after_blank = True
            continue
        tag, text = grammar.split(line.text) or (None, line.text)
        if tag is not None and grammar.closes(tag):
            if entry is not None:
                entry.is_closed, entry.fault = True, entry.fault or line.fault
                yield entry
                entry = None
        elif _begins(grammar, entry, tag, line, after_blank=after_blank):
            if entry is not None:
                yield entry
            position += 1
            entry = Entry(line.number, position)
            entry.add(tag, text, line.fault)
        elif entry is not None:
            entry.add(tag, text, line.fault)
        elif position and not grammar.is_padding(line.text):
            yield Stray(line=line.number, text=line.text.strip())
        after_blank = False
    if entry is not None:
        entry.is_last, entry.is_broken_off = True, not line.is_ended
        yield entry


def _begins(
    grammar: Grammar, entry: Entry | None, tag: str | None, line: Line, *, after_blank: bool
) -> bool:
    if tag is not None:
        return entry is None or grammar.opens(tag, entry, after_blank=after_blank)
    # A line that cannot be read may have been the first one of its entry.
    return line.fault is not None and (
        entry is None or (after_blank and grammar.parts(line.text, entry))
    )


def read_entries(format_: EntryFormat, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
    """Yield the records and problems of a file of tagged lines, in its order."""
    others_end = is_any = False
    for entry in split_entries(stream, format_.grammar()):
        locator = Locator(path=path, format=format_.name, line=entry.line)
        if isinstance(entry, Stray):
            message = "the line belongs to no record"
            raw = show_damage(entry.text[:_LONGEST_RAW])
            yield Problem(locator=locator, code="unknown-line", message=message, raw=raw)
            continue
        is_any = True
        has_end = format_.has_end(entry)
        is_cut = entry.is_last and not has_end and (others_end or entry.is_broken_off)
        others_end = others_end or has_end
        yield _read_entry(format_, entry, locator, is_cut=is_cut)
    if not is_any:
        locator = Locator(path=path, format=format_.name, line=1)
        message = f"there is no record of the format '{format_.name}' in the file"
        yield Problem(locator=locator, code="no-record", message=message, lost=True)


def _read_entry(
    format_: EntryFormat, entry: Entry, locator: Locator, *, is_cut: bool
) -> Record | Problem:
    if entry.fault is not None:
        return _lose(entry, locator, entry.fault)
    kept, left_out = entry, ""
    if is_cut and entry.is_broken_off and format_.is_identifier(entry.fields[-1].tag):
        # Half a PMID is another paper's.
        kept, left_out = entry.with_fields(entry.fields[:-1]), entry.fields[-1].tag
    item = report_lacks(format_.make_record(kept, locator), entry, locator)
    if is_cut and isinstance(item, Record):
        message = "the file ends before the record does; it was cut"
        message += f", and its last field ({left_out}) is left out" if left_out else ""
        problem = Problem(locator=locator, code="cut-record", message=message)
        return replace(item, problems=(*item.problems, problem))
    return item


def report_lacks(record: Record | None, entry: Entry, locator: Locator) -> Record | Problem:
    """Return a record with a problem where it has no title, and one alone where there is none."""
    if record is None:
        message = "the record has no title, no abstract and no identifier"
        message += "; the file ends within it" if entry.is_broken_off else ""
        return _lose(entry, locator, Fault(code="empty-record", message=message))
    if record.title:
        return record
    message = "the record has no title"
    problem = Problem(locator=locator, code="missing-title", message=message, field="title")
    return replace(record, problems=(*record.problems, problem))


def _lose(entry: Entry, locator: Locator, fault: Fault) -> Problem:
    return Problem(
        locator=locator, code=fault.code, message=fault.message, raw=entry.raw, lost=True
    )
