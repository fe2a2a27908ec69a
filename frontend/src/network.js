// The page of a network: drawn, filtered, expanded, read, and taken away.

import { count, make, save } from "./dom.js";
import { SIGNS, TYPES } from "./kinds.js";
import { graphmlOf } from "./pictures.js";
import { Row, Table } from "./table.js";
import { turtleOf } from "./turtle.js";

const results = document.querySelector("#results");
if (results?.dataset.source) begin();

async function begin() {
  const [{ Drawing }, tools, first] = await Promise.all([
    import("./drawing.js"), import("./resultnetwork.js"), read(results.dataset.source),
  ]);
  new NetworkPage(first, Drawing, tools);
}

async function read(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `the server says ${response.status}`);
  }
  return response.json();
}

class NetworkPage {
  constructor(first, Drawing, tools) {
    this.tools = tools;
    this.nodes = new Map();
    this.edges = new Map();
    this.centre = new Set(first.entities);
    this.isCut = !first.complete;
    this.merge(first);
    this.form = document.querySelector("form.question");
    this.said = results.querySelector(".amount");
    this.said.setAttribute("role", "status");
    this.build(Drawing);
    this.listen();
    this.update();
  }

  merge({ nodes, edges }) {
    for (const node of nodes) if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
    for (const edge of edges) if (!this.edges.has(edge.id)) this.edges.set(edge.id, edge);
  }

  build(Drawing) {
    this.place = make("div", { class: "network", role: "img", tabindex: "0", "aria-label": "Network; the table below has the same edges" });
    this.panel = make("aside", { class: "panel", "aria-live": "polite", "aria-label": "What is chosen" });
    const { button } = this.tools;
    const bar = make(
      "div",
      { class: "tablebar" },
      button("Zoom in", () => this.drawing.zoom(1.3)),
      button("Zoom out", () => this.drawing.zoom(1 / 1.3)),
      button("Fit", () => this.drawing.fit()),
      button("Arrange anew", () => this.drawing.arrange()),
      make("span", { class: "downloads" }, "Save as "),
      button("PNG", async () => save("network.png", await this.tools.pngOf(this.drawing)), "linklike"),
      button("SVG", () => save("network.svg", this.tools.drawnSvg(this.drawing, document.title), "image/svg+xml"), "linklike"),
      button("GraphML", () => save("network.graphml", graphmlOf(...this.taken()), "application/graphml+xml"), "linklike"),
      button("Turtle", () => save("network.ttl", turtleOf(...this.taken()), "text/turtle"), "linklike"),
    );
    const old = results.querySelector(".scroll");
    this.below = make("div");
    const drawn = make("div", { class: "drawn" }, this.place, this.panel);
    for (const each of results.querySelectorAll(":scope > :not(.amount)")) each.remove();
    results.append(bar, drawn, legend(), make("h2", {}, "The same edges as a table"), this.below);
    old?.remove();
    this.rest();
    this.drawing = new Drawing(this.place, { chosen: (what) => this.show(what) });
    this.tools.addKeys(this.place, this.drawing);
  }

  /** What the panel says where nothing is chosen. */
  rest() {
    this.panel.replaceChildren(make("p", { class: "note" }, "Choose an edge to read its sentences, or a node to expand it. Drag to move, scroll to zoom; with the keyboard, arrows move, + and - zoom, and the table below has a button for each edge."));
  }

