"""Floor 10: the home page: what the graph holds, and the ways into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg import __version__
from kg.descriptions import Readable
from kg.descriptions.literature import count_years, find_most_mentioned
from kg.descriptions.model import select, text_of
from kg.namespaces import DCTERMS, KG, RDF, VOID
from kg.queries import SavedQuery
from kg.service.negotiation import GRAPHS
from kg.service.pages.about import first, gather
from kg.service.pages.charts import draw_years
from kg.service.pages.kinds import KINDS
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown
from kg.service.pages.things import FORMAT_NAMES

_FIRST_QUERIES = (
    *("papers-connecting", "how-acts-on", "papers-mentioning", "genes-for-disease"),
    *("regulators-of", "co-mentioned", "connected-through", "contradictions", "newest-evidence"),
)
"""Saved queries that show what can be asked."""

_TEXTS = {
    "Sentence": "sentences",
    "Mention": "ways of writing entities",
    "Assertion": "assertions",
    "Evidence": "pieces of evidence for these",
    "CoMention": "pairs mentioned together",
    "Author": "authors",
    "Journal": "journals",
    "Heading": "subject headings",
    "Substance": "substances",
    "Source": "files",
}
_WHOLE = ("turtle", "ntriples", "jsonld")
_OF_KIND = 5
_TOPICS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Topic:
    """What an input says that its papers are about."""

    name: str
    summary: str
    href: str


def write_home_page(
    graph: Readable,
    shown: Shown,
    quads: Sequence[Quad],
    dataset: str,
    statements: int | None,
    saved: Mapping[str, SavedQuery],
) -> bytes:
    """Return the home page of a graph with so many statements, None where it is not known."""
    addresses = shown.addresses
    nodes = gather(quads)
    said = nodes.get(dataset, {})
    counts = _counts(nodes)
    years = count_years(graph)
    kinds = [kind for kind in KINDS if counts.get(kind.iri, 1 if not counts else 0)]
    most = find_most_mentioned(graph, (kind.iri for kind in kinds), _OF_KIND)
    examples = [
        quad.object.value
        for quad in quads
        if quad.predicate.value == f"{VOID}exampleResource" and isinstance(quad.object, NamedNode)
    ]
    texts = [name for name in _TEXTS if counts.get(f"{KG}{name}")]
    shown.names.read(
        [
            *examples,
            *(iri for each in most.values() for iri, _ in each),
        ]
    )
    title = first(said, f"{DCTERMS}title") or "Knowledge graph"
    build = first(said, f"{DCTERMS}identifier")
    return render(
        "home.html",
        addresses.server,
        title=title,
        statements=statements,
        papers=sum(years.values()),
        papers_href=addresses.page("papers"),
        chart=draw_years(years, lambda year: addresses.papers(year=year)),
        topics=_topics(graph, shown),
        kinds=[
            {
                "name": kind.several,
                "style": kind.style,
                "number": counts.get(kind.iri),
                "href": addresses.page("entities", type=kind.choice),
                "most": [
                    (shown.link(iri), papers, addresses.papers(iri))
                    for iri, papers in most.get(kind.iri, ())
                ],
            }
            for kind in kinds
        ],
        texts=[(_TEXTS[name], counts[f"{KG}{name}"], _instances(shown, name)) for name in texts],
        examples=[shown.link(each) for each in dict.fromkeys(examples)],
        queries=_queries(shown, saved),
        queries_href=addresses.page("queries"),
        cited=f"{title}. Built with kg {__version__}{f', {build}' if build else ''}. "
        f"{addresses.server}/",
        formats_=[
            (FORMAT_NAMES[offer.name], f"{addresses.server}/store?default&format={offer.name}")
            for offer in GRAPHS
            if offer.name in _WHOLE
        ],
    )


def _counts(nodes: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, int]:
    """Return how many instances each class has, by what the graph says of itself."""
    counts = {}
    for said in nodes.values():
        class_, number = first(said, f"{VOID}class"), first(said, f"{VOID}entities")
        if class_ and number.isascii() and number.isdecimal():
            counts[class_] = int(number)
    return counts


def _instances(shown: Shown, name: str) -> str:
    members = {"predicate": f"{RDF}type", "direction": "in"}
    return shown.addresses.with_parameters(f"{KG}{name}", members)


def _topics(graph: Readable, shown: Shown) -> list[_Topic]:
    """Return what the inputs say that their papers are about."""
    rows = select(
        graph,
        f"SELECT ?source ?name ?summary ?topic {{ ?source a <{KG}Source> ; "
        f"<{KG}topicName> ?name . OPTIONAL {{ ?source <{KG}summary> ?summary }} "
        f"OPTIONAL {{ ?source <{KG}topic> ?topic }} }} LIMIT {_TOPICS}",
    )
    found = []
    for row in rows:
        topic = row["topic"] if isinstance(row["topic"], NamedNode) else row["source"]
        href = shown.addresses.of(topic.value)
        found.append(_Topic(name=text_of(row, "name"), summary=text_of(row, "summary"), href=href))
    return sorted(found, key=lambda topic: topic.name.casefold())


def _queries(shown: Shown, known: Mapping[str, SavedQuery]) -> list[dict[str, str]]:
    """Return the saved queries that show what can be asked, in plain words."""
    return [
        {
            "summary": known[name].summary,
            "href": shown.addresses.page(f"queries/{name}"),
            "given": ", ".join(
                each.name.replace("_", " ") for each in known[name].parameters if each.required
            ),
        }
        for name in _FIRST_QUERIES
        if name in known
    ]
