"""Top floor: `kg validate` checks a graph, or RDF files, against SHACL shapes."""

import sys
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.cards import count_of
from kg.cli.graph_option import find_graph
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.validation import Report, Result

_LIMIT = 5
_CONFORMS, _VIOLATED = 0, 1

# component -> what is wrong with a node, or with a value of it
_WRONG = {
    "MinCount": "has too few values",
    "MaxCount": "has too many values",
    "Datatype": "has the wrong datatype",
    "NodeKind": "is of the wrong kind (an IRI, a literal, a blank node)",
    "Class": "is not described as what it has to be",
    "In": "is none of the values allowed",
    "HasValue": "lacks the value that is asked for",
    "Pattern": "is not of the right form",
    "MinLength": "is too short",
    "MinInclusive": "is too small",
    "MaxInclusive": "is too great",
    "Disjoint": "stands there for two things at once",
    "Closed": "is the value of an unknown property",
}


@click.command()
@click.argument("files", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-g",
    "--graph",
    type=click.Path(path_type=Path),
    envvar="KG_GRAPH",
    metavar="DIR",
    help="The graph's folder. [default: without FILE, $KG_GRAPH or the only *.kg folder here]",
)
@click.option(
    "--shapes",
    "shapes_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Other shapes than those of kg.",
)
@click.option(
    "--engine",
    type=click.Choice(("auto", "sparql", "pyshacl")),
    default="auto",
    show_default=True,
    help="Our shapes as SPARQL, or pySHACL; auto takes pySHACL for other shapes.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("text", "turtle", "json")),
    default="text",
    show_default=True,
    help="How to print the report; Turtle and JSON have all of it, as a sh:ValidationReport.",
)
@click.option("--all", "every", is_flag=True, help="List all nodes, not the first of each fault.")
def validate(
    files: tuple[Path, ...],
    graph: Path | None,
    shapes_file: Path | None,
    engine: str,
    format_name: str,
    every: bool,
) -> int:
    """Check a graph against the SHACL shapes of kg: which node, which shape, what to do.

    With FILE... (Turtle and other RDF), check these instead; with -g as well, check them as if
    they were in that graph. The exit code is 1 where there is a violation; warnings do not count.
    """
    if graph is None and not files:
        graph = find_graph(Path())
    report = _validate(files, graph, shapes_file, engine)
    _write(report, format_name, every=every)
    return _CONFORMS if report.conforms else _VIOLATED


def _validate(
    files: tuple[Path, ...], graph: Path | None, shapes_file: Path | None, engine: str
) -> "Report":
    from kg.validation import (  # noqa: PLC0415
        load_files,
        read_shapes,
        shapes_path,
        validate_store,
        validate_with_pyshacl,
    )

    uses_pyshacl = engine == "pyshacl" or (engine == "auto" and shapes_file is not None)
    shapes = None if uses_pyshacl else read_shapes(shapes_file)
    with ExitStack() as held:
        opened = None if graph is None else held.enter_context(open_graph(graph))
        focus = None
        if files:
            loaded = held.enter_context(load_files(files, opened))
            store = loaded.store
            focus = None if opened is None else loaded.subjects
        else:
            assert opened is not None  # noqa: S101 (one of the two is given)
            store = opened.store
        if shapes is None:
            return validate_with_pyshacl(store, shapes_file or shapes_path(), focus=focus)
        return validate_store(store, shapes, focus=focus)


def _write(report: "Report", format_name: str, *, every: bool) -> None:
    from kg.validation import report_json, report_turtle  # noqa: PLC0415

    if format_name == "text":
        _print(report, every=every)
        return
    written = report_turtle(report) if format_name == "turtle" else report_json(report)
    sys.stdout.buffer.write(written)


def _print(report: "Report", *, every: bool) -> None:
    def fault(result: "Result") -> tuple[str, str, str]:
        return (result.severity, result.shape, result.path or "")

    # Violations come before warnings, as they do in the alphabet.
    for _, results in groupby(sorted(report.results, key=fault), fault):
        _print_fault(list(results), every=every)
    counts = [
        count_of(number, str(severity).lower())
        for severity, number in sorted(report.counts.items())
    ]
    verdict = "conforms" if report.conforms else "does not conform"
    click.echo(
        f"{verdict}: {', '.join(counts) or 'nothing found'} in {count_of(report.nodes, 'node')} "
        f"({report.engine}, {report.seconds:.1f} s)"
    )


def _print_fault(results: "list[Result]", *, every: bool) -> None:
    """Print what is wrong with the values that one shape asks for, node by node."""
    from kg.validation import show_path, show_term  # noqa: PLC0415

    first = results[0]
    # Of a rule in words of its own, each node has its own message.
    own = len({result.message for result in results}) > 1
    lines: dict[str, list[str]] = {}
    for result in results:
        value = "" if result.value in (None, result.focus) else show_term(result.value)
        wrong = _WRONG.get(result.component.removesuffix("ConstraintComponent"), "")
        told = result.message if own else wrong
        lines.setdefault(f"{show_term(result.focus)}  {'' if own else value}".strip(), []).append(
            told
        )
    nodes = len({result.focus for result in results})
    shape = first.shape.rpartition("#")[2] or first.shape
    on = f" {show_path(first.path)}" if first.path else ""
    click.echo(f"{first.severity} {shape}{on}: {count_of(nodes, 'node')}")
    if not own:
        click.echo(f"  {first.message}")
    for number, (node, wrongs) in enumerate(lines.items()):
        if not every and number == _LIMIT:
            click.echo(f"  ... and {len(lines) - _LIMIT:,} more (--all lists them)")
            break
        said = "; ".join(filter(None, wrongs))
        click.echo(f"  {node}{f'  {said}' if said else ''}")
    click.echo()