  listen() {
    const filters = this.form.querySelector(".filters");
    filters.addEventListener("input", () => this.update());
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && filters.contains(event.target)) event.preventDefault();
    });
  }

  /** Return the nodes and edges that the filters leave. */
  filtered() {
    const types = [...this.form.querySelectorAll("[name=type]:checked")].map((each) => each.value);
    const [first, last] = ["from", "to"].map((name) => Number(this.form.elements[name].value) || 0);
    const isLeft = (iri) => !types.length || this.centre.has(iri) || types.includes(this.nodes.get(iri)?.type);
    const edges = [];
    for (const edge of this.edges.values()) {
      if (!isLeft(edge.source) || !isLeft(edge.target)) continue;
      let { papers } = edge;
      if (first || last) {
        papers = edge.years
          .filter(([year]) => year >= first && year <= (last || year))
          .reduce((sum, [, number]) => sum + number, 0);
        if (!papers) continue;
      }
      edges.push({ ...edge, inYears: papers });
    }
    const ends = new Set([...this.centre, ...edges.flatMap((edge) => [edge.source, edge.target])]);
    return { nodes: [...ends].map((iri) => this.nodes.get(iri)).filter(Boolean), edges };
  }

  update() {
    this.shown = this.filtered();
    const { nodes, edges } = this.shown;
    const cut = this.isCut ? "; those that most papers have, there are more" : "";
    const left = this.edges.size - edges.length;
    const hidden = left ? `; ${count(left, "edge")} left out by type or year` : "";
    this.said.textContent = `${count(edges.length, "edge")} between ${count(nodes.length, "entity", "entities")}${cut}${hidden}`;
    this.place.setAttribute("aria-label", `Network of ${count(nodes.length, "entity", "entities")} and ${count(edges.length, "edge")}; the table below has the same`);
    this.drawing.show(
      nodes.map((node) => ({ ...node, isCentre: this.centre.has(node.id) })),
      edges.map((edge) => ({ ...edge, label: labelOf(edge), weight: edge.inYears })),
    );
    this.below.replaceChildren(this.table(edges));
  }

  table(edges) {
    const rows = edges.map((edge) => {
      const [from, to] = [edge.source, edge.target].map((iri) => this.nodes.get(iri));
      const years = edge.years.map(([year]) => year);
      const span = years.length > 1 ? `${Math.min(...years)}–${Math.max(...years)}` : years.join("");
      return new Row(
        [from.label, labelOf(edge), to.label, String(edge.inYears), span],
        [null, null, null, edge.inYears, null],
        () => make(
          "tr",
          {},
          make("td", {}, linkTo(from)),
          make("td", {}, this.tools.button(labelOf(edge), () => this.choose(edge.id), "linklike")),
          make("td", {}, linkTo(to)),
          make("td", { class: "number" }, edge.inYears.toLocaleString("en")),
          make("td", {}, span),
        ),
      );
    });
    const columns = ["from", "relation", "to", "papers", "years"].map((name) => ({ name }));
    return new Table({ columns, rows, caption: "Edges as a table", perPage: 50 }).element;
  }

  /** Choose an edge by way of the table: the panel is where to go on. */
  choose(id) {
    this.drawing.choose(id);
    this.show({ edge: this.edges.get(id) });
    this.panel.scrollIntoView({ block: "nearest" });
    this.panel.querySelector("h2")?.focus();
  }

  show({ node, edge }) {
    if (node) this.showNode(this.nodes.get(node.id));
    else if (edge) this.showEdge(this.edges.get(edge.id));
    else this.rest();
  }

  showNode(node) {
    const isCentre = this.centre.has(node.id);
    const state = make("p", { class: "note", role: "status" });
    const expand = this.tools.button("Expand", () => this.expand(node, state));
    expand.disabled = isCentre;
    this.panel.replaceChildren(
      make("p", { class: `kind ${node.type}` }, TYPES[node.type]?.[0] ?? ""),
      make("h2", { tabindex: "-1" }, linkTo(node)),
      make("p", { class: "note" }, node.curie),
      make("p", { class: "controls" }, expand,
        this.tools.button("Draw around this", () => location.assign(this.address([node.id])))),
      state,
    );
  }

  async expand(node, state) {
    state.textContent = "Reading…";
    const given = new URL(results.dataset.source).searchParams;
    const asked = new URLSearchParams({ entity: node.id, limit: given.get("limit") ?? "200" });
    if (given.get("together")) asked.set("together", given.get("together"));
    try {
      const more = await read(`${results.dataset.server}/graph.json?${asked}`);
      const before = this.edges.size;
      this.merge(more);
      this.centre.add(node.id);
      this.isCut ||= !more.complete;
      this.update();
      this.showNode(node);
      this.panel.querySelector("[role=status]").textContent = `${count(this.edges.size - before, "edge")} more`;
      this.panel.querySelector("h2").focus();
      history.replaceState(null, "", this.address([...this.centre]));
    } catch (error) {
      state.textContent = `It could not be expanded: ${error.message}.`;
    }
  }

  address(entities) {
    const asked = new URL(results.dataset.source).searchParams;
    asked.delete("entity");
    for (const iri of entities) asked.append("entity", this.nodes.get(iri)?.curie ?? iri);
    return `${results.dataset.server}/graph?${asked}`;
  }

  async showEdge(edge) {
    const [from, to] = [edge.source, edge.target].map((iri) => this.nodes.get(iri));
    const head = [
      make("h2", { tabindex: "-1" }, linkTo(from), ` ${labelOf(edge)} `, linkTo(to)),
      make("p", {}, make("a", { href: edge.href }, count(edge.papers, "paper"), ", ", count(edge.sentences, "sentence"))),
    ];
    // By way of the table, nodes are reached through their edges.
    const state = make("p", { class: "note", role: "status" });
    const ends = [from, to].filter((node) => !this.centre.has(node.id));
    const tail = [
      make("p", { class: "controls" }, ...ends.map((node) => this.tools.button(`Expand ${node.label}`, () => this.expand(node, state)))),
      state,
    ];
    if (edge.kind !== "stated") {
      const asked = new URLSearchParams({ entity_a: from.curie, entity_b: to.curie });
      this.panel.replaceChildren(...head, make("p", {}, make("a", { href: `${results.dataset.server}/queries/papers-connecting?${asked}` }, "Sentences that name both")), ...tail);
      return;
    }
    const list = make("ul", { class: "quotes" }, make("li", { class: "note" }, "Reading…"));
    this.panel.replaceChildren(...head, ...tail, list);
    try {
      const { sentences } = await read(`${results.dataset.server}/graph.json?${new URLSearchParams({ assertion: edge.id })}`);
      list.replaceChildren(...sentences.map(quote));
    } catch (error) {
      list.replaceChildren(make("li", {}, `The sentences could not be read: ${error.message}.`));
    }
  }

  taken() {
    return [this.shown.nodes.map((node) => ({ ...node, iri: node.id })), this.shown.edges.map((edge) => ({ ...edge, iri: edge.id }))];
  }
}

