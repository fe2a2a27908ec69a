"""Floor 8: the questions that the ontology must answer, each a query with the answers it must give.

A question is a file `ontology/competency/*.rq`: SPARQL with a header of lines `#+`, in YAML, which
has the question in words and its answers, one a row, values as CURIEs or text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
)

from kg.errors import InputError
from kg.namespaces import inferred_graph
from kg.reasoning.materialise import materialise
from kg.reasoning.ontology import ontology_ntriples
from kg.reasoning.wording import PREFIXES, shorten
from kg.resources import resource_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A competency question; `fault` is empty where the ontology answers it as it must."""

    name: str
    text: str
    fault: str


def check_questions(folder: Path | None = None, data: bytes = b"") -> tuple[Question, ...]:
    """Ask the questions of a folder, by default those of the ontology, and compare the answers.

    They are asked of the ontology, of `data` (N-Triples), and of what follows from both.

    Raises:
        InputError: if a file is no such question.
    """
    store = Store()
    store.load(ontology_ntriples(), RdfFormat.N_TRIPLES)
    store.load(data, RdfFormat.N_TRIPLES)

    def load(chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            store.bulk_load(chunk, RdfFormat.N_QUADS)

    materialise(store, ontology_ntriples(), inferred_graph(), load)
    paths = sorted((folder or resource_path("ontology", "competency")).glob("*.rq"))
    return tuple(_ask(path, store) for path in paths)


def _ask(path: Path, store: Store) -> Question:
    text, expected = _read(path)
    graphs: list[Any] = [DefaultGraph(), NamedNode(inferred_graph())]
    try:
        sparql = path.read_text("utf-8")
        result = store.query(sparql, prefixes=PREFIXES, default_graph=graphs)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{path}: the query cannot be run: {error}") from error
    found: set[tuple[str, ...]] = set()
    if isinstance(result, QueryBoolean):
        found = {(str(bool(result)).lower(),)}
    if isinstance(result, QuerySolutions):
        found = {tuple(_show(term) for term in solution) for solution in result}
    faults = [f"not found: {', '.join(row)}" for row in sorted(expected - found)]
    faults += [f"not expected: {', '.join(row)}" for row in sorted(found - expected)]
    return Question(name=path.stem, text=text, fault="; ".join(faults))


def _read(path: Path) -> tuple[str, set[tuple[str, ...]]]:
    lines = path.read_text("utf-8").splitlines()
    header = "\n".join(line.removeprefix("#+") for line in lines if line.startswith("#+"))
    try:
        said = yaml.safe_load(header)
        rows = [row if isinstance(row, list) else [row] for row in said["answers"]]
        answers = {tuple(str(value) for value in row) for row in rows}
        return str(said["question"]), answers
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: needs a header of lines '#+' with 'question' and 'answers' ({error})"
        ) from error


def _show(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, Literal) else ""
