// Bundles the scripts of the pages into kg/service/pages/static/built, with names that hold a hash of
// what is in them, a manifest that says which page needs which, and the licences of what they hold.
// Beside each script stands what it is packed: .br (Brotli) and .gz.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "kg", "service", "pages", "static", "built");
const pages = ["editor", "saved", "network"];

const made = await build({
  absWorkingDir: here,
  entryPoints: pages.map((page) => `src/${page}.js`),
  outdir: out,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: process.env.PLAIN !== "1",
  target: ["es2021"],
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  legalComments: "none",
  metafile: true,
  write: false,
});

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const files = {};
for (const file of made.outputFiles) {
  const name = path.basename(file.path);
  const brotli = brotliCompressSync(file.contents, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: file.contents.length },
  });
  const gzip = gzipSync(file.contents, { level: 9 });
  fs.writeFileSync(path.join(out, name), file.contents);
  fs.writeFileSync(path.join(out, `${name}.br`), brotli);
  fs.writeFileSync(path.join(out, `${name}.gz`), gzip);
  files[name] = { bytes: file.contents.length, brotli: brotli.length, gzip: gzip.length };
}

const entries = {};
for (const [file, about] of Object.entries(made.metafile.outputs)) {
  const page = about.entryPoint && path.basename(about.entryPoint, ".js");
  if (!pages.includes(page)) continue;
  // What it imports at once; the rest is loaded when it is asked for.
  const preload = about.imports
    .filter((each) => each.kind === "import-statement")
    .map((each) => path.basename(each.path));
  entries[page] = { file: path.basename(file), preload };
}

// Sources in the order of their names, so that the manifest is the same wherever it is made.
const digest = createHash("sha256");
for (const name of Object.keys(files).sort()) digest.update(name);
const manifest = { entries, digest: digest.digest("hex").slice(0, 16) };
fs.writeFileSync(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const bundled = new Set();
for (const input of Object.keys(made.metafile.inputs)) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) bundled.add(found[1]);
}
fs.writeFileSync(path.join(out, "NOTICE"), notice([...bundled].sort()));

for (const [page, { file, preload }] of Object.entries(entries)) {
  const all = [file, ...preload].map((name) => files[name]);
  const sum = (key) => all.reduce((total, each) => total + each[key], 0);
  const packed = `${kilobytes(sum("gzip"))} as gzip, ${kilobytes(sum("brotli"))} as Brotli`;
  console.log(`${page.padEnd(8)} ${kilobytes(sum("bytes"))}, ${packed}`);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}

function notice(names) {
  const parts = ["The scripts in this folder hold parts of these packages.\n"];
  for (const name of names) {
    const folder = path.join(here, "node_modules", name);
    const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const licence = fs.readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (!licence) throw new Error(`${name} has no file with its licence`);
    const text = fs.readFileSync(path.join(folder, licence), "utf8").trim();
    parts.push(`${"=".repeat(72)}\n${name} ${about.version} (${about.license})\n\n${text}\n`);
  }
  return parts.join("\n");
}
