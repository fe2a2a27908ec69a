"""Floor 6: the style of the page of annotated texts (`kg.annotate.page`).

Mentions are told apart by colour and by the letters after them. Text on its tint has a contrast of
at least 7 to 1, light and dark.
"""

STYLE = """\
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1a1a1a; --quiet: #555555; --line: #d0d0d0;
  --gene: #cfe3ff; --genefamily: #dcd6ff; --celltype: #c9efd3; --disease: #ffd5d2;
  --organism: #ffe5b8; --anatomy: #ffd3ee; --process: #c8eef2; --chemical: #e4e4c0;
  --gene-line: #0b57b0; --genefamily-line: #5a3fc0; --celltype-line: #14692c;
  --disease-line: #b3261e; --organism-line: #8a5300; --anatomy-line: #9c1f76;
  --process-line: #00646f; --chemical-line: #5f5f10;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181c; --ink: #f0f0f0; --quiet: #b4b4b4; --line: #44474d;
    --gene: #173a66; --genefamily: #352a70; --celltype: #14462a; --disease: #6a1f1b;
    --organism: #573a08; --anatomy: #5c1a4a; --process: #0c474e; --chemical: #44440f;
    --gene-line: #8fc0ff; --genefamily-line: #b9acff; --celltype-line: #7fd99b;
    --disease-line: #ffa29c; --organism-line: #ffc766; --anatomy-line: #ff9ee0;
    --process-line: #79dbe6; --chemical-line: #d6d67a;
  }
}
body {
  margin: 0 auto; padding: 1rem; max-width: 52rem;
  background: var(--page); color: var(--ink);
  font: 1rem/1.7 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
}
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h3 { font-size: .9rem; margin: .6rem 0 0; color: var(--quiet); font-weight: 600; }
article, section { border-top: 1px solid var(--line); padding: .9rem 0; }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
a { color: inherit; text-underline-offset: .2em; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.mention {
  color: var(--ink); background: var(--tint); border-bottom: 2px solid var(--edge);
  border-radius: .2em .2em 0 0; padding: 0 .15em; text-decoration: none;
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
}
.mention::after {
  content: attr(data-type); font-size: .62em; font-weight: 700; margin-left: .25em;
  color: var(--edge); vertical-align: .35em; line-height: 1;
}
a.mention:hover { text-decoration: underline; }
.gene { --tint: var(--gene); --edge: var(--gene-line); }
.genefamily { --tint: var(--genefamily); --edge: var(--genefamily-line); }
.celltype { --tint: var(--celltype); --edge: var(--celltype-line); }
.disease { --tint: var(--disease); --edge: var(--disease-line); }
.organism { --tint: var(--organism); --edge: var(--organism-line); }
.anatomy { --tint: var(--anatomy); --edge: var(--anatomy-line); }
.process { --tint: var(--process); --edge: var(--process-line); }
.chemical { --tint: var(--chemical); --edge: var(--chemical-line); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; }
th, td { text-align: start; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); }
tbody th { font-weight: 600; min-width: 9rem; overflow-wrap: break-word; }
td .mention { white-space: nowrap; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
@media print { .mention { background: none; } }
"""
