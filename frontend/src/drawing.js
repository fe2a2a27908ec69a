// Draws a network with Cytoscape: nodes by type, edges by predicate and sign, width by evidence.
//
// Meaning never hangs on colour alone: each type of node has a shape too, each sign an arrowhead of its
// own, and what is negated or speculative a line of its own beside its words.

import cytoscape from "cytoscape";
import { make } from "./dom.js";
import { SIGNS, TYPES } from "./kinds.js";
import { layOut } from "./layout.js";

const FEW = 45;
const MANY = 800;

export function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A drawn network; `chosen({node} | {edge} | {})` is told what is clicked. */
export class Drawing {
  constructor(container, { chosen, isDirected = true }) {
    this.container = container;
    this.isDirected = isDirected;
    this.stop = () => {};
    keepOutStyles();
    this.cy = cytoscape({
      container,
      style: this.style(),
      layout: { name: "preset" },
      minZoom: 0.05,
      maxZoom: 4,
      // What moves under the hand is a picture of what was drawn, so that thousands of edges do.
      textureOnViewport: true,
      motionBlur: false,
      boxSelectionEnabled: false,
      pixelRatio: "auto",
    });
    this.cy.on("tap", "node", (event) => chosen({ node: event.target.data() }));
    this.cy.on("tap", "edge", (event) => chosen({ edge: event.target.data() }));
    this.cy.on("tap", (event) => event.target === this.cy && chosen({}));
    this.schemes = matchMedia("(prefers-color-scheme: dark)");
    this.schemes.addEventListener("change", () => this.cy.style(this.style()));
  }

  /** Show nodes ({id, label, type}) and edges ({id, source, target, label, sign, weight, ...}). */
  show(nodes, edges) {
    this.stop();
    const { cy } = this;
    const wanted = new Set([...nodes, ...edges].map((each) => each.id));
    const had = new Set();
    cy.batch(() => {
      cy.elements().forEach((each) => {
        if (wanted.has(each.id())) had.add(each.id());
        else each.remove();
      });
      for (const each of [...nodes, ...edges]) {
        if (had.has(each.id)) cy.getElementById(each.id).data(each);
      }
      const near = placesNear(cy, edges);
      cy.add(nodes.filter((each) => !had.has(each.id)).map((each, place) => ({
        group: "nodes", data: each, position: near(each.id, place),
      })));
      cy.add(edges.filter((each) => !had.has(each.id)).map((each) => ({ group: "edges", data: each })));
      const most = Math.max(1, ...edges.map((each) => each.weight));
      cy.edges().forEach((each) => {
        each.data("width", 1.6 + 5.5 * Math.sqrt((each.data("weight") - 1) / Math.max(1, most - 1)));
      });
      cy.nodes().forEach((each) => {
        each.data("size", Math.min(64, 22 + 4 * Math.sqrt(each.degree(false))));
      });
      cy.elements().toggleClass("many", cy.edges().length > FEW).toggleClass("crowd", cy.edges().length > MANY);
    });
    this.arrange(had.size > 0 && nodes.length > had.size ? had : new Set());
  }

  /** Lay all out anew; nodes in `kept` stay where they are. */
  arrange(kept = new Set()) {
    const { cy } = this;
    this.stop();
    const nodes = cy.nodes().map((each) => ({
      id: each.id(), ...each.position(), size: each.data("size"), fixed: kept.has(each.id()),
    }));
    const most = Math.max(1, ...cy.edges().map((each) => each.data("weight")));
    const edges = cy.edges().map((each) => ({
      source: each.data("source"), target: each.data("target"), weight: each.data("weight") / most,
    }));
    this.container.dataset.settled = "false";
    // All in view from the beginning, and not only once the first steps of many are done.
    if (!kept.size) cy.fit(undefined, 30);
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches || nodes.length > 150;
    let frames = 0;
    this.stop = layOut(nodes, edges, (placed, isDone) => {
      frames += 1;
      // A large one is drawn now and then only: drawing takes longer than a step.
      if (!isDone && quiet && frames % 25 !== 0) return;
      cy.batch(() => {
        for (const { id, x, y } of placed) cy.getElementById(id).position({ x, y });
      });
      cy.fit(undefined, 30);
      if (isDone) {
        if (cy.zoom() > 1.4) {
          cy.zoom(1.4);
          cy.center();
        }
        this.container.dataset.settled = "true";
      }
    });
  }

