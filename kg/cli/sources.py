"""Top floor: `kg sources` lists the files that a graph was built from."""

import json
from pathlib import Path
from typing import Any

import click
from pyoxigraph import Literal, QuerySolutions

from kg.cli.graph_option import graph_option
from kg.cli.tables import make_console, print_table
from kg.namespaces import KG, PROV
from kg.store import Graph, open_graph

_COLUMNS = ("name", "format", "records", "papers", "added", "sha256")
# As many digits of a hash as tell files apart at sight.
_DIGITS = 16
_PAPERS = f"""
PREFIX kg: <{KG}>
PREFIX prov: <{PROV}>
SELECT ?sha256 (COUNT(DISTINCT ?paper) AS ?papers) {{
  ?source kg:sha256 ?sha256 . ?record kg:inSource ?source .
  ?paper prov:wasDerivedFrom ?record
}} GROUP BY ?sha256
"""


@click.command()
@graph_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
def sources(graph: Path, format_name: str) -> None:
    """List the files that a graph was built from: their format, records and papers.

    A paper that several files list is counted in each. A file is told by its sha256 (kg remove
    takes the name, or the beginning of this).
    """
    with open_graph(graph) as opened:
        found = list_sources(opened)
    if format_name == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    rows = [
        {
            **each,
            "added": str(each["added"]).replace("T", " ").removesuffix("+00:00"),
            "sha256": each["sha256"][:_DIGITS],
        }
        for each in found
    ]
    print_table(make_console(), _COLUMNS, rows)


def list_sources(graph: Graph) -> list[dict[str, Any]]:
    """Return what there is to say of each file that a graph was built from, in the order of names.

    `papers` is counted in the graph; `added` is when the file came into it, in UTC.
    """
    found = graph.query(_PAPERS)
    papers: dict[str, int] = {}
    if isinstance(found, QuerySolutions):
        for row in found:
            sha256, count = row["sha256"], row["papers"]
            if isinstance(sha256, Literal) and isinstance(count, Literal):
                papers[sha256.value] = int(count.value)
    built = graph.manifest.get("built_at", "")
    listed = [
        {
            "name": str(each["name"]),
            "format": str(each["format"]),
            "records": int(each["records"]),
            "papers": papers.get(str(each["sha256"]), 0),
            "added": str(each.get("added_at", built)),
            "sha256": str(each["sha256"]),
        }
        for each in graph.manifest.get("inputs", [])
    ]
    return sorted(listed, key=lambda each: (each["name"], each["sha256"]))
