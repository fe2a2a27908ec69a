"""Floor 10: assertions with the sentences that they rest on, and papers with those that name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kg.descriptions import Readable
from kg.descriptions.model import nodes, select, text_of
from kg.descriptions.sentences import Sentence, find_naming, read_sentences
from kg.descriptions.statements import Evidence, Statement, read_evidence
from kg.namespaces import KG, RDFS
from kg.service.pages.marking import mark_entities
from kg.service.pages.shown import Link, Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of a paper; `marked` is None where the graph holds no texts.

    `negated` and `speculative` tell how it says something.
    """

    marked: Markup | None
    href: str
    paper: Link
    year: int = 0
    negated: bool = False
    speculative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An assertion in words, with some of the sentences that it rests on."""

    link: Link
    subject: Link
    verb: str
    object: Link
    sign: str
    negated: bool
    speculative: bool
    papers: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A paper as lists have it: its title, where it was published, sentences of it."""

    link: Link
    year: int
    byline: str
    journal: str
    retracted: bool
    quotes: tuple[Quote, ...] = ()


class Quotes:
    """What assertions rest on, read for many at once; `iris` are things that names are needed of.

    Names are to be read (`Shown.names`) between making this and `tell`.
    """

    def __init__(self, graph: Readable, statements: Sequence[Statement], each: int) -> None:
        self._statements = statements
        self._evidence = read_evidence(graph, [one.assertion for one in statements], each)
        every = [one for some in self._evidence.values() for one in some]
        self._sentences = read_sentences(graph, [one.sentence for one in every])
        self.iris: list[str] = [
            *(iri for one in statements for iri in one.names),
            *(one.assertion for one in statements),
            *(one.paper for one in every),
        ]

    def tell(self, shown: Shown) -> list[Told]:
        """Return the assertions as they are shown."""
        return [self._told(shown, one) for one in self._statements]

    def _told(self, shown: Shown, one: Statement) -> Told:
        return Told(
            link=shown.link(one.assertion),
            subject=shown.link(one.subject),
            verb=in_words(shown.names.property(one.predicate), negated=one.negated),
            object=shown.link(one.object),
            sign=one.sign,
            negated=one.negated,
            speculative=one.speculative,
            papers=one.papers,
            quotes=tuple(
                self._quote(shown, one, each) for each in self._evidence.get(one.assertion, ())
            ),
        )

    def _quote(self, shown: Shown, one: Statement, each: Evidence) -> Quote:
        sentence = self._sentences.get(each.sentence)
        ends = {one.subject, one.object}
        marked = None
        if sentence is not None and sentence.text is not None:
            words = {each.subject, each.object}
            # Members and subtypes too, where they are what was meant.
            ends |= {entity for said, entity in sentence.mentioned if said in words}
            marked = mark_entities(shown, sentence, ends, each.trigger, each.at)
        return Quote(
            marked=marked,
            href=shown.addresses.sentence(each.paper, each.sentence),
            paper=shown.link(each.paper),
            year=each.year,
            negated=each.negated,
            speculative=each.speculative,
        )


def in_words(relation: str, *, negated: bool) -> str:
    """Return the name of a relation as the verb of a sentence.

    >>> in_words("protects from", negated=True), in_words("associated with", negated=False)
    ('does not protect from', 'is associated with')
    """
    verb, _, rest = relation.partition(" ")
    if not verb.endswith("s"):
        return f"is {'not ' if negated else ''}{relation}"
    plain = "have" if verb == "has" else verb[:-1]
    return f"does not {plain} {rest}".rstrip() if negated else relation


def read_cited(
    graph: Readable,
    shown: Shown,
    papers: Sequence[tuple[str, int]],
    entity: str = "",
    each: int = 2,
) -> list[Cited]:
    """Return papers as lists have them; with an entity, sentences that name it."""
    iris = [paper for paper, _ in papers]
    facts = _facts(graph, iris)
    naming = find_naming(graph, entity, iris, each) if entity else {}
    shown.names.read([*iris, *([entity] if entity else [])])
    return [
        Cited(
            link=shown.link(paper),
            year=year,
            byline=facts[paper].get("byline", ""),
            journal=facts[paper].get("journal", ""),
            retracted=facts[paper].get("retracted") == "true",
            quotes=tuple(_naming(shown, naming, paper, entity)),
        )
        for paper, year in papers
    ]


def _naming(
    shown: Shown, naming: Mapping[str, Sequence[Sentence]], paper: str, entity: str
) -> Iterable[Quote]:
    for one in naming.get(paper, ()):
        yield Quote(
            marked=None if one.text is None else mark_entities(shown, one, {entity}),
            href=shown.addresses.sentence(paper, one.iri),
            paper=shown.link(paper),
        )


def _facts(graph: Readable, papers: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the byline, the journal, and whether it was retracted, of each of some papers."""
    facts: dict[str, dict[str, str]] = {paper: {} for paper in papers}
    if not facts:
        return facts
    block = f"VALUES ?p {{ {nodes(list(facts))} }}"
    rows = select(
        graph,
        f'SELECT ?p ?k ?v {{ {{ {block} ?p <{KG}byline> ?v BIND("byline" AS ?k) }} UNION '
        f"{{ {block} ?p <{KG}publishedIn> ?in . ?in <{RDFS}label> ?v "
        f'BIND("journal" AS ?k) }} UNION '
        f'{{ {block} ?p <{KG}retracted> ?v BIND("retracted" AS ?k) }} }}',
    )
    for row in rows:
        facts[row["p"].value][text_of(row, "k")] = text_of(row, "v")
    return facts
