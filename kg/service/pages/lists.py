"""Floor 10: pages of lists: papers, the newest first; entities, the most mentioned first."""

from kg.descriptions import Readable
from kg.descriptions.literature import Entities, Papers
from kg.service.pages.charts import draw_years
from kg.service.pages.kinds import KINDS, Kind
from kg.service.pages.quotes import read_cited
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown


def write_papers_page(
    graph: Readable,
    shown: Shown,
    found: Papers,
    *,
    entity: str,
    years: dict[int, int],
    year: int | None,
    below: bool,
    is_first: bool,
) -> bytes:
    """Return the page of papers that mention an entity, or of all papers; of one year, or any."""
    addresses = shown.addresses
    shown.names.read([entity] if entity else [])
    mentions = addresses.key(entity) if entity else ""

    def address(year: int | None, after: str = "", *, below: bool = below) -> str:
        return addresses.page(
            "papers",
            mentions=mentions,
            year="" if year is None else str(year),
            below="yes" if below else "",
            after=after,
        )

    return render(
        "papers.html",
        addresses.server,
        entity=shown.link(entity) if entity else None,
        year=year,
        total=found.total,
        below=below,
        all_years=address(None) if year is not None else "",
        other_below=address(year, below=not below) if entity else "",
        papers=read_cited(graph, shown, found.papers, entity),
        chart=draw_years(years, address),
        first="" if is_first else address(year),
        next=address(year, found.after) if found.after else "",
    )


def write_entities_page(shown: Shown, found: Entities, kind: Kind, *, is_first: bool) -> bytes:
    """Return the page of entities of a kind, each with how many papers mention it."""
    addresses = shown.addresses
    shown.names.read(iri for iri, _ in found.entities)
    return render(
        "entities.html",
        addresses.server,
        kind=kind,
        total=found.total,
        is_least=found.is_least,
        rows=[(shown.link(iri), papers, addresses.papers(iri)) for iri, papers in found.entities],
        others=[
            (each.several, addresses.page("entities", type=each.choice))
            for each in KINDS
            if each is not kind
        ],
        first="" if is_first else addresses.page("entities", type=kind.choice),
        next=addresses.page("entities", type=kind.choice, after=found.after) if found.after else "",
    )
