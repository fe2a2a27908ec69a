"""Floor 9: files of statements -> a generation of a graph."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from kg import __version__
from kg.errors import InputError
from kg.model import Problem
from kg.namespaces import DEFAULT_BASE
from kg.pipeline.describing import describe, is_described
from kg.pipeline.settings import BuildOptions, Progress
from kg.pipeline.shard_files import hash_file
from kg.pipeline.shard_plan import CONFLICTS
from kg.pipeline.statement_files import (
    ShardFolder,
    StatementFile,
    check_folder,
    find_statements,
    read_text,
)
from kg.store import GenerationWriter, write_generation
from kg.store.records import NAME as RECORDS_NAME
from kg.store.records import RecordStore
from kg.store.update_log import Failure

_FOLDER_ONLY = ("shards", "records")
"""What the manifest of a folder of shards says of it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What was loaded: files, and what the graph has then: statements, records to update it by.

    `failures` are updates that people wrote into the graph and that could not be run again.
    """

    folder: Path
    files: int
    statements: int
    records: int
    seconds: float
    failures: tuple[Failure, ...] = ()


def load_graph(
    paths: Sequence[Path],
    folder: Path,
    *,
    options: BuildOptions | None = None,
) -> LoadReport:
    """Load shards, or other files of statements, as the live generation of a graph.

    A folder of shards is held against its manifest first, and gives the graph that a build without
    shards gives, with its records. What was live stays live until all is loaded and counted.

    Raises:
        InputError: if a file is missing or damaged, or is none of statements.
        StoreError: if shards are not complete, cut or changed, or the graph cannot be written.
    """
    started = time.monotonic()
    how = options or BuildOptions()
    tell = how.progress
    folders, files = find_statements(paths)
    whole = folders[0] if len(folders) == 1 and len(paths) == 1 else None
    if folders and whole is None:
        # What is counted over all papers stands in each, and would not be true of both.
        raise InputError(
            f"{folders[0].path}: a folder of shards is a graph of its own, and is loaded alone; "
            "build one folder of all input files, or load into an endpoint with --endpoint"
        )
    if whole is not None:
        check_folder(whole, tell)
    with write_generation(
        folder,
        build_hash=None,
        discard_updates=how.discard_updates,
        wait=how.wait,
        waiting=how.waiting,
    ) as generation:
        records = 0 if whole is None else _take_records(generation, whole, tell)
        generation.load(_texts(files, tell))
        if whole is None:
            manifest = _describe(files, generation.quads)
        else:
            before = generation.live.manifest if generation.live is not None else {}
            manifest = _manifest_of(whole, before)
        if whole is not None or not is_described(generation, DEFAULT_BASE):
            tell("counting what the graph holds", 0, None)
            manifest, _ = describe(generation, manifest)
        tell("switching to the new graph", 0, None)
        generation.finish(manifest)
    return LoadReport(
        folder=folder,
        files=len(files),
        statements=manifest["quads"],
        records=records,
        seconds=time.monotonic() - started,
        failures=generation.failures,
    )


def _texts(files: Iterable[StatementFile], tell: Progress) -> Iterator[bytes]:
    files = list(files)
    sizes = [file.path.stat().st_size for file in files]
    for number, file in enumerate(files):
        for text in read_text(file):
            tell(f"loading {file.path.name}", sum(sizes[:number]), sum(sizes))
            yield text


def _take_records(generation: GenerationWriter, shards: ShardFolder, tell: Progress) -> int:
    """Join the records of all input files to those of the graph; return how many there are."""
    parts = shards.parts
    if not parts:
        return 0
    records = RecordStore.create(generation.add_file(RECORDS_NAME))
    try:
        for number, part in enumerate(parts):
            tell("bringing in the records", number, len(parts))
            path = shards.path / part.name
            if path.name == CONFLICTS:
                records.add_conflicts(_read_conflicts(path))
            else:
                records.absorb(path)
        records.finish()
        return records.count()
    finally:
        records.close()


def _read_conflicts(path: Path) -> Iterator[tuple[int, Problem]]:
    decode = msgspec.json.Decoder(tuple[int, Problem]).decode
    with path.open("rb") as stream:
        yield from map(decode, stream)


def _manifest_of(shards: ShardFolder, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of a graph that was loaded from shards: that of a build.

    `before` is what the graph before it says of itself: when its files were added.
    """
    manifest = {key: value for key, value in shards.manifest.items() if key not in _FOLDER_ONLY}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    added_at = {each["sha256"]: each.get("added_at") for each in before.get("inputs", ())}
    inputs = [
        each | {"added_at": added_at.get(each["sha256"]) or now} for each in manifest["inputs"]
    ]
    action = {"kind": "load", "inputs": [each["name"] for each in inputs]}
    return manifest | {"inputs": inputs, "action": action}


def _describe(files: Sequence[StatementFile], quads: int) -> dict[str, Any]:
    digests = [hash_file(file.path) for file in files]
    return {
        "build_hash": sha256("\n".join(digests).encode()).hexdigest(),
        "kg_version": __version__,
        "base_iri": DEFAULT_BASE,
        "action": {"kind": "load", "inputs": [file.path.name for file in files]},
        "quads": quads,
    }
