"""Which pairs of entities are co-mentions, and Dunning's log-likelihood of them."""

from collections.abc import Callable, Iterable
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import AnnotatedPublication
from kg.namespaces import KG, content_hash
from kg.rdf.comentions import MIN_GRAPH, CoMentions, log_likelihood
from kg.rdf.entities import Parents

MakePaper = Callable[..., AnnotatedPublication]
BASE = "https://example.org/"
IL7, STAT5A, CD127 = (f"<http://identifiers.org/hgnc/{n}>" for n in (6023, 11366, 6024))
STAT5 = "<https://identifiers.org/fplx:STAT5>"


def write(
    papers: Iterable[AnnotatedPublication], closed: dict[str, Parents] | None = None
) -> list[str]:
    pairs = CoMentions(BASE)
    for paper in papers:
        pairs.pairs.add(paper)
    lines = list(pairs.write(closed or {}))
    assert pairs.written == sum(f"<{KG}CoMention>" in line for line in lines)
    return lines


def found(lines: Iterable[str]) -> dict[frozenset[str], dict[str, str]]:
    """Return the numbers of each co-mention by its two entities."""
    nodes: dict[str, dict[str, str]] = {}
    ends: dict[str, set[str]] = {}
    for line in lines:
        node, predicate, value = line.removesuffix(" .").split(" ", 2)
        name = predicate.strip("<>").removeprefix(KG)
        if name == "coMentioned":
            ends.setdefault(node, set()).add(value)
        elif value.startswith('"'):
            assert name not in nodes.setdefault(node, {})
            nodes[node][name] = value.split('"')[1]
    return {frozenset(ends[node]): numbers for node, numbers in nodes.items()}


def counts(papers: int, sentences: int) -> dict[str, str]:
    return {"paperCount": str(papers), "sentenceCount": str(sentences)}


def test_a_pair_in_one_sentence(make_paper: MakePaper) -> None:
    lines = write([make_paper("1", ("IL-7 and STAT5.",))])
    assert found(lines) == {frozenset({IL7, STAT5}): counts(1, 1)}
    node = f"<{BASE}comention/{content_hash('FPLX:STAT5', 'HGNC:6023')}>"
    assert all(line.startswith(node) for line in lines)


def test_every_sentence_counts_and_every_paper_once(make_paper: MakePaper) -> None:
    papers = [
        make_paper("1", ("IL-7 and STAT5.",), ("STAT5, then IL-7, then IL-7.",)),
        make_paper("2", ("IL-7.",), ("STAT5.",)),
    ]
    assert found(write(papers)) == {frozenset({IL7, STAT5}): counts(2, 2)}


@pytest.mark.parametrize(("papers", "pairs"), [(2, 0), (3, 1), (4, 1)])
def test_papers_alone_make_a_pair_from_three_on(
    make_paper: MakePaper, papers: int, pairs: int
) -> None:
    apart = [make_paper(str(n), ("IL-7 rose.",), ("STAT5 fell.",)) for n in range(1, papers + 1)]
    expected = {frozenset({IL7, STAT5}): counts(papers, 0)} if pairs else {}
    assert found(write(apart)) == expected


def test_one_entity_named_twice_is_no_pair(make_paper: MakePaper) -> None:
    assert write([make_paper("1", ("IL-7 and IL-7.",), ("IL-7.",))] * 4) == []


def test_an_entity_and_its_ancestor_are_no_pair(make_paper: MakePaper) -> None:
    """Neither next to each other in the hierarchy, nor further apart, nor the other way round."""
    paper = make_paper("1", ("STAT5A is a STAT5, unlike IL-7.",))
    closed: dict[str, Parents] = {
        "HGNC:11366": {"FPLX:between": f"{KG}memberOf"},
        "FPLX:between": {"FPLX:STAT5": f"{KG}memberOf"},
        "FPLX:STAT5": {},
        "HGNC:6023": {},
    }
    pairs = {frozenset({IL7, STAT5}), frozenset({IL7, STAT5A})}
    assert found(write([paper], closed)).keys() == pairs
    assert found(write([paper])).keys() == pairs | {frozenset({STAT5, STAT5A})}
    turned: dict[str, Parents] = {"FPLX:STAT5": {"HGNC:11366": "x"}, "HGNC:11366": {}}
    assert found(write([paper], turned)).keys() == pairs


