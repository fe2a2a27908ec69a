// A table that sorts, filters and pages the rows that it is given.

import { count, make } from "./dom.js";
import { isNumber, textOf } from "./terms.js";

const LONGEST = 400;
const LONG = 60;

/** A row: the text of each cell, its number where it is one, and the element, made when needed. */
export class Row {
  constructor(texts, numbers, element) {
    this.texts = texts;
    this.numbers = numbers;
    this.make = element;
    this.folded = texts.join("\n").toLocaleLowerCase("en");
  }

  get element() {
    this.made ??= this.make();
    return this.made;
  }
}

/** Return rows of RDF terms; `link(iri)` is the address at which a thing is described. */
export function rowsOfTerms(rows, { prefixes, link }) {
  return rows.map((terms) => new Row(
    terms.map((term) => textOf(term, prefixes)),
    terms.map((term) => (isNumber(term) ? Number(term.value) : null)),
    () => make("tr", {}, ...terms.map((term) => make(
      "td", { class: kindOf(term) }, cell(term, prefixes, link),
    ))),
  ));
}

function kindOf(term) {
  if (isNumber(term)) return "number";
  return term?.type === "literal" && term.value.length > LONG ? "long" : undefined;
}

function cell(term, prefixes, link) {
  if (!term) return make("span", { class: "unseen" }, "nothing");
  if (term.type === "uri") {
    const attributes = { href: link(term.value), class: "thing", title: term.value };
    return make("a", attributes, make("bdi", {}, prefixes.label(term.value)));
  }
  const text = textOf(term, prefixes);
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const title = shown === text ? undefined : text.slice(0, 4000);
  return make("span", { class: "literal", dir: "auto", lang: term["xml:lang"], title }, shown);
}

/** Compare what stands in a column of two rows: nothing first, then numbers, then texts. */
export function compareRows(a, b, column) {
  const [one, other] = [a, b].map((row) => row.texts[column] === "");
  if (one || other) return Number(other) - Number(one);
  const [x, y] = [a.numbers[column], b.numbers[column]];
  if (x !== null && y !== null) return x - y;
  if ((x === null) !== (y === null)) return x === null ? 1 : -1;
  return a.texts[column].localeCompare(b.texts[column], "en", { numeric: true });
}

/** Shows rows; `columns` are {name, title}; `more` is told of, if there are rows beside these. */
export class Table {
  constructor({ columns, rows, caption, perPage = 100, more = "" }) {
    Object.assign(this, { columns, rows, perPage, more });
    this.sorted = { column: -1, descending: false };
    this.words = "";
    this.page = 0;
    this.body = make("tbody");
    this.heads = columns.map((column, place) => this.head(column, place));
    this.said = make("p", { class: "amount", role: "status" });
    this.paging = make("nav", { class: "paging", "aria-label": `Pages of ${caption}` });
    const filter = make("input", {
      type: "search", placeholder: "words in any column", autocomplete: "off", spellcheck: "false",
      oninput: () => this.filter(filter.value),
    });
    this.bar = make("div", { class: "tablebar" }, make("label", {}, "Filter ", filter), this.said);
    this.scroll = make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      make("table", { class: "results" }, make("thead", {}, make("tr", {}, ...this.heads)), this.body),
    );
    this.element = make("div", { class: "resulttable" }, this.bar, this.scroll, this.paging);
    this.show();
  }

  head({ name, title }, place) {
    const bound = this.rows.filter((row) => row.texts[place] !== "");
    const isNumeric = bound.length > 0 && bound.every((row) => row.numbers[place] !== null);
    const button = make("button", { type: "button", class: "sort", title, onclick: () => this.sort(place) }, name);
    return make("th", { scope: "col", class: isNumeric ? "number" : undefined }, button);
  }

  add(rows) {
    this.rows = this.rows.concat(rows);
    this.show();
  }

  sort(column) {
    const descending = this.sorted.column === column && !this.sorted.descending;
    this.sorted = { column, descending };
    this.heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.page = 0;
    this.show();
  }

  filter(words) {
    this.words = words.trim().toLocaleLowerCase("en");
    this.page = 0;
    this.show();
  }

  /** Return the rows that the filter leaves, in the order that was asked for. */
  chosen() {
    const parts = this.words.split(/\s+/).filter(Boolean);
    let { rows } = this;
    if (parts.length) rows = rows.filter((row) => parts.every((part) => row.folded.includes(part)));
    const { column, descending } = this.sorted;
    if (column < 0) return rows;
    const sign = descending ? -1 : 1;
    return rows.slice().sort((a, b) => sign * compareRows(a, b, column));
  }

  show() {
    const rows = this.chosen();
    const pages = Math.max(1, Math.ceil(rows.length / this.perPage));
    const begin = this.page * this.perPage;
    const shown = rows.slice(begin, begin + this.perPage);
    this.body.replaceChildren(...shown.map((row) => row.element));
    const number = (value) => value.toLocaleString("en");
    const all = this.words ? `${count(rows.length, "row")} of ${number(this.rows.length)}` : count(rows.length, "row");
    const range = pages > 1 ? `, ${number(begin + 1)} to ${number(begin + shown.length)} shown` : "";
    this.said.textContent = `${all}${range}${this.more}`;
    this.paging.hidden = pages === 1;
    this.paging.replaceChildren(
      this.step("First", 0, this.page > 0),
      this.step("Previous", this.page - 1, this.page > 0),
      make("span", {}, `Page ${this.page + 1} of ${pages}`),
      this.step("Next", this.page + 1, this.page < pages - 1),
      this.step("Last", pages - 1, this.page < pages - 1),
    );
  }

  step(text, page, isThere) {
    const go = () => {
      this.page = page;
      this.show();
      const again = [...this.paging.children].find((each) => each.textContent === text);
      (again?.disabled ? this.scroll : again)?.focus();
    };
    return make("button", { type: "button", disabled: !isThere, onclick: go }, text);
  }
}
