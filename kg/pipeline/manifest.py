"""Floor 9: what a build writes down about itself, and the hash of all that it depends on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg import __version__
from kg.model import Locator, Problem, Source
from kg.pipeline.settings import BuildSettings
from kg.rdf.assertions import PredicateCounts
from kg.store.records import SourceDetails
from kg.store.update_log import Failure
from kg.validation.model import Report as ValidationReport
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import Description

FORMAT_VERSION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made, for its summary. `seconds` is wall-clock time.

    `predicates` tells of each relation how many assertions have it; `assertions` is their sum.
    `replaced` counts obsolete identifiers that came with the records, and were replaced.
    `succeeded` are terms that the graph before had, and that are obsolete now, each with the one
    that stands in its place. `failures` are updates that people wrote and that could not be run
    again. `validation` is what the shapes found in the graph, None where it was not asked.
    """

    folder: Path
    papers: int
    sentences: int
    mentions: int
    entities: dict[str, int]
    evidence: int
    predicates: dict[str, PredicateCounts]
    co_mentions: int
    quads: int
    problems: tuple[Problem, ...]
    seconds: float
    replaced: int = 0
    succeeded: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    validation: ValidationReport | None = None

    @property
    def assertions(self) -> int:
        """How many assertions there are, those that are negated or speculative among them."""
        return sum(each.assertions for each in self.predicates.values())


def hash_build(
    sources: Iterable[Source],
    lexicon: Lexicon,
    table_sha256: str,
    settings: BuildSettings,
    removed: Iterable[tuple[str, str]] = (),
) -> str:
    """Return the hash of all that a graph depends on: code, settings, inputs, vocabularies, rules.

    `removed` are the digests and places of records that were taken out again. The rules that read
    assertions are told by the version and by the sha256 of their table.
    """
    digest = sha256(hash_settings(lexicon, table_sha256, settings).encode())
    for source in sorted(sources, key=lambda source: source.sha256):
        digest.update(f"{source.name}\x1f{source.format}\x1f{source.sha256}\n".encode())
    for sha256_of_source, place in removed:
        digest.update(f"without\x1f{sha256_of_source}\x1f{place}\n".encode())
    return digest.hexdigest()


def hash_settings(lexicon: Lexicon, table_sha256: str, settings: BuildSettings) -> str:
    """Return the hash of what a graph depends on, its inputs apart."""
    digest = sha256(
        f"{FORMAT_VERSION}\n{__version__}\n{settings.base}\n{table_sha256}\n"
        f"{settings.annotations}\n".encode()
    )
    for table in lexicon.vocabularies:
        digest.update(f"{table['file']}\x1f{table['sha256']}\n".encode())
    return digest.hexdigest()


def describe_ontologies(build_hash: str, ontologies: Sequence[Description]) -> dict[str, Any]:
    """Return what a manifest has of the ontologies that were added, its `build_hash` with them.

    `build_hash` is that of the graph without them, which stays as `files_hash`.
    """
    if not ontologies:
        return {"build_hash": build_hash, "ontologies": []}
    digest = sha256(build_hash.encode())
    for each in ontologies:
        digest.update(f"{each.name}\x1f{each.iri}\x1f{each.sha256}\x1f{each.extent}\n".encode())
    return {
        "build_hash": digest.hexdigest(),
        "files_hash": build_hash,
        "ontologies": [each.as_json() for each in ontologies],
    }


def make_manifest(
    report: BuildReport,
    *,
    build_hash: str,
    settings_hash: str,
    settings: BuildSettings,
    sources: Iterable[tuple[Source, SourceDetails]],
    lexicon: Lexicon,
    action: dict[str, Any],
    before: Mapping[str, Any],
    ontologies: Sequence[Description] = (),
) -> dict[str, Any]:
    """Return what a generation says of itself.

    `action` is what was done to make it, `before` what the one before it says of itself: files that
    were in that one keep the time at which they were added.
    """
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    added_at = {each["sha256"]: each.get("added_at") for each in before.get("inputs", ())}
    return {
        "format_version": FORMAT_VERSION,
        **describe_ontologies(build_hash, ontologies),
        "settings_hash": settings_hash,
        "built_at": built_at,
        "seconds": round(report.seconds, 3),
        "kg_version": __version__,
        "base_iri": settings.base,
        "annotations": settings.annotations,
        "action": action,
        "quads": report.quads,
        "inputs": [
            {
                "name": source.name,
                "format": source.format,
                "sha256": source.sha256,
                "records": details.records,
                "added_at": added_at.get(source.sha256) or built_at,
            }
            for source, details in sources
        ],
        "vocabularies": lexicon.vocabularies,
        "counts": {
            "papers": report.papers,
            "sentences": report.sentences,
            "mentions": report.mentions,
            "entities": report.entities,
            "evidence": report.evidence,
            "assertions": report.assertions,
            "assertions_by_predicate": {
                name: asdict(each) for name, each in report.predicates.items()
            },
            "co_mentions": report.co_mentions,
            "replaced": report.replaced,
        },
        "problems": [
            {
                "path": problem.locator.path,
                "line": problem.locator.line,
                "code": problem.code,
                "message": problem.message,
                "field": problem.field,
                "raw": problem.raw,
                "lost": problem.lost,
            }
            for problem in report.problems
        ],
    }


def read_report(manifest: Mapping[str, Any], folder: Path) -> BuildReport:
    """Return what a manifest says of a build, as the build told it."""
    counts = manifest["counts"]
    return BuildReport(
        folder=folder,
        papers=counts["papers"],
        sentences=counts["sentences"],
        mentions=counts["mentions"],
        entities=counts["entities"],
        evidence=counts["evidence"],
        predicates={
            name: PredicateCounts(**each)
            for name, each in counts["assertions_by_predicate"].items()
        },
        co_mentions=counts["co_mentions"],
        replaced=counts.get("replaced", 0),
        quads=manifest["quads"],
        problems=tuple(
            Problem(
                locator=Locator(path=each["path"], format="", line=each["line"]),
                **{key: value for key, value in each.items() if key not in ("path", "line")},
            )
            for each in manifest["problems"]
        ),
        seconds=manifest["seconds"],
    )
