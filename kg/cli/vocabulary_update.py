"""Top floor: `kg vocabulary update` rebuilds a vocabulary table from its publisher's download."""

from pathlib import Path

import click

from kg.cli.vocabulary_options import (
    download_options,
    downloads_of,
    show_differences,
    tables_folder,
)


@click.command("update")
@download_options
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    envvar="KG_TABLES",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where rebuilt tables stand. [default: $KG_TABLES, or a folder of the user's data]",
)
def vocabulary_update(
    name: str | None,
    files: tuple[Path, ...],
    partial: bool,
    show_all: bool,
    format_name: str,
    output: Path | None,
) -> None:
    """Rebuild the vocabulary table NAME from its publisher's download, and tell what changed.

    The table is written to a folder of rebuilt tables; those that ship stay as they are. It is used
    where that folder is named with --tables or in KG_TABLES, so that no graph changes by itself: a
    graph that has it is made with kg rebuild --tables DIR.
    """
    from kg.vocabulary.publishers import (  # noqa: PLC0415
        current_tables,
        rebuild_table,
        write_table,
    )

    folder = tables_folder(output)
    with downloads_of(name, files) as (entry, paths):
        updated = rebuild_table(entry, paths, current_tables(folder), partial=partial)
    show_differences(updated, format_name, show_all=show_all)
    if not updated.is_changed:
        click.echo("the table is as it was", err=True)
        return
    path = write_table(updated, folder)
    click.echo(f"written to {path}; use it with --tables {folder}", err=True)
