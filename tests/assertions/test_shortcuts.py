"""What is left out because it could state nothing, states nothing: found by leaving nothing out."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.assertions import vocabulary as voc
from kg.assertions.candidates import Candidate
from kg.assertions.chunks import Kind
from kg.assertions.clauses import Sentence
from kg.assertions.groups import read_aftermath, read_indication, read_levels
from kg.assertions.reading import AssertionReader
from kg.assertions.rules import _read_phrase
from kg.assertions.triggers import load_triggers
from kg.assertions.verbs import read_verb
from kg.model import Evidence, Mention

Mark = Callable[..., tuple[str, tuple[Mention, ...]]]

_NAMES = """
    [leptin] [IL-6] [TNF] [AMPK] [macrophages] [T cells] [asthma] [diabetes] [mice] [liver]
    [hepatic] [apoptosis] [inflammation] [metformin] [LPS] [aspirin]
""".strip()
_SIGNS = (
    ", , ; : ( ) - / ? had has was were is shown found after during for of of in in with by and"
)


def _words() -> list[str]:
    """Return words of all kinds that the rules tell apart, each as often as it is on a list."""
    triggers = load_triggers()
    tables = (triggers.verbs, triggers.adjectives, triggers.nouns, triggers.agents)
    words = [word for table in tables for word in sorted(table)[::9]]
    words += [f"-{suffix}" for suffix in sorted(triggers.suffixes)]
    for kind in (voc.MORE, voc.LESS, voc.VARIATIONS, voc.BEARERS, voc.GIVEN, voc.LACKING):
        words += sorted(kind)[::4]
    for kind in (voc.POSSESSIVES, voc.RELATIVES, voc.SUBORDINATORS, voc.NOT, voc.MODALS):
        words += sorted(kind)
    return words + "we it levels expression mice lacking -/- up regulation the a no group".split()


@pytest.fixture(scope="module")
def thorough() -> Callable[..., tuple[Evidence, ...]]:
    """Read a sentence with every rule at every chunk, whatever words it has."""

    def read_candidates(sentence: Sentence) -> Iterator[Candidate]:
        for number, chunk in enumerate(sentence.chunks):
            if chunk.kind is Kind.VERB:
                yield from read_verb(sentence, number)
            elif chunk.kind is Kind.NOUN:
                yield from _read_phrase(sentence, number)
                yield from read_levels(sentence, number)
                yield from read_aftermath(sentence, number)
                yield from read_indication(sentence, number)

    class _Everything(frozenset[str]):
        def isdisjoint(self, _other: object) -> bool:
            return False

    reader = AssertionReader()
    reader._stating = _Everything()

    def read(text: str, mentions: Sequence[Mention]) -> tuple[Evidence, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kg.assertions.reading.read_candidates", read_candidates)
            return reader.read_sentence(text, mentions)

    return read


_NAMED = st.sampled_from(_NAMES.replace(" cells", "_cells").split())
_WORD = st.sampled_from([*_words(), *_SIGNS.split()])


@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.one_of(_NAMED, _WORD, _WORD), min_size=4, max_size=30))
@example("[mice] lacking [leptin] had more pronounced [asthma] than mice".split())
@example("[asthma] after [aspirin]".split())
@example("reduced [IL-6] in [asthma]".split())
@example("elevated [IL-6] in patients with [asthma]".split())
@example("loss of [leptin] in [asthma]".split())
@example("mutations of [leptin] in [asthma]".split())
@example("[TNF] of its mutations of [leptin] in [asthma]".split())
@example("[metformin] for [diabetes]".split())
def test_no_shortcut_leaves_anything_out(
    reader: AssertionReader,
    thorough: Callable[..., tuple[Evidence, ...]],
    mark: Mark,
    words: list[str],
) -> None:
    text, mentions = mark(" ".join(words).replace("_", " ").replace("] -", "]-"))
    assert reader.read_sentence(text, mentions) == thorough(text, mentions)


def test_they_are_taken(reader: AssertionReader, mark: Mark) -> None:
    text, mentions = mark("[leptin] and [TNF] of the [liver] and [IL-6].")
    words = {token.word for token in reader._tagger.tag(text, mentions, 0)}
    assert reader._stating.isdisjoint(words)
