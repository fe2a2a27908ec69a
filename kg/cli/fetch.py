"""`kg fetch`: records from PubMed or Europe PMC, as a file that `kg build` reads."""

import hashlib
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import RECORDS_LOST
from kg.cli.email_option import email_option, open_settings, warn
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.web.download import Download
    from kg.web.pubmed import Fetched, Tell
    from kg.web.services import Settings

_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_SHOWN = 100


def _read_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """Read 2024, 2024-03 or 2024-03-01, or with slashes; what is left out is the first."""
    if value is None:
        return None
    match = _DATE.fullmatch(value.strip())
    try:
        if match is not None:
            year, month, day = (int(part or 1) for part in match.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise click.BadParameter(f"'{value}' is no date such as 2024-03-01, 2024-03 or 2024")


@click.command()
@click.argument("query", nargs=-1, metavar="QUERY | PMID...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What to write: PubMed XML, or Europe PMC's JSON lines; compressed if it ends in .gz.",
)
@click.option(
    "--from",
    "source",
    type=click.Choice(["pubmed", "europepmc"]),
    default="pubmed",
    show_default=True,
    help="Where to search.",
)
@click.option(
    "--ids",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Fetch the PMIDs that FILE lists ('-': stdin), in place of a search.",
)
@click.option(
    "--since",
    callback=_read_day,
    metavar="DATE",
    help="Only what was entered into PubMed, or first indexed by Europe PMC, on DATE or later.",
)
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N records: of PubMed the last published, of Europe PMC the best matches.",
)
@click.option("--restart", is_flag=True, help="Begin anew, dropping what an earlier run fetched.")
@email_option
def fetch(
    query: tuple[str, ...],
    output: Path,
    source: str,
    ids: Path | None,
    since: date | None,
    most: int | None,
    restart: bool,
    email: str,
) -> int:
    """Fetch records from PubMed or Europe PMC into a file that `kg build` reads.

    QUERY is written as on their pages. A run that is stopped, or fails, is gone on with by the same
    command. FILE appears when it is whole. An API key of NCBI is read from $NCBI_API_KEY.

    The exit code is 3 if records that the service lists were not given; they are told on stderr.

    \b
    kg fetch "interleukin-7 AND STAT5" -o il7-stat5.xml.gz
    kg fetch "interleukin-7 AND STAT5" --from europepmc --since 2024 -o new.jsonl
    kg fetch 17265423 18003904 -o two.xml
    kg fetch --ids pmids.txt -o mine.xml.gz
    """  # noqa: D301 (to click, "\b" is the character)
    words = [word.strip() for word in query if word.strip()]
    is_list = ids is not None or bool(words and all(word.isdecimal() for word in words))
    if is_list and (source != "pubmed" or since is not None):
        raise click.UsageError("a list of PMIDs is fetched from PubMed, without --from and --since")
    if ids is not None and words:
        raise click.UsageError("give either a query or --ids, not both")
    if not is_list and len(words) != 1:
        raise click.UsageError(
            "give a query as one argument, in quotes, or PMIDs, or --ids FILE"
            if not words
            else "several arguments that are not all PMIDs: put the query in quotes"
        )
    settings = open_settings(email)
    wrong: list[str] = []
    if is_list:
        pmids, wrong = _read_list(ids, words)
        fetched = _fetch_list(pmids, output, most, settings, restart=restart)
    else:
        fetched = _fetch_search(words[0], source, output, since, most, settings, restart=restart)
    noun = "record" if fetched.records == 1 else "records"
    click.echo(f"{fetched.records:,} {noun} -> {output}", err=True)
    return RECORDS_LOST if _tell_losses(fetched) or wrong else 0


