"""SPARQL written in a browser: completed, run, seen as table, graph and chart, taken away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import violations
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ACTIVATES = "CONSTRUCT WHERE { ?s kg:activates ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def write(page: Page, query: str) -> None:
    page.get_by_role("textbox", name="SPARQL query").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


def rows(page: Page) -> list[list[str]]:
    return [
        row.locator("td").all_inner_texts() for row in page.locator("table.results tbody tr").all()
    ]


def test_a_query_is_completed_run_and_sorted(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    write(page, "SELECT ?gene ?other {\n  ?gene ")
    page.keyboard.type("kg:activa")
    option = page.get_by_role("option", name="kg:activates")
    expect(option).to_contain_text("11 uses")
    # Enter right after the list came is meant for the text.
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.keyboard.insert_text(" ?other }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("11 rows in")).to_be_visible()
    page.get_by_role("button", name="other").click()
    given = [row[1] for row in rows(page)]
    by_number = sorted(given, key=lambda curie: (curie.partition(":")[0], curie[-20:].zfill(30)))
    assert len(given) == 11
    assert given == by_number
    assert "FPLX:STAT5" in given
    page.get_by_label("Filter").fill("stat5 6023")
    expect(page.locator("table.results tbody tr")).to_have_count(1)
    page.get_by_role("link", name="FPLX:STAT5").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("STAT5")


def test_who_writes_before_the_editor_is_there_goes_on_in_it(page: Page, site: str) -> None:
    held: list[Route] = []
    page.route("**/built/editor-*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"{site}/editor", wait_until="commit")
    plain = page.get_by_role("textbox", name="Query", exact=True)
    plain.fill("SELECT ?s { ?s a kg:Gene }")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.type(" LIM")
    held[0].continue_()
    expect(page.get_by_role("textbox", name="SPARQL query")).to_be_focused()
    page.keyboard.type("IT 2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results .amount").first).to_contain_text("2 rows")


def test_entities_are_completed_by_name(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    write(page, "SELECT * { ?paper kg:mentions ")
    page.keyboard.type("interleu")
    option = page.get_by_role("option").filter(has_text="HGNC:6023").first
    expect(option).to_be_visible()
    option.click()
    expect(page.get_by_role("textbox", name="SPARQL query")).to_contain_text("mentions HGNC:6023")


def test_statements_are_drawn_and_saved(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/editor")
    write(page, ACTIVATES)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("tab", name="Graph").click()
    expect(page.locator(".network[data-settled=true]")).to_be_visible()
    assert page.locator(".network canvas").count() > 0
    for name, begins in (("SVG", b"<svg"), ("GraphML", b"<?xml"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        file = tmp_path / name
        download.value.save_as(file)
        assert file.read_bytes().startswith(begins)
    assert b">STAT5</text>" in (tmp_path / "SVG").read_bytes()
    # The link leads back to the query and the view.
    page.goto(page.get_by_role("link", name="Link to this query").get_attribute("href") or "")
    expect(page.get_by_role("textbox", name="SPARQL query")).to_contain_text("kg:activates")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("tab", name="Graph")).to_have_attribute("aria-selected", "true")


def test_numbers_are_drawn_as_bars(page: Page, site: str) -> None:
    page.goto(f"{site}/editor?saved=papers-by-year&entity=IL-7")
    expect(page.get_by_role("textbox", name="SPARQL query")).to_contain_text("hgnc/6023")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("tab", name="Table").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Chart")).to_be_focused()
    page.wait_for_selector("svg.bars rect")
    table = len(page.locator("svg.bars rect").all())
    page.get_by_role("tab", name="Table").click()
    assert table == len(rows(page)) > 1


def test_a_mistake_is_shown_at_its_place(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    write(page, "SELECT * {\n  ?s kg:mentions ?o .\n  ?s ?p }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Line 3, column 9")
    assert page.locator(".cm-lintRange-error").inner_text() == "}"
    write(page, "SELECT * { ?s kg:mentions ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("rows in")).to_be_visible()
    assert page.locator(".cm-lintRange-error").count() == 0


def test_a_query_is_cancelled_on_the_server(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    write(page, ENDLESS)
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Asking")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled")).to_be_visible()
    # Its worker was ended, and one that is free answers.
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Yes (true)")).to_be_visible()


def test_an_answer_that_breaks_off_is_said_to(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    # A browser tells a page of a connection that broke off by way of an error while it reads.
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = async (...asked) => {
                const response = await real(...asked);
                if (!String(asked[0]).endsWith('/sparql')) return response;
                const reader = response.body.getReader();
                let pieces = 0;
                const body = new ReadableStream({
                    async pull(out) {
                        const {value} = await reader.read();
                        pieces += 1;
                        if (pieces > 1 || !value) out.error(new TypeError('network error'));
                        else out.enqueue(value.slice(0, 3000));
                    },
                });
                return new Response(body, {status: 200, headers: response.headers});
            };
        }"""
    )
    write(page, "SELECT ?s ?o { ?s rdfs:label ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("broke off before its end")
    assert 1 < len(rows(page)) < 60


def test_an_answer_that_is_too_large_is_said_to_be(
    open_page: Callable[..., Page], il7_graph: Path
) -> None:
    page = open_page()
    with served(il7_graph, "--processes", "1", "--max-rows", "5") as small:
        page.goto(f"{small}/editor")
        write(page, "SELECT ?s { ?s rdfs:label ?o }")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("more than 5 rows")


def test_without_scripts_a_form_gives_a_page(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/sparql")
    page.get_by_label("Query", exact=True).fill("SELECT ?s ?o { ?s kg:activates ?o }")
    page.get_by_role("button", name="Run").click()
    assert page.url == f"{site}/sparql"
    assert len(rows(page)) == 11
    assert page.get_by_role("link", name="CSV").get_attribute("href")
    page.get_by_label("Query", exact=True).fill("SELECT * {\n\t?s }")
    page.get_by_role("button", name="Run").click()
    assert "Line 2, column 5" in page.get_by_role("alert").inner_text()
    assert page.locator("pre.place").inner_text().splitlines() == ["\t?s }", "\t   ^"]
    page.get_by_label("Query", exact=True).fill("ASK { ?s kg:activates ?o }")
    page.get_by_role("button", name="Run").click()
    assert page.get_by_text("Yes (true)").is_visible()


def test_the_keyboard_leads_through(page: Page, site: str) -> None:
    page.goto(f"{site}/editor")
    page.get_by_role("textbox", name="SPARQL query").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("rows in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_all(open_page: Callable[..., Page], site: str, scheme: str) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto(f"{site}/editor")
    write(page, "SELECT ?s ?o ?n { ?s kg:activates ?o . ?a kg:subject ?s ; kg:paperCount ?n }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("rows in")).to_be_visible()
    assert violations(page) == []
    for view, drawn in (("Graph", ".network[data-settled=true]"), ("Chart", "svg.bars")):
        page.get_by_role("tab", name=view).click()
        page.wait_for_selector(drawn)
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
