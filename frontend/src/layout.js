// Where the nodes of a network go: d3's forces, a few steps in each frame, so that the page stays alive.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

const BUDGET = 10;
const STEPS = 260;

/**
 * Lay nodes ({id, x?, y?, fixed?, size}) and edges ({source, target, weight}) out.
 *
 * `moved(nodes, isDone)` is called now and then. Returns a function that stops it.
 */
export function layOut(nodes, edges, moved) {
  const placed = nodes.map((node) => ({
    ...node,
    ...(node.fixed ? { fx: node.x, fy: node.y } : {}),
  }));
  const many = nodes.length > 300;
  // A few edges have their words on them, which need room.
  const distance = many ? 70 : edges.length <= 12 ? 210 : 110;
  const simulation = forceSimulation(placed)
    .force("link", forceLink(edges.map(({ source, target, weight }) => ({ source, target, weight })))
      .id((node) => node.id).distance(distance).strength((link) => 0.15 + 0.25 * Math.min(1, link.weight ?? 0.5)))
    .force("charge", forceManyBody().strength(many ? -160 : -450).distanceMax(many ? 700 : 1500))
    .force("collide", forceCollide((node) => Math.max(node.size / 2 + 8, many ? 0 : 44)))
    .force("x", forceX().strength(many ? 0.04 : 0.07))
    .force("y", forceY().strength(many ? 0.06 : 0.11))
    .force("center", forceCenter(0, 0))
    .alphaDecay(1 - 0.001 ** (1 / STEPS))
    .stop();
  let steps = 0;
  let handle = 0;
  const frame = () => {
    const until = performance.now() + BUDGET;
    while (steps < STEPS && performance.now() < until) {
      simulation.tick();
      steps += 1;
    }
    const isDone = steps >= STEPS;
    moved(placed, isDone);
    if (!isDone) handle = requestAnimationFrame(frame);
  };
  handle = requestAnimationFrame(frame);
  return () => cancelAnimationFrame(handle);
}
