"""Top floor: `kg sparql`: any SPARQL 1.1 query on a graph, in the formats of its kind of result."""

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from kg.cli.service_options import make_services, service_options
from kg.cli.source_options import open_source, source_options
from kg.errors import InputError, KgError, QueryError
from kg.namespaces import DEFAULT_BASE, inferred_graph

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions

    from kg.store import Graph, SparqlError
    from kg.web.remote import Streamed

_TABLES = ("table", "json", "xml", "csv", "tsv", "markdown")
_GRAPHS = ("turtle", "ntriples", "rdfxml", "jsonld")
# A line longer than this is shown around the mistake only.
_WIDTH = 100


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-q", "--query", "text", metavar="TEXT", help="The query itself.")
@source_options
@click.option(
    "--inferred", is_flag=True, help="Ask what kg reason inferred as well, without GRAPH."
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*_TABLES, *_GRAPHS]),
    help="SELECT and ASK: table, json, xml, csv, tsv, markdown. "
    "CONSTRUCT and DESCRIBE: turtle, ntriples, rdfxml, jsonld. [default: table or turtle]",
)
@service_options
def sparql(
    file: Path | None,
    text: str | None,
    graph: Path | None,
    endpoint: str | None,
    endpoint_timeout: float,
    inferred: bool,
    form: str | None,
    allow_service: tuple[str, ...],
    service_timeout: float,
) -> None:
    """Run the SPARQL 1.1 query in FILE, in TEXT, or (with -) on stdin.

    The prefixes of the graph need no declaration: kg, rdf, rdfs, owl, xsd, skos, dcterms, prov,
    obo, and those of entities, so that HGNC:6023 is the gene. A query that declares one itself has
    its own. SERVICE asks the endpoints that are allowed, and no other.
    """
    from kg.queries.formats import query_prefixes  # noqa: PLC0415
    from kg.store import Graph, SparqlError  # noqa: PLC0415

    asked, source = read_sparql(file, text, "a query", "query")
    if inferred and endpoint is not None:
        raise click.UsageError(
            "--inferred is for a graph here; of an endpoint, ask GRAPH "
            f"<{inferred_graph(DEFAULT_BASE)}>"
        )
    services = make_services(allow_service, service_timeout)
    with open_source(graph, endpoint, endpoint_timeout) as opened:
        try:
            if isinstance(opened, Graph):
                also = _inferred_of(opened) if inferred else ()
                result = opened.query(
                    asked, prefixes=query_prefixes(), also=also, services=services
                )
                _write(result, form)
            else:
                with opened.stream(asked, prefixes=query_prefixes(), services=services) as streamed:
                    _write(streamed, form)
        except SparqlError as error:
            raise QueryError(point_at(asked, source, error)) from error


def _write(result: "Streamed", form: str | None) -> None:
    try:
        write_result(result, form, sys.stdout.buffer)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise KgError(f"the answer could not be written out ({error})") from error


def _inferred_of(graph: "Graph") -> tuple[str, ...]:
    """Return the name of the graph of what was inferred.

    Raises:
        KgError: if nothing was inferred.

    """
    from kg.reasoning.graphs import has_inferred  # noqa: PLC0415

    base = str(graph.manifest.get("base_iri") or DEFAULT_BASE)
    if not has_inferred(graph.store, base):
        raise KgError("nothing was inferred in this graph; run kg reason first")
    return (inferred_graph(base),)


def read_sparql(file: Path | None, text: str | None, what: str, name: str) -> tuple[str, str]:
    """Return SPARQL and where it came from: the file's name, or `name` where it was given itself.

    Raises:
        click.UsageError: if there is neither, or both; `what` is asked for then.
        InputError: if the file cannot be read.

    """
    if (file is None) == (text is None):
        raise click.UsageError(f"give a FILE with {what}, or -q TEXT, or - for stdin; one of them")
    if text is not None:
        return text, name
    name = "stdin" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if file is None or name == "stdin" else file.read_bytes()
        return data.decode("utf-8-sig"), name
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise InputError(f"{name}: cannot be read: {reason}") from error


def point_at(query: str, source: str, error: "SparqlError") -> str:
    """Return what is wrong with a query, where, and that line with a caret under the place."""
    # As the position was counted: by line feeds alone.
    lines = query.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    line = line.rstrip("\r").replace("\t", " ")
    column = error.column - 1
    start = max(0, column - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = f"{'...' if start else ''}{line[start : start + _WIDTH]}"
    at = column - start + (3 if start else 0)
    return f"{source}:{error.line}:{error.column}: {error.reason}\n  {shown}\n  {' ' * at}^"


def write_result(result: "Streamed", form: str | None, out: IO[bytes]) -> None:
    """Write a result in a format of its kind, as it comes; tables and Turtle are gathered first.

    Raises:
        click.UsageError: if the format is not one of that kind of result.

    """
    from pyoxigraph import (  # noqa: PLC0415
        QueryBoolean,
        QueryResultsFormat,
        QuerySolutions,
        RdfFormat,
        serialize,
    )

    from kg.queries.formats import write_triples  # noqa: PLC0415

    is_graph = not isinstance(result, QuerySolutions | QueryBoolean)
    allowed = _GRAPHS if is_graph else _TABLES
    form = form or allowed[0]
    if form not in allowed:
        kind = "CONSTRUCT or DESCRIBE" if is_graph else "SELECT or ASK"
        raise click.UsageError(f"{form} is no format for {kind}; there are {', '.join(allowed)}")
    if not isinstance(result, QuerySolutions | QueryBoolean):
        formats = {
            "ntriples": RdfFormat.N_TRIPLES,
            "rdfxml": RdfFormat.RDF_XML,
            "jsonld": RdfFormat.JSON_LD,
        }
        if form == "turtle":
            out.write(write_triples(result).encode("utf-8"))
        else:
            serialize(result, out, formats[form])
    elif form in ("table", "markdown"):
        _write_table(result, form)
    elif form in ("csv", "tsv") and not hasattr(result, "variables"):
        # These two have no form for a truth value; a column does.
        out.write(f"answer\n{str(bool(result)).lower()}\n".encode())
    else:
        result.serialize(out, getattr(QueryResultsFormat, form.upper()))
    out.flush()


def _write_table(result: "QuerySolutions | QueryBoolean", form: str) -> None:
    from pyoxigraph import QueryBoolean  # noqa: PLC0415

    from kg.queries.formats import write_markdown  # noqa: PLC0415
    from kg.queries.run import to_value  # noqa: PLC0415

    if isinstance(result, QueryBoolean):
        click.echo("yes" if result else "no")
        return
    columns = [variable.value for variable in result.variables]
    rows = [tuple(to_value(term) for term in solution) for solution in result]
    if form == "markdown":
        click.echo(write_markdown(columns, rows), nl=False)
        return
    from kg.cli.tables import make_console, print_table  # noqa: PLC0415

    console = make_console()
    print_table(console, columns, [dict(zip(columns, row, strict=True)) for row in rows])
    console.print(f"\n{len(rows):,} row{'' if len(rows) == 1 else 's'}")
