"""`kg annotate` tells the lines that it cannot use, and goes on with the others."""

import io
import json

import pytest

from kg.cli import main

GOOD = b'{"id": "good", "text": "IL-7"}'


def annotate(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> tuple[object, list[dict[str, object]], str]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    with pytest.raises(SystemExit) as stopped:
        main(["annotate"])
    captured = capsysbinary.readouterr()
    results = [json.loads(line) for line in captured.out.split(b"\n") if line]
    return stopped.value.code, results, captured.err.decode()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"id": 1, "text": "\xff\xfe"}', "not UTF-8 at byte 20"),
        (b'\xc3{"id": 1}', "not UTF-8 at byte 1"),
        (b"IL-7 in plain text", "not JSON"),
        (b'{"id": 1, "text": "cut', "not JSON"),
        (b'{"id": 1, "text": "a"} {"id": 2}', "not JSON"),
        (b'{"id": 1, "text": "raw \x01 control"}', "not JSON"),
        (b"\x00\x00\x00", "not JSON"),
        (b'["IL-7"]', "not an object"),
        (b'"IL-7"', "not an object"),
        (b"null", "not an object"),
        (b"17", "not an object"),
        (b'{"id": 1}', "no text in the field 'text'"),
        (b'{"id": 1, "text": 17}', "no text in the field 'text'"),
        (b'{"id": 1, "text": null}', "no text in the field 'text'"),
        (b'{"id": 1, "text": ["IL-7"]}', "no text in the field 'text'"),
        (b'{"id": 1, "text": {"a": "IL-7"}}', "no text in the field 'text'"),
        (b"[" * 200_000, "not JSON"),
        (b'{"a":' * 200_000, "not JSON"),
        (b"[" * 200_000 + b"]" * 200_000, "not JSON"),
        (b'{"id": 1, "text": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "not JSON"),
    ],
)
def test_a_bad_line_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    line: bytes,
    message: str,
) -> None:
    content = GOOD + b"\n\n" + line + b"\n" + GOOD
    code, results, err = annotate(monkeypatch, capsysbinary, content)
    assert code == 3
    assert [one["id"] for one in results] == ["good", "good"]
    (told,) = err.splitlines()
    assert told.startswith("stdin:3: ")
    assert message in told
    assert "Traceback" not in err


def test_lines_end_where_json_lines_end(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = "one\u2028two\x85three\x0cIL-7"
    line = json.dumps({"id": 1, "text": text}, ensure_ascii=False).replace("\\f", "\\u000c")
    content = b"\xef\xbb\xbf" + line.encode() + b"\r\n \r\n" + GOOD
    code, results, err = annotate(monkeypatch, capsysbinary, content)
    assert (code, err) == (0, "")
    assert [one["id"] for one in results] == [1, "good"]


def test_half_a_surrogate_pair_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = b'{"id": "\\ud800", "text": "IL-7 \\ud83d"}\n' + GOOD
    code, results, _ = annotate(monkeypatch, capsysbinary, content)
    assert code == 0
    assert [one["id"] for one in results] == ["\ud800", "good"]
    assert all(one["mentions"] for one in results)


@pytest.mark.parametrize("content", [b"", b"\n\n \n"])
def test_nothing_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    assert annotate(monkeypatch, capsysbinary, content) == (0, [], "")
