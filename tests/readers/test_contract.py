"""The contract that every reader is held to, tried on every sample in `samples/`.

A sample is called `<reader's name>.<anything>.<suffix>`, holds two records or more, no defect, and
titles whose longer words stand in the file as they are. What is asked of a reader:

- It alone of `READERS` recognises its samples, whatever their line ends, behind a byte order mark
  too.
- A file cut anywhere gives the records before the cut, unchanged, and at most one lost `Problem`
  for the rest; where a format cannot tell a cut record from a whole one, the record with what it
  had. What has begun is never passed over in silence.
- A byte that is not UTF-8, or a NUL, makes its record a lost `Problem` that says so; the others are
  read as ever, at the same positions and lines.
- Nothing is raised, whatever the bytes, and however few of them arrive at a time; nothing that
  cannot be written as UTF-8 comes out.
- Memory is bounded, whatever is inside and however it is packed.
"""

import gzip
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Problem, Record, Topic
from kg.readers import HEAD_BYTES, READERS, Item, Reader, detect_reader, find_reader, read_file

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
PATH = "sample"
MEMORY = 80 << 20
MEGABYTE = 1 << 20
BIG = 100  # megabytes in one field

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
each_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


class Slow(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe or a socket may."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._data.read(min(len(buffer), self._size))
        buffer[: len(piece)] = piece
        return len(piece)


def reader_of(sample: Path) -> Reader:
    return find_reader(sample.name.partition(".")[0])


@cache
def bytes_of(sample: Path) -> bytes:
    """Return a sample with line feeds only, and without a byte order mark."""
    data = sample.read_bytes().removeprefix(b"\xef\xbb\xbf")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


@cache
def read_whole(sample: Path) -> tuple[Item, ...]:
    return tuple(read(reader_of(sample), bytes_of(sample)))


def read(reader: Reader, data: bytes) -> list[Item]:
    """Read bytes, and check of every item what must hold whatever the bytes were."""
    items = list(reader.read(io.BytesIO(data), PATH))
    for item in items:
        check(item, reader)
    return items


def records(items: Any) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def lost(items: Any) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem) and item.lost]


# --- what holds of every item ------------------------------------------------------------------


def check(item: Item, reader: Reader) -> None:
    assert isinstance(item, Record | Topic | Problem)
    assert (item.locator.path, item.locator.format) == (PATH, reader.name)
    for text in strings_of(item):
        assert "\0" not in text
        text.encode()  # a lone surrogate cannot be
    if isinstance(item, Problem):
        check_problem(item)
    elif isinstance(item, Record):
        check_record(item)


def check_problem(problem: Problem) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", problem.code)
    assert problem.message
    assert problem.locator.line >= 0


