"""Floor 8: an explanation in one sentence, and as a JSON object. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.queries.explain import (
    Explanation,
    Finding,
    Row,
    Stance,
    count_papers,
    count_sentences,
)
from kg.queries.parameters import Resolved
from kg.queries.run import Value

# How a relation is said of two entities, and how it is denied; the saved queries say it alike.
RELATIONS: dict[str, tuple[str, str]] = {
    "activates": ("activates", "does not activate"),
    "inhibits": ("inhibits", "does not inhibit"),
    "upregulates": ("upregulates", "does not upregulate"),
    "downregulates": ("downregulates", "does not downregulate"),
    "regulates": ("regulates", "does not regulate"),
    "promotes": ("promotes", "does not promote"),
    "protects from": ("protects from", "does not protect from"),
    "required for": ("is required for", "is not required for"),
    "binds": ("binds", "does not bind"),
    "expressed in": ("is expressed in", "is not expressed in"),
    "treats": ("treats", "does not treat"),
    "marker of": ("is a marker of", "is not a marker of"),
    "associated with": ("is associated with", "is not associated with"),
}


def say_verdict(explanation: Explanation) -> str:
    """Return what sentences say of a link, with counts, in one sentence.

    What most say comes first, then who denies it, says the opposite or only thinks it possible,
    then the other way round.
    """
    subject, obj = label_of(explanation.subject), label_of(explanation.object)
    clauses = _clauses(explanation, subject, obj)
    back = _reverse_clauses(explanation.standing(Stance.REVERSE), obj, subject)
    if clauses or back:
        said = "; ".join(clauses) or f"No sentence says that {subject} acts on {obj}"
        return f"{said}; the other way round, {'; '.join(back)}." if back else f"{said}."
    if explanation.together:
        counted = _counted(explanation.together)
        verb = "names" if count_sentences(explanation.together) == 1 else "name"
        return f"No sentence says how {subject} and {obj} are related; {counted} {verb} both."
    if explanation.papers:
        papers = explanation.papers
        both = "1 paper mentions" if papers == 1 else f"{papers:,} papers mention"
        return f"No sentence names both {subject} and {obj}; {both} both."
    return f"Nothing in this graph joins {subject} and {obj}."


def label_of(resolved: Sequence[Resolved]) -> str:
    """Return what was asked about by its labels."""
    return " or ".join(each.label for each in resolved)


# One sentence, or several, and what it does.
_SAY = ("says that", "say that")
_SUPPOSE = ("puts forward as possible that", "put forward as possible that")
_DENY_IT = ("denies it", "deny it")
_SUPPOSE_IT = ("only puts it forward as possible", "only put it forward as possible")


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of the sentences: those of `findings` that are `chosen`, and what they do.

    `short` does for those that speak of the relations of the first part, which "it" stands for.
    """

    findings: Sequence[Finding]
    chosen: Callable[[Row], bool]
    verb: tuple[str, str] = _SAY
    short: tuple[str, str] | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for each in self.findings for row in each.rows if self.chosen(row)]


def _clauses(explanation: Explanation, subject: str, obj: str) -> list[str]:
    pro = explanation.standing(Stance.FOR)
    against = explanation.standing(Stance.AGAINST)
    denied = [each for each in against if each.negated]
    it = {each.predicate for each in pro}
    possible = (*pro, *explanation.standing(Stance.SPECULATIVE))
    shares = [
        _Share(pro, _stated),
        _Share([each for each in denied if each.predicate in it], _any, short=_DENY_IT),
        _Share([each for each in denied if each.predicate not in it], _any),
        _Share([each for each in against if not each.negated], _any),
        _Share([each for each in possible if each.predicate in it], _possible, short=_SUPPOSE_IT),
        _Share([each for each in possible if each.predicate not in it], _possible, _SUPPOSE),
    ]
    clauses: list[str] = []
    for share in shares:
        clauses += _say_share(share, subject, obj, first=not clauses)
    return clauses


