"""IRIs that are minted."""

from kg.model import Grounding
from kg.rdf.nodes import mention_node


def test_a_mention_of_a_class_by_its_iri_has_an_address_of_its_own() -> None:
    nodes = [
        mention_node(
            "https://a.b/",
            "IL7",
            [Grounding(term=f"http://example.org/onto{mark}IL7", score=1.0, method="label")],
        )
        for mark in "#_"
    ]
    assert not any("#" in node for node in nodes)
    assert nodes[0] != nodes[1]
