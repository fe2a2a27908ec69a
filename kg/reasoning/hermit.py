"""Floor 8: what HermiT says of the ontology together with data.

HermiT is a Java program that owlready2 carries; it runs in a process of its own, so that it can be
stopped, prints nothing here, and leaves no file behind. Only that process imports owlready2.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from pyoxigraph import Literal, RdfFormat, Triple, serialize

from kg.errors import ReasonerError
from kg.namespaces import OWL, RDFS
from kg.reasoning.checks import Terms
from kg.reasoning.ontology import ONTOLOGY, Graph, ontology_path, read_graph

# Runs in the other process. -P keeps the working folder off the path of imports.
_COMMAND = ("-P", "-c", "import sys; from kg.reasoning.hermit import answer; answer(sys.argv[1])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyReport:
    """What HermiT found of the ontology together with the graphs it was given.

    `subclasses` are pairs of a class and one above it that HermiT found and nobody stated.
    `unsatisfiable` lists, in order, the IRIs of classes that can have no instance; it is empty
    where the whole is inconsistent, since then no class can. `misused` lists the properties that
    have a literal where the ontology asks for a thing, or a thing where it asks for a literal:
    HermiT takes such a triple for an annotation and is silent about it. `triples` counts what was
    read, the ontology included; `seconds` is the time from start to end.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    subclasses: tuple[tuple[str, str], ...]
    misused: tuple[str, ...]
    triples: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether it is consistent, no class is unsatisfiable, and no property is misused."""
        return self.consistent and not self.unsatisfiable and not self.misused


def java_available() -> bool:
    """Tell whether a Java runtime is there and starts.

    It is started, since macOS has a `java` that does nothing but ask for one.
    """
    java = shutil.which("java")
    if java is None:
        return False
    try:
        # What runs is the Java that the user's own PATH names.
        done = subprocess.run([java, "-version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def check_consistency(*graphs: Graph, timeout: float = 600.0) -> ConsistencyReport:
    """Run HermiT on the ontology together with the graphs, for at most `timeout` seconds.

    Raises:
        ReasonerError: without Java, when HermiT fails, or when it takes too long.
        InputError: if a graph cannot be read.

    """
    require_java()
    start = perf_counter()
    with TemporaryDirectory(prefix="kg-reasoning-") as folder:
        path = Path(folder, "graph.nt")
        triples, misused = _write_together(path, graphs)
        found = _ask(path, timeout)
    return ConsistencyReport(
        consistent=bool(found["consistent"]),
        unsatisfiable=tuple(found["unsatisfiable"]),
        subclasses=tuple((lower, upper) for lower, upper in found["subclasses"]),
        misused=misused,
        triples=triples,
        seconds=perf_counter() - start,
    )


def require_java() -> None:
    """Make sure that a Java runtime is there.

    Raises:
        ReasonerError: if there is none.

    """
    if not java_available():
        raise ReasonerError(
            "no Java runtime was found: the reasoner HermiT needs one; install Java "
            "(a JRE is enough) and put `java` on the PATH"
        )


def ask_hermit(ntriples: bytes, timeout: float) -> bool:
    """Return whether statements, which the ontology is not added to, are consistent.

    Raises:
        ReasonerError: when HermiT fails, or takes more than `timeout` seconds.

    """
    with TemporaryDirectory(prefix="kg-reasoning-") as folder:
        path = Path(folder, "graph.nt")
        path.write_bytes(ntriples)
        return bool(_ask(path, timeout)["consistent"])


def _write_together(path: Path, graphs: Iterable[Graph]) -> tuple[int, tuple[str, ...]]:
    """Write the ontology and the graphs into one N-Triples file.

    Returns the number of triples, and the properties with a value of the wrong kind, in order.
    """
    ontology = Terms(read_graph(ontology_path()))
    takes_literal = {
        iri: kind == "DatatypeProperty"
        for iri in ontology.kinds
        for kind in ontology.property_kinds(iri)
        if kind != "AnnotationProperty"
    }
    count = 0
    misused: set[str] = set()

    def passed() -> Iterator[Triple]:
        nonlocal count
        for triple in chain.from_iterable(
            read_graph(graph) for graph in (ontology_path(), *graphs)
        ):
            is_literal = isinstance(triple.object, Literal)
            if takes_literal.get(triple.predicate.value, is_literal) is not is_literal:
                misused.add(triple.predicate.value)
            count += 1
            yield triple

    serialize(passed(), path, format=RdfFormat.N_TRIPLES)
    return count, tuple(sorted(misused))


def _ask(path: Path, timeout: float) -> dict[str, Any]:
    """Return what `reason` finds of a file, from a process that is ended after `timeout` seconds.

    The temporary files go to the folder of `path`: owlready2 leaves one behind after a failure.
    """
    with subprocess.Popen(  # noqa: S603 (this Python, and a path that was made here)
        [sys.executable, *_COMMAND, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(path.parent)},
        start_new_session=True,
    ) as process:
        try:
            output, complaints = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise ReasonerError(f"HermiT did not finish within {timeout:g} seconds") from error
        finally:
            if process.poll() is None:
                # Java is a child of that process: both are ended, by their group.
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise ReasonerError(f"HermiT failed: {_last_line(complaints)}")
    found: dict[str, Any] = json.loads(_last_line(output))
    if "error" in found:
        raise ReasonerError(f"HermiT failed: {found['error']}")
    return found


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")


def answer(path: str) -> None:
    """Print what `reason` finds of a file as one line of JSON: the other process's whole work."""
    sys.stdout.write(f"\n{json.dumps(reason(Path(path)))}\n")


