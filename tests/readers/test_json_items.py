"""Items cut out of JSON: where they stand, files that are cut or broken, and bounded memory."""

import io
import json
import tracemalloc
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Problem
from kg.readers.json_items import JsonItem, outline_json, read_items
from kg.readers.json_scanner import MAX_RECORD

PLACES = ("[]", "items[]", "message", "message.items[]", "resultList.result[]", "[].documents[]")
RECORDS: list[dict[str, Any]] = [
    {"id": 1, "title": 'Of { and [, and \\ "quoted"', "author": [{"family": "Doe"}, {}]},
    {"id": 2, "title": "Über α", "nested": {"a": [[1, 2], {"b": None}]}},
    {"id": 3, "title": "", "flag": True},
]


def read(data: str | bytes) -> list[JsonItem | Problem]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_items(io.BytesIO(raw), "a.json", "any", PLACES))


def values(data: str | bytes) -> list[dict[str, Any]]:
    return [item.value for item in read(data) if isinstance(item, JsonItem)]


def problems(data: str | bytes) -> list[Problem]:
    return [item for item in read(data) if isinstance(item, Problem)]


WHOLE = {
    "array": json.dumps(RECORDS),
    "indented": json.dumps(RECORDS, indent=2, ensure_ascii=False),
    "tabs": json.dumps({"items": RECORDS}, indent="\t"),
    "envelope": json.dumps({"total": 3, "more": {"items": [1]}, "items": RECORDS, "end": []}),
    "crossref": json.dumps({"status": "ok", "message": {"n": 3, "items": RECORDS}}),
    "europepmc": json.dumps({"version": "6", "resultList": {"result": RECORDS}}, indent=1),
    "lists": json.dumps([{"documents": RECORDS[:1]}, {"x": 1, "documents": RECORDS[1:]}]),
    "lines": "".join(json.dumps(record) + "\n" for record in RECORDS),
    "stacked": "\n".join(json.dumps(record, indent=2) for record in RECORDS),
}


@pytest.mark.parametrize("form", WHOLE)
def test_items_are_found_wherever_a_format_keeps_them(form: str) -> None:
    found = read(WHOLE[form])
    assert [item.value for item in found if isinstance(item, JsonItem)] == RECORDS
    assert [item.position for item in found if isinstance(item, JsonItem)] == [1, 2, 3]
    assert len(found) == 3


@pytest.mark.parametrize("form", ["indented", "tabs", "lines", "stacked"])
def test_lines_are_those_where_items_begin(form: str) -> None:
    lines = WHOLE[form].split("\n")
    for item in read(WHOLE[form]):
        assert isinstance(item, JsonItem)
        begin = "\n".join(lines[item.line - 1 :]).strip()
        decoded, _ = json.JSONDecoder().raw_decode(begin)
        assert decoded == item.value


@pytest.mark.parametrize("form", WHOLE)
def test_line_ends_and_a_byte_order_mark_change_nothing(form: str) -> None:
    plain = WHOLE[form].encode()
    for end in (b"\r\n", b"\r"):
        assert read(b"\xef\xbb\xbf" + plain.replace(b"\n", end)) == read(plain)


@pytest.mark.parametrize("form", WHOLE)
def test_a_cut_file_gives_what_stood_before_the_cut(form: str) -> None:
    data = WHOLE[form].encode()
    before = 0
    for cut in range(len(data)):
        found = read(data[:cut])
        items = [item.value for item in found if isinstance(item, JsonItem)]
        assert items == RECORDS[: len(items)]
        assert before <= len(items)
        before = len(items)
        rest = [getattr(item, "code", "") for item in found[len(items) :]]
        assert rest in ([], ["cut-file"])
        assert all(item.lost for item in found if isinstance(item, Problem))
    assert before >= 2


