// Parity runner: see README.md beside it.

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "@weibao/rules";
import { compare } from "./compare.mjs";

const FILES = { bundle: "bundle.rules.json", options: "options.json", answers: "answers.ndjson", expected: "expected.ndjson" };
const read = (folder) => Object.fromEntries(Object.entries(FILES).map(([key, name]) => [key, readFileSync(join(folder, name), "utf8")]));

/** In this Node.js. */
export function inNode(folder) {
  return compare(load, read(folder));
}

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/** In a page of the given browser (of playwright). */
export async function inBrowser(browser, folders) {
  const npm = fileURLToPath(new URL("../../../rules-wasm/npm/", import.meta.url));
  const here = fileURLToPath(new URL("./", import.meta.url));
  const roots = [["/package/", npm], ["/parity/", here], ...folders.map((folder, i) => [`/${i}/`, `${resolve(folder)}/`])];
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const root = roots.find(([prefix]) => path.startsWith(prefix));
    const file = root && join(root[1], path.slice(root[0].length));
    if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.setHeader("content-security-policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
      response.end("<!doctype html><title>parity</title>");
    } else if (file && existsSync(file)) {
      response.setHeader("content-type", TYPES[extname(file)] ?? "text/plain; charset=utf-8");
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = 404;
      response.end();
    }
  }).listen(0);
  const page = await browser.newPage();
  try {
    await page.goto(`http://localhost:${server.address().port}/`);
    const results = [];
    for (let i = 0; i < folders.length; i++) {
      results.push(
        await page.evaluate(
          async ([number, files]) => {
            const { load } = await import("/package/dist/index.js");
            const { compare } = await import("/parity/compare.mjs");
            const texts = {};
            for (const [key, name] of Object.entries(files)) texts[key] = await (await fetch(`/${number}/${name}`)).text();
            return compare(load, texts);
          },
          [i, FILES],
        ),
      );
    }
    return results;
  } finally {
    await page.close();
    server.close();
  }
}

/** Shortens around the first byte that differs. */
export function show({ line, what, expected, actual }) {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const cut = (text) => text.slice(Math.max(0, at - 60), at + 120);
  return `line ${line}, ${what}, at ${at}:\n  expected …${cut(expected)}\n  actual   …${cut(actual)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const folders = [...args.filter((arg) => !arg.startsWith("--")), ...(process.env.PARITY ?? "").split(delimiter).filter(Boolean)];
  let bad = 0;
  const tell = (where, folder, { compared, difference }) => {
    console.log(`${where} ${folder}: ${compared} equal${difference ? `, then ${show(difference)}` : ""}`);
    if (difference) bad++;
  };
  for (const folder of folders) tell("node", folder, await inNode(folder));
  if (args.includes("--chromium")) {
    const { startBrowser } = await import("../e2e/browser.mjs");
    const browser = await startBrowser();
    const results = await inBrowser(browser, folders);
    results.forEach((result, i) => tell("chromium", folders[i], result));
    await browser.close();
  }
  if (bad > 0 || folders.length === 0) {
    if (folders.length === 0) console.error("name at least one folder; see tests/js/parity/README.md");
    process.exitCode = 1;
  }
}
