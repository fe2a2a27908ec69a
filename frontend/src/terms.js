// RDF terms as the JSON of SPARQL results has them, and how a person reads them.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
    "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong"]
    .map((name) => XSD + name),
);

/** Shortens IRIs with prefixes, the longest namespace first. */
export class Prefixes {
  /** `base` is what the IRIs begin with that the graph mints. */
  constructor(prefixes = {}, base = "") {
    this.all = prefixes;
    this.base = base;
    this.sorted = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
  }

  /** Return an IRI with a prefix, such as HGNC:6023, where one fits; else as it is. */
  shorten(iri) {
    for (const [name, space] of this.sorted) {
      if (iri.startsWith(space)) {
        const local = iri.slice(space.length);
        if (/^[\w.-]+$/.test(local) && !local.endsWith(".")) return `${name}:${local}`;
      }
    }
    return iri;
  }

  /** Return the part of an IRI that a person tells it by, where no prefix fits. */
  label(iri) {
    const short = this.shorten(iri);
    if (short !== iri) return short;
    if (this.base && iri.startsWith(this.base) && iri !== this.base) return iri.slice(this.base.length);
    const cut = iri.replace(/^https?:\/\//, "");
    return cut.length > 60 ? `${cut.slice(0, 28)}…${cut.slice(-30)}` : cut;
  }
}

export function isNumber(term) {
  return term?.type === "literal" && NUMBERS.has(term.datatype) && term.value.trim() !== "" &&
    !Number.isNaN(Number(term.value));
}

/** Return a term as text, such as a filter looks at. */
export function textOf(term, prefixes) {
  if (!term) return "";
  if (term.type === "uri") return prefixes.shorten(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<< ${[subject, predicate, object].map((each) => textOf(each, prefixes)).join(" ")} >>`;
  }
  return term.value;
}

/** Return an RDF term as it stands in N-Triples. */
export function ntriples(term) {
  if (term.type === "uri") return `<${term.value}>`;
  if (term.type === "bnode") return `_:${term.value}`;
  const escaped = term.value.replace(/[\\"\n\r]/g, (each) =>
    ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" })[each]);
  if (term["xml:lang"]) return `"${escaped}"@${term["xml:lang"]}`;
  if (term.datatype && term.datatype !== `${XSD}string`) return `"${escaped}"^^<${term.datatype}>`;
  return `"${escaped}"`;
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };
const TRIPLE = new RegExp(
  [
    String.raw`^\s*(?:<([^>]*)>|_:(\S+))`,
    String.raw`\s+<([^>]*)>`,
    String.raw`\s+(?:<([^>]*)>|_:(\S+?)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?)\s*\.\s*$`,
  ].join(""),
);

/** Read N-Triples; lines that are none (the last one of an answer that broke off) are left out. */
export function readTriples(text) {
  const triples = [];
  for (const line of text.split("\n")) {
    const found = TRIPLE.exec(line);
    if (!found) continue;
    const [, s, sb, p, o, ob, literal, language, datatype] = found;
    triples.push({
      subject: s === undefined ? { type: "bnode", value: sb } : { type: "uri", value: unescape(s) },
      predicate: { type: "uri", value: unescape(p) },
      object: objectOf(o, ob, literal, language, datatype),
    });
  }
  return triples;
}

function objectOf(iri, blank, literal, language, datatype) {
  if (iri !== undefined) return { type: "uri", value: unescape(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const term = { type: "literal", value: unescape(literal) };
  if (language) term["xml:lang"] = language;
  if (datatype) term.datatype = unescape(datatype);
  return term;
}

function unescape(text) {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one === undefined ? String.fromCodePoint(parseInt(four ?? eight, 16)) : ESCAPES[one] ?? one);
}
