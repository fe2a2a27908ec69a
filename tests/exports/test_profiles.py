"""Profiles are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import KgError
from kg.exports import PROFILES, View, Written, find_profile, write_profile

VIEW = View(store=Store(), manifest={})


class Folder:
    """Writes a folder with a file in it."""

    name = "folder"
    summary = "a folder"
    suffix = ""

    def write(self, view: View, target: Path) -> Written:  # noqa: ARG002
        target.mkdir()
        (target / "a.txt").write_text("new")
        return Written(files={target / "a.txt": "1 line"}, notes=("a note",))


class Breaking(Folder):
    """Fails when some of it is written."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def write(self, view: View, target: Path) -> Written:
        super().write(view, target)
        raise self._error


class OneFile(Folder):
    """Writes a file."""

    suffix = ".txt"

    def write(self, view: View, target: Path) -> Written:  # noqa: ARG002
        target.write_text("new")
        return Written(files={target: "1 line"})


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_profiles_have_names_of_their_own() -> None:
    names = [profile.name for profile in PROFILES]
    assert len(set(names)) == len(names)
    assert all(profile.summary for profile in PROFILES)
    assert [find_profile(name) for name in names] == list(PROFILES)


def test_unknown_profile() -> None:
    with pytest.raises(KgError, match=r"no profile 'word' \(known: jsonld, "):
        find_profile("word")


def test_files_are_told_where_they_are_in_the_end(tmp_path: Path) -> None:
    written = write_profile(Folder(), VIEW, tmp_path / "out")
    assert written == Written(files={tmp_path / "out" / "a.txt": "1 line"}, notes=("a note",))
    assert (tmp_path / "out" / "a.txt").read_text() == "new"
    assert names_in(tmp_path) == ["out"]


def test_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    write_profile(OneFile(), VIEW, tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_folder_with_files_is_replaced_only_if_told_to(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(KgError, match="--overwrite"):
        write_profile(Folder(), VIEW, target)
    assert names_in(target) == ["mine.txt"]
    write_profile(Folder(), VIEW, target, overwrite=True)
    assert names_in(target) == ["a.txt"]
    assert names_in(tmp_path) == ["out"]


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_profile(Folder(), VIEW, tmp_path / "out")
    assert names_in(tmp_path / "out") == ["a.txt"]


def test_a_folder_where_a_file_belongs(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="is one file"):
        write_profile(OneFile(), VIEW, tmp_path)


@pytest.mark.parametrize("error", [FULL, KgError("cannot be said"), KeyboardInterrupt()])
def test_what_fails_leaves_what_was_there(tmp_path: Path, error: Exception) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    expected: type[BaseException] = KgError if error is FULL else type(error)
    with pytest.raises(expected):
        write_profile(Breaking(error), VIEW, target, overwrite=True)
    assert names_in(target) == ["mine.txt"]
    assert names_in(tmp_path) == ["out"]
