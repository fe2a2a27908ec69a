"""Top floor: `kg export` writes a graph, or a part of it, as a file for other tools."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.errors import KgError
from kg.exports import (
    PROFILES,
    Exported,
    ExportFormat,
    Selection,
    View,
    export_graph,
    find_profile,
    format_of,
    hash_graph,
    open_view,
    write_export,
    write_profile,
)
from kg.store import Graph, open_graph

if TYPE_CHECKING:
    from kg.queries import SavedQuery

_LISTED = "\n".join(f"  {profile.name:<12} {profile.summary}" for profile in PROFILES)


class _Command(click.Command):
    """Lists the profiles below the help, one a line."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(f"\nProfiles:\n{_LISTED}\n")


@click.command(cls=_Command)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@graph_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="TARGET",
    help="Where to write. [default: standard output, where no profile is named]",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice([str(each) for each in ExportFormat]),
    help="The RDF syntax. [default: by the suffix of TARGET, else turtle]",
)
@click.option(
    "--profile",
    "profile_name",
    type=click.Choice([profile.name for profile in PROFILES]),
    metavar="NAME",
    help="Write the format of another tool or community; they are listed below.",
)
@click.option("--paper", "papers", multiple=True, metavar="ID", help="Only this paper; repeatable.")
@click.option(
    "--entity",
    "entities",
    multiple=True,
    metavar="NAME",
    help="Only papers that mention this entity, or one of its subtypes or members; repeatable.",
)
@click.option(
    "--query",
    "query_name",
    metavar="NAME",
    help="Only the papers that a saved query finds; its parameters are given as KEY=VALUE.",
)
@click.option("--no-inferred", is_flag=True, help="Leave out what follows from other statements.")
@click.option(
    "--no-text",
    is_flag=True,
    help="Leave out the words of sentences, but for titles; offsets and digests stay.",
)
@click.option("--hash", "hash_only", is_flag=True, help="Print the RDFC-1.0 hash, and write none.")
@click.option("--overwrite", is_flag=True, help="Replace a folder that has files in it.")
@lexicon_options
def export(
    parameters: tuple[str, ...],
    graph: Path,
    output: Path | None,
    format_name: str | None,
    profile_name: str | None,
    papers: tuple[str, ...],
    entities: tuple[str, ...],
    query_name: str | None,
    no_inferred: bool,
    no_text: bool,
    hash_only: bool,
    overwrite: bool,
    lexicon: LexiconChoice,
) -> None:
    """Write a graph, or a part of it: as RDF, or in the format of another tool.

    RDF is Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD. The same graph gives the same
    bytes, and the same hash in whatever syntax. Papers that any of --paper, --entity and --query
    names are exported with all that they lead to, counted anew.

    \b
    kg export -o il7.ttl
    kg export --profile ro-crate -o il7.zip --no-text
    kg export --query papers-connecting entity_a=IL-7 entity_b=STAT5 -o stat5.ttl
    """  # noqa: D301 (to click, "\b" is the character)
    if output is not None and str(output) == "-":
        output = None
    _check(parameters, query_name, profile_name, format_name, output, hash_only=hash_only)
    with open_graph(graph) as opened:
        selection = Selection(
            papers=_choose(opened, lexicon, papers, entities, query_name, parameters),
            inferred=not no_inferred,
            texts=not no_text,
        )
        with open_view(opened, selection, lambda what: click.echo(f"{what} ...", err=True)) as view:
            if hash_only:
                click.echo(hash_graph(view))
            elif profile_name is not None:
                assert output is not None  # noqa: S101 (checked)
                _write_profile(view, profile_name, output, overwrite=overwrite)
            else:
                _write_rdf(view, output, format_name)


def _check(
    parameters: tuple[str, ...],
    query_name: str | None,
    profile_name: str | None,
    format_name: str | None,
    output: Path | None,
    *,
    hash_only: bool,
) -> None:
    """Refuse options that do not go together."""
    if parameters and query_name is None:
        raise click.UsageError(
            f"'{parameters[0]}' is a parameter of a saved query, and none is named; add --query"
        )
    if profile_name is not None and format_name is not None:
        raise click.UsageError("--format is of plain RDF, and --profile names another format")
    if hash_only and (profile_name is not None or format_name is not None or output is not None):
        raise click.UsageError("--hash writes no file, so it takes no -o, --format or --profile")
    if profile_name is not None and output is None:
        raise click.UsageError("--profile needs a file or a folder to write; name it with -o")


def _choose(
    graph: Graph,
    lexicon: LexiconChoice,
    papers: tuple[str, ...],
    entities: tuple[str, ...],
    query_name: str | None,
    parameters: tuple[str, ...],
) -> frozenset[str] | None:
    """Return the papers that are meant, None for all; tell what names were taken for."""
    if not papers and not entities and query_name is None:
        return None
    from kg.pipeline.selecting import choose_papers  # noqa: PLC0415

    query: SavedQuery | None = None
    given: dict[str, tuple[str, ...]] = {}
    if query_name is not None:
        from kg.cli.query import find_query, read_parameters  # noqa: PLC0415

        query = find_query(query_name)
        given = read_parameters(query, parameters)
    chosen = choose_papers(
        graph, lexicon.open, papers=papers, entities=entities, query=query, parameters=given
    )
    for each in chosen.taken:
        kind = f", {each.type.value}" if each.type else ""
        click.echo(f"{each.given} → {each.label} ({each.id}{kind})", err=True)
    return chosen.papers


def _write_rdf(view: View, output: Path | None, format_name: str | None) -> None:
    if format_name is not None:
        chosen = ExportFormat(format_name)
    else:
        chosen = ExportFormat.TURTLE if output is None else format_of(output)
    if output is None:
        try:
            exported = export_graph(view, sys.stdout.buffer, chosen)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise KgError(f"the graph could not be written out ({error})") from error
    else:
        exported = write_export(view, output, chosen)
    _report(exported, output, chosen)


def _write_profile(view: View, name: str, target: Path, *, overwrite: bool) -> None:
    written = write_profile(find_profile(name), view, target, overwrite=overwrite)
    for path, what in written.files.items():
        click.echo(f"{what} -> {path}", err=True)
    for note in written.notes:
        click.echo(f"kg: {note}", err=True)


def _report(exported: Exported, output: Path | None, chosen: ExportFormat) -> None:
    if output is not None:
        click.echo(f"{exported.statements:,} statements -> {output}", err=True)
        click.echo(f"RDFC-1.0 {exported.sha256}", err=True)
    if exported.left_out:
        click.echo(
            f"kg: {chosen} has no named graphs, so {exported.left_out:,} statements in them were "
            "left out; trig, nquads and jsonld hold them",
            err=True,
        )