def check_record(record: Record) -> None:
    assert record.locator.line >= 1
    assert record.year is None or 1000 <= record.year <= 2999
    for author in record.authors:
        assert author.name
        assert author.family
    for prefix, value in record.identifiers.items():
        assert prefix
        assert value
    for problem in record.problems:
        assert not problem.lost
        check_problem(problem)
    names = [text.field for text in record.texts]
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: name != "title")
    shown = {text.field: text.text for text in record.texts}
    for text in record.texts:
        assert re.fullmatch(r"title|abstract|snippet(-\d+)?|vernacular-title", text.field)
        assert text.text == text.text.strip()
        end = 0
        for section in text.sections:
            assert section.label
            assert end <= section.start < section.end <= len(text.text)
            end = section.end
        if not text.edits:
            assert text.raw == text.text
    for mention in record.annotations:
        assert mention.text
        assert shown[mention.field][mention.start : mention.end] == mention.text


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from strings_of(tuple(value))
        yield from strings_of(tuple(value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from strings_of(part)


# --- the samples, and who recognises them ------------------------------------------------------


def test_every_reader_has_a_sample_and_a_name_of_its_own() -> None:
    names = [reader.name for reader in READERS]
    assert len(set(names)) == len(names)
    assert {sample.name.partition(".")[0] for sample in SAMPLES} == set(names)


@each_sample
def test_sample_is_read_whole(sample: Path) -> None:
    items = read_whole(sample)
    found = records(items)
    assert len(found) >= 2
    assert not lost(items)
    assert all(record.title and record.position >= 1 for record in found)
    places = [record.locator.line for record in found]
    assert places == sorted(places)
    lines = bytes_of(sample).count(b"\n") + 1
    assert places[-1] <= lines


@each_sample
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_change_nothing(
    sample: Path, end: bytes, mark: bytes
) -> None:
    data = mark + bytes_of(sample).replace(b"\n", end)
    recognising = [reader.name for reader in READERS if reader.sniff(data[:HEAD_BYTES])]
    assert recognising == [reader_of(sample).name]
    assert read(reader_of(sample), data) == list(read_whole(sample))


@each_sample
def test_sample_is_read_alike_however_it_is_stored(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.data"

    def stored(data: bytes, encoding: str | None = None) -> list[Item]:
        path.write_bytes(data)
        assert detect_reader(path, encoding=encoding).name == reader_of(sample).name
        return list(read_file(path, encoding=encoding))

    data = bytes_of(sample)
    plain = stored(data)
    assert len(plain) == len(read_whole(sample))
    assert stored(gzip.compress(data)) == plain
    assert stored(data.decode().encode("utf-16")) == plain
    assert stored(data.decode().encode("gb18030"), "gb18030") == plain


@each_sample
@each_reader
def test_file_of_another_format_is_answered_and_not_raised_about(
    reader: Reader, sample: Path
) -> None:
    assert read(reader, bytes_of(sample))


# --- files that are cut ------------------------------------------------------------------------


def check_cut(sample: Path, size: int) -> None:
    data = bytes_of(sample)
    whole = records(read_whole(sample))
    items = read(reader_of(sample), data[:size])
    found = records(items)
    same = 0
    for record, wanted in zip(found, whole, strict=False):
        if record != wanted:
            break
        same += 1
    assert len(found) <= min(same + 1, len(whole)), "more than one record is not as it was"
    assert len(lost(items)) <= 1, "one Problem is enough for what was cut off"
    # The line that the last byte stands on: what began before it is there or reported.
    last_line = data.count(b"\n", 0, max(0, size - 1)) + 1
    begun = sum(record.locator.line < last_line for record in whole)
    assert same >= begun - 1, "a record before the cut is missing or changed"
    assert len(found) + len(lost(items)) >= begun, "a cut record is passed over in silence"


@each_sample
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_file_cut_anywhere_gives_what_was_before(sample: Path, data: st.DataObject) -> None:
    check_cut(sample, data.draw(st.integers(0, len(bytes_of(sample)))))


@each_sample
def test_file_cut_at_its_lines_gives_what_was_before(sample: Path) -> None:
    ends = [match.end() for match in re.finditer(rb"\n|\Z", bytes_of(sample))]
    for end in ends[:: 1 + len(ends) // 150]:
        check_cut(sample, end)
        check_cut(sample, end - 1)


# --- packed files that are cut, damaged, or lie ------------------------------------------------


def read_packed(sample: Path, tmp_path: Path, packed: bytes) -> tuple[list[Item], list[Item]]:
    """Return what is read of a file, and of the sample by the same name."""
    path = tmp_path / "export.gz"
    path.write_bytes(bytes_of(sample))
    plain = list(read_file(path))
    path.write_bytes(packed)
    return plain, list(read_file(path))


@each_sample
@pytest.mark.parametrize("place", [-8, -4], ids=["checksum", "size"])
def test_packed_file_that_lies_gives_its_records_and_a_problem(
    sample: Path, place: int, tmp_path: Path
) -> None:
    packed = bytearray(gzip.compress(bytes_of(sample)))
    packed[place] ^= 0xFF
    plain, items = read_packed(sample, tmp_path, bytes(packed))
    assert records(items) == records(plain)
    [problem] = lost(items)
    assert problem.code == "cut-file"
    assert "damaged" in problem.message


@each_sample
@pytest.mark.parametrize("harm", ["cut", "damaged", "without its end"])
def test_packed_file_that_is_damaged_gives_what_was_before(
    sample: Path, harm: str, tmp_path: Path
) -> None:
    data = bytes_of(sample)
    whole = records(read_whole(sample))
    middle = data.index(longest_word(sample, len(whole) - 1).encode(), start_of(sample, -1))
    first, second = gzip.compress(data[:middle]), gzip.compress(data[middle:])
    if harm == "cut":
        second = second[: len(second) // 2]
    elif harm == "damaged":
        second = second[:10] + b"\xff" * (len(second) - 10)
    else:
        second = second[:-8]
    plain, items = read_packed(sample, tmp_path, first + second)
    count = len(whole) - (harm != "without its end")
    assert records(items)[:count] == records(plain)[:count]
    # One for the record that the cut went through, where the format tells, and one for the file.
    assert 1 <= len(lost(items)) <= 2
    assert lost(items)[-1].code == "cut-file"


def test_packed_file_that_nothing_can_be_unpacked_of_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.gz"
    for packed, reason in (
        (gzip.compress(b"text")[:6], "ends too early"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 30, "damaged"),
    ):
        path.write_bytes(packed)
        with pytest.raises(InputError, match=f"export.gz: the compressed file .*{reason}"):
            detect_reader(path)


# --- bytes that are no text --------------------------------------------------------------------


def start_of(sample: Path, number: int) -> int:
    """Return the offset of the line where a record begins."""
    data = bytes_of(sample)
    line = records(read_whole(sample))[number].locator.line
    offset = 0
    for _ in range(line - 1):
        offset = data.index(b"\n", offset) + 1
    return offset


def longest_word(sample: Path, number: int) -> str:
    """Return the longest word of a record's title that stands in the file as it is."""
    data, start = bytes_of(sample), start_of(sample, number)
    title = records(read_whole(sample))[number].title
    words = sorted(re.findall(r"[A-Za-z]{5,}", title), key=len, reverse=True)
    for word in words:
        if data.find(word.encode(), start) >= 0:
            return str(word)
    raise AssertionError(f"{sample.name}: no word of the title '{title}' stands in the sample")


def spoil(sample: Path, number: int, spoilt: bytes) -> tuple[bytes, bytes]:
    """Return what comes before a place in the middle of a word of a record's title, and behind."""
    data = bytes_of(sample)
    word = longest_word(sample, number).encode()
    place = data.index(word, start_of(sample, number)) + len(word) // 2
    return data[:place] + spoilt, data[place:]


@each_sample
@pytest.mark.parametrize(
    ("spoilt", "words"),
    [(b"\xff", ("UTF-8", "--encoding")), (b"\xc3", ("UTF-8", "--encoding")), (b"\0", ("NUL",))],
    ids=["no-utf-8", "half-a-letter", "nul"],
)
def test_bytes_that_are_no_text_cost_their_record_only(
    sample: Path, spoilt: bytes, words: tuple[str, ...]
) -> None:
    whole = records(read_whole(sample))
    for number, record in enumerate(whole):
        items = read(reader_of(sample), b"".join(spoil(sample, number, spoilt)))
        assert records(items) == whole[:number] + whole[number + 1 :]
        [problem] = lost(items)
        assert problem.locator.line >= record.locator.line
        for word in words:
            assert word in problem.message


@each_sample
@pytest.mark.parametrize(
    "escape",
    [rb"\ud800", rb"\u0000", rb"\uffff", b"&#0;", b"&#xd800;", b"&#xffff;", b"&nbsp;", b"&x;"],
)
def test_escapes_of_what_is_no_character_do_no_harm(sample: Path, escape: bytes) -> None:
    whole = records(read_whole(sample))
    items = read(reader_of(sample), b"".join(spoil(sample, 0, escape)))
    assert records(items)[-len(whole) + 1 :] == whole[1:]
    assert len(records(items)) + len(lost(items)) == len(whole)


# --- any bytes at all --------------------------------------------------------------------------


@each_reader
@given(data=st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_items_only(reader: Reader, data: bytes) -> None:
    assert reader.sniff(data) in {True, False}
    read(reader, data)


_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "delete", "repeat", "move"]),
        st.integers(0, 1 << 30),
        st.integers(0, 60),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b"\n", b"\r", b"\t", b'"', b"'", b"{", b"}", b"<", b">", b"&", b","]),
        ),
    ),
    min_size=1,
    max_size=6,
)


