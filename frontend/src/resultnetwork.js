// An answer as a network: statements, or rows in which IRIs stand beside each other.

import { Drawing, colourOf } from "./drawing.js";
import { make, save } from "./dom.js";
import { graphmlOf, svgOf } from "./pictures.js";
import { ask } from "./asking.js";
import { typeOf } from "./kinds.js";
import { textOf } from "./terms.js";

const MOST = 2_000;
const MOST_NAMED = 1_000;
const NAMING = /[#/](?:label|prefLabel|title)$/;

/** Return nodes and edges: of statements as they are; of rows, from the first IRI to each other one. */
export function ofRows({ kind, columns, rows, prefixes }) {
  const nodes = new Map();
  const edges = new Map();
  const labels = new Map();
  let left = 0;
  const node = (term) => {
    const id = idOf(term);
    if (!nodes.has(id)) {
      const iri = term.type === "uri" ? term.value : null;
      nodes.set(id, { id, iri, label: short(textOf(term, prefixes)), type: "" });
    }
    return id;
  };
  const edge = (from, to, label, iri) => {
    const id = `${idOf(from)}\n${label}\n${idOf(to)}`;
    const known = edges.get(id);
    if (known) known.weight += 1;
    else if (edges.size >= MOST) left += 1;
    else edges.set(id, { id, source: node(from), target: node(to), label, iri, sign: ">", weight: 1, kind: "statement" });
  };
  for (const row of rows) {
    if (kind === "graph") {
      const [subject, predicate, object] = row;
      if (object.type !== "literal") edge(subject, object, textOf(predicate, prefixes), predicate.value);
      else if (NAMING.test(predicate.value)) labels.set(idOf(subject), object.value);
    } else {
      const iris = row.map((term, place) => [term, columns[place]]).filter(([term]) => term?.type === "uri");
      for (const [term, name] of iris.slice(1)) {
        if (term.value !== iris[0][0].value) edge(iris[0][0], term, name, null);
      }
    }
  }
  for (const [id, label] of labels) {
    const found = nodes.get(id);
    if (found) Object.assign(found, { label: short(label), isNamed: true });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], left };
}

/** Name the nodes, and find what they are, by asking the endpoint; without an answer they stay. */
export async function nameNodes(network, endpoint) {
  const unnamed = network.nodes.filter((node) => node.iri && !node.isNamed).slice(0, MOST_NAMED);
  const values = unnamed.map((node) => `<${node.iri}>`).join(" ");
  if (!values) return;
  const query = `SELECT ?x ?name ?class WHERE { VALUES ?x { ${values} } OPTIONAL { ?x rdfs:label|dcterms:title ?name } OPTIONAL { ?x a ?class } }`;
  const byIri = new Map(unnamed.map((node) => [node.iri, node]));
  try {
    const { rows } = await ask(endpoint, query);
    for (const [x, name, type] of rows) {
      const node = byIri.get(x.value);
      if (name && !node.isNamed) {
        node.label = short(name.value);
        node.isNamed = true;
      }
      if (type) node.type ||= typeOf(type.value);
    }
  } catch {
    // A network is drawn with the identifiers of its nodes then.
  }
}

function idOf(term) {
  return term.type === "bnode" ? `_:${term.value}` : term.value;
}

function short(text) {
  return text.length > 60 ? `${text.slice(0, 58)}…` : text;
}

/** Fill a panel with a network, what is chosen in it, and ways to take it away. */
export function showResultNetwork(panel, network, { link, prefixes }) {
  const place = make("div", {
    class: "network", role: "img", tabindex: "0",
    "aria-label": `Network of ${network.nodes.length} nodes and ${network.edges.length} edges; the table has the same`,
  });
  const said = make("p", { class: "chosen", role: "status" }, "Choose a node or an edge to see what it is; drag to move, scroll to zoom.");
  // What is drawn measures its place, which has to be in the page.
  panel.append(place, said);
  const drawing = new Drawing(place, {
    chosen: ({ node, edge }) => {
      if (node) {
        said.replaceChildren(node.iri ? make("a", { href: link(node.iri) }, node.label) : node.label, node.iri ? ` ${prefixes.shorten(node.iri)}` : "");
      } else if (edge) {
        const [from, to] = [edge.source, edge.target].map((id) => drawing.cy.getElementById(id).data());
        said.replaceChildren(`${from.label} — ${edge.label} → ${to.label}`);
      }
    },
  });
  const bar = make(
    "div",
    { class: "tablebar" },
    button("Zoom in", () => drawing.zoom(1.3)),
    button("Zoom out", () => drawing.zoom(1 / 1.3)),
    button("Fit", () => drawing.fit()),
    button("Arrange anew", () => drawing.arrange()),
    make("span", { class: "downloads" }, "Save as "),
    button("PNG", async () => save("network.png", await pngOf(drawing)), "linklike"),
    button("SVG", () => save("network.svg", drawnSvg(drawing, "Result"), "image/svg+xml"), "linklike"),
    button("GraphML", () => save("network.graphml", graphmlOf(network.nodes, network.edges.map((each) => ({ ...each, predicate: each.iri }))), "application/graphml+xml"), "linklike"),
  );
  place.before(bar);
  if (network.left) {
    panel.append(make("p", { class: "note" }, `The first ${MOST.toLocaleString("en")} edges; ${network.left.toLocaleString("en")} more rows of the answer are not drawn.`));
  }
  addKeys(place, drawing);
  drawing.show(network.nodes, network.edges);
  return drawing;
}

export function button(text, act, kind) {
  return make("button", { type: "button", class: kind, onclick: act }, text);
}

/** Let arrows move a drawing, and + and - zoom it, while it has the focus. */
export function addKeys(place, drawing) {
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  place.addEventListener("keydown", (event) => {
    if (event.target !== place) return;
    if (steps[event.key]) drawing.cy.panBy({ x: steps[event.key][0], y: steps[event.key][1] });
    else if (event.key === "+" || event.key === "=") drawing.zoom(1.3);
    else if (event.key === "-") drawing.zoom(1 / 1.3);
    else if (event.key === "0") drawing.fit();
    else return;
    event.preventDefault();
  });
}

export function pngOf(drawing) {
  return drawing.cy.png({ output: "blob-promise", full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: colourOf("page") });
}

export function drawnSvg(drawing, title) {
  const { cy } = drawing;
  const nodes = new Map(cy.nodes().map((each) => [each.id(), { ...each.data(), ...each.position() }]));
  const beside = new Map();
  const edges = cy.edges().map((each) => {
    const { source, target } = each.data();
    const pair = [source, target].sort().join("\u0000");
    const place = beside.get(pair) ?? 0;
    beside.set(pair, place + 1);
    const side = (place % 2 ? -1 : 1) * (source < target ? 1 : -1);
    return { ...each.data(), from: nodes.get(source), to: nodes.get(target), bend: Math.ceil(place / 2) * 18 * side };
  });
  return svgOf([...nodes.values()], edges, colourOf, title);
}