def _read_list(ids: Path | None, words: list[str]) -> tuple[list[int], list[str]]:
    from kg.web.pubmed import read_pmids  # noqa: PLC0415

    if ids is None:
        name, lines = "PMID", words
    elif str(ids) == "-":
        name, lines = "stdin", sys.stdin.read().splitlines()
    else:
        try:
            name, lines = str(ids), ids.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{ids}: cannot be read ({error})") from error
    pmids, wrong = read_pmids(lines, name)
    for message in wrong:
        click.echo(message, err=True)
    if not pmids:
        raise InputError(f"{name}: there is no PMID in it")
    return pmids, wrong


def _fetch_list(
    pmids: list[int], output: Path, most: int | None, settings: "Settings", *, restart: bool
) -> "Fetched":
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.web.download import Download  # noqa: PLC0415
    from kg.web.eutils import Eutils  # noqa: PLC0415
    from kg.web.pubmed import PubmedFetch  # noqa: PLC0415
    from kg.web.services import ncbi_client  # noqa: PLC0415

    digest = hashlib.sha256(",".join(map(str, pmids)).encode()).hexdigest()
    request = {"service": settings.eutils_url, "PMIDs": len(pmids), "sha256": digest, "max": most}
    with (
        Download(output, request, restart=restart) as download,
        ncbi_client(settings, warn) as client,
        progress_bar() as tell,
    ):
        _tell_resumed(download.records)
        run = PubmedFetch(Eutils(client, settings), download, most=most, tell=tell, warn=warn)
        return run.fetch_list(pmids)


def _fetch_search(
    query: str,
    source: str,
    output: Path,
    since: date | None,
    most: int | None,
    settings: "Settings",
    *,
    restart: bool,
) -> "Fetched":
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.web.download import Download  # noqa: PLC0415

    request = {
        "service": settings.eutils_url if source == "pubmed" else settings.europepmc_url,
        "query": query,
        "since": since.isoformat() if since is not None else None,
        "max": most,
    }
    with Download(output, request, restart=restart) as download, progress_bar() as tell:
        _tell_resumed(download.records)
        if source == "pubmed":
            return _search_pubmed(query, download, since, most, settings, tell)
        return _search_europepmc(query, download, since, most, settings, tell)


def _search_pubmed(
    query: str,
    download: "Download",
    since: date | None,
    most: int | None,
    settings: "Settings",
    tell: "Tell",
) -> "Fetched":
    from kg.web.eutils import Eutils  # noqa: PLC0415
    from kg.web.pubmed import PubmedFetch  # noqa: PLC0415
    from kg.web.services import ncbi_client  # noqa: PLC0415

    with ncbi_client(settings, warn) as client:
        run = PubmedFetch(Eutils(client, settings), download, most=most, tell=tell, warn=warn)
        return run.fetch_search(query, since)


def _search_europepmc(
    query: str,
    download: "Download",
    since: date | None,
    most: int | None,
    settings: "Settings",
    tell: "Tell",
) -> "Fetched":
    from kg.web.europepmc import EuropePmc, add_since, fetch_europepmc  # noqa: PLC0415
    from kg.web.services import europepmc_client  # noqa: PLC0415

    with europepmc_client(settings, warn) as client:
        service = EuropePmc(client, settings)
        asked = add_since(query, since)
        return fetch_europepmc(service, download, asked, most=most, tell=tell, warn=warn)


def _tell_resumed(records: int) -> None:
    if records:
        warn(f"{records:,} records are there of an earlier run; the rest is fetched now")


def _tell_losses(fetched: "Fetched") -> bool:
    """Tell what was listed and not given; return whether there was any."""
    if fetched.missing:
        shown = ", ".join(map(str, fetched.missing[:_SHOWN]))
        more = len(fetched.missing) - _SHOWN
        warn(
            f"PubMed gives no record for {len(fetched.missing):,} PMIDs: {shown}"
            + (f" and {more:,} more" if more > 0 else "")
        )
    if fetched.beyond:
        warn(f"{fetched.beyond:,} more records are counted by the service, and not shown by it")
    return bool(fetched.missing or fetched.beyond)
