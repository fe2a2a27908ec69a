// Asks the endpoint, reads the answer as it comes, and says whether it is whole.

import { readTriples } from "./terms.js";

const MOST_BYTES = 32_000_000;
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

/** Why there is no answer; `line` and `column` (both from 1) where a place in the query is known. */
export class AskError extends Error {
  constructor(message, status, place) {
    super(message);
    this.status = status;
    this.line = place?.line;
    this.column = place?.column;
  }
}

/**
 * Ask a query: {kind: "table" | "answer" | "graph", columns, rows, cut, bytes, seconds}.
 *
 * `cut` says in words why what is here is not all, and is empty where it is.
 */
export async function ask(address, query, signal) {
  const begun = performance.now();
  const reading = new AbortController();
  signal?.addEventListener("abort", () => reading.abort());
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { Accept: ACCEPT, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query }),
      signal: reading.signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AskError("the server cannot be reached", 0);
  }
  if (!response.ok) throw await refusal(response);
  const { text, cut, bytes } = await readBody(response, reading, signal);
  const isGraph = (response.headers.get("content-type") ?? "").startsWith("application/n-triples");
  const answer = isGraph ? readGraph(text) : readTable(text, cut);
  return { ...answer, cut, bytes, seconds: (performance.now() - begun) / 1000 };
}

async function refusal(response) {
  const message = (await response.text()).trim();
  return new AskError(message, response.status, placeOf(message));
}

/** Return the line and column that a message begins with, or nothing. */
export function placeOf(message) {
  const found = /^line (\d+), column (\d+) of the query/.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
}

async function readBody(response, reading, signal) {
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), cut: "", bytes };
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
      if (bytes > MOST_BYTES) {
        reading.abort();
        return {
          text,
          cut: `Only the first ${Math.round(bytes / 1e6)} MB of the answer are shown here.`,
          bytes,
        };
      }
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    return {
      text,
      cut: "The answer broke off before its end: it ran over its time, its memory or its size.",
      bytes,
    };
  }
}

function readGraph(text) {
  const triples = readTriples(text);
  return {
    kind: "graph",
    columns: ["subject", "predicate", "object"],
    rows: triples.map(({ subject, predicate, object }) => [subject, predicate, object]),
  };
}

function readTable(text, cut) {
  const document = parseResults(text, cut !== "");
  if (typeof document.boolean === "boolean") {
    const value = { type: "literal", value: String(document.boolean) };
    return { kind: "answer", columns: ["answer"], rows: [[value]] };
  }
  const columns = document.head.vars;
  const rows = document.results.bindings.map((row) => columns.map((name) => row[name]));
  return { kind: "table", columns, rows };
}

/** Parse results in JSON; of a document that broke off, the rows that are whole. */
export function parseResults(text, isCut) {
  if (!isCut) return JSON.parse(text);
  for (let end = text.lastIndexOf("}}"); end > 0; end = text.lastIndexOf("}}", end - 1)) {
    try {
      return JSON.parse(`${text.slice(0, end + 2)}]}}`);
    } catch {
      // What looks like the end of a row stands in a text.
    }
  }
  const head = /^\s*\{"head":(\{.*?\})/s.exec(text);
  return { head: head ? JSON.parse(head[1]) : { vars: [] }, results: { bindings: [] } };
}
