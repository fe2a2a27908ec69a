"""Top floor: `kg vocabulary list` tells which vocabulary tables there are."""

import json
from pathlib import Path

import click

from kg.cli.vocabulary_options import tables_folder


@click.command("list")
@click.option(
    "--tables",
    metavar="DIR",
    envvar="KG_TABLES",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where rebuilt tables stand. [default: $KG_TABLES, or a folder of the user's data]",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def vocabulary_list(tables: Path | None, format_name: str) -> None:
    """List the vocabulary tables: their releases, and whether they ship or were rebuilt."""
    from kg.vocabulary.publishers import CATALOG, current_tables  # noqa: PLC0415

    folder = tables_folder(tables)
    found = current_tables(folder)
    rows = [
        {
            "name": entry.name,
            "vocabulary": found[entry.name].vocabulary,
            "release": "; ".join(found[entry.name].contents),
            "rebuilt": found[entry.name].path.parent == folder,
            "file": str(found[entry.name].path),
            "sha256": found[entry.name].sha256,
            "licence": found[entry.name].licence,
            "addresses": list(entry.addresses),
        }
        for entry in CATALOG
        if entry.name in found
    ]
    if format_name == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']}: {row['release']}")
        if row["rebuilt"]:
            click.echo(f"  rebuilt; use it with --tables {folder}")