  /** Bring an element into view and choose it. */
  choose(id) {
    this.cy.elements().unselect();
    const found = this.cy.getElementById(id);
    if (found.nonempty()) {
      found.select();
      const { x1, y1, x2, y2 } = this.cy.extent();
      const box = found.boundingBox();
      if (box.x1 < x1 || box.x2 > x2 || box.y1 < y1 || box.y2 > y2) this.cy.center(found);
    }
  }

  zoom(factor) {
    const { cy } = this;
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  fit() {
    this.cy.fit(undefined, 30);
  }

  destroy() {
    this.stop();
    this.cy.destroy();
  }

  style() {
    const ink = colourOf("ink");
    const page = colourOf("page");
    const quiet = colourOf("quiet");
    const accent = colourOf("accent");
    const types = Object.entries(TYPES).map(([type, [, shape]]) => ({
      selector: `node[type = "${type}"]`,
      style: {
        shape,
        "background-color": type ? colourOf(type) : colourOf("raised"),
        "border-color": type ? colourOf(`${type}-line`) : quiet,
      },
    }));
    const signs = Object.entries(SIGNS).map(([sign, [, shape]]) => ({
      selector: `edge[sign = "${sign}"]`,
      style: { "target-arrow-shape": shape },
    }));
    return [
      {
        selector: "node",
        style: {
          width: "data(size)", height: "data(size)", "border-width": 2, label: "data(label)", color: ink,
          "font-size": 13, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis",
          "text-max-width": 150, "text-outline-color": page, "text-outline-width": 2.5,
          "min-zoomed-font-size": 6,
        },
      },
      ...types,
      {
        selector: "edge",
        style: {
          width: "data(width)", "line-color": quiet, "target-arrow-color": quiet, "curve-style": "bezier",
          "control-point-step-size": 36, "arrow-scale": 1.1, label: "data(label)", color: ink,
          "font-size": 11, "text-rotation": "autorotate", "text-outline-color": page,
          "text-outline-width": 2.5, "min-zoomed-font-size": 7, "line-opacity": 0.75,
        },
      },
      ...signs,
      { selector: "edge[sign = '-']", style: { "line-color": colourOf("no"), "target-arrow-color": colourOf("no") } },
      { selector: "edge[sign = '+']", style: { "line-color": colourOf("celltype-line"), "target-arrow-color": colourOf("celltype-line") } },
      { selector: "edge[?speculative]", style: { "line-style": "dotted" } },
      { selector: "edge[?negated]", style: { "line-style": "dashed", "line-dash-pattern": [9, 6] } },
      { selector: "edge[kind = 'together']", style: { "line-color": colourOf("line"), "target-arrow-shape": "none" } },
      { selector: "node.many", style: { "font-size": 15, "min-zoomed-font-size": 9 } },
      { selector: "edge.many", style: { label: "" } },
      { selector: "edge.crowd", style: { "curve-style": "straight", "line-opacity": 0.5 } },
      { selector: "node[?isCentre]", style: { "border-width": 5, "font-weight": "bold" } },
      { selector: ":selected", style: { "border-color": accent, "border-width": 5, "line-color": accent, "target-arrow-color": accent, "line-opacity": 1, label: "data(label)", "z-index": 9 } },
    ];
  }
}

/** Let Cytoscape find the style element that it would make, which the page's policy forbids. */
function keepOutStyles() {
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(make("meta", { id, name: "network" }));
}

/** Return where a new node begins: near one that is there and that it goes with. */
function placesNear(cy, edges) {
  const near = new Map();
  for (const { source, target } of edges) {
    for (const [one, other] of [[source, target], [target, source]]) {
      const found = cy.getElementById(other);
      if (found.nonempty() && !near.has(one)) near.set(one, found.position());
    }
  }
  return (id, place) => {
    const { x, y } = near.get(id) ?? { x: 0, y: 0 };
    const angle = place * 2.4;
    const far = 30 + 12 * Math.sqrt(place);
    return { x: x + far * Math.cos(angle), y: y + far * Math.sin(angle) };
  };
}
