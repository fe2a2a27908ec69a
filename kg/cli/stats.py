"""Top floor: `kg stats` describes a graph: what is in it, what it was built from, and when."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions
from rich.console import Console
from rich.table import Table

from kg.cli.graph_option import graph_option
from kg.namespaces import KG, RDFS, iri_to_curie
from kg.store import Graph, open_graph

_TOP = 5
_PREFIXES = {"kg": KG, "rdfs": RDFS}
_YEARS = "SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last) { ?paper kg:year ?year }"
_COUNT = "SELECT (COUNT(*) AS ?count) {{ ?each a kg:{name} }}"
# Two classes of the ontology go by a shorter name in the counts, and in all JSON.
_SHORTER = {"AnatomicalStructure": "Anatomy", "BiologicalProcess": "Process"}
# Every entity with how many papers name it; one edge a pair makes this cheap.
_NAMED = """
SELECT ?type ?entity ?label ?papers {
  { SELECT ?entity (COUNT(*) AS ?papers) { ?paper kg:mentions ?entity } GROUP BY ?entity }
  ?entity a ?type ; rdfs:label ?label
  FILTER(STRSTARTS(STR(?type), STR(kg:)) && ?type != kg:Entity)
}
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
def stats(graph: Path, format_name: str) -> None:
    """Describe a graph: its size, its most named entities, its inputs, and when it was built."""
    with open_graph(graph) as opened:
        found = describe_graph(opened)
    found = {"graph": str(graph), **found}
    if format_name == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print_tables(found, Console(highlight=False, markup=False, emoji=False))


def describe_graph(graph: Graph) -> dict[str, Any]:
    """Return what there is to say of a graph, from its manifest and from a few queries.

    `entities` counts those named in a paper, by type, and `assertions` what is asserted, by
    predicate, as the build counted them; `bytes` is the size of the generation on disk.
    """
    manifest = graph.manifest
    counts = manifest.get("counts", {})
    problems = manifest.get("problems", [])
    years = next(_rows(graph, _YEARS), None)
    return {
        "generation": graph.generation,
        "built_at": manifest.get("built_at", ""),
        "seconds": manifest.get("seconds"),
        "kg_version": manifest.get("kg_version", ""),
        "base_iri": manifest.get("base_iri", ""),
        "triples": len(graph),
        "bytes": graph.size_on_disk(),
        "papers": counts.get("papers", 0),
        "sentences": counts.get("sentences", 0),
        "mentions": counts.get("mentions", 0),
        "evidence": counts.get("evidence", 0),
        "co_mentions": counts.get("co_mentions", 0),
        "journals": _count(graph, "Journal"),
        "authors": _count(graph, "Author"),
        "years": {
            "first": _number(years, "first"),
            "last": _number(years, "last"),
        },
        "entities": dict(counts.get("entities", {})),
        "top_entities": _top_entities(graph),
        "assertions": dict(counts.get("assertions_by_predicate", {})),
        "problems": dict(sorted(Counter(str(each["code"]) for each in problems).items())),
        "records_lost": sum(1 for each in problems if each.get("lost")),
        "inputs": manifest.get("inputs", []),
        "vocabularies": manifest.get("vocabularies", []),
    }


def _top_entities(graph: Graph) -> dict[str, list[dict[str, Any]]]:
    by_type: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(graph, _NAMED):
        kind, entity, label = row["type"], row["entity"], row["label"]
        if isinstance(kind, NamedNode) and isinstance(entity, NamedNode):
            name = kind.value.removeprefix(KG)
            by_type.setdefault(_SHORTER.get(name, name), []).append(
                {
                    "id": iri_to_curie(entity.value) or entity.value,
                    "label": label.value if isinstance(label, Literal) else "",
                    "papers": _number(row, "papers"),
                }
            )
    return {
        kind: sorted(named, key=lambda each: (-each["papers"], each["label"], each["id"]))[:_TOP]
        for kind, named in sorted(by_type.items())
    }


def _rows(graph: Graph, sparql: str) -> Iterator[QuerySolution]:
    found = graph.query(sparql, prefixes=_PREFIXES)
    if isinstance(found, QuerySolutions):
        yield from found


def _count(graph: Graph, name: str) -> int:
    return _number(next(_rows(graph, _COUNT.format(name=name)), None), "count") or 0


def _number(row: QuerySolution | None, name: str) -> int | None:
    value = None if row is None else row[name]
    return int(value.value) if isinstance(value, Literal) else None


def _print_tables(found: dict[str, Any], console: Console) -> None:
    years = found["years"]
    span = f"{years['first']} to {years['last']}" if years["first"] is not None else "none known"
    seconds = "" if found["seconds"] is None else f" in {found['seconds']:.1f} s"
    facts = {
        "Generation": found["generation"],
        "Built": f"{found['built_at']}{seconds}, kg {found['kg_version']}",
        "On disk": f"{found['bytes'] / 1e6:,.1f} MB",
        "Triples": f"{found['triples']:,}",
        "Papers": f"{found['papers']:,} ({span})",
        "Journals": f"{found['journals']:,}",
        "Authors": f"{found['authors']:,}",
        "Sentences": f"{found['sentences']:,}",
        "Mentions": f"{found['mentions']:,}",
        "Evidence": f"{found['evidence']:,}",
        "Co-mentions": f"{found['co_mentions']:,}",
        "Records lost": f"{found['records_lost']:,}",
    }
    grid = _table(found["graph"])
    for name, value in facts.items():
        grid.add_row(name, value)
    console.print(grid)

    entities = _table("Entities", "type", "how many", "in most papers")
    tops = found["top_entities"]
    for kind, count in found["entities"].items():
        named = ", ".join(f"{each['label']} ({each['papers']})" for each in tops.get(kind, []))
        entities.add_row(kind, f"{count:,}", named)
    console.print(entities)

    if found["assertions"]:
        console.print(_assertions(found["assertions"]))

    if found["problems"]:
        problems = _table("Problems in the input", "code", "how many")
        for code, count in found["problems"].items():
            problems.add_row(code, f"{count:,}")
        console.print(problems)

    inputs = _table("Inputs", "name", "format", "records", "sha256")
    for each in found["inputs"]:
        inputs.add_row(each["name"], each["format"], f"{each['records']:,}", each["sha256"][:16])
    console.print(inputs)

    # The rest of a release (what was taken from where) and the hashes are in the JSON.
    vocabularies = _table("Vocabularies", "vocabulary", "release", "file")
    for each in found["vocabularies"]:
        release = re.split("[(;:]", each["release"])[0].strip()
        vocabularies.add_row(each["vocabulary"], release, each["file"])
    console.print(vocabularies)


def _assertions(by_predicate: dict[str, dict[str, int]]) -> Table:
    table = _table("Assertions", "predicate", "how many", "negated", "speculative")
    names = ("assertions", "negated", "speculative")
    for predicate, counts in sorted(
        by_predicate.items(), key=lambda each: (-each[1]["assertions"], each[0])
    ):
        table.add_row(predicate, *(f"{counts[name]:,}" for name in names))
    totals = (sum(counts[name] for counts in by_predicate.values()) for name in names)
    table.add_row("all", *(f"{total:,}" for total in totals))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=bool(columns), box=None)
    for column in columns:
        # What is copied from here (a hash, a name) must not be cut; long lists may wrap.
        table.add_column(column, overflow="fold", justify="right" if column in _NUMBERS else "left")
    return table


_NUMBERS = ("how many", "records", "negated", "speculative")