def test_a_single_object_is_an_item_unless_it_holds_a_place() -> None:
    assert values('{"id": 1, "message": 2}') == []
    assert values('{"id": 1, "items": {"a": 1}}') == [{"id": 1, "items": {"a": 1}}]
    assert values('{"status": "ok", "message": {"title": "x"}}') == [{"title": "x"}]
    assert read('{"id": 1, "items": []}') == []


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'"t\xff"', "not-utf-8"),
        (b'"t\0"', "nul"),
        (b"t", "broken-json"),
        (b'"t\n', "broken-json"),
        (b"[}", "broken-json"),
        (b"{{}", "broken-json"),
        (b"[" * 100_000, "broken-json"),
        (b"9" * 5000, "broken-json"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_broken_record_is_lost_and_the_next_one_read(
    raw: bytes, code: str, indent: int | None
) -> None:
    lines = b",\n".join(
        json.dumps({"id": number, "title": "T", "more": [{"a": 1}]}, indent=indent).encode()
        for number in range(4)
    )
    first, middle, rest = lines.partition(b'"id": 1')
    broken = first + middle + rest.replace(b'"T"', raw, 1)
    for data in (b"[" + broken + b"]", b"[\n" + broken + b"\n]\n", broken.replace(b",\n{", b"\n{")):
        found = read(data)
        lost = [item for item in found if isinstance(item, Problem)]
        assert [item.code for item in lost] == [code]
        assert lost[0].lost
        ids = [item.value["id"] for item in found if isinstance(item, JsonItem)]
        assert ids == [0, 2, 3]
        assert lost[0].locator.line == data[: data.index(b'"id": 1')].count(b"\n") + (
            1 if indent is None else 0
        )


def test_wrong_bytes_say_what_to_do() -> None:
    [problem] = problems(b'[{"a": "\xe9"}]')
    assert "0xe9" in problem.message
    assert "--encoding" in problem.message


def test_a_line_that_was_cut_short_does_not_take_the_next_with_it() -> None:
    lines = [json.dumps(record) for record in RECORDS]
    for cut in range(1, len(lines[1])):
        found = read("\n".join([lines[0], lines[1][:cut], lines[2], lines[0]]))
        items = [item.value["id"] for item in found if isinstance(item, JsonItem)]
        # Cut behind a comma inside a list, what follows could be its next element.
        assert items in ([1, 3, 1], [1, 1])
        assert [item.lost for item in found if isinstance(item, Problem)] == [True]


def test_what_is_no_object_is_a_problem() -> None:
    found = problems('[1, "a", null, {"id": 1}, [2]]')
    assert [item.code for item in found] == ["broken-json"] * 4
    assert values('[1, {"id": 1}]') == [{"id": 1}]


def test_half_a_surrogate_pair_is_replaced_and_told() -> None:
    item, problem = read(r'[{"a": "x\ud835y", "b": "\ud83e\uddec"}]')
    assert isinstance(item, JsonItem)
    assert item.value == {"a": "x\ufffdy", "b": "\U0001f9ec"}
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("lost-letter", False)


class _Endless(io.RawIOBase):
    """A stream that repeats a piece until it has given so many bytes, then ends as told."""

    def __init__(self, start: bytes, piece: bytes, size: int, end: bytes) -> None:
        self._parts = iter([start, *[piece] * (size // len(piece)), end])
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@pytest.mark.parametrize(
    ("start", "piece", "end", "codes"),
    [
        (b'[{"a": "', b"x" * 65536, b'"}, {"id": 2}]', ["long-record"]),
        (b'[{"a": "', b'\\"' * 32768, b'"}, {"id": 2}]', ["long-record"]),
        (b'[{"a": [', b"1," * 32768, b'1]}, {"id": 2}]', ["long-record"]),
        (b'{"x": [', b"1," * 32768, b'1], "items": [{"id": 2}]}', []),
        (b"[", b" " * 65536, b'{"id": 2}]', []),
        (b"[", b"1" * 65536, b', {"id": 2}]', ["long-record"]),
        (b'{"', b"x" * 65536, b'": 1}\n{"id": 2}', ["broken-json"]),
        (b"[", b"[" * 65536, b'\n{"id": 2}]', ["broken-json"]),
    ],
)
def test_memory_does_not_grow_with_a_record(
    start: bytes, piece: bytes, end: bytes, codes: list[str]
) -> None:
    stream = cast("BinaryIO", io.BufferedReader(_Endless(start, piece, 3 * MAX_RECORD, end)))
    tracemalloc.start()
    found = list(read_items(stream, "a.json", "any", PLACES))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.code for item in found if isinstance(item, Problem)] == codes
    assert [item.value for item in found if isinstance(item, JsonItem)] == [{"id": 2}]
    assert peak < 1.5 * MAX_RECORD


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_items_and_problems(data: bytes) -> None:
    read(data)
    outline_json(data)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_mutated_files_give_items_and_problems(data: st.DataObject) -> None:
    raw = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b"\n", b",", b":", b"\xff", b""])
        )
    read(bytes(raw))
    outline_json(bytes(raw))


@pytest.mark.parametrize("form", WHOLE)
def test_an_outline_tells_the_keys_of_a_cut_beginning(form: str) -> None:
    data = WHOLE[form].encode()
    place = {"array": "[].title", "lines": "title", "europepmc": "resultList.result[].title"}
    whole = outline_json(data)
    assert place.get(form, next(iter(whole))) in whole
    for cut in range(len(data)):
        assert outline_json(data[:cut]).keys() <= whole.keys()


def test_an_outline_has_the_first_string_of_each_key() -> None:
    assert outline_json(b'[{"type": "book", "a": {"b": ["c"]}}, {"type": "x"}') == {
        "[].type": "book",
        "[].a": "",
        "[].a.b": "",
    }
    assert outline_json(b"TY  - JOUR") == {}
