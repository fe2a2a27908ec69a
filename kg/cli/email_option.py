"""The email address that web services ask for, and what is said where it is missing."""

from typing import TYPE_CHECKING

import click

from kg import __version__

if TYPE_CHECKING:
    from kg.web.services import Settings

email_option = click.option(
    "--email",
    metavar="ADDRESS",
    default="",
    help="Your email address, which the services ask for. [default: $NCBI_EMAIL]",
)


def open_settings(email: str) -> "Settings":
    """Return the settings of the services; a missing address is told on stderr."""
    from kg.web.services import read_settings  # noqa: PLC0415

    settings = read_settings(email, program=f"kg/{__version__}")
    if not settings.email:
        click.echo(
            "kg: NCBI asks for an email address to write to before it blocks anyone, and Crossref "
            "serves those who give one better: set --email or NCBI_EMAIL",
            err=True,
        )
    return settings


def warn(message: str) -> None:
    """Print what a service says in passing."""
    click.echo(f"kg: {message}", err=True)
