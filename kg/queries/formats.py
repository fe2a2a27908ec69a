"""Floor 8: an answer as text: JSON, CSV, TSV, Markdown, Turtle. Pure; no terminal, no colour."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.namespaces import (
    DCTERMS,
    KG,
    OBO,
    OWL,
    PROV,
    RDF,
    RDFS,
    SEMAPV,
    SKOS,
    SSSOM,
    XSD,
)
from kg.prefixes import PREFIXES
from kg.queries.parameters import Resolved
from kg.queries.run import Answer, RdfTerm, Value
from kg.queries.saved import QueryForm

_RESULTS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
VOCABULARIES = {
    "kg": KG,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "obo": OBO,
    "semapv": SEMAPV,
    "sssom": SSSOM,
}


def query_prefixes() -> dict[str, str]:
    """Return the prefixes that a query on a graph of ours may use undeclared.

    Those of the vocabularies that the graph is written in, and those of the entities, so that
    `HGNC:6023` in a query is what it is everywhere else.

    >>> query_prefixes()["kg"], query_prefixes()["CL"]
    ('https://w3id.org/litkg/ontology#', 'http://purl.obolibrary.org/obo/CL_')
    """
    entities = {
        name: prefix.iri.removesuffix("$1")
        for name, prefix in PREFIXES.items()
        if prefix.iri.endswith("$1")
    }
    return {**entities, **VOCABULARIES}


def write_json(answer: Answer) -> str:
    """Return an answer as one JSON object.

    `parameters` says for each what was given and what it was taken for; where several values were
    given, it is a list of these.
    """
    document = {
        "query": answer.query.name,
        "parameters": {
            name: _parameter_json(resolved)
            for name, resolved in answer.parameters.items()
            if resolved
        },
        "columns": list(answer.columns),
        "rows": answer.rows,
        "complete": answer.complete,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _parameter_json(resolved: Sequence[Resolved]) -> object:
    entries = [{"given": each.given, "id": each.id, "label": each.label} for each in resolved]
    return entries[0] if len(entries) == 1 else entries


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    r"""Return rows as CSV (RFC 4180), with a heading; what is missing is empty.

    >>> write_csv(["a", "b"], [["x, y", None]])
    'a,b\r\n"x, y",\r\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue()


def write_tsv(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    r"""Return rows between tabs, with a heading; a tab or line break in a text becomes a space.

    >>> write_tsv(["a", "b"], [["x\ty", 1]])
    'a\tb\nx y\t1\n'
    """
    lines = ["\t".join(columns)]
    lines += ["\t".join(_one_line(_plain(value)) for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def write_markdown(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    r"""Return rows as a table in Markdown (GitHub's), IRIs as links.

    >>> print(write_markdown(["a", "b"], [["x|y", "http://example.org/1"]]), end="")
    | a | b |
    | --- | --- |
    | x\|y | <http://example.org/1> |
    """
    lines = [columns, ["---"] * len(columns)]
    lines += [[_markdown_cell(value) for value in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _plain(value: Value) -> str:
    """Return a value as text, truth values as SPARQL writes them."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split()) if any(char in text for char in "\t\r\n") else text


def _markdown_cell(value: Value) -> str:
    text = _one_line(_plain(value))
    if text.startswith(("http://", "https://")) and not set(text) & set(" <>|"):
        return f"<{text}>"
    for char in "\\|*_`<[":
        text = text.replace(char, f"\\{char}")
    return text


def write_turtle(answer: Answer) -> str:
    """Return an answer as Turtle.

    CONSTRUCT and DESCRIBE give their triples; SELECT and ASK the W3C's result set vocabulary.
    """
    if answer.query.form in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE):
        return write_triples(answer.triples)
    return write_triples(describe_results(answer.columns, answer.terms))


def write_triples(triples: Iterable[Triple]) -> str:
    """Return triples as Turtle, with prefixes, sorted: the same triples give the same text."""
    ordered = sorted(triples, key=str)
    out = io.BytesIO()
    prefixes = {**query_prefixes(), "rs": _RESULTS}
    serialize(ordered, out, RdfFormat.TURTLE, prefixes=prefixes)
    # Only the prefixes that are used: a reader of ten lines should not wade through thirty.
    lines = out.getvalue().decode("utf-8").split("\n")
    body = "\n".join(line for line in lines if not line.startswith("@prefix "))
    heads = [
        line
        for line in lines
        if line.startswith("@prefix ") and f"{line.split()[1]}" in _names_used(body)
    ]
    return "\n".join([*sorted(heads), *([""] if heads else []), body]) + "\n"


def _names_used(body: str) -> set[str]:
    """Return the prefixes that may be used in Turtle, with their colon; rather too many than few.

    >>> sorted(_names_used("obo:CL_1 a kg:CellType ."))
    ['kg:', 'obo:']
    """
    import re  # noqa: PLC0415

    return set(re.findall(r"(?<![\w<])[A-Za-z][\w.-]*:", body))


def describe_results(
    columns: Sequence[str], rows: Sequence[Sequence[RdfTerm | None]]
) -> list[Triple]:
    """Return a table of RDF terms as triples of the W3C's result set vocabulary, rows numbered."""

    def term(name: str) -> NamedNode:
        return NamedNode(f"{_RESULTS}{name}")

    is_a = NamedNode(f"{RDF}type")
    results = BlankNode("results")
    triples = [Triple(results, is_a, term("ResultSet"))]
    triples += [Triple(results, term("resultVariable"), Literal(name)) for name in columns]
    for number, row in enumerate(rows, start=1):
        solution = BlankNode(f"row{number}")
        triples.append(Triple(results, term("solution"), solution))
        triples.append(Triple(solution, term("index"), Literal(number)))
        for name, value in zip(columns, row, strict=True):
            if isinstance(value, NamedNode | BlankNode | Literal | Triple):
                binding = BlankNode(f"row{number}{name}")
                triples.append(Triple(solution, term("binding"), binding))
                triples.append(Triple(binding, term("variable"), Literal(name)))
                triples.append(Triple(binding, term("value"), value))
    return triples
