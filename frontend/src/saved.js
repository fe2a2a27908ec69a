// The page of a saved query: its table sorts and filters, and takes in the pages that follow.

import { make } from "./dom.js";
import { Prefixes, readTriples } from "./terms.js";
import { Row, Table } from "./table.js";

const MOST = 10_000;

const results = document.querySelector("#results");
const table = results?.querySelector("table.results");
if (table) improve(table);

/** Return the rows of a table that the server wrote. */
function rowsOf(body) {
  return [...body.rows].map((row) => {
    const cells = [...row.cells];
    return new Row(
      cells.map((cell) => (cell.querySelector(".unseen") && !cell.querySelector("a, .literal") ? "" : cell.textContent.trim())),
      cells.map((cell) => (cell.dataset.number === undefined ? null : Number(cell.dataset.number))),
      () => document.adoptNode(row),
    );
  });
}

function improve(plain) {
  const heads = [...plain.tHead.rows[0].cells];
  const isPart = results.dataset.next !== "" || results.querySelector(".paging a") !== null;
  const shown = new Table({
    columns: heads.map((cell) => ({ name: cell.textContent, title: cell.title || undefined })),
    rows: rowsOf(plain.tBodies[0]),
    caption: "Answer as a table",
  });
  plain.closest(".scroll").replaceWith(shown.element);
  results.querySelector(".amount").hidden = !isPart;
  if (results.dataset.next) addRest(shown);
  if (results.dataset.graph) addNetwork(shown);
}

/** Offer to read the pages that follow, so that sorting and filtering are over all rows. */
function addRest(shown) {
  let next = results.dataset.next;
  const state = make("span", { role: "status", class: "note" }, "Sorting and filtering are over the rows of this page.");
  const button = make("button", { type: "button" }, "Read all rows");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      while (next && shown.rows.length < MOST) {
        const response = await fetch(next, { headers: { Accept: "text/html" } });
        if (!response.ok) throw new Error(`the server says ${response.status}`);
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const found = page.querySelector("#results");
        shown.add(rowsOf(found.querySelector("table.results").tBodies[0]));
        next = found.dataset.next;
        state.textContent = "Reading…";
      }
      state.textContent = next ? `These are ${MOST.toLocaleString("en")} rows; a file has all of them.` : "These are all rows.";
      results.querySelector("nav.paging:not(.resulttable .paging)")?.remove();
      results.querySelector(".resulthead .amount").hidden = !next;
      button.remove();
    } catch (error) {
      state.textContent = `The rest could not be read: ${error.message}.`;
      button.disabled = false;
    }
  });
  shown.bar.append(button, state);
}

/** Offer to draw the statements of an answer that is a graph. */
function addNetwork(shown) {
  const panel = make("div", { hidden: true });
  const button = make("button", { type: "button", "aria-expanded": "false" }, "Draw as a network");
  button.addEventListener("click", async () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden || panel.childElementCount) return;
    const { server, graph } = results.dataset;
    const [answer, terms, module] = await Promise.all([
      fetch(graph).then((response) => response.text()),
      fetch(`${server}/editor.json`).then((response) => response.json()),
      import("./resultnetwork.js"),
    ]);
    const prefixes = new Prefixes(terms.prefixes, terms.base);
    const rows = readTriples(answer).map(({ subject, predicate, object }) => [subject, predicate, object]);
    const network = module.ofRows({ kind: "graph", columns: [], rows, prefixes });
    await module.nameNodes(network, `${server}/sparql`);
    const link = (iri) => `${server}/entity?iri=${encodeURIComponent(iri)}`;
    module.showResultNetwork(panel, network, { link, prefixes });
  });
  shown.bar.append(button);
  shown.element.before(panel);
}
