// Tabs as ARIA has them: arrows move, one panel is there at a time, made when it is first shown.

import { make } from "./dom.js";

let made = 0;

/** Views: {name: {title, fill(panel)}}; `chosen(name)` is told which one is shown. */
export class Tabs {
  constructor(views, { label, first, chosen }) {
    made += 1;
    this.chosen = chosen;
    this.filled = new Set();
    this.views = views;
    this.list = make("div", { role: "tablist", "aria-label": label, class: "tabs" });
    this.panels = make("div");
    this.tabs = new Map();
    for (const [name, { title }] of Object.entries(views)) {
      const id = `tab-${made}-${name}`;
      const panel = make("div", {
        role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, hidden: true,
      });
      const tab = make(
        "button",
        {
          type: "button", role: "tab", id, "aria-controls": panel.id, "aria-selected": "false",
          onclick: () => this.select(name), onkeydown: (event) => this.move(event, name),
        },
        title,
      );
      this.tabs.set(name, { tab, panel });
      this.list.append(tab);
      this.panels.append(panel);
    }
    this.element = make("div", { class: "views" }, this.list, this.panels);
    this.select(first in views ? first : Object.keys(views)[0], false);
  }

  select(name, tell = true) {
    for (const [each, { tab, panel }] of this.tabs) {
      const isIt = each === name;
      tab.setAttribute("aria-selected", String(isIt));
      tab.tabIndex = isIt ? 0 : -1;
      panel.hidden = !isIt;
    }
    const { panel } = this.tabs.get(name);
    if (!this.filled.has(name)) {
      this.filled.add(name);
      // What measures itself has to be in the page first.
      queueMicrotask(() => this.views[name].fill(panel));
    }
    if (tell) this.chosen?.(name);
  }

  move(event, name) {
    const names = [...this.tabs.keys()];
    const place = names.indexOf(name);
    const to = {
      ArrowRight: (place + 1) % names.length,
      ArrowLeft: (place + names.length - 1) % names.length,
      Home: 0,
      End: names.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.select(names[to]);
    this.tabs.get(names[to]).tab.focus();
  }
}
