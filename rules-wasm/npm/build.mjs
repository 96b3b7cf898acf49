// Makes dist/: one script per entry point, types, and the glue of each wasm module as a factory.
//
// wasm-bindgen's glue keeps its instance in variables of the module, so a page could have only one instance for ever. After
// a trap we need a new one; the factory gives each instance its own variables. Loading is ours too, so that part is cut.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const licences = ["LICENSE-MIT", "LICENSE-APACHE"];

/** The text between two marks, both of which must be there once: a new wasm-bindgen may write otherwise. */
function cut(text, from, to) {
  const start = text.indexOf(from);
  const end = to === undefined ? text.length : text.indexOf(to, start);
  if (start < 0 || end < 0 || text.indexOf(from, start + 1) >= 0) {
    throw new Error(`the glue of wasm-bindgen is not as build.mjs expects it: \`${from}\``);
  }
  return text.slice(0, start) + text.slice(end);
}

function factory(glue) {
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map((match) => match[1]);
  let body = cut(glue, "async function __wbg_load(", "function initSync(");
  body = cut(body, "function initSync(");
  // A finaliser may run after its instance was dropped.
  body = body.replaceAll("new FinalizationRegistry(ptr => wasm.", "new FinalizationRegistry(ptr => wasm?.");
  body = body.replaceAll(/^export /gm, "").replaceAll(/^\s*(?:\/\/.*|\/\*.*\*\/)$/gm, "").replaceAll(/^\s*\/\*\*$[^]*?\*\/$/gm, "");
  body = body.replaceAll(/^(?: {4})+/gm, (indent) => " ".repeat(indent.length / 4)).replaceAll(/\n{2,}/g, "\n");
  return `export function glue() {
${body.trim()}
return { imports: __wbg_get_imports, start: __wbg_finalize_init, drop: () => { wasm = undefined; }, ${names.join(", ")} };
}
`;
}

function tsc(...flags) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", here, ...flags], { stdio: "inherit" });
}

/** The hashes that are published with the files, by the names under which the package exports them. */
function integrity() {
  const files = { "rules.wasm": "wasm/rules_wasm_bg.wasm", "portable.wasm": "wasm-portable/rules.wasm", "author.wasm": "wasm-author/rules_wasm_bg.wasm" };
  const made = Object.entries(files).filter(([, file]) => existsSync(join(here, file)));
  return Object.fromEntries(made.map(([name, file]) => [name, `sha384-${createHash("sha384").update(readFileSync(join(here, file))).digest("base64")}`]));
}

for (const licence of licences) {
  copyFileSync(join(here, "../..", licence), join(here, licence));
}
if (!process.argv.includes("--licences")) {
  const dist = join(here, "dist");
  const made = join(dist, "modules");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  tsc("--outDir", made, "--sourceMap", "--inlineSources");
  tsc("--declaration", "--emitDeclarationOnly", "--stripInternal");
  const entries = ["index", "node", "typed", "bind", "element", "standard", "adapters", "schema", "types-cli", "worker", "worker-script", "worker-node", "worker-script-node"];
  for (const [folder, name, ...needing] of [["wasm", "glue"], ["wasm-author", "glue-author", "author", "author-node"]]) {
    const source = join(here, folder, "rules_wasm.js");
    if (existsSync(source)) {
      writeFileSync(join(made, `${name}.js`), factory(readFileSync(source, "utf8")));
      entries.push(...needing.filter((entry) => existsSync(join(made, `${entry}.js`))));
    }
  }
  // What the types name of the glue is internal, but compilers look for it.
  for (const types of ["glue.d.ts", "glue-author.d.ts"]) {
    copyFileSync(join(here, "src", types), join(dist, types));
  }
  const script = (names, options) =>
    build({
      entryPoints: names.map((entry) => join(made, `${entry}.js`)),
      outdir: dist,
      bundle: true,
      format: "esm",
      minify: true,
      sourcemap: true,
      external: ["node:*", "./fallback.js"],
      logLevel: "warning",
      ...options,
    });
  // Engines that must read the script to learn that the module is too new for them.
  await script([...entries, "fallback"], { target: "chrome69" });
  await script(["portable"], { target: "es2018" });
  // Mini programs and old bundlers know `require` only.
  await script(["portable"], { target: "es2018", format: "cjs", outExtension: { ".js": ".cjs" } });
  rmSync(made, { recursive: true });
  writeFileSync(join(dist, "integrity.json"), `${JSON.stringify(integrity(), undefined, 2)}\n`);
}
