// Suggestions while somebody types: an ARIA combobox with a list (WAI-ARIA 1.2).
// Without this script the forms are sent as they are.
"use strict";

const WAIT_MILLISECONDS = 120;
const MOST = 8;

class Suggester {
  constructor(input) {
    this.input = input;
    this.active = -1;
    this.found = [];
    this.asked = null;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    this.said = document.createElement("span");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    const holder = document.createElement("span");
    holder.className = "combobox";
    input.before(holder);
    holder.append(input, this.list, this.said);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ]) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MILLISECONDS);
  }

  async ask() {
    const text = this.input.value.trim();
    this.asked?.abort();
    if (!text) {
      this.close();
      return;
    }
    this.asked = new AbortController();
    const address = new URL(this.input.dataset.suggest);
    address.searchParams.set("q", text);
    address.searchParams.set("limit", String(2 * MOST));
    try {
      const answer = await fetch(address, {
        headers: { accept: "application/json" },
        signal: this.asked.signal,
      });
      if (answer.ok) {
        this.show((await answer.json()).suggestions);
      }
    } catch {
      // Typed on meanwhile, or the server is gone: the form can be sent all the same.
    }
  }

  show(suggestions) {
    const kind = this.input.dataset.kind;
    this.found = suggestions.filter((each) => !kind || each.type === kind).slice(0, MOST);
    this.list.replaceChildren(...this.found.map((each, place) => this.option(each, place)));
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    const isOpen = this.found.length > 0 && document.activeElement === this.input;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.said.textContent = isOpen ? `${this.found.length} suggestions` : "";
  }

  option(each, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("bdi");
    name.textContent = each.name;
    const note = document.createElement("span");
    note.className = "note";
    const told = [each.label === each.name ? "" : each.label, each.curie || each.type];
    note.textContent = told.filter(Boolean).join(", ");
    option.append(name, " ", note);
    // Before the field loses the focus.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(place);
    });
    return option;
  }

  press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!this.found.length) {
        return;
      }
      event.preventDefault();
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const count = this.found.length;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.move(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  move(place) {
    this.active = place;
    [...this.list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === place));
      if (number === place) {
        option.scrollIntoView({ block: "nearest" });
      }
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${place}`);
  }

  choose(place) {
    const chosen = this.found[place];
    this.close();
    if (this.input.dataset.open) {
      const address = new URL(this.input.dataset.open);
      address.searchParams.set("iri", chosen.iri);
      location.assign(address);
    } else {
      this.input.value = chosen.curie ? `${chosen.label} (${chosen.curie})` : chosen.iri;
    }
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  new Suggester(input);
}
