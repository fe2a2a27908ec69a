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
