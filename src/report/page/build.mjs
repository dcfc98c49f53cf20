// Builds built/page.html from source/: one file with script and style in it, and a policy that lets
// nothing else run and nothing be loaded. src/report/report.cpp puts the data of a run into it, and packs
// the script, which the loader unpacks. `node build.mjs FILE` writes it elsewhere.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? `${here}/built/page.html`;

async function bundle(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
  });
  // An end of the element in it would end it for the browser, too.
  return result.outputFiles[0].text.trim().replaceAll("</", "<\\/");
}

function hash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const script = await bundle("source/page.ts");
const loader = await bundle("source/loader.ts");
const style = await bundle("source/page.css");
const policy = [
  "default-src 'none'",
  `script-src ${hash(loader)} ${hash(script)}`,
  `style-src ${hash(style)}`,
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const licence = readFileSync(`${here}/node_modules/uplot/LICENSE`, "utf8").split("\n")[2];
const page = readFileSync(`${here}/source/page.html`, "utf8")
  .replace("{{policy}}", () => policy)
  .replace("{{licence}}", () => licence)
  .replace("{{style}}", () => style)
  .replace("{{loader}}", () => loader)
  .replace("{{script}}", () => script);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
