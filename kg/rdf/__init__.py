"""Floor 6: the model written as N-Triples lines, under the ontology."""
