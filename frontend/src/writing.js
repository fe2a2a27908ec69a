// The editor of queries: CodeMirror in a shadow root, where its styles are constructed sheets, which
// the page's Content-Security-Policy allows; as elements they would need 'unsafe-inline'.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions, entityOptions } from "./completion.js";
import { make } from "./dom.js";

// The colours are those of the page's style sheet; custom properties reach into a shadow root.
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--page)", fontSize: ".9375rem" },
  ".cm-content": { fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace', caretColor: "var(--ink)" },
  ".cm-scroller": { lineHeight: "1.55", minHeight: "14rem", maxHeight: "60vh", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderInlineEnd: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--page)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete > ul": { maxHeight: "16rem", maxWidth: "min(44rem, 94vw)" },
  ".cm-tooltip-autocomplete > ul > li": { padding: ".1rem .5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--page)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", marginInlineStart: ".8em" },
  ".cm-completionInfo": { maxWidth: "24rem" },
  ".cm-diagnostic-error": { borderInlineStart: "4px solid var(--no)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--no) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--no)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--genefamily-line)", fontWeight: "600" },
  { tag: [tags.atom, tags.url], color: "var(--gene-line)" },
  { tag: tags.string, color: "var(--celltype-line)" },
  { tag: tags.number, color: "var(--organism-line)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.local(tags.variableName)], color: "var(--anatomy-line)" },
  { tag: [tags.standard(tags.variableName), tags.meta], color: "var(--process-line)" },
]);

/** An editor in place of a textarea, which keeps the query too, for the form. */
export class Writing {
  /** `knowledge` is a promise of what completion knows of the graph; `suggest(words)` asks for entities. */
  constructor(textarea, { knowledge, suggest, run, cancel }) {
    this.textarea = textarea;
    this.host = make("div", { class: "writing" });
    // Who has begun to write goes on where they are.
    const isWrittenIn = document.activeElement === textarea;
    const selection = { anchor: textarea.selectionStart, head: textarea.selectionEnd };
    textarea.hidden = true;
    textarea.after(this.host);
    const root = this.host.attachShadow({ mode: "open" });
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: textarea.value,
        extensions: [
          lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
          indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
          highlightSelectionMatches(), search({ top: true }),
          StreamLanguage.define(sparql), syntaxHighlighting(colours), look,
          EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": "SPARQL query", spellcheck: "false", autocapitalize: "off",
          }),
          autocompletion({ override: [(context) => offer(context, knowledge, suggest)] }),
          // Tab moves on, as in any form, so that a keyboard can leave the editor; Ctrl-] indents.
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true) },
            { key: "Escape", run: () => cancel() },
            ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) this.textarea.value = this.text;
          }),
        ],
      }),
    });
    if (isWrittenIn) {
      this.view.dispatch({ selection, scrollIntoView: true });
      this.view.focus();
    }
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.clear();
  }

  focus() {
    this.view.focus();
  }

  complete() {
    this.view.focus();
    startCompletion(this.view);
  }

  /** Mark where something is wrong, and bring it into view. */
  mark(line, column, message) {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const from = Math.min(at.from + [...at.text].slice(0, column - 1).join("").length, at.to);
    const rest = doc.sliceString(from, at.to);
    const to = from + Math.max(/^[\w:.?$<>"'-]+/.exec(rest)?.[0].length ?? 1, rest ? 1 : 0);
    const diagnostic = { from, to: Math.min(to, at.to), severity: "error", message };
    this.view.dispatch(setDiagnostics(this.view.state, [diagnostic]));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  }

  /** Take the marks away. */
  clear() {
    this.view.dispatch(setDiagnostics(this.view.state, []));
  }
}

async function offer(context, knowledge, suggest) {
  const before = context.state.sliceDoc(0, context.pos);
  const found = completions(context.state.doc.toString(), before, await knowledge, context.explicit);
  if (!found) return null;
  const { from, options, word } = found;
  const wantsEntities = word && !word.includes(":") && word.length > 1;
  if (wantsEntities) {
    const entities = await suggest(word, context);
    if (context.aborted) return null;
    options.push(...entityOptions(entities));
  }
  return { from, options, validFor: wantsEntities ? undefined : /^[\w.:?$-]*$/ };
}