def change(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    for kind, number, length, new in changes:
        start = number % (len(data) + 1)
        stretch = data[start : start + length]
        rest = data[start + length :]
        if kind == "replace":
            data = data[:start] + new + rest
        elif kind == "insert":
            data = data[:start] + new + stretch + rest
        elif kind == "delete":
            data = data[:start] + rest
        elif kind == "repeat":
            data = data[:start] + stretch + stretch + rest
        else:
            data = stretch + data[:start] + rest
    return data


@each_sample
@given(changes=_CHANGES)
@settings(max_examples=200, deadline=None)
def test_samples_that_were_changed_give_items_only(
    sample: Path, changes: list[tuple[str, int, int, bytes]]
) -> None:
    data = change(bytes_of(sample), changes)
    assert reader_of(sample).sniff(data[:HEAD_BYTES]) in {True, False}
    read(reader_of(sample), data)


@each_sample
@given(size=st.integers(1, 200))
@settings(max_examples=15, deadline=None)
def test_items_do_not_depend_on_how_the_bytes_arrive(sample: Path, size: int) -> None:
    stream = Slow(bytes_of(sample), size)
    items = list(reader_of(sample).read(stream, PATH))  # type: ignore[arg-type]
    assert items == list(read_whole(sample))


@each_sample
@pytest.mark.parametrize("opening", [b"[", b"{", b'{"a":', b"<a>", b"{a ", b'"', b"<!--"])
def test_what_is_never_closed_is_no_trap(sample: Path, opening: bytes) -> None:
    data = bytes_of(sample)
    whole = records(read_whole(sample))
    read(reader_of(sample), opening * 100_000)
    before, behind = spoil(sample, 0, opening * 100_000)
    read(reader_of(sample), before + behind)
    found = records(read(reader_of(sample), data + opening * 100_000))
    assert found[: len(whole) - 1] == whole[:-1]


# --- memory ------------------------------------------------------------------------------------

_MEASURE = """\
import json, sys
from pathlib import Path
from kg.model import Problem, Record
from kg.readers import read_file

def peak():
    try:
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, IndexError):
        import resource  # macOS: in bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

name, small, big = sys.argv[1:]
list(read_file(Path(small), format_name=name))  # so that all that is imported is imported
before = peak()
titles, lost = [], 0
for item in read_file(Path(big), format_name=name):
    if isinstance(item, Record):
        titles.append(item.title[:1000])
    lost += isinstance(item, Problem) and item.lost
print(json.dumps({"titles": titles, "lost": lost, "growth": peak() - before}))
"""


def measure(sample: Path, tmp_path: Path, before: bytes, behind: bytes) -> dict[str, Any]:
    """Read a sample with 100 MB of letters somewhere, packed, in a process of its own."""
    small, big = tmp_path / "small", tmp_path / "big.gz"
    small.write_bytes(bytes_of(sample))
    letters = gzip.compress(b"x" * MEGABYTE)
    big.write_bytes(gzip.compress(before) + letters * BIG + gzip.compress(behind))
    assert big.stat().st_size < MEGABYTE
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, reader_of(sample).name, str(small), str(big)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@each_sample
def test_field_of_100_megabytes_costs_its_record_only(sample: Path, tmp_path: Path) -> None:
    titles = [record.title for record in records(read_whole(sample))]
    found = measure(sample, tmp_path, *spoil(sample, 1, b""))
    assert found["growth"] < MEMORY
    assert found["titles"] == titles[:1] + titles[2:]
    assert found["lost"] == 1


@each_sample
def test_line_of_100_megabytes_is_bounded(sample: Path, tmp_path: Path) -> None:
    titles = [record.title for record in records(read_whole(sample))]
    found = measure(sample, tmp_path, bytes_of(sample), b"")
    assert found["growth"] < MEMORY
    assert found["titles"][: len(titles) - 1] == titles[:-1]
