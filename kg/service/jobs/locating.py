"""Floor 10: which thing is asked for, by a path, an IRI or a CURIE, and where it is described."""

from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import unquote, urlencode

from kg.descriptions import Readable, find_successor, is_known
from kg.errors import InputError
from kg.namespaces import KG, curie_to_iri, iri_to_curie, parse_curie
from kg.prefixes import PREFIXES
from kg.rdf.ntriples import iri as as_iri
from kg.service.jobs.context import NotFoundError
from kg.service.messages import Thing
from kg.service.pages.addresses import ONTOLOGY, Addresses, is_web_address

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Located:
    """A thing that the graph says something of; or where to look instead, and with what status."""

    iri: str
    moved: str = ""
    status: int = 200


def locate(graph: Readable, addresses: Addresses, job: Thing) -> Located:
    """Return the thing that is asked for.

    A CURIE or an IRI in another spelling than the canonical one leads to that for good (301); an
    IRI to where it is described, and what has been replaced to what stands in its place (303).

    Raises:
        InputError: if what is given is no IRI.
        NotFoundError: if the graph says nothing of it.
    """
    found = _by_iri(graph, addresses, job) if job.iri else _by_path(graph, addresses, job.path)
    if found.moved:
        return Located(found.iri, _with(found.moved, job.rest), found.status)
    if job.follow and not job.predicate:
        successor = find_successor(graph, found.iri)
        if successor:
            return Located(found.iri, _with(addresses.document(successor), job.rest), 303)
    return found


def _by_path(graph: Readable, addresses: Addresses, path: str) -> Located:
    plain = unquote(path, errors="replace")
    for candidate in dict.fromkeys((path, plain, as_iri(plain)[1:-1])):
        if _says(graph, f"{addresses.base}{candidate}"):
            return Located(f"{addresses.base}{candidate}")
    if plain == "ontology" or plain.startswith("ontology/"):
        # That of this project, where the graph has a base of its own.
        candidate = f"{ONTOLOGY}{plain.removeprefix('ontology')}"
        if _says(graph, candidate):
            return Located(candidate)
    if plain.startswith(("http://", "https://")):
        return Located(plain, f"{addresses.server}/entity?{urlencode({'iri': plain})}", 301)
    curie = parse_curie(plain)
    if curie is None:
        raise NotFoundError(_unknown_path(plain))
    iri = curie_to_iri(curie)
    if curie != plain:
        return Located(iri, addresses.document(iri), 301)
    if not _says(graph, iri):
        raise NotFoundError(_unknown(curie, iri))
    return Located(iri)


def _by_iri(graph: Readable, addresses: Addresses, job: Thing) -> Located:
    given = job.iri.strip()
    curie = parse_curie(given)
    if curie is not None:
        iri = curie_to_iri(curie)
        return Located(iri, addresses.document(iri), 303)
    if ":" not in given:
        raise InputError(
            f"'{given[:_SHOWN]}' is neither an IRI nor a CURIE; give one such as HGNC:6023"
        )
    known = _says(graph, given) or (given.startswith(KG) and _says(graph, ONTOLOGY))
    if known:
        address = addresses.document(given)
        if not address.startswith(f"{addresses.server}/entity?"):
            return Located(given, address, 303)
        if _says(graph, given):
            return Located(given)
    curie = iri_to_curie(given)
    if curie is not None and curie_to_iri(curie) != given:
        iri = curie_to_iri(curie)
        return Located(iri, addresses.document(iri), 301)
    raise NotFoundError(_unknown(curie or given, given))


def _says(graph: Readable, iri: str) -> bool:
    try:
        return is_known(graph, iri)
    except ValueError:
        return False


def _with(address: str, rest: str) -> str:
    """Return an address with the parameters that were given with another one."""
    if not rest:
        return address
    return f"{address}{'&' if '?' in address else '?'}{rest}"


def _unknown(name: str, iri: str) -> str:
    page = f"; <{iri}> may tell more" if is_web_address(iri) else ""
    return f"this graph says nothing of {name[:_SHOWN]}{page}"


def _unknown_path(path: str) -> str:
    """Return why there is nothing at a path, with what may have been meant."""
    prefix, colon, _ = path.partition(":")
    shown = path[:_SHOWN]
    if not colon or "/" in prefix:
        return (
            f"there is nothing at /{shown}: this graph says nothing of it, and it is no CURIE "
            "such as HGNC:6023"
        )
    folded = {name.casefold(): name for name in PREFIXES}
    near = [folded[each] for each in get_close_matches(prefix.casefold(), folded, cutoff=0.5)]
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(PREFIXES)}"
    return f"'{prefix[:_SHOWN]}' is no prefix of identifiers that is known here; {hint}"
