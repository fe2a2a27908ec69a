"""Floor 10: requests of the SPARQL 1.1 Graph Store HTTP Protocol: which graph is meant. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kg.service.protocol import RefusalError

PATH = "/store"
METHODS = "GET, HEAD, PUT, POST, PATCH, DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAsked:
    """The graph that a request is about: an IRI, or empty for the default graph.

    `is_new` tells that it is to be made, under an IRI of our own. `form` is the format that is
    wanted, where that is told by `?format=` and not by `Accept`.
    """

    iri: str = ""
    is_new: bool = False
    form: str = ""


def read_graph(method: str, path: str, query_string: str, address: str) -> GraphAsked:
    """Return the graph that a request is about; `address` is that of the store, `.../store`.

    Raises:
        RefusalError: if it names none, or two.

    >>> read_graph("GET", "/store", "graph=http://example.org/g", "http://a/store").iri
    'http://example.org/g'
    >>> read_graph("GET", "/store/people", "", "http://a/store").iri
    'http://a/store/people'
    """
    if method not in METHODS.split(", "):
        raise RefusalError(405, f"{method} is not for a graph", [("allow", METHODS)])
    rest = path.removeprefix(PATH)
    parameters = _parameters(query_string)
    form = parameters.get("format", "")
    if rest not in ("", "/"):
        if parameters.keys() & {"graph", "default"}:
            raise RefusalError(400, "the graph is named by the address and by a parameter")
        return GraphAsked(iri=f"{address}{rest}", form=form)
    if "default" in parameters and "graph" in parameters:
        raise RefusalError(400, "default and graph do not go together")
    if "default" in parameters:
        return GraphAsked(form=form)
    if "graph" in parameters:
        if ":" not in parameters["graph"]:
            raise RefusalError(400, f"'{parameters['graph'][:200]}' is no whole IRI of a graph")
        return GraphAsked(iri=parameters["graph"], form=form)
    if method == "POST":
        return GraphAsked(is_new=True)
    raise RefusalError(400, "which graph? give ?default or ?graph=IRI")


def _parameters(query_string: str) -> Mapping[str, str]:
    pairs = parse_qsl(query_string, keep_blank_values=True)
    known = dict(pairs)
    if len(known) < len(pairs):
        raise RefusalError(400, "a parameter is given twice")
    return known