function labelOf({ label, negated, speculative }) {
  return `${label}${negated ? " (negated)" : ""}${speculative ? " (speculative)" : ""}`;
}

function linkTo({ href, label, curie, type }) {
  return make("a", { href, class: type ? `entity ${type}` : "thing", title: curie }, make("bdi", {}, label));
}

function quote({ text, href, trigger, negated, speculative, paper }) {
  const at = trigger ? text.indexOf(trigger) : -1;
  const words = at < 0 ? [text] : [text.slice(0, at), make("strong", {}, trigger), text.slice(at + trigger.length)];
  const flags = [
    negated && make("span", { class: "flag no" }, "negated"),
    speculative && make("span", { class: "flag maybe" }, "speculative"),
  ].filter(Boolean);
  return make(
    "li",
    {},
    make("blockquote", { dir: "auto" }, ...(text ? words : [make("a", { href }, "The words of this sentence are not served")])),
    make("p", { class: "note" }, ...flags, flags.length ? " " : "", make("a", { href: paper.href }, paper.title || paper.iri), paper.year ? ` ${paper.year}` : "", " · ", make("a", { href }, "sentence")),
  );
}

/** Say what shapes and lines mean. */
function legend() {
  const types = Object.entries(TYPES).filter(([type]) => type);
  return make(
    "details",
    { class: "legend" },
    make("summary", {}, "What shapes and lines mean"),
    make("ul", {}, ...types.map(([type, [name, shape]]) => make("li", { class: type }, make("b", {}, name), ` ${shape.replace("-", " ")}`))),
    make("ul", {}, ...Object.values(SIGNS).map(([name, arrow]) => make("li", {}, make("b", {}, name), ` ${{ tee: "a bar", none: "no arrowhead", vee: "an open arrowhead", triangle: "an arrowhead" }[arrow]}`)),
      make("li", {}, make("b", {}, "negated"), " a dashed line"), make("li", {}, make("b", {}, "speculative"), " a dotted line"), make("li", {}, make("b", {}, "width"), " how many papers")),
  );
}
