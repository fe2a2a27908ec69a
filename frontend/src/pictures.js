// A network as files: SVG and GraphML. Pure, but for the colours that are handed in.

import { SIGNS, TYPES } from "./kinds.js";

const SIDES = { triangle: 3, diamond: 4, pentagon: 5, hexagon: 6, octagon: 8 };

export function escapeXml(text) {
  // XML 1.0 has no control characters but these, and no half of a surrogate pair.
  return String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(/[<>&"']/g, (each) => `&#${each.charCodeAt(0)};`);
}

/**
 * Return a drawn network as SVG: nodes ({x, y, size, label, type}), edges ({from, to, width, label, sign,
 * negated, speculative}) whose ends are such nodes.
 */
export function svgOf(nodes, edges, colour, title) {
  const margin = 60;
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs, 0) - margin - 60, Math.min(...ys, 0) - margin];
  const [width, height] = [Math.max(...xs, 0) + margin + 60 - left, Math.max(...ys, 0) + margin - top];
  const number = (value) => Math.round(value * 10) / 10;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${number(left)} ${number(top)} ${number(width)} ${number(height)}" font-family="sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect x="${number(left)}" y="${number(top)}" width="100%" height="100%" fill="${colour("page")}"/>`,
  ];
  for (const edge of edges) parts.push(edgeOf(edge, colour, number));
  for (const node of nodes) {
    const fill = node.type ? colour(node.type) : colour("raised");
    const line = node.type ? colour(`${node.type}-line`) : colour("quiet");
    parts.push(
      shapeOf(node, number, `fill="${fill}" stroke="${line}" stroke-width="2"`),
      `<text x="${number(node.x)}" y="${number(node.y + node.size / 2 + 14)}" text-anchor="middle" font-size="13" fill="${colour("ink")}" stroke="${colour("page")}" stroke-width="3" paint-order="stroke">${escapeXml(node.label)}</text>`,
    );
  }
  return `${parts.join("\n")}\n</svg>\n`;
}

function shapeOf({ x, y, size, type }, number, look) {
  const [, shape] = TYPES[type] ?? TYPES[""];
  const half = size / 2;
  const sides = SIDES[shape];
  if (sides) {
    const turn = sides === 8 ? Math.PI / 8 : sides === 6 ? Math.PI / 6 : 0;
    const points = Array.from({ length: sides }, (_, side) => {
      const angle = -Math.PI / 2 + turn + (2 * Math.PI * side) / sides;
      return `${number(x + half * Math.cos(angle))},${number(y + half * Math.sin(angle))}`;
    });
    return `<polygon points="${points.join(" ")}" ${look}/>`;
  }
  if (shape === "rhomboid") {
    const points = [[-half, -half * 0.7], [half * 0.6, -half * 0.7], [half, half * 0.7], [-half * 0.6, half * 0.7]];
    return `<polygon points="${points.map(([dx, dy]) => `${number(x + dx)},${number(y + dy)}`).join(" ")}" ${look}/>`;
  }
  if (shape === "ellipse") return `<circle cx="${number(x)}" cy="${number(y)}" r="${number(half)}" ${look}/>`;
  const round = shape === "round-rectangle" ? ` rx="${number(half / 3)}"` : "";
  return `<rect x="${number(x - half)}" y="${number(y - half)}" width="${number(size)}" height="${number(size)}"${round} ${look}/>`;
}

function edgeOf(edge, colour, number) {
  const { from, to, width, sign, negated, speculative, bend = 0 } = edge;
  const line = { "+": colour("celltype-line"), "-": colour("no") }[sign] ?? colour("quiet");
  const dashes = negated ? ' stroke-dasharray="9 6"' : speculative ? ' stroke-dasharray="2 4"' : "";
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  // Several edges between two nodes lie beside each other.
  const [cx, cy] = [(from.x + to.x) / 2 - uy * bend * 2, (from.y + to.y) / 2 + ux * bend * 2];
  const reach = Math.hypot(to.x - cx, to.y - cy) || 1;
  const [ex, ey] = [(to.x - cx) / reach, (to.y - cy) / reach];
  const end = { x: to.x - ex * (to.size / 2 + 3), y: to.y - ey * (to.size / 2 + 3) };
  const path = `<path d="M${number(from.x)} ${number(from.y)}Q${number(cx)} ${number(cy)} ${number(end.x)} ${number(end.y)}" fill="none" stroke="${line}" stroke-width="${number(width)}"${dashes}/>`;
  const said = edge.label
    ? `<text x="${number((from.x + to.x + 2 * cx) / 4)}" y="${number((from.y + to.y + 2 * cy) / 4)}" text-anchor="middle" font-size="11" fill="${colour("ink")}" stroke="${colour("page")}" stroke-width="3" paint-order="stroke">${escapeXml(edge.label)}</text>`
    : "";
  return path + arrowOf(SIGNS[sign]?.[1], end, ex, ey, line, width, number) + said;
}

function arrowOf(shape, { x, y }, ux, uy, colour, width, number) {
  const at = (along, across) => `${number(x - ux * along - uy * across)},${number(y - uy * along + ux * across)}`;
  const size = 7 + width;
  if (shape === "triangle") return `<polygon points="${at(0, 0)} ${at(size, size / 2)} ${at(size, -size / 2)}" fill="${colour}"/>`;
  if (shape === "vee") return `<polygon points="${at(0, 0)} ${at(size, size / 2)} ${at(size / 2, 0)} ${at(size, -size / 2)}" fill="${colour}"/>`;
  if (shape === "tee") return `<polyline points="${at(0, size / 1.6)} ${at(0, -size / 1.6)}" stroke="${colour}" stroke-width="3"/>`;
  return "";
}

const NODE_KEYS = { iri: "string", label: "string", type: "string" };
const EDGE_KEYS = {
  iri: "string", label: "string", predicate: "string", sign: "string", negated: "boolean",
  speculative: "boolean", papers: "int", kind: "string",
};

/** Return a network as GraphML, with what each node and edge is as data. */
export function graphmlOf(nodes, edges) {
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
  ];
  for (const [of, keys] of [["node", NODE_KEYS], ["edge", EDGE_KEYS]]) {
    for (const [name, type] of Object.entries(keys)) {
      parts.push(`  <key id="${of}-${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`);
    }
  }
  parts.push('  <graph edgedefault="directed">');
  for (const node of nodes) {
    parts.push(`    <node id="${escapeXml(node.id)}">${dataOf("node", NODE_KEYS, node)}</node>`);
  }
  for (const edge of edges) {
    const ends = `source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}"`;
    const directed = edge.sign === "" ? ' directed="false"' : "";
    parts.push(`    <edge id="${escapeXml(edge.id)}" ${ends}${directed}>${dataOf("edge", EDGE_KEYS, edge)}</edge>`);
  }
  return `${parts.join("\n")}\n  </graph>\n</graphml>\n`;
}

function dataOf(of, keys, values) {
  return Object.keys(keys)
    .filter((name) => values[name] !== undefined && values[name] !== null)
    .map((name) => `<data key="${of}-${name}">${escapeXml(values[name])}</data>`)
    .join("");
}