def test_the_order_of_papers_does_not_matter(make_paper: MakePaper) -> None:
    papers = [
        make_paper("1", ("CD127 and STAT5A.",), ("T cells.",)),
        make_paper("2", ("IL-7 and CD127 and T cells.",), ("colitis",)),
        make_paper("3", ("T cells in colitis, and STAT5.",)),
    ] * 40
    lines = write(papers)
    assert lines == write(reversed(papers))
    assert len(lines) == len(set(lines))


def test_a_likelihood_needs_enough_papers(make_paper: MakePaper) -> None:
    both = make_paper("1", ("IL-7 and STAT5.",))
    other = make_paper("2", ("T cells.",))
    few = found(write([both, *[other] * (MIN_GRAPH - 2)]))
    assert few == {frozenset({IL7, STAT5}): counts(1, 1)}
    enough = found(write([both, *[other] * (MIN_GRAPH - 1)]))
    likelihood = enough[frozenset({IL7, STAT5})]["logLikelihood"]
    # One paper of a hundred has both, and no other has either: 2 (ln 100 + 99 ln(100/99)).
    assert likelihood == f"{2 * (log(100) + 99 * log(100 / 99)):.3f}".rstrip("0")


def test_the_counts_of_the_likelihood_are_papers(make_paper: MakePaper) -> None:
    """Sentences and repeated names do not count; papers that mention only one do."""
    papers = [
        *[make_paper("1", ("IL-7 and STAT5.",), ("IL-7 and STAT5 and IL-7.",))] * 5,
        *[make_paper("2", ("IL-7.",), ("IL-7.",))] * 20,
        *[make_paper("3", ("STAT5.",))] * 15,
        *[make_paper("4", ("Nothing.",))] * 80,
    ]
    numbers = found(write(papers))[frozenset({IL7, STAT5})]
    assert numbers == counts(5, 10) | {
        "logLikelihood": f"{log_likelihood(5, 25, 20, 120):.3f}".rstrip("0")
    }


def test_together_less_often_than_by_chance_is_negative(make_paper: MakePaper) -> None:
    papers = [
        make_paper("1", ("IL-7 and STAT5.",)),
        *[make_paper("2", ("IL-7.",))] * 60,
        *[make_paper("3", ("STAT5.",))] * 60,
    ]
    numbers = found(write(papers))[frozenset({IL7, STAT5})]
    assert numbers["logLikelihood"].startswith("-")


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    both, first, second, neither = (draw(st.integers(0, 3000)) for _ in range(4))
    papers = both + first + second + neither
    return both, both + first, both + second, max(papers, 1)


@given(tables())
def test_it_is_dunnings_ratio_of_two_binomials(table: tuple[int, int, int, int]) -> None:
    """Dunning states it as a ratio of likelihoods, not as a sum over the cells of a table."""
    both, first, second, papers = table

    def log_l(share: float, hits: int, tries: int) -> float:
        """Return the logarithm of p^k (1-p)^(n-k); 0·ln 0 is 0."""
        missed = tries - hits
        return (hits * log(share) if hits else 0.0) + (missed * log(1 - share) if missed else 0.0)

    of_first, of_rest = (both, first), (second - both, papers - first)
    pooled = second / papers
    ratio = sum(
        log_l(hits / tries, hits, tries) - log_l(pooled, hits, tries)
        for hits, tries in (of_first, of_rest)
        if tries
    )
    result = log_likelihood(both, first, second, papers)
    assert isclose(abs(result), max(2 * ratio, 0.0), rel_tol=1e-6, abs_tol=1e-6)
    assert isclose(result, log_likelihood(both, second, first, papers), abs_tol=1e-9)
    if both * papers < first * second:
        assert result <= 0
    else:
        assert result >= 0
