"""Floor 10: the page of an assertion: what it says, and every sentence that it rests on."""

from kg.descriptions import Description, Readable
from kg.descriptions.statements import read_statements
from kg.namespaces import KG
from kg.service.pages.quotes import Quotes
from kg.service.pages.shown import Shown

_QUOTES = 100


def assertion_values(
    graph: Readable, shown: Shown, description: Description
) -> dict[str, object] | None:
    """Return what the template of an assertion is filled with; None where it is no whole one."""
    statements = list(read_statements(graph, [description.iri]).values())
    if not statements:
        return None
    quotes = Quotes(graph, statements, _QUOTES)
    shown.names.read(quotes.iris)
    (told,) = quotes.tell(shown)
    total = next((each for each in description.outgoing if each.predicate == f"{KG}evidence"), None)
    one = statements[0]
    return {
        "one": told,
        "confidence": description.text(f"{KG}confidence"),
        "evidence": shown.group(description.iri, total, 0) if total else None,
        "is_cut": total is not None and total.total > len(told.quotes),
        "connect_href": shown.addresses.connect(one.subject, one.object),
    }
