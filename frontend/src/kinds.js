// How types of nodes and signs of edges are told apart without colour: their words and shapes.

export const TYPES = {
  gene: ["Gene", "ellipse"],
  genefamily: ["Gene family", "octagon"],
  celltype: ["Cell type", "round-rectangle"],
  disease: ["Disease", "diamond"],
  organism: ["Organism", "triangle"],
  anatomy: ["Anatomy", "hexagon"],
  process: ["Process", "rhomboid"],
  chemical: ["Chemical", "pentagon"],
  "": ["Other", "rectangle"],
};

export const SIGNS = {
  "+": ["raises", "triangle"],
  "-": ["lowers", "tee"],
  ">": ["acts on", "vee"],
  "": ["goes with, in no direction", "none"],
};

const CLASSES = {
  Gene: "gene",
  GeneFamily: "genefamily",
  CellType: "celltype",
  Disease: "disease",
  Organism: "organism",
  AnatomicalStructure: "anatomy",
  BiologicalProcess: "process",
  Chemical: "chemical",
};

/** Return the type of a node by the IRI of a class; nothing for a class of no entity. */
export function typeOf(iri) {
  return CLASSES[iri.replace(/^.*[#/]/, "")] ?? "";
}
