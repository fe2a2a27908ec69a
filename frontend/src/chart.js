// A simple chart of a table: one column along, one that is numbers up. Bars, as SVG.

import { draw, make } from "./dom.js";
import { isNumber, textOf } from "./terms.js";

const MOST = 60;
const WIDTH = 900;
const ROW = 24;
const LABELS = 260;

/** Return the columns that hold numbers only, and those that do not. */
export function columnKinds(columns, rows) {
  const numbers = [];
  const others = [];
  columns.forEach((name, place) => {
    const bound = rows.filter((row) => row[place]);
    const isNumeric = bound.length > 0 && bound.every((row) => isNumber(row[place]));
    (isNumeric ? numbers : others).push(place);
  });
  return { numbers, others };
}

/** Fill a panel with a chart and the choice of its columns. */
export function showChart(panel, { columns, rows, prefixes }) {
  const { numbers, others } = columnKinds(columns, rows);
  if (!numbers.length) {
    panel.append(make("p", { class: "note" }, "A chart needs a column of numbers; this answer has none."));
    return;
  }
  const along = others[0] ?? numbers[0];
  const up = numbers.find((place) => place !== along) ?? numbers[0];
  const choose = (text, places, first) => {
    const select = make("select", { onchange: () => show() });
    for (const place of places) {
      select.append(make("option", { value: place, selected: place === first }, columns[place]));
    }
    return { select, label: make("label", {}, `${text} `, select) };
  };
  const labels = choose("Bars for", columns.map((_, place) => place), along);
  const values = choose("Length by", numbers, up);
  const place = make("div", { class: "chart scroll", tabindex: "0", role: "region", "aria-label": "Chart" });
  const note = make("p", { class: "note" });
  const show = () => {
    const x = Number(labels.select.value);
    const y = Number(values.select.value);
    const bars = rows
      .filter((row) => row[y])
      .map((row) => ({ text: textOf(row[x], prefixes) || "(nothing)", value: Number(row[y].value) }));
    note.textContent = bars.length > MOST ? `The first ${MOST} of ${bars.length.toLocaleString("en")} rows.` : "";
    place.replaceChildren(barChart(bars.slice(0, MOST), columns[x], columns[y]));
  };
  panel.append(make("div", { class: "tablebar" }, labels.label, values.label), place, note);
  show();
}

function barChart(bars, along, up) {
  const low = Math.min(0, ...bars.map((bar) => bar.value));
  const high = Math.max(0, ...bars.map((bar) => bar.value));
  const longest = Math.max(...bars.map((bar) => bar.text.length));
  const begin = Math.min(LABELS, 20 + 8 * longest);
  const room = WIDTH - begin - 80;
  const scale = (value) => begin + ((value - low) / (high - low || 1)) * room;
  const svg = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${bars.length * ROW + 4}`, role: "img", class: "bars",
    "aria-label": `${up} for each ${along}; the table has the same numbers`,
  });
  bars.forEach(({ text, value }, row) => {
    const y = row * ROW + 2;
    const shown = text.length > 36 ? `${text.slice(0, 35)}…` : text;
    const [from, to] = [scale(Math.min(value, 0)), scale(Math.max(value, 0))];
    svg.append(
      draw("text", { x: begin - 8, y: y + 16, "text-anchor": "end", class: "name" }, shown,
        draw("title", {}, text)),
      draw("rect", { x: from, y: y + 3, width: Math.max(to - from, 1), height: ROW - 7, class: "bar" },
        draw("title", {}, `${text}: ${value}`)),
      draw("text", { x: to + 6, y: y + 16, class: "value" }, value.toLocaleString("en")),
    );
  });
  return svg;
}
