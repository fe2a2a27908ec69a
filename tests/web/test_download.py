"""The unfinished file: it is gone on with, by the same request alone, and never half in place."""

import fcntl
import gzip
import json
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.web.download import Download

REQUEST = {"query": "IL-7 AND STAT5", "max": None}


def begin(path: Path) -> None:
    with Download(path, REQUEST) as download:
        download.append(b"one\n", 1, {"next": 2})


def test_pieces_become_the_file_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("the old one")
    with Download(path, REQUEST) as download:
        assert not download.resumed
        download.append(b"one\n", 1, {"next": 2})
        download.append(b"two\nthree\n", 2, {"next": 4})
        assert path.read_text() == "the old one"
        assert download.records == 3
        download.finish(b"end\n")
    assert path.read_bytes() == b"one\ntwo\nthree\nend\n"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_the_same_request_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    with (tmp_path / "a.txt.part").open("ab") as part:
        part.write(b"half of two")  # as a run leaves it that is killed while it writes
    with Download(path, {"max": None, "query": "IL-7 AND STAT5"}) as download:
        assert (download.resumed, download.records, download.place) == (True, 1, {"next": 2})
        download.append(b"two\n", 1, {})
        download.finish()
    assert path.read_bytes() == b"one\ntwo\n"


def test_compressed_pieces_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    begin(path)
    with Download(path, REQUEST) as download:
        download.append(b"two\n", 1, {})
        download.finish(b"end\n")
    assert gzip.decompress(path.read_bytes()) == b"one\ntwo\nend\n"


def test_another_request_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    with pytest.raises(InputError, match=r"another download \(query 'IL-7 AND STAT5'\).*--restart"):
        Download(path, {"query": "IL-15", "max": None})
    assert (tmp_path / "a.txt.part").read_bytes() == b"one\n", "and what was there stays"


def test_another_request_may_begin_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    with Download(path, {"query": "IL-15"}, restart=True) as download:
        assert (download.records, download.place, download.resumed) == (0, {}, False)
        download.append(b"new\n", 1, {})
        download.finish()
    assert path.read_bytes() == b"new\n"


def test_where_nothing_was_written_yet_any_request_may_begin(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with Download(path, REQUEST):
        pass
    with Download(path, {"query": "IL-15"}) as download:
        assert not download.resumed


def test_a_state_that_outlived_its_file_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    (tmp_path / "a.txt.part").rename(path)  # as a kill leaves it between the last two steps
    with Download(path, REQUEST) as download:
        assert (download.records, download.resumed) == (0, False)
    assert path.read_bytes() == b"one\n"


@pytest.mark.parametrize("state", [b"", b"{", b"[1]", b'{"version": 1}', b"\xff"])
def test_a_state_that_cannot_be_read_is_told(tmp_path: Path, state: bytes) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    (tmp_path / "a.txt.part.json").write_bytes(state)
    with pytest.raises(InputError, match=r"a\.txt\.part\.json: cannot be read .*--restart"):
        Download(path, REQUEST)
    with Download(path, REQUEST, restart=True) as download:
        assert download.records == 0


def test_a_file_of_someone_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "a.txt.part").write_text("mine")
    with pytest.raises(InputError, match="is in the way"):
        Download(tmp_path / "a.txt", REQUEST)
    assert (tmp_path / "a.txt.part").read_text() == "mine"


def test_a_file_that_became_shorter_is_told(tmp_path: Path) -> None:
    begin(tmp_path / "a.txt")
    (tmp_path / "a.txt.part").write_bytes(b"o")
    with pytest.raises(InputError, match="is shorter than it was"):
        Download(tmp_path / "a.txt", REQUEST)


def test_two_runs_at_once_are_not_let_in(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with Download(path, REQUEST) as first:
        with pytest.raises(InputError, match="another run is fetching it right now"):
            Download(path, REQUEST, restart=True)
        first.append(b"one\n", 1, {})
        first.finish()
    assert path.read_bytes() == b"one\n"


def test_a_file_that_another_run_finishes_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    begin(path)
    lock = fcntl.flock

    def finish_first(stream: object, operation: int) -> None:
        (tmp_path / "a.txt.part").replace(path)
        lock(stream, operation)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", finish_first)
    with pytest.raises(InputError, match="another run has just fetched it"):
        Download(path, REQUEST)
    assert path.read_bytes() == b"one\n"


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        Download(tmp_path / "none" / "a.txt", REQUEST)
    with pytest.raises(InputError, match="is no plain file"):
        Download(tmp_path, REQUEST)


def test_a_full_disk_is_told_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    begin(path)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("kg.web.download.os.fsync", fail)
        with (
            pytest.raises(InputError, match="No space left on device"),
            Download(path, REQUEST) as download,
        ):
            download.append(b"two\n", 1, {})
    state = json.loads((tmp_path / "a.txt.part.json").read_text())
    assert (state["records"], state["bytes"]) == (1, 4)
    with Download(path, REQUEST) as download:
        download.append(b"two\n", 1, {})
        download.finish()
    assert path.read_bytes() == b"one\ntwo\n"
