// What needs no browser.

import assert from "node:assert/strict";
import test from "node:test";
import { parseResults, placeOf } from "../src/asking.js";
import { columnKinds } from "../src/chart.js";
import { completions, declaredIn, isQuoted } from "../src/completion.js";
import { escapeXml, graphmlOf, svgOf } from "../src/pictures.js";
import { compareRows, Row } from "../src/table.js";
import { Prefixes, ntriples, readTriples } from "../src/terms.js";
import { turtleOf } from "../src/turtle.js";

const uri = (value) => ({ type: "uri", value });
const text = (value, more = {}) => ({ type: "literal", value, ...more });
const GRAPH = {
  prefixes: { kg: "https://w3id.org/litkg/ontology#", HGNC: "http://identifiers.org/hgnc/" },
  terms: [
    { curie: "kg:mentions", label: "mentions", count: 300, kind: "property", definition: "" },
    { curie: "kg:Gene", label: "gene", count: 20, kind: "class", definition: "A gene" },
  ],
};
const offered = (before) => completions(before, before, GRAPH)?.options.map((each) => each.label) ?? null;

test("completion offers terms, prefixes, keywords and variables, each where it may stand", () => {
  assert.ok(offered("SELECT * { ?s kg:men").includes("kg:mentions"));
  assert.ok(!offered("SELECT * { ?s kg:men").includes("SELECT"));
  assert.deepEqual(["HGNC:", "SELECT", "kg:Gene"].filter((each) => offered("SEL").includes(each)).length, 3);
  assert.deepEqual(offered("SELECT ?paper ?year { ?pa"), ["?paper", "?year"]);
  assert.equal(completions("SELECT * { ", "SELECT * { ", GRAPH, false), null);
  assert.equal(completions("SELECT * { ?s kg:m", "SELECT * { ?s kg:m", GRAPH).from, 14);
});

test("nothing is offered in comments, strings and IRIs", () => {
  for (const before of ['SELECT "kg:me', "# kg:me", "SELECT <http://kg:me", "FILTER(?x = 'it\\'s kg:me"]) {
    assert.equal(isQuoted(before), true, before);
    assert.equal(offered(before), null, before);
  }
  for (const before of ['"a" kg:me', "# a\nkg:me", "<http://a> kg:me", "FILTER(?x < kg:me"]) {
    assert.equal(isQuoted(before), false, before);
  }
  assert.deepEqual(declaredIn("PREFIX ex: <http://a/> prefix b: <http://b/>"), ["ex", "b"]);
});

test("an error's place is read from its message", () => {
  assert.deepEqual(placeOf("line 3, column 8 of the query: '}' is not expected here"), { line: 3, column: 8 });
  assert.equal(placeOf("the query ran over its time"), undefined);
});

test("rows that are whole are read from an answer that broke off", () => {
  const whole = '{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}},{"a":{"type":"literal","value":"}},{\\"x"}}]}}';
  const rows = (cut) => parseResults(whole.slice(0, cut), true).results.bindings.map((row) => row.a.value);
  assert.equal(parseResults(whole, false).results.bindings.length, 2);
  for (let cut = 0; cut < whole.length; cut += 1) {
    const found = rows(cut);
    assert.ok(found.length <= 2 && found.every((each, place) => each === ["1", '}},{"x'][place]), String(cut));
  }
  assert.deepEqual(rows(whole.length - 3), ["1", '}},{"x']);
  assert.deepEqual(parseResults('{"head":{"vars":["a"]},"res', true).head.vars, ["a"]);
});

test("N-Triples are read, and what is no whole line is left out", () => {
  const lines = '<http://a/1> <http://p> "a \\"b\\" \\u00e9\\n"@en .\n_:x <http://p> _:y .\n<http://a/1> <http://p> "1"^^<http://int> .\n<http://a/2> <http://p> "cut';
  const triples = readTriples(lines);
  assert.equal(triples.length, 3);
  assert.deepEqual(triples[0].object, { type: "literal", value: 'a "b" é\n', "xml:lang": "en" });
  assert.deepEqual([triples[1].subject, triples[1].object].map((each) => each.value), ["x", "y"]);
  assert.equal(ntriples(triples[0].object), '"a \\"b\\" é\\n"@en');
});

