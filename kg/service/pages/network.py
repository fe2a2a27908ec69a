"""Floor 10: entities and what joins them: the page that draws it, and what is drawn as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kg.descriptions.networks import Network, NetworkEdge, Quoted
from kg.errors import ParameterError
from kg.queries import Resolved
from kg.service.messages import Network as Asked
from kg.service.pages.built import script_of
from kg.service.pages.kinds import KINDS
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown

_IN_TABLE = 300
"""Edges that the page has as a table; the script has all."""

_CLASSES = frozenset(kind.iri for kind in KINDS)
_TOGETHER = "mentioned together with"
_LIMITS = (50, 200, 500, 1_000, 2_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A network as it is drawn around `entities`, and what was asked; `wrong` is why it is not.

    `left_out` is how many edges the types and years that are asked for leave out.
    """

    asked: Asked
    entities: tuple[str, ...]
    taken: tuple[Resolved, ...]
    together: bool
    network: Network
    left_out: int
    wrong: ParameterError | None = None


def describe_network(shown: Shown, drawn: Drawn) -> dict[str, Any]:
    """Return a network as JSON has it."""
    nodes = dict.fromkeys((*drawn.entities, *drawn.network.nodes))
    return {
        "entities": list(drawn.entities),
        "together": drawn.together,
        "complete": not drawn.network.is_cut,
        "nodes": [_node(shown, iri) for iri in nodes],
        "edges": [_edge(shown, edge) for edge in drawn.network.edges],
    }


def describe_quoted(shown: Shown, assertion: str, quoted: Sequence[Quoted]) -> dict[str, Any]:
    """Return the sentences of an assertion as JSON has them."""
    return {
        "assertion": assertion,
        "href": shown.addresses.of(assertion),
        "sentences": [
            {
                "iri": one.sentence,
                "href": shown.addresses.of(one.sentence),
                "text": one.text,
                "trigger": one.trigger,
                "negated": one.negated,
                "speculative": one.speculative,
                "paper": {
                    "iri": one.paper,
                    "href": shown.addresses.of(one.paper),
                    "title": one.title,
                    "year": one.year,
                },
            }
            for one in quoted
        ],
    }


def write_network_page(shown: Shown, drawn: Drawn) -> bytes:
    """Return the page that draws a network, with its edges as a table."""
    server, asked = shown.addresses.server, drawn.asked
    names = [shown.link(iri) for iri in drawn.entities]
    parameters = [*(("entity", each) for each in asked.entities), ("limit", str(asked.limit))]
    if drawn.together or asked.together:
        parameters.append(("together", "yes" if drawn.together else "no"))
    edges = drawn.network.edges
    return render(
        "network.html",
        server,
        title=f"Around {' and '.join(each.text for each in names)}" if names else "Draw a network",
        script=script_of("network"),
        data=f"{server}/graph.json?{urlencode(parameters)}" if names else "",
        entities=names,
        asked=asked,
        entered=asked.entities or ("",),
        together=drawn.together,
        limits=_LIMITS if asked.limit in _LIMITS else sorted((*_LIMITS, asked.limit)),
        types=[(kind.style, kind.name, kind.style in asked.types) for kind in KINDS],
        wrong=_wrong(drawn.wrong),
        unclear=drawn.wrong.value if drawn.wrong else "",
        candidates=_candidates(shown, drawn),
        edges=[_row(shown, edge) for edge in edges[:_IN_TABLE]],
        total=len(edges),
        nodes=len(drawn.network.nodes),
        is_cut=drawn.network.is_cut,
        left_out=drawn.left_out,
    )


def _wrong(error: ParameterError | None) -> str:
    return "" if error is None else str(error)


def _candidates(shown: Shown, drawn: Drawn) -> list[dict[str, str]]:
    """Return what may have been meant, each with the network that is drawn then."""
    if drawn.wrong is None:
        return []
    others = [each for each in drawn.asked.entities if each != drawn.wrong.value]
    return [
        {
            "label": str(each["label"]),
            "id": str(each["id"]),
            "href": f"{shown.addresses.server}/graph?"
            + urlencode([("entity", name) for name in (*others, str(each["id"]))]),
        }
        for each in drawn.wrong.candidates
    ]


def _node(shown: Shown, iri: str) -> dict[str, Any]:
    link = shown.link(iri)
    class_ = next((each for each in shown.names.types(iri) if each in _CLASSES), None)
    return {
        "id": iri,
        "curie": link.short,
        "label": link.text,
        "type": link.style,
        "class": class_,
        "href": link.href,
    }


def _edge(shown: Shown, edge: NetworkEdge) -> dict[str, Any]:
    return {
        "id": edge.iri,
        "source": edge.source,
        "target": edge.target,
        "kind": "stated" if edge.predicate else "together",
        "predicate": edge.predicate or None,
        "label": shown.names.property(edge.predicate) if edge.predicate else _TOGETHER,
        "sign": edge.sign,
        "negated": edge.negated,
        "speculative": edge.speculative,
        "papers": edge.papers,
        "sentences": edge.sentences,
        "years": [list(each) for each in edge.years],
        "href": shown.addresses.of(edge.iri),
    }


def _row(shown: Shown, edge: NetworkEdge) -> dict[str, Any]:
    years = [year for year, _ in edge.years]
    return {
        "source": shown.link(edge.source),
        "target": shown.link(edge.target),
        "label": shown.names.property(edge.predicate) if edge.predicate else _TOGETHER,
        "href": shown.addresses.of(edge.iri),
        "negated": edge.negated,
        "speculative": edge.speculative,
        "papers": edge.papers,
        "years": ""
        if not years
        else f"{min(years)}"
        if len(years) == 1
        else f"{min(years)}–{max(years)}",
    }
