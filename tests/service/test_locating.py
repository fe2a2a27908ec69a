"""Which thing is meant, in graphs with bases of their own."""

from pathlib import Path

import pytest

from kg.descriptions.datasets import base_of
from kg.errors import InputError
from kg.namespaces import KG
from kg.service.jobs.context import NotFoundError
from kg.service.jobs.locating import Located, locate
from kg.service.messages import Thing
from kg.service.pages.addresses import Addresses
from kg.store import open_graph, write_generation

SERVER = "http://127.0.0.1:7878"
BASES = ("https://example.org/mine/", "http://example.org/mine#")


def write_graph(folder: Path, base: str) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    things = (f"{base}paper/a", f"{base}paper/caf%C3%A9", f"{base}paper/é", f"{KG}Gene")
    lines = [f'<{thing}> {label} "x" .' for thing in (*things, KG.rstrip("#"), f"{base}a//b")]
    lines.append(f'<{base.rstrip("#")}split#part> {label} "x" .')
    with write_generation(folder, build_hash="7" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines), "base_iri": base})


@pytest.mark.parametrize("base", BASES)
def test_things_are_found_below_any_base(tmp_path: Path, base: str) -> None:
    write_graph(tmp_path / "a.kg", base)
    with open_graph(tmp_path / "a.kg") as graph:
        assert base_of(graph) == base
        addresses = Addresses(SERVER, base)

        def by(path: str = "", iri: str = "") -> Located:
            return locate(graph, addresses, Thing(path=path, iri=iri))

        assert by("paper/a").iri == f"{base}paper/a"
        assert by("paper/caf%C3%A9").iri == f"{base}paper/caf%C3%A9"
        assert by("paper/%C3%A9").iri == f"{base}paper/é"
        # The ontology stands under the base of the project, whatever that of the graph is.
        assert by("ontology").iri == KG.rstrip("#")
        assert by(iri=KG.rstrip("#")).moved == f"{SERVER}/ontology"
        assert by(iri=f"{KG}Gene") == Located(f"{KG}Gene")
        for iri in (f"{base}a//b", f"{base.rstrip('#')}split#part"):
            assert by(iri=iri) == Located(iri), "no address could hold it"
        for path in ("paper/b", "a/b", "HGNC:6023"):
            with pytest.raises(NotFoundError):
                by(path)
        with pytest.raises(InputError):
            by(iri="paper")


@pytest.mark.parametrize("base", BASES)
def test_what_has_an_address_is_found_at_it(tmp_path: Path, base: str) -> None:
    write_graph(tmp_path / "a.kg", base)
    with open_graph(tmp_path / "a.kg") as graph:
        addresses = Addresses(SERVER, base)
        for iri in (f"{base}paper/a", f"{base}paper/caf%C3%A9", f"{base}paper/é"):
            moved = locate(graph, addresses, Thing(iri=iri)).moved
            assert moved.isascii()
            path = moved.removeprefix(f"{SERVER}/")
            assert locate(graph, addresses, Thing(path=path)) == Located(iri)
