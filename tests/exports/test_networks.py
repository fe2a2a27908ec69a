"""Networks: GraphML read by networkx, CX2 by ndex2."""

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from ndex2.cx2 import RawCX2NetworkFactory

from kg.exports.networks import CytoscapeProfile, GraphmlProfile
from kg.store import open_graph
from tests.exports.graphs import DENIED, TREATS, make_view, whole_view, written


def read_cx2(path: Path) -> Any:
    return RawCX2NetworkFactory().get_cx2network(str(path))


def test_networkx_reads_all_of_a_graph(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        network = nx.read_graphml(written(GraphmlProfile(), whole_view(graph), tmp_path))
    assert isinstance(network, nx.MultiDiGraph)
    assert (len(network), network.number_of_edges()) == (128, 144 + 453)
    kinds = [kind for _, _, kind in network.edges(data="kind")]
    assert [kinds.count("assertion"), kinds.count("co-mention")] == [144, 453]
    assert all(weight >= 1 for _, _, weight in network.edges(data="weight"))
    il7 = network.nodes["HGNC:6023"]
    assert (il7["label"], il7["type"]) == ("IL7", "Gene")
    assert il7["papers"] == max(papers for _, papers in network.nodes(data="papers"))


def test_ndex2_reads_all_of_a_graph(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        path = written(CytoscapeProfile(), whole_view(graph), tmp_path)
    network = read_cx2(path)
    assert (len(network.get_nodes()), len(network.get_edges())) == (128, 144 + 453)
    parts = json.loads(path.read_text("utf-8"))
    aspects = {name: part[name] for part in parts for name in part}
    for counted in aspects["metaData"]:
        assert counted["elementCount"] == len(aspects[counted["name"]])
    for domain in ("nodes", "edges"):
        declared = aspects["attributeDeclarations"][0][domain]
        types = {"string": str, "integer": int, "boolean": bool, "double": float}
        for each in aspects[domain]:
            for name, value in each["v"].items():
                assert type(value) is types[declared[name]["d"]], (name, value)


def test_both_say_the_same(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        view = whole_view(graph)
        graphml = nx.read_graphml(written(GraphmlProfile(), view, tmp_path))
        cx2 = read_cx2(written(CytoscapeProfile(), view, tmp_path))
    names = {each["id"]: each["v"]["name"] for each in cx2.get_nodes().values()}
    of_cx2 = {
        (names[each["s"]], names[each["t"]], json.dumps(each["v"], sort_keys=True))
        for each in cx2.get_edges().values()
    }
    of_graphml = {
        (source, target, json.dumps(attributes, sort_keys=True))
        for source, target, attributes in graphml.edges(data=True)
    }
    assert of_cx2 == of_graphml


def test_edges_tell_their_sign_and_what_is_denied(tmp_path: Path) -> None:
    network = nx.read_graphml(written(GraphmlProfile(), make_view(), tmp_path))
    edges = {f"<{each['iri']}>": each for _, _, each in network.edges(data=True)}
    assert edges[DENIED]["negated"] is True
    assert edges[DENIED]["sign"] == "positive"
    assert (edges[TREATS]["sign"], edges[TREATS]["speculative"]) == ("negative", True)
    assert edges[DENIED]["confidence"] == pytest.approx(0.8)
    [together] = [each for each in edges.values() if each["kind"] == "co-mention"]
    assert (together["weight"], together["log_likelihood"]) == (2, 3.5)
    # An end of an edge that a part of a graph only refers to, and a label with a tab.
    assert network.nodes["HGNC:1674"]["type"] == "Entity"
    assert network.nodes["CL:0000084"]["label"] == "T cell"
