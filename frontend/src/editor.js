// The page of the SPARQL editor.

import { ask } from "./asking.js";
import { count, make, save } from "./dom.js";
import { Prefixes } from "./terms.js";
import { showChart } from "./chart.js";
import { Table, rowsOfTerms } from "./table.js";
import { Tabs } from "./tabs.js";
import { Writing } from "./writing.js";

const LONGEST_LINK = 30_000;
const TABLES = [["CSV", "csv"], ["TSV", "tsv"], ["JSON", "json"], ["XML", "xml"]];
const GRAPHS = [["Turtle", "turtle"], ["N-Triples", "ntriples"], ["JSON-LD", "jsonld"], ["RDF/XML", "rdfxml"]];
const SUFFIXES = { turtle: "ttl", ntriples: "nt", jsonld: "jsonld", rdfxml: "rdf" };

const form = document.querySelector("form.ask");
const { server } = form.dataset;
const endpoint = form.getAttribute("action");
const results = document.querySelector("#results");
let prefixes = new Prefixes();
let asking = null;
let view = new URLSearchParams(location.search).get("view") ?? "table";

const knowledge = readKnowledge();
const writing = new Writing(form.elements.query, {
  knowledge,
  suggest,
  run: () => run(),
  cancel: () => (asking ? (asking.abort(), true) : false),
});

const runButton = form.querySelector("button.run");
const cancelButton = make("button", { type: "button", hidden: true, onclick: () => asking?.abort() }, "Cancel");
const state = make("span", { class: "state", role: "status" });
form.querySelector(".plain")?.remove();
runButton.after(cancelButton, state);
form.querySelector(".keys").hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

if (results.dataset.run === "true" || new URLSearchParams(location.search).has("run")) {
  knowledge.then(() => run());
}

/** Read what the graph holds, for completion and for short names. */
async function readKnowledge() {
  try {
    const response = await fetch(`${server}/editor.json`);
    const read = await response.json();
    prefixes = new Prefixes(read.prefixes, read.base);
    return read;
  } catch {
    return { prefixes: {}, terms: [] };
  }
}

async function suggest(words, context) {
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort());
  try {
    const response = await fetch(`${server}/suggest?${new URLSearchParams({ q: words, limit: 8 })}`, { signal: stop.signal });
    return response.ok ? (await response.json()).suggestions : [];
  } catch {
    return [];
  }
}

async function run() {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const query = writing.text;
  writing.clear();
  setBusy(true);
  try {
    const answer = await ask(endpoint, query, mine.signal);
    if (asking !== mine) return;
    remember(query);
    show(answer, query);
  } catch (error) {
    if (asking !== mine) return;
    if (mine.signal.aborted) say("notice", "Cancelled; the server has stopped the query.");
    else showError(error);
  } finally {
    if (asking === mine) {
      asking = null;
      setBusy(false);
    }
  }
}

function setBusy(isBusy) {
  cancelButton.hidden = !isBusy;
  state.textContent = isBusy ? "Asking…" : "";
  results.setAttribute("aria-busy", String(isBusy));
}

function addressOf(query) {
  return `${server}/editor?${new URLSearchParams({ query, view })}`;
}

function remember(query) {
  const address = addressOf(query);
  if (address.length >= LONGEST_LINK) return;
  history.replaceState(null, "", address);
  results.querySelector("a.permanent")?.setAttribute("href", address);
}

function say(kind, text, ...more) {
  results.replaceChildren(make("p", { class: kind, role: kind === "problem" ? "alert" : "status" }, text, ...more));
}

function showError(error) {
  if (error.line) writing.mark(error.line, error.column, error.message.replace(/^[^:]*: /, ""));
  const text = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
  const button = error.line &&
    make("button", { type: "button", onclick: () => writing.focus() }, "Show the place");
  say("problem", `${text}${/[.?!]$/.test(text) ? "" : "."} `, button || "");
}

function show(answer, query) {
  const head = make("div", { class: "resulthead" });
  head.append(make("p", { class: "amount" }, summary(answer)), downloads(answer, query));
  results.replaceChildren(head);
  if (answer.cut) {
    results.prepend(make("p", { class: "notice", role: "alert" }, `${answer.cut} Take the whole of it with a download, or ask for less with LIMIT.`));
  }
  if (answer.kind === "answer") {
    results.append(make("p", { class: "lead" }, answer.rows[0][0].value === "true" ? "Yes (true)" : "No (false)"));
    return;
  }
  if (!answer.rows.length) {
    results.append(make("p", { class: "lead" }, "Nothing in this graph matches."));
    return;
  }
  const shown = { ...answer, prefixes };
  const views = {
    table: {
      title: "Table",
      fill: (panel) => panel.append(tableOf(shown)),
    },
    graph: { title: "Graph", fill: (panel) => showNetwork(panel, shown) },
    chart: { title: "Chart", fill: (panel) => showChart(panel, shown) },
  };
  const chosen = (name) => {
    view = name;
    remember(query);
  };
  results.append(new Tabs(views, { label: "Show as", first: view, chosen }).element);
}

function tableOf({ columns, rows }) {
  return new Table({
    columns: columns.map((name) => ({ name })),
    rows: rowsOfTerms(rows, { prefixes, link: linkOf }),
    caption: "Results as a table",
  }).element;
}

async function showNetwork(panel, answer) {
  const { nameNodes, ofRows, showResultNetwork } = await import("./resultnetwork.js");
  const network = ofRows(answer);
  if (!network.edges.length) {
    panel.append(make("p", { class: "note" }, "A graph needs statements (CONSTRUCT, DESCRIBE) or rows with at least two IRIs; this answer has none."));
    return;
  }
  await nameNodes(network, endpoint);
  showResultNetwork(panel, network, { link: linkOf, prefixes });
}

function summary({ kind, rows, seconds }) {
  const time = `${seconds < 0.1 ? (seconds * 1000).toFixed(0) : seconds.toFixed(1)} ${seconds < 0.1 ? "ms" : "s"}`;
  if (kind === "answer") return `Answered in ${time}`;
  return `${count(rows.length, kind === "graph" ? "statement" : "row")} in ${time}`;
}

function linkOf(iri) {
  return `${server}/entity?iri=${encodeURIComponent(iri)}`;
}

function downloads({ kind }, query) {
  const offers = kind === "graph" ? GRAPHS : TABLES;
  const list = make("p", { class: "downloads" }, "Take away as ");
  offers.forEach(([name, form_], place) => {
    list.append(place ? ", " : "", download(name, form_, query));
  });
  const address = addressOf(query);
  if (address.length < LONGEST_LINK) list.append(" · ", make("a", { href: address, class: "permanent" }, "Link to this query"));
  return list;
}

function download(name, format, query) {
  const file = `results.${SUFFIXES[format] ?? format}`;
  const address = `${endpoint}?${new URLSearchParams({ query, format })}`;
  if (address.length < LONGEST_LINK) return make("a", { href: address, download: file }, name);
  const fetched = async () => {
    const response = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ query, format }) });
    try {
      if (!response.ok) throw new Error(await response.text());
      save(file, await response.blob());
    } catch (error) {
      state.textContent = `The download broke off: ${error.message}`;
    }
  };
  return make("button", { type: "button", class: "linklike", onclick: fetched }, name);
}
