"""What reading assertions adds to the time of recognition, on PubMed citations."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import kg
from benchmarks.assertions.reading import Reader
from benchmarks.recognition import read_citations
from kg.annotate.annotator import sentence_bounds


def report_speed(path: Path, limit: int | None, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield each figure: its name and what it comes to.

    The three steps are timed by CPU, citation by citation, in one process with a fresh annotator:
    recognition, its cutting into sentences (which a graph needs without assertions as well), and
    reading. So what else the machine does weighs on all alike. Reading the XML is not timed.
    """
    annotator = kg.Annotator(kg.open_lexicon())
    clock = time.process_time
    recognition = cutting = reading = 0.0
    abstracts = sentences = assertions = 0
    for citation in islice(read_citations(path), limit):
        if not citation[1]:
            continue
        abstracts += 1
        started = clock()
        found = annotator.annotate(citation)
        recognised = clock()
        cut = [
            (text[start:end], [one for one in mentions if start <= one.start < end], start)
            for name, text, mentions in zip(("title", "abstract"), citation, found, strict=True)
            for start, end in sentence_bounds(name, text, mentions)
        ]
        cut_up = clock()
        for text, mentions, start in cut:
            assertions += len(reader.read_sentence(text, mentions, start))
        done = clock()
        sentences += len(cut)
        recognition += recognised - started
        cutting += cut_up - recognised
        reading += done - cut_up
    if not abstracts:
        yield "abstracts", "0"
        return
    before = recognition + cutting
    yield "abstracts, sentences, assertions", f"{abstracts} {sentences} {assertions}"
    for name, seconds in (
        ("recognition alone", recognition),
        ("recognition and sentences", before),
        ("with assertions", before + reading),
    ):
        yield name, f"{seconds:.2f} s CPU, {abstracts / seconds:,.0f} abstracts/s"
    yield "assertions alone", f"{reading:.2f} s CPU, {1e6 * reading / sentences:.0f} µs a sentence"
    yield "ratio, to recognition alone", f"{(before + reading) / recognition:.3f}"
    yield "ratio, to recognition and sentences", f"{(before + reading) / before:.3f}"
