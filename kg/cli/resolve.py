"""`kg resolve`: PMIDs and DOIs for citations without, each with its score."""

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli import RECORDS_LOST
from kg.cli.email_option import email_option, open_settings, warn
from kg.cli.input_options import input_options
from kg.model import Problem, Record

if TYPE_CHECKING:
    from kg.web.resolving import Proposal, Resolution

COLUMNS = ("where", "citation", "PMID", "PMCID", "DOI", "score", "method", "agreed", "status")
_STAGE = "Looking citations up"


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write the citations that were given identifiers, as CSL-JSON, to build with FILE.",
)
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=0.9,
    show_default=True,
    metavar="SCORE",
    help="How well a paper must fit for its identifiers to be given; others are only told.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines in place of a table.")
@click.option("--no-crossref", is_flag=True, help="Ask PubMed only.")
@input_options
@email_option
def resolve(
    files: tuple[Path, ...],
    output: Path | None,
    min_score: float,
    as_json: bool,
    no_crossref: bool,
    format_name: str | None,
    encoding: str | None,
    email: str,
) -> int:
    """Find the PMIDs and DOIs that the citations of FILE... lack.

    Prints a table (tabs between columns) of what PubMed and Crossref propose, with a score from 0
    to 1 and the parts of the citation that agree. Identifiers that a citation has are kept. With
    -o, what was found is a file to build with the original; FILE itself is not changed:

    \b
    kg resolve list.txt -o list.ids.json > list.found.tsv
    kg build list.txt list.ids.json -o list.kg

    The exit code is 3 if a record could not be read, or a service failed.
    """  # noqa: D301 (to click, "\b" is the character)
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.readers import detect_reader  # noqa: PLC0415
    from kg.web.crossref import Crossref  # noqa: PLC0415
    from kg.web.csl import write_csl  # noqa: PLC0415
    from kg.web.eutils import Eutils  # noqa: PLC0415
    from kg.web.resolving import Resolver, Status  # noqa: PLC0415
    from kg.web.services import crossref_client, ncbi_client  # noqa: PLC0415

    for path in files:
        detect_reader(path, format_name=format_name, encoding=encoding)
    settings = open_settings(email)
    citations = _Citations(files, format_name, encoding)
    given: list[Resolution] = []
    failed = 0
    with (
        ncbi_client(settings, warn) as ncbi,
        crossref_client(settings, warn) as crossref,
        # Lines of the table and a bar would be in each other's way in one terminal.
        nullcontext(None) if sys.stdout.isatty() else progress_bar() as tell,
    ):
        resolver = Resolver(
            Eutils(ncbi, settings),
            None if no_crossref else Crossref(crossref, settings),
            min_score=min_score,
            warn=warn,
        )
        if not as_json:
            _print("\t".join(COLUMNS))
        for resolution in resolver.resolve_all(citations):
            for row in _to_rows(resolution):
                _print(json.dumps(row, ensure_ascii=False) if as_json else _to_line(row))
            failed += any(one.status is Status.FAILED for one in resolution.proposals)
            if resolution.new:
                given.append(resolution)
            if tell is not None:
                tell(_STAGE, citations.asked, None)
    if output is not None and given:
        write_csl(output, given)
    _tell_summary(citations, len(given), failed, output)
    return RECORDS_LOST if citations.lost or failed else 0


class _Citations:
    """The records of files that lack a PMID or a DOI; what else there is is counted, or told."""

    def __init__(
        self, files: tuple[Path, ...], format_name: str | None, encoding: str | None
    ) -> None:
        self._files = files
        self._options = {"format_name": format_name, "encoding": encoding}
        self.asked = 0
        self.complete = 0
        self.lost = 0

    def __iter__(self) -> Iterator[Record]:
        from kg.readers import read_file  # noqa: PLC0415
        from kg.web.resolving import is_complete  # noqa: PLC0415

        for item in (one for path in self._files for one in read_file(path, **self._options)):
            if isinstance(item, Record):
                if is_complete(item):
                    self.complete += 1
                    continue
                self.asked += 1
                yield item
            elif isinstance(item, Problem) and item.lost:
                self.lost += 1
                click.echo(f"{item.locator}: {item.message}", err=True)


def _to_rows(resolution: "Resolution") -> Iterator[dict[str, Any]]:
    from kg.web.crossref import cite  # noqa: PLC0415

    for proposal in resolution.proposals:
        yield {
            "where": str(resolution.record.locator),
            "citation": cite(resolution.record),
            **{name: proposal.identifiers.get(name, "") for name in ("PMID", "PMCID", "DOI")},
            "score": _score(proposal),
            "method": proposal.method,
            "agreed": list(proposal.fit.agreed),
            "status": proposal.status.value,
        }


def _score(proposal: "Proposal") -> float | None:
    return proposal.fit.score if proposal.identifiers else None


def _to_line(row: dict[str, Any]) -> str:
    cells = (row[name] for name in COLUMNS)
    texts = (
        ",".join(cell) if isinstance(cell, list) else "" if cell is None else str(cell)
        for cell in cells
    )
    return "\t".join(" ".join(text.split()) for text in texts)


def _print(line: str) -> None:
    # A table is UTF-8, whatever the terminal is set to.
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()  # services are slow, and whoever waits sees what there is


def _tell_summary(citations: _Citations, given: int, failed: int, output: Path | None) -> None:
    click.echo(
        f"{citations.asked:,} citations looked up, {given:,} given identifiers, "
        f"{citations.complete:,} had both a PMID and a DOI",
        err=True,
    )
    if failed:
        warn(f"{failed:,} could not be looked up everywhere; run the same again later")
    if output is not None:
        click.echo(
            f"{given:,} citations -> {output}" if given else f"nothing to write to {output}",
            err=True,
        )
