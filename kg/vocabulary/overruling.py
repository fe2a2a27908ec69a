"""Floor 5: a user's own names put over those of the vocabularies.

A name of the user's is the only one for what is written as it is: names of the vocabularies that
would be read there are taken out, and the user's own is filed with a score that none exceeds.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.model import EntityType, Problem, Scope, Synonym, Term
from kg.vocabulary.gathering import Entries, Gathered
from kg.vocabulary.lexicon import equivalents, squash
from kg.vocabulary.own_names import OWN_NAME, OwnName, OwnTable, own_problem, read_own_names
from kg.vocabulary.referents import successors

_SCORE = {Scope.EXACT: 1.0, Scope.RELATED: 0.9, Scope.BROAD: 0.8, Scope.NARROW: 0.8}
_MOST_PROBLEMS = 1000  # kept with a lexicon; more say nothing more


class Overruling:
    """Puts the names of some tables over what was gathered; see `apply`."""

    def __init__(self, gathered: Gathered, tables: Sequence[OwnTable]) -> None:
        self._gathered = gathered
        self._tables = tables
        self._problems: list[tuple[int, int, str]] = []
        self._lost = 0
        self._given: dict[str, tuple[OwnName, int]] = {}
        self._types: dict[str, EntityType] = {}
        self._resolved: dict[str, str] = {}

    def apply(self) -> None:
        """Read the tables, take out what they overrule, and file their names."""
        self._read()
        for own, _ in self._given.values():
            _take_out(self._gathered.names, own)
        by_term: dict[str, list[OwnName]] = defaultdict(list)
        for own, _ in self._given.values():
            if own.curie:
                by_term[self._resolved[own.curie]].append(own)
        for curie, names in by_term.items():
            term = self._with_synonyms(curie, names)
            self._gathered.terms[curie] = term
            for own in names:
                self._gathered.add_name(term, own.text, OWN_NAME, _SCORE[own.scope])

    @property
    def problems(self) -> str:
        """What was wrong with the tables, as `problems_of` reads it."""
        problems = sorted(self._problems[:_MOST_PROBLEMS])
        if self._lost > len(problems):
            number, line, _ = self._problems[-1]
            problems.append(
                (number, line, f"this and {self._lost - len(problems) - 1} more cannot be used")
            )
        return json.dumps(problems)

    @property
    def forbidden(self) -> list[str]:
        """The names that the tables forbid."""
        return [text for text, (own, _) in self._given.items() if not own.curie]

    def _read(self) -> None:
        for number, table in enumerate(self._tables):
            rows: list[OwnName] = []
            for item in read_own_names(table):
                if isinstance(item, Problem):
                    self._tell(number, item.locator.line, item.message)
                else:
                    rows.append(item)
            self._resolve(rows)
            for own in rows:
                message = self._objection(own) or self._conflict(own)
                if message:
                    self._tell(number, own.line, message)
                else:
                    self._given.setdefault(own.text, (own, number))

    def _tell(self, number: int, line: int, message: str) -> None:
        self._lost += 1
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append((number, line, message))
        elif self._lost == _MOST_PROBLEMS + 1:
            self._problems.append((number, line, ""))

    def _resolve(self, rows: Iterable[OwnName]) -> None:
        """Find the terms that CURIEs stand for, and the types of those that are new."""
        terms = self._gathered.terms
        unknown = {own.curie for own in rows if own.curie and own.curie not in terms}
        named: dict[str, set[str]] = defaultdict(set)
        if unknown:
            for term in terms.values():
                for curie in unknown.intersection(equivalents(term)).difference(term.close):
                    named[curie].add(term.curie)
            replaced = successors(self._gathered)
            for curie in unknown.intersection(replaced).difference(named):
                named[curie].add(replaced[curie])
        for own in rows:
            if not own.curie:
                continue
            same = named.get(own.curie, set())
            curie = min(same) if len(same) == 1 else own.curie
            self._resolved[own.curie] = curie
            known = terms.get(curie)
            kind = known.type if known is not None else own.type
            if kind is not None:
                self._types.setdefault(curie, kind)

    def _objection(self, own: OwnName) -> str:
        """Return why a name cannot be its term's, or nothing."""
        if not own.curie:
            return ""
        curie = self._resolved[own.curie]
        kind = self._types.get(curie)
        if kind is None:
            return (
                f"{own.curie} is not in the vocabularies that are on, so its type is needed: "
                f"one of {', '.join(EntityType)}"
            )
        if own.type is not None and own.type is not kind:
            return f"{own.curie} is a {kind}, not a {own.type}; leave the type empty or correct it"
        return ""

    def _conflict(self, own: OwnName) -> str:
        """Return what another line says of the same name, or nothing."""
        if own.text not in self._given:
            return ""
        other, number = self._given[own.text]
        is_same_term = self._resolved.get(other.curie) == self._resolved.get(own.curie)
        if is_same_term and other.scope is own.scope:
            return ""
        place = f"{self._tables[number].path.name}:{other.line}"
        what = f"given to {other.curie} ({other.scope})" if other.curie else "forbidden"
        return f"'{own.text}' is {what} in {place}, which holds; remove one of the two lines"

    def _with_synonyms(self, curie: str, names: Sequence[OwnName]) -> Term:
        """Return a term with its new synonyms; a new term is called by its first exact name."""
        term = self._gathered.terms.get(curie)
        if term is None:
            label = next((own for own in names if own.scope is Scope.EXACT), names[0]).text
            synonyms = tuple(_synonym(own) for own in names if own.text != label)
            return Term(curie=curie, label=label, type=self._types[curie], synonyms=synonyms)
        known = {term.label, *(one.text for one in term.synonyms)}
        added = (_synonym(own) for own in names if own.text not in known)
        return replace(term, synonyms=(*term.synonyms, *added))


def _synonym(own: OwnName) -> Synonym:
    return Synonym(text=own.text, scope=own.scope, kind=OWN_NAME, source="user")


def _take_out(names: dict[str, Entries], own: OwnName) -> None:
    """Take out the names that would be read where a name of the user's stands."""
    entries = names.get(own.key)
    if entries is None:
        return
    kept = {
        entry: value
        for entry, value in entries.items()
        if not _is_read_as(own.text, entry[1], is_symbol=value[2])
    }
    if kept:
        names[own.key] = kept
    else:
        del names[own.key]


def _is_read_as(text: str, name: str, *, is_symbol: bool) -> bool:
    """Tell whether a name that is filed under a text's key would be read in that text.

    >>> _is_read_as("T cells", "T cell", is_symbol=False), _is_read_as("Cat", "CAT", is_symbol=True)
    (True, True)
    >>> _is_read_as("cat", "CAT", is_symbol=True), _is_read_as("CAT", "cat", is_symbol=False)
    (False, False)
    """
    if text == name:
        return True
    if not is_symbol:
        return not (len(text) <= 5 and text.isupper() and not name.isupper())
    if squash(text) != squash(name) and text != f"{name}s":
        return False
    return not text.islower() or any(char.isdigit() for char in text)


def problems_of(recorded: str, tables: Sequence[OwnTable]) -> tuple[Problem, ...]:
    """Return the problems that `Overruling.problems` holds, at the paths of the tables as given."""
    return tuple(
        own_problem(tables[number].path, line, message)
        for number, line, message in json.loads(recorded)
    )
