"""Floor 8: OWL: what follows from the ontology and a graph, whether they agree, what it must keep.

`reason_graph` infers by the rules of OWL 2 RL; `check_consistency` asks HermiT, a reasoner for all
of OWL 2 DL; `check_ontology` looks at the ontology itself; `load_objects` gives a graph as Python
objects.
"""

from kg.reasoning.checking import GraphCheck, check_graph
from kg.reasoning.checks import check_ontology, undeclared_terms
from kg.reasoning.explaining import Explanation, explain_inconsistency
from kg.reasoning.graphs import ReasonReport, reason_graph, remove_inferred
from kg.reasoning.hermit import ConsistencyReport, check_consistency, java_available
from kg.reasoning.materialise import Inferred, materialise
from kg.reasoning.objects import load_objects
from kg.reasoning.ontology import Graph, ontology_ntriples, ontology_path

__all__ = [
    "ConsistencyReport",
    "Explanation",
    "Graph",
    "GraphCheck",
    "Inferred",
    "ReasonReport",
    "check_consistency",
    "check_graph",
    "check_ontology",
    "explain_inconsistency",
    "java_available",
    "load_objects",
    "materialise",
    "ontology_ntriples",
    "ontology_path",
    "reason_graph",
    "remove_inferred",
    "undeclared_terms",
]
