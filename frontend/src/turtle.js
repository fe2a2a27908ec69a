// What is shown of a network, as Turtle: the entities, and the assertions and pairs that join them.

import { ntriples } from "./terms.js";

const KG = "https://w3id.org/litkg/ontology#";

/** Return nodes ({iri, label, class}) and edges ({iri, source, target, predicate, ...}) as Turtle. */
export function turtleOf(nodes, edges) {
  const parts = [
    `@prefix kg: <${KG}> .`,
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    "",
  ];
  for (const node of nodes) {
    const said = [
      node.class && `a ${iri(node.class)}`,
      node.label && `rdfs:label ${ntriples({ type: "literal", value: node.label })}`,
    ].filter(Boolean);
    if (said.length) parts.push(`${iri(node.iri)} ${said.join(" ;\n  ")} .`);
  }
  for (const edge of edges) {
    const counted = `kg:paperCount ${edge.papers} ;\n  kg:sentenceCount ${edge.sentences} .`;
    if (edge.kind === "together") {
      parts.push(`${iri(edge.iri)} a kg:CoMention ;\n  kg:coMentioned ${iri(edge.source)} , ${iri(edge.target)} ;\n  ${counted}`);
      continue;
    }
    parts.push(
      `${iri(edge.iri)} a kg:Assertion ;\n  kg:subject ${iri(edge.source)} ;\n  kg:predicate ${iri(edge.predicate)} ;\n  ` +
      `kg:object ${iri(edge.target)} ;\n  kg:negated ${edge.negated} ;\n  kg:speculative ${edge.speculative} ;\n  ${counted}`,
    );
    if (!edge.negated && !edge.speculative) {
      parts.push(`${iri(edge.source)} ${iri(edge.predicate)} ${iri(edge.target)} .`);
    }
  }
  return `${parts.join("\n")}\n`;
}

function iri(address) {
  return address.startsWith(KG) && /^\w+$/.test(address.slice(KG.length)) ? `kg:${address.slice(KG.length)}` : `<${address}>`;
}