test("IRIs are shortened by the longest prefix, and only to what SPARQL reads", () => {
  const prefixes = new Prefixes({ a: "http://a/", ab: "http://a/b/" }, "https://base/");
  assert.equal(prefixes.shorten("http://a/b/c"), "ab:c");
  assert.equal(prefixes.shorten("http://a/b/c/d"), "http://a/b/c/d");
  assert.equal(prefixes.label("https://base/paper/cit-1"), "paper/cit-1");
});

test("rows are ordered by number where there are numbers, and what is empty comes first", () => {
  const rows = [["10", 10], ["9", 9], ["", null], ["b10", null], ["b9", null]].map(([words, number]) => new Row([words], [number], () => null));
  const sorted = rows.sort((a, b) => compareRows(a, b, 0)).map((row) => row.texts[0]);
  assert.deepEqual(sorted, ["", "9", "10", "b9", "b10"]);
});

test("a chart takes columns of numbers", () => {
  const number = text("3", { datatype: "http://www.w3.org/2001/XMLSchema#integer" });
  assert.deepEqual(columnKinds(["a", "b"], [[uri("http://a"), number], [uri("http://b"), undefined]]), { numbers: [1], others: [0] });
});

const NODES = [
  { id: "http://a", iri: "http://a", label: 'A & <B> "c"\u0001', type: "gene", class: "https://w3id.org/litkg/ontology#Gene", x: 0, y: 0, size: 20 },
  { id: "http://b", iri: "http://b", label: "b", type: "disease", class: null, x: 90, y: 40, size: 20 },
];
const EDGES = [
  { id: "http://e1", iri: "http://e1", source: "http://a", target: "http://b", kind: "stated", predicate: "https://w3id.org/litkg/ontology#inhibits", label: "inhibits", sign: "-", negated: false, speculative: false, papers: 2, sentences: 3 },
  { id: "http://e2", iri: "http://e2", source: "http://a", target: "http://b", kind: "stated", predicate: "https://w3id.org/litkg/ontology#treats", label: "treats", sign: "-", negated: true, speculative: false, papers: 1, sentences: 1 },
  { id: "http://e3", iri: "http://e3", source: "http://a", target: "http://b", kind: "together", predicate: null, label: "with", sign: "", negated: false, speculative: false, papers: 4, sentences: 0 },
];

test("GraphML and SVG escape what they hold", () => {
  const graphml = graphmlOf(NODES, EDGES);
  assert.ok(graphml.includes("A &#38; &#60;B&#62; &#34;c&#34;\ufffd"));
  assert.ok(graphml.includes('<edge id="http://e3" source="http://a" target="http://b" directed="false">'));
  assert.ok(!/[\u0000-\u0008]/.test(graphml));
  const drawn = EDGES.map((edge) => ({ ...edge, from: NODES[0], to: NODES[1], width: 2 }));
  const svg = svgOf(NODES, drawn, (name) => `c-${name}`, "<t>");
  assert.ok(svg.includes("&#60;t&#62;") && svg.includes('stroke="c-no"') && svg.includes("stroke-dasharray"));
  assert.equal(escapeXml("\ud800a"), "\ufffda");
});

test("Turtle states what is shown, and no negated statement as a plain triple", () => {
  const turtle = turtleOf(NODES, EDGES);
  assert.ok(turtle.includes("<http://a> kg:inhibits <http://b> ."));
  assert.ok(!turtle.includes("<http://a> kg:treats <http://b> ."));
  assert.ok(turtle.includes("kg:coMentioned <http://a> , <http://b>"));
});
