"""Floor 8: the profiles, formats of other tools and communities, and how one is written whole."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from kg.errors import KgError
from kg.exports.bioc import BiocJsonProfile, BiocXmlProfile
from kg.exports.indra import IndraProfile
from kg.exports.jsonld import JsonLd
from kg.exports.kgx import KgxJsonLinesProfile, KgxProfile
from kg.exports.mappings import SssomProfile
from kg.exports.nanopub import Nanopublications
from kg.exports.networks import CytoscapeProfile, GraphmlProfile
from kg.exports.oa import WebAnnotations
from kg.exports.parquet import ParquetProfile
from kg.exports.pubtator import PubtatorProfile
from kg.exports.rocrate import RoCrate
from kg.exports.view import Profile, View, Written

PROFILES: tuple[Profile, ...] = (
    JsonLd(),
    RoCrate(),
    KgxProfile(),
    KgxJsonLinesProfile(),
    PubtatorProfile(),
    BiocXmlProfile(),
    BiocJsonProfile(),
    IndraProfile(),
    GraphmlProfile(),
    CytoscapeProfile(),
    ParquetProfile(),
    WebAnnotations(),
    Nanopublications(),
    SssomProfile(),
)
"""All there are, in the order in which they are listed."""


def find_profile(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        KgError: if there is none.

    >>> find_profile("ro-crate").suffix
    ''
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile
    known = ", ".join(profile.name for profile in PROFILES)
    raise KgError(f"there is no profile '{name}' (known: {known})")


def write_profile(
    profile: Profile, view: View, target: Path, *, overwrite: bool = False
) -> Written:
    """Write a view in the format of a profile, to a file or a folder that is there whole or not.

    It is written beside the target and moved there. A file is replaced; a folder with something in
    it only with `overwrite`, since all in it goes.

    Raises:
        KgError: if it cannot be written, the folder holds something, or the format has no way to
            say what the graph holds.

    """
    if target.is_dir() and any(target.iterdir()) and not overwrite:
        raise KgError(
            f"{target}: is a folder with files in it, and would be replaced; name another, "
            "or say --overwrite"
        )
    if target.is_dir() and profile.suffix:
        raise KgError(f"{target}: is a folder, and {profile.name} is one file; name a file")
    if target.exists() and not target.is_file() and not target.is_dir():
        raise KgError(f"{target}: is a device, which cannot be replaced; name a file")
    # Beside the target, under its suffix, which may tell the profile what to write.
    part = target.with_name(f".{os.getpid()}.part.{target.name}")
    try:
        written = profile.write(view, part)
        _move(part, target)
    except OSError as error:
        raise KgError(f"{target}: cannot be written ({error.strerror or error})") from error
    finally:
        _remove(part)
    files = {_at(path, part, target): what for path, what in written.files.items()}
    return Written(files=files, notes=written.notes)


def _move(part: Path, target: Path) -> None:
    """Put what was written in the place of what is there."""
    if not target.is_dir():
        part.replace(target)
        return
    old = part.with_name(f"{part.name}.old")
    target.replace(old)
    try:
        part.replace(target)
    except OSError:
        old.replace(target)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _at(path: Path, part: Path, target: Path) -> Path:
    """Return where a file stands when what was written is in its place."""
    return target / path.relative_to(part) if path.is_relative_to(part) else path
