"""Top floor: `kg mappings` takes mappings between vocabularies in and gives them out, as SSSOM."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import RECORDS_LOST
from kg.cli.graph_option import graph_option
from kg.cli.wait_option import tell_waiting, wait_option

if TYPE_CHECKING:
    from kg.pipeline.mapping_files import MappingImport

_MOST_SHOWN = 5
_MOST_PROBLEMS = 20


@click.group()
def mappings() -> None:
    """Take mappings between vocabularies in, and give them out, as SSSOM."""


@mappings.command("export")
@graph_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["sssom-tsv", "sssom-json"]),
    help="The format. [default: sssom-json for a FILE that ends in .json, else sssom-tsv]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where to write. [default: standard output]",
)
def export_command(graph: Path, format_name: str | None, output: Path | None) -> None:
    """Write the mappings of a graph's entities as SSSOM: TSV or JSON.

    Each has its predicate, its justification, its sources and its license. The same graph gives the
    same bytes.
    """
    from kg.exports.mappings import export_mappings  # noqa: PLC0415
    from kg.exports.view import View  # noqa: PLC0415
    from kg.mappings import SssomFormat  # noqa: PLC0415
    from kg.store import open_graph  # noqa: PLC0415

    if output is not None and str(output) == "-":
        output = None
    if format_name is None:
        is_json = output is not None and output.suffix == ".json"
        format_name = "sssom-json" if is_json else "sssom-tsv"
    with open_graph(graph) as opened:
        view = View(store=opened.store, manifest=opened.manifest)
        # That of all the graph was made of, what people wrote into it among it.
        version = opened.generation.partition("-")[2]
        text, count = export_mappings(view, SssomFormat(format_name), version=version)
    _give(text, output)
    if output is not None:
        click.echo(f"{count:,} mappings -> {output}", err=True)


@mappings.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@graph_option
@click.option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="YAML",
    help="The file's metadata, where it does not stand at its top.",
)
@click.option(
    "--inverse",
    is_flag=True,
    help="Turn round mappings whose object alone is an entity of the graph.",
)
@wait_option
def import_command(
    file: Path, graph: Path, metadata: Path | None, inverse: bool, wait: float
) -> int:
    """Add the mappings in FILE (SSSOM: TSV or JSON) whose subjects are entities of the graph.

    A mapping becomes a SKOS triple, and a node that keeps what the file says of it; with the
    modifier "Not" the node alone. They stay when the graph is built again or files are added.
    Reading a file again changes nothing.
    """
    from kg.pipeline.mapping_files import import_mappings  # noqa: PLC0415

    report = import_mappings(
        graph, file, metadata=metadata, inverse=inverse, wait=wait, waiting=tell_waiting
    )
    for problem in report.problems[:_MOST_PROBLEMS]:
        click.echo(f"{problem.locator}: {problem.message}", err=True)
    if len(report.problems) > _MOST_PROBLEMS:
        click.echo(f"kg: and {len(report.problems) - _MOST_PROBLEMS:,} more rows", err=True)
    _show(report)
    return RECORDS_LOST if report.problems else 0


def _show(report: "MappingImport") -> None:
    kinds = Counter(
        f"{'not ' if one.negated else ''}{one.predicate.rpartition('#')[2]}" for one in report.added
    )
    what = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    click.echo(f"added      {len(report.added):,}{f': {what}' if what else ''}")
    click.echo(f"known      {report.known:,}")
    click.echo(f"left out   {len(report.outside):,}{_subjects(report.outside)}")
    if report.turnable:
        click.echo(
            f"kg: the objects of {report.turnable:,} of these are: --inverse turns them round",
            err=True,
        )
    if report.problems:
        click.echo(f"unreadable {len(report.problems):,}")
    if report.obsolete:
        click.echo(f"obsolete   {len(report.obsolete):,}: {_some(report.obsolete)}")
    click.echo(f"statements {report.before:,} -> {report.after:,}")
    if report.generation:
        click.echo(f"generation {report.generation}")


def _subjects(outside: tuple[str, ...]) -> str:
    if not outside:
        return ""
    return f": their subjects are not in the graph ({_some(tuple(dict.fromkeys(outside)))})"


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown}, ..." if len(names) > _MOST_SHOWN else shown


@mappings.command("prefixes")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["epm", "jsonld", "shacl"]),
    default="epm",
    show_default=True,
    help="An extended prefix map (JSON), a context of JSON-LD, or SHACL's declarations in Turtle.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where to write. [default: standard output]",
)
def prefixes_command(format_name: str, output: Path | None) -> None:
    """Write the prefixes of entities and papers, with the IRIs that they stand for.

    The extended prefix map also has all other spellings that are understood.
    """
    from kg.mappings.prefixes import write_prefixes  # noqa: PLC0415

    _give(write_prefixes(format_name), None if str(output) == "-" else output)


def _give(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file, which is the whole new one or the old one."""
    if output is None:
        click.echo(text, nl=False)
        return
    from kg.changes import write_whole  # noqa: PLC0415

    with write_whole(output) as out:
        out.write(text.encode())
