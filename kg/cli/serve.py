"""Top floor: `kg serve` puts a graph on the web: a SPARQL endpoint."""

import os
import re
from pathlib import Path

import click

from kg.cli.graph_option import find_graph
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.service_options import service_options
from kg.cli.source_options import check_source, graph_or_endpoint
from kg.errors import InputError, KgError, VocabularyError

_POSITIVE = click.FloatRange(min=0, min_open=True)
_PUBLIC = re.compile(r"https?://[^/?#@\s]+(/[^?#\s]*)?")


def _read_public_url(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if value and _PUBLIC.fullmatch(value) is None:
        raise click.BadParameter(f"'{value}' is no address such as https://example.org/kg")
    return value.rstrip("/")


@click.command()
@graph_or_endpoint
@click.option(
    "--endpoint-cache",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long what --endpoint answered is kept; 0: not at all.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=7878, show_default=True)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    callback=_read_public_url,
    help="What clients call the server, where a proxy stands in front, such as "
    "https://example.org/kg.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="An address or network of proxies whose X-Forwarded-For and -Proto are believed. "
    "May be repeated.",
)
@click.option(
    "--cors",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="An origin whose pages may read answers, such as https://example.org; * is any. "
    "May be repeated.  [default: none]",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the token of those who may write.  [default: $KG_TOKEN; else nobody may]",
)
@click.option(
    "--timeout", type=_POSITIVE, default=30, show_default=True, help="Seconds a query has."
)
@click.option(
    "--max-timeout",
    type=_POSITIVE,
    default=120,
    show_default=True,
    help="Seconds that a request may ask for, with timeout=.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    help="MB that a query may take; all together take half of the machine's.  "
    "[default: 2048, or less on a small machine]",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Rows that an answer may have; 0: any number.",
)
@click.option(
    "--max-megabytes",
    type=click.IntRange(min=0),
    default=1024,
    show_default=True,
    help="MB that an answer may have; 0: any number.",
)
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    help="Processes that answer.  [default: one a core, four at most]",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Queries that run at once in each process.",
)
@click.option(
    "--long",
    "long_queries",
    type=click.IntRange(min=0),
    default=16,
    show_default=True,
    help="Queries that may go on beside these, more slowly, when they take long.",
)
@click.option(
    "--queue",
    type=click.IntRange(min=0),
    default=1024,
    show_default=True,
    help="Queries that may wait for that in each process.",
)
@click.option(
    "--rate",
    type=_POSITIVE,
    help="Requests a second that a client may send to each process.  [default: any number]",
)
@click.option(
    "--access-log",
    default="",
    metavar="FILE",
    help="Append a line of JSON for each request to a file; - is standard output.",
)
@click.option("--no-metrics", is_flag=True, help="Have no /metrics.")
@service_options
@click.option(
    "--no-text",
    is_flag=True,
    help="Leave out the words of sentences, but for titles; offsets and digests stay.",
)
@lexicon_options
def serve(
    graph: Path | None,
    endpoint: str | None,
    endpoint_cache: float,
    host: str,
    port: int,
    public_url: str,
    proxies: tuple[str, ...],
    origins: tuple[str, ...],
    token_file: Path | None,
    timeout: float,
    max_timeout: float,
    memory: int | None,
    max_rows: int,
    max_megabytes: int,
    processes: int | None,
    workers: int,
    long_queries: int,
    queue: int,
    rate: float | None,
    access_log: str,
    no_metrics: bool,
    allow_service: tuple[str, ...],
    service_timeout: float,
    no_text: bool,
    lexicon: LexiconChoice,
) -> None:
    """Serve a graph at http://HOST:PORT/sparql, for any client of the SPARQL 1.1 Protocol.

    The saved queries are at http://HOST:PORT/queries. With --endpoint, the graph is at another
    store, and this one passes questions on.
    """
    from kg.pipeline.settings import available_cores  # noqa: PLC0415
    from kg.service.allocator import begin_with_settings  # noqa: PLC0415
    from kg.service.connections import raise_open_files  # noqa: PLC0415
    from kg.service.pages.built import is_built  # noqa: PLC0415
    from kg.service.server import serve as run  # noqa: PLC0415
    from kg.service.settings import Limits, Settings, Source, half_of_memory  # noqa: PLC0415
    from kg.web.endpoints import read_allowed  # noqa: PLC0415

    raise_open_files()
    read_allowed(allow_service)
    if endpoint is not None and (no_text or token_file is not None):
        raise click.UsageError(
            "--no-text and --token-file are for a graph here: what is at --endpoint is served as "
            "it is, and nothing is written there"
        )
    folder, told = _check_graph(graph, endpoint)
    processes = processes or min(available_cores(), 4)
    share = half_of_memory() // processes
    settings = Settings(
        source=Source(
            folder=folder,
            endpoint=endpoint or "",
            services=allow_service,
            service_seconds=service_timeout,
            lexicon=_compile_names(lexicon),
        ),
        state=Path(),
        limits=Limits(
            seconds=timeout,
            max_seconds=max(timeout, max_timeout),
            megabytes=memory or max(128, min(2048, share // 2)),
            all_megabytes=max(share, memory or 128),
            max_rows=max_rows,
            max_bytes=max_megabytes << 20,
            workers=workers,
            long=long_queries,
            waiting=queue,
        ),
        token="" if endpoint else _read_token(token_file),
        texts=not no_text,
        public_url=public_url,
        origins=origins,
        proxies=proxies,
        rate=rate or 0,
        access_log=access_log,
        metrics=not no_metrics,
        endpoint_cache=endpoint_cache,
    )
    shown = f"[{host}]" if ":" in host else host
    address = public_url or f"http://{shown}:{port}"

    begin_with_settings()

    def tell() -> None:
        more = (
            "" if is_built() else "; pages have a plain editor, as `make frontend` built no other"
        )
        click.echo(f"serving {told} at {address}/sparql (Ctrl-C ends it){more}", err=True)

    run(
        settings,
        host=host,
        port=port,
        processes=processes,
        started=tell,
    )


def _check_graph(graph: Path | None, endpoint: str | None) -> tuple[Path, str]:
    """Make sure that there is something to serve; return its folder, and how it is told.

    Raises:
        click.UsageError: if a folder and an endpoint are given.
        StoreError: if there is no graph in the folder.
        ServiceError: if the endpoint's address is none.
    """
    check_source(graph, endpoint)
    if endpoint is None:
        from kg.store import open_graph  # noqa: PLC0415

        folder = graph or find_graph(Path())
        with open_graph(folder):
            return folder, str(folder)
    from kg.service.remote import AGENT, CHECK, CHECK_SECONDS  # noqa: PLC0415
    from kg.web.remote import connect  # noqa: PLC0415

    remote = connect(endpoint, seconds=CHECK_SECONDS, agent=AGENT)
    try:
        remote.query(CHECK)
    except KgError as error:
        # The store may come later: /readyz tells whether it is there.
        click.echo(f"kg: {error}; it is asked again when a question comes", err=True)
    finally:
        remote.close()
    return Path(), remote.name


def _read_token(path: Path | None) -> str:
    """Return the token of those who may write, or an empty string."""
    if path is None:
        return os.environ.get("KG_TOKEN", "").strip()
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is no file with a token in ASCII letters") from error
    if not token:
        raise InputError(f"{path}: holds no token; put one there, or leave the option out")
    return token


def _compile_names(choice: LexiconChoice) -> Path | None:
    """Return the folder of the lexicon, compiled if it is not yet; None where there can be none.

    Raises:
        VocabularyError: if it was chosen and cannot be had.
        InputError: if a table of own names cannot be read.
    """
    try:
        opened = choice.open()
    except VocabularyError as error:
        if choice != LexiconChoice():
            raise
        click.echo(f"kg: {error}", err=True)
        click.echo("kg: names are looked for in the graph alone", err=True)
        return None
    opened.close()
    return opened.folder
