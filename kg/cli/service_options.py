"""Top floor: the options of verbs whose queries may ask other endpoints (SERVICE)."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.queries import SavedQuery
    from kg.store import Services

_Command = TypeVar("_Command", bound=Callable[..., Any])


def service_options(command: _Command) -> _Command:
    """Give a command `--allow-service` and `--service-timeout`, passed on under these names."""
    command = click.option(
        "--service-timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        default=60.0,
        show_default=True,
        help="How long an endpoint may take to answer.",
    )(command)
    return click.option(
        "--allow-service",
        multiple=True,
        envvar="KG_ALLOW_SERVICE",
        metavar="ENDPOINT",
        help="An endpoint that SERVICE may ask: its address, or uniprot, wikidata, bgee or "
        "ubergraph; ENDPOINT=ADDRESS asks a mirror in its place. May be repeated. "
        "[default: $KG_ALLOW_SERVICE, separated by spaces; else none]",
    )(command)


def make_services(words: Collection[str], timeout: float) -> "Services":
    """Return the services that these endpoints are.

    Raises:
        ServiceError: if a word is no endpoint.

    """
    from kg.store import Services  # noqa: PLC0415

    if not words:
        return Services()
    from kg.web.endpoints import EndpointClient, read_allowed  # noqa: PLC0415

    allowed = read_allowed(words)
    client = EndpointClient(
        allowed=frozenset(allowed.values()),
        agent=f"kg/{__version__} (https://w3id.org/litkg/)",
        timeout=timeout,
    )
    return Services(allowed=allowed, ask=client.ask, tell=_tell)


def services_of_query(
    query: "SavedQuery", words: Collection[str], timeout: float, *, online: bool
) -> "Services":
    """Return the services that a saved query may ask: those allowed, and its own if `online`.

    Raises:
        QueryError: if it asks one that is not among them; before anything is looked up for it.
        ServiceError: if a word is no endpoint.

    """
    # What is allowed by name may be a mirror, which goes before the address itself.
    services = make_services([*(query.online if online else ()), *words], timeout)
    missing = [address for address in query.online if address not in services.allowed]
    if missing:
        raise QueryError(
            f"{query.name} asks {' and '.join(missing)} over the internet; "
            "let it with --online (or --allow-service ADDRESS, one by one)"
        )
    return services


def _tell(message: str) -> None:
    click.echo(f"kg: {message}", err=True)
