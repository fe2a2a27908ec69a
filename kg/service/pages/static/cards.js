// The card of an entity over the words that name it: by pointer, by keyboard, by a first tap.
// Without this script these words are links to the entity, and stay so.
"use strict";

const OPEN_MILLISECONDS = 250;
const CLOSE_MILLISECONDS = 350;
const MENTION = "a.mention";

class Cards {
  constructor() {
    this.known = new Map();
    this.link = null;
    this.title = "";
    this.touched = false;
    this.card = document.createElement("span");
    this.card.id = "card";
    this.card.className = "card";
    this.card.setAttribute("role", "group");
    const on = (name, act, how) => document.addEventListener(name, act, how);
    on("pointerover", (event) => this.over(event));
    on("pointerdown", (event) => this.press(event));
    on("focusin", (event) => this.focus(event));
    on("click", (event) => this.tap(event));
    on("keydown", (event) => this.key(event));
    on("scroll", () => this.place(), { passive: true, capture: true });
    addEventListener("resize", () => this.place());
    // The page as it was left is shown again: without a card that nothing points at.
    addEventListener("pagehide", () => this.close());
  }

  over(event) {
    if (event.pointerType === "touch") {
      return;
    }
    clearTimeout(this.timer);
    const link = event.target.closest?.(MENTION);
    if (link && link !== this.link) {
      this.timer = setTimeout(() => this.open(link, event), OPEN_MILLISECONDS);
    } else if (this.link && !link && !this.card.contains(event.target)) {
      const isFocused = () => [this.link, this.card].some((each) => each?.contains(document.activeElement));
      this.timer = setTimeout(() => isFocused() || this.close(), CLOSE_MILLISECONDS);
    }
  }

  press(event) {
    this.touched = event.pointerType === "touch";
    if (this.link && !this.link.contains(event.target) && !this.card.contains(event.target)) {
      this.close();
    }
  }

  focus(event) {
    const link = event.target.closest?.(MENTION);
    if (link && link !== this.link && link.matches(":focus-visible")) {
      clearTimeout(this.timer);
      this.open(link);
    } else if (this.link && !link && !this.card.contains(event.target)) {
      this.close();
    }
  }

  tap(event) {
    const link = event.target.closest?.(MENTION);
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    // The second tap follows the link.
    if (link && this.touched && isPlain && link !== this.link) {
      event.preventDefault();
      this.open(link, event);
    }
    this.touched = false;
  }

  key(event) {
    this.touched = false;
    if (event.key === "Escape" && (this.link || this.timer)) {
      clearTimeout(this.timer);
      if (this.link && this.card.contains(document.activeElement)) {
        const link = this.link;
        this.close();
        link.focus();
      }
      this.close();
    }
  }

  open(link, at = null) {
    this.close();
    this.link = link;
    this.at = at && { x: at.clientX, y: at.clientY };
    // The title tells less, and browsers would show it over the card.
    this.title = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", this.card.id);
    this.fill(link);
  }

  async fill(link) {
    const [name, also] = this.title.split("; also ");
    let piece = this.known.get(link.href);
    if (piece === undefined) {
      const address = new URL(link.href);
      address.hash = "";
      address.searchParams.set("view", "card");
      try {
        const answer = await fetch(address, { headers: { accept: "text/html" } });
        piece = answer.ok ? await answer.text() : "";
      } catch {
        // The server is gone: the title tells what is known, and is not kept.
        piece = null;
      }
      if (piece !== null) {
        this.known.set(link.href, piece);
      }
    }
    if (link !== this.link) {
      return;
    }
    const made = document.createElement("template");
    // It comes from this server, which escapes all that papers and vocabularies say.
    made.innerHTML = piece || "";
    if (!piece) {
      const plain = document.createElement("a");
      plain.href = link.href;
      plain.textContent = name;
      made.content.append(plain);
    }
    if (also) {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = `also taken for ${also}`;
      made.content.append(note);
    }
    this.card.replaceChildren(made.content);
    // Behind the link, so that Tab leads from it into the card.
    link.after(this.card);
    this.place();
  }

  place() {
    if (!this.link || !this.card.isConnected) {
      return;
    }
    const gap = 2;
    const rects = [...this.link.getClientRects()];
    const under = (rect) =>
      this.at && this.at.y >= rect.top && this.at.y <= rect.bottom && this.at.x >= rect.left && this.at.x <= rect.right;
    const rect = rects.find(under) ?? rects[0];
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = this.card.getBoundingClientRect();
    const left = Math.max(8, Math.min(rect.left, clientWidth - width - 8));
    const isBelow = rect.bottom + gap + height <= clientHeight || rect.top < height + gap;
    this.card.style.left = `${left}px`;
    this.card.style.top = `${isBelow ? rect.bottom + gap : rect.top - gap - height}px`;
  }

  close() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.link) {
      this.link.title = this.title;
      this.link.removeAttribute("aria-describedby");
      this.link = null;
    }
    this.card.remove();
  }
}

if (document.querySelector(MENTION)) {
  new Cards();
}
