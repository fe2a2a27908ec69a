import pytest

from kg.store import SparqlError
from kg.store.sparql_dataset import with_dataset

A, B = "http://a/", "http://b/"
INSERT = "PREFIX where: <x:> INSERT { ?s where:a 'WHERE' }"
BOTH = f"USING <{A}> USING NAMED <{B}> "


@pytest.mark.parametrize(
    ("update", "wanted"),
    [
        ("INSERT DATA { <x:a> <x:b> 1 }", "INSERT DATA { <x:a> <x:b> 1 }"),
        (
            "DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 ; ?q 3 }",
            f"DELETE {{ ?s ?p 1 }} INSERT {{ ?s ?p 2 }} {BOTH}WHERE {{ ?s ?p 1 ; ?q 3 }}",
        ),
        (
            f"{INSERT} where {{ ?s ?p 'a;b' }} ; CLEAR ALL",
            f"{INSERT} {BOTH}where {{ ?s ?p 'a;b' }} ; CLEAR ALL",
        ),
        (
            "DELETE WHERE { ?s ?p ?o }",
            f"DELETE {{ ?s ?p ?o }} {BOTH}WHERE {{ ?s ?p ?o }}",
        ),
    ],
)
def test_the_dataset_of_a_request_is_written_into_the_update(update: str, wanted: str) -> None:
    assert with_dataset(update, [A], [B]) == wanted


@pytest.mark.parametrize(
    "update",
    [
        "WITH <x:g> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }",
        "CLEAR ALL; INSERT { ?s ?p 1 } USING <x:g> WHERE { ?s ?p 2 }",
    ],
)
def test_an_update_with_a_dataset_of_its_own_is_refused(update: str) -> None:
    with pytest.raises(SparqlError, match="does not go with a dataset that the request names"):
        with_dataset(update, [A], [])