def _reverse_clauses(findings: Sequence[Finding], subject: str, obj: str) -> list[str]:
    """Return what findings say, those of one sign and those that deny something apart."""
    kinds = dict.fromkeys((each.negated, each.sign) for each in findings)
    return [
        clause
        for kind in sorted(kinds, key=lambda kind: kind[0])
        for chosen, verb in ((_stated, _SAY), (_possible, _SUPPOSE))
        for clause in _say_share(
            _Share([each for each in findings if (each.negated, each.sign) == kind], chosen, verb),
            subject,
            obj,
            first=True,
        )
    ]


def _say_share(share: _Share, subject: str, obj: str, *, first: bool) -> list[str]:
    """Return what a part of the sentences says as a clause, or none; the first counts in full."""
    rows = share.rows
    if not rows:
        return []
    several = count_sentences(rows) != 1
    counted = _counted(rows) if first else f"{count_sentences(rows):,}"
    if share.short is not None:
        return [f"{counted} {share.short[several]}"]
    said = [each for each in share.findings if any(share.chosen(row) for row in each.rows)]
    return [f"{counted} {share.verb[several]} {_says(said, subject, obj)}"]


def _stated(row: Row) -> bool:
    return not row["speculative"]


def _possible(row: Row) -> bool:
    return bool(row["speculative"])


def _any(_row: Row) -> bool:
    return True


def _says(findings: Iterable[Finding], subject: str, obj: str) -> str:
    """Return what findings say in words, the relations joined by commas and "or"."""
    *verbs, last = dict.fromkeys(RELATIONS[each.predicate][each.negated] for each in findings)
    joined = f"{', '.join(verbs)} or {last}" if verbs else last
    return f"{subject} {joined} {obj}"


def _counted(rows: Sequence[Row]) -> str:
    sentences, papers = count_sentences(rows), count_papers(rows)
    return (
        f"{sentences:,} sentence{'' if sentences == 1 else 's'} in "
        f"{papers:,} paper{'' if papers == 1 else 's'}"
    )


def explanation_as_json(explanation: Explanation) -> dict[str, object]:
    """Return an explanation as an object for JSON: what `kg explain` prints, as data."""
    links = explanation.links
    return {
        "subject": [_entity(each) for each in explanation.subject],
        "object": [_entity(each) for each in explanation.object],
        "verdict": say_verdict(explanation),
        "assertions": [
            {
                "assertion": each.text,
                "id": each.id,
                "stance": each.stance.value,
                "predicate": each.predicate,
                "sign": each.sign or None,
                "negated": each.negated,
                "speculative": each.speculative,
                "confidence": each.confidence,
                "papers": count_papers(each.rows),
                "sentences": [_sentence(row, _SAID, links) for row in each.rows],
            }
            for each in explanation.findings
        ],
        "together": {
            "sentences": count_sentences(explanation.together),
            "papers": count_papers(explanation.together),
            "papers_anywhere": explanation.papers,
            "log_likelihood": explanation.log_likelihood,
            "only_named": [
                _sentence(row, _NAMED, links)
                for row in explanation.together
                if not row["assertion"]
            ],
        },
        "paths": [dict(row) for row in explanation.paths],
    }


_PAPER = ("paper", "title", "journal", "year", "retracted")
_SAID = (
    "sentence",
    "field",
    "subject_text",
    "object_text",
    "trigger",
    "speculative",
    "confidence",
    *_PAPER,
)
_NAMED = ("sentence", "field", "text_a", "text_b", *_PAPER)


def _sentence(row: Row, columns: Sequence[str], links: Mapping[str, str]) -> dict[str, Value]:
    return {name: row[name] for name in columns} | {"link": links.get(str(row["paper"]))}


def _entity(resolved: Resolved) -> dict[str, str | None]:
    kind = resolved.type.value if resolved.type else None
    return {"given": resolved.given, "id": resolved.id, "label": resolved.label, "type": kind}