def reason(path: Path) -> dict[str, Any]:
    """Run HermiT through owlready2 on one N-Triples file, in a World of its own.

    Returns `consistent`, `unsatisfiable` and `subclasses` (pairs that no chain of stated ones
    joins), or `error` with HermiT's complaint.
    """
    import owlready2  # noqa: PLC0415 (slow to import, and used only here)

    world = owlready2.World()
    try:
        with path.open("rb") as file:
            world.get_ontology(f"{ONTOLOGY}#").load(fileobj=file)
        known = _named_pairs(world.classes())
        owlready2.sync_reasoner_hermit(world, debug=0)
        nothing = f"{OWL}Nothing"
        names = sorted(each.iri for each in world.inconsistent_classes() if each.iri != nothing)
    except owlready2.OwlReadyInconsistentOntologyError:
        return {"consistent": False, "unsatisfiable": [], "subclasses": []}
    except owlready2.OwlReadyJavaError as error:
        lines = str(error).removeprefix("Java error message is:\n").splitlines()
        # Up to the first line of the stack trace.
        message = takewhile(lambda line: not line.startswith("\tat "), lines)
        return {"error": " ".join(line.strip() for line in message)}
    else:
        found = sorted(_named_pairs(world.classes()) - known)
        pairs = [pair for pair in found if nothing not in pair and pair[0] not in names]
        return {"consistent": True, "unsatisfiable": names, "subclasses": pairs}
    finally:
        world.close()


def _named_pairs(classes: Iterable[Any]) -> set[tuple[str, str]]:
    """Return the pairs of a class and one above it, both by IRI.

    Left out are classes that are individuals as well: owlready2 keeps what those belong to, and
    what they are subclasses of, in one list.
    """
    plain = (each for each in classes if not _is_individual(each))
    return {
        (each.iri, above.iri) for each in plain for above in each.ancestors() if above is not each
    }


def _is_individual(each: Any) -> bool:  # noqa: ANN401 (a class of owlready2)
    graph = each.namespace.world
    kinds = graph._get_obj_triples_sp_o(each.storid, 6)  # noqa: SLF001 (6 is rdf:type)
    return any(not str(graph._unabbreviate(kind)).startswith((OWL, RDFS)) for kind in kinds)  # noqa: SLF001
