// What may come next in a query: prefixes, classes and properties of this graph, its entities by name,
// variables and keywords. `completions` is pure; what it offers is for CodeMirror's autocompletion.

const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE ORDER BY ASC DESC GROUP " +
  "HAVING LIMIT OFFSET OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES UNDEF AS NOT EXISTS IN a COUNT SUM " +
  "MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG DATATYPE BOUND IRI IF COALESCE CONCAT CONTAINS " +
  "STRSTARTS STRENDS STRLEN SUBSTR LCASE UCASE REGEX REPLACE ABS ROUND CEIL FLOOR isIRI isLiteral isBlank"
).split(" ");

/** Tell whether a place in a query is within a comment, a string, or an IRI in <...>. */
export function isQuoted(before) {
  let open = "";
  for (let place = 0; place < before.length; place += 1) {
    const each = before[place];
    if (open === "#") {
      if (each === "\n") open = "";
    } else if (open === "<") {
      if (each === ">" || /\s/.test(each)) open = "";
    } else if (open) {
      if (each === "\\") place += 1;
      else if (each === open || each === "\n") open = "";
    } else if (each === "#" || each === '"' || each === "'") {
      open = each;
    } else if (each === "<" && /[A-Za-z]/.test(before[place + 1] ?? "")) {
      open = "<";
    }
  }
  return open !== "";
}

/** Return the variables of a query, in the order in which they come. */
export function variablesOf(query) {
  return [...new Set(query.match(/[?$][A-Za-z_]\w*/g) ?? [])];
}

/** Return the prefixes that a query declares. */
export function declaredIn(query) {
  return [...query.matchAll(/\bPREFIX\s+([\w.-]*):\s*<([^>]*)>/gi)].map(([, name]) => name);
}

/**
 * Return what may stand at the end of `before`, the text up to the cursor; nothing where that is a
 * comment or a string: {from, options} as CodeMirror takes them.
 */
export function completions(query, before, graph, isAsked = false) {
  if (isQuoted(before)) return null;
  const variable = /[?$]\w*$/.exec(before);
  if (variable) {
    const names = variablesOf(query).filter((name) => name !== variable[0]);
    return {
      from: before.length - variable[0].length,
      options: names.map((label) => ({ label, type: "variable" })),
    };
  }
  const word = /[A-Za-z_][\w.-]*:?[\w.-]*$/.exec(before)?.[0] ?? "";
  if (!word && !isAsked) return null;
  const isTerm = word.includes(":");
  const options = graph.terms.map(asOption);
  if (!isTerm) {
    options.push(...prefixOptions(query, graph));
    options.push(...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -10 })));
  }
  return { from: before.length - word.length, options, word };
}

function asOption({ curie, label, count, definition, kind }) {
  const uses = kind === "class" ? "things" : "uses";
  return {
    label: curie,
    detail: count === null ? label : `${label}, ${count.toLocaleString("en")} ${uses}`,
    type: kind === "class" ? "class" : "property",
    info: definition || undefined,
    // What is used much is offered before the rest.
    boost: Math.min(20, Math.log10((count ?? 0) + 1) * 4),
  };
}

function prefixOptions(query, graph) {
  const declared = declaredIn(query).filter((name) => !(name in graph.prefixes));
  const known = Object.entries(graph.prefixes);
  return [
    ...known.map(([name, space]) => ({ label: `${name}:`, detail: space, type: "namespace", boost: -5 })),
    ...declared.map((name) => ({ label: `${name}:`, type: "namespace" })),
  ];
}

/** Return entities that the server suggests, as options that put in a CURIE. */
export function entityOptions(suggestions) {
  return suggestions
    .filter((each) => each.curie)
    .map((each) => ({
      label: each.name,
      displayLabel: each.label,
      detail: `${each.curie}${each.class ? ` ${each.class}` : ""}`,
      apply: each.curie,
      type: "constant",
      boost: -2,
    }));
}
