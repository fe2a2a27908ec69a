"""Speed of reasoning: one line a figure.

    python -m benchmarks.reasoning [--graph large.kg] [--without-owlrl]

On the graph of the IL-7 reading list, what follows by OWL 2 RL is inferred here, by `reasonable`
and by `owlrl`, in the same run, from the same statements in memory (owlrl takes a minute). Reading
them is not counted; ours is timed with loading what was inferred into a store. A `--graph` on disk
is copied, and reasoned over as `kg reason` does.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import owlrl
import rdflib
import reasonable
from pyoxigraph import DefaultGraph, RdfFormat, Store

from kg.pipeline import build_graph
from kg.reasoning import Inferred, materialise, ontology_ntriples, reason_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.compiling import open_lexicon

_RUNS = 3


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--without-owlrl", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data = _read_list(Path(name))
        ours, count = min(_infer(data) for _ in range(_RUNS))
        print(f"statements           {len(data.splitlines()):>10,}")
        print(f"inferred             {count:>10,}")
        print(f"kg                   {ours:>10.3f} s")
        theirs, _ = min(_reasonable(data, Path(name)) for _ in range(_RUNS))
        print(f"reasonable           {theirs:>10.3f} s   {theirs / ours:.1f} times ours")
        if not given.without_owlrl:
            theirs, _ = _owlrl(data)
            print(f"owlrl                {theirs:>10.3f} s   {theirs / ours:.0f} times ours")
        if given.graph is not None:
            copy = Path(name, "large.kg")
            shutil.copytree(given.graph, copy)
            report = reason_graph(copy)
            print(f"{given.graph.name}: stated    {report.statements:>12,}")
            print(f"{given.graph.name}: inferred  {report.inferred.statements:>12,}")
            print(f"{given.graph.name}: seconds   {report.seconds:>12.1f}")


def _read_list(folder: Path) -> bytes:
    """Return the graph of the reading list together with the ontology, as N-Triples."""
    lexicon = open_lexicon()
    build_graph([resource_path("data", "interleukin-7.txt")], folder / "il7.kg", lexicon)
    lexicon.close()
    out = BytesIO()
    with open_graph(folder / "il7.kg") as graph:
        graph.store.dump(out, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return out.getvalue() + ontology_ntriples()


def _infer(data: bytes) -> tuple[float, int]:
    store = Store()
    store.bulk_load(data, RdfFormat.N_TRIPLES)

    def load(chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            store.bulk_load(chunk, RdfFormat.N_QUADS, lenient=True)

    started = time.perf_counter()
    inferred: Inferred = materialise(store, b"", "urn:inferred", load)
    return time.perf_counter() - started, inferred.statements


def _reasonable(data: bytes, folder: Path) -> tuple[float, int]:
    path = folder / "data.ttl"
    path.write_bytes(data)
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(path))
    started = time.perf_counter()
    found = reasoner.reason()
    return time.perf_counter() - started, len(found)


def _owlrl(data: bytes) -> tuple[float, int]:
    graph = rdflib.Graph().parse(data=data, format="nt")
    started = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return time.perf_counter() - started, len(graph)


if __name__ == "__main__":
    main()
