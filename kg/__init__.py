"""A knowledge graph of biomedical literature: from a reading list to RDF, SPARQL and Turtle."""

__version__ = "0.1.0"
