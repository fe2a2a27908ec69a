"""Top floor: `kg vocabulary diff` tells what a download would change in a vocabulary table."""

from pathlib import Path

import click

from kg.cli.vocabulary_options import (
    download_options,
    downloads_of,
    show_differences,
    tables_folder,
)


@click.command("diff")
@download_options
@click.option(
    "--tables",
    metavar="DIR",
    envvar="KG_TABLES",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where rebuilt tables stand. [default: $KG_TABLES, or a folder of the user's data]",
)
def vocabulary_diff(
    name: str | None,
    files: tuple[Path, ...],
    partial: bool,
    show_all: bool,
    format_name: str,
    tables: Path | None,
) -> None:
    """Tell what an update of the vocabulary table NAME would change; nothing is written."""
    from kg.vocabulary.publishers import current_tables, rebuild_table  # noqa: PLC0415

    with downloads_of(name, files) as (entry, paths):
        known = current_tables(tables_folder(tables))
        updated = rebuild_table(entry, paths, known, partial=partial)
    show_differences(updated, format_name, show_all=show_all)
