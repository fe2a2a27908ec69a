"""Web floor: where the services are, how often they may be asked, and who asks.

Addresses may be set, for mirrors and tests: KG_EUTILS_URL, KG_EUROPEPMC_URL, KG_CROSSREF_URL. The
paces are those that the services ask for:

- NCBI: 3 requests a second, 10 with an API key (NBK25497, "Frequency, Timing and Registration of
  E-utility URL Requests").
- Europe PMC names no figure; 5 a second is half of what its users report as the bound.
- Crossref: 3 list requests a second for those who say who they are, else 1 (since December 2025);
  what an answer's headers say overrules ("Access and authentication").
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from kg.errors import ServiceError
from kg.web.client import Warn, WebClient, ignore

# A little more than the even share of a second, since requests may draw together on their way.
_MARGIN = 1.05
TOOL = "kg-litkg"
_HOME = "https://w3id.org/litkg/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Who asks, and where: the user's email address and API key, and the services' addresses.

    `program` is the name and version that stand in the User-Agent.
    """

    program: str = "kg"
    email: str = ""
    api_key: str = ""
    eutils_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    europepmc_url: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    crossref_url: str = "https://api.crossref.org"


def read_settings(
    email: str = "", environment: Mapping[str, str] | None = None, program: str = "kg"
) -> Settings:
    """Return the settings of the environment; an email address that is given overrules its.

    NCBI_API_KEY and NCBI_EMAIL are the names that NCBI's own tools and others read.

    Raises:
        ServiceError: if an address is none, of mail or of a service.

    >>> read_settings("ann@example.org", {"KG_CROSSREF_URL": "http://localhost:8/"}).crossref_url
    'http://localhost:8'
    """
    given = os.environ if environment is None else environment
    settings = Settings(
        program=program,
        email=(email or given.get("NCBI_EMAIL", "")).strip(),
        api_key=given.get("NCBI_API_KEY", "").strip(),
    )
    if settings.email and ("@" not in settings.email or len(settings.email.split()) != 1):
        raise ServiceError(f"'{settings.email}' is no email address (--email or NCBI_EMAIL)")
    for variable, name in (
        ("KG_EUTILS_URL", "eutils_url"),
        ("KG_EUROPEPMC_URL", "europepmc_url"),
        ("KG_CROSSREF_URL", "crossref_url"),
    ):
        url = given.get(variable, "").strip().rstrip("/")
        if url and not url.startswith(("http://", "https://")):
            raise ServiceError(f"{variable} is '{url}', and an address begins with http(s)://")
        if url:
            settings = replace(settings, **{name: url})
    return settings


def ncbi_client(settings: Settings, warn: Warn = ignore) -> WebClient:
    """Return a client that keeps NCBI's pace."""
    pace = 10 if settings.api_key else 3
    return _make_client("PubMed", settings.eutils_url, pace, settings, warn)


def europepmc_client(settings: Settings, warn: Warn = ignore) -> WebClient:
    """Return a client that keeps Europe PMC's pace."""
    return _make_client("Europe PMC", settings.europepmc_url, 5, settings, warn)


def crossref_client(settings: Settings, warn: Warn = ignore) -> WebClient:
    """Return a client that keeps Crossref's pace."""
    pace = 3 if settings.email else 1
    return _make_client("Crossref", settings.crossref_url, pace, settings, warn)


def _make_client(name: str, url: str, pace: int, settings: Settings, warn: Warn) -> WebClient:
    # Who serves on the machine itself may ask as often as it bears.
    is_local = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    mailto = f"; mailto:{settings.email}" if settings.email else ""
    return WebClient(
        name=name,
        interval=0.0 if is_local else _MARGIN / pace,
        warn=warn,
        agent=f"{settings.program} ({_HOME}{mailto})",
    )
