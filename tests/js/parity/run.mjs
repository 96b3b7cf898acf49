// Parity runner: see README.md beside it.

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load as loadUsual } from "@weibao/rules";
import { loadPortable } from "@weibao/rules/portable";
import { comparer } from "./compare.mjs";

/** Lines that are compared, and sent to a page, at a time. */
const PIECE = 2_000;

const text = (folder, name) => readFileSync(join(folder, name), "utf8");

/** Lines that end with "\n" and nothing else: JSON may hold the other line ends that Unicode has. */
async function* lines(folder, name) {
  let rest = "";
  for await (const part of createReadStream(join(folder, name), { encoding: "utf8" })) {
    const [first, ...more] = part.split("\n");
    rest += first;
    for (const next of more) {
      yield rest;
      rest = next;
    }
  }
  yield rest;
}

/** Answers with their reports, piece by piece: whole files may be larger than a string can be. */
async function* pieces(folder) {
  const answers = lines(folder, "answers.ndjson");
  const expected = lines(folder, "expected.ndjson");
  const take = async (from) => {
    const out = [];
    while (out.length < PIECE) {
      const { done, value } = await from.next();
      if (done) break;
      if (value !== "") out.push(value);
    }
    return out;
  };
  for (let first = 1; ; first += PIECE) {
    const piece = { first, answers: await take(answers), expected: await take(expected) };
    if (piece.answers.length === 0 && piece.expected.length === 0) return;
    yield piece;
  }
}

const portable = process.argv.includes("--portable");
const wasm = portable && readFileSync(fileURLToPath(import.meta.resolve("@weibao/rules/portable.wasm")));
const load = portable ? (bundle) => loadPortable({ bundle, wasm }) : loadUsual;

/** In this Node.js. */
async function inNode(folder) {
  const compare = await comparer(load, text(folder, "bundle.rules.json"), text(folder, "options.json"));
  let compared = 0;
  for await (const piece of pieces(folder)) {
    const difference = compare(piece);
    if (difference) return { compared: difference.line - 1, difference };
    compared += piece.answers.length;
  }
  return { compared };
}

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** In a page of the given browser (of playwright), under a strict content security policy. */
async function inBrowser(browser, folder) {
  const roots = [["/package/", fileURLToPath(new URL("../../../rules-wasm/npm/", import.meta.url))], ["/parity/", fileURLToPath(new URL("./", import.meta.url))]];
  const all = pieces(folder);
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const root = roots.find(([prefix]) => path.startsWith(prefix));
    const file = root && join(root[1], path.slice(root[0].length));
    if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.setHeader("content-security-policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
      response.end("<!doctype html><title>parity</title>");
    } else if (path === "/about") {
      response.end(JSON.stringify([text(folder, "bundle.rules.json"), text(folder, "options.json")]));
    } else if (path === "/next") {
      response.end(JSON.stringify((await all.next()).value ?? null));
    } else if (file && existsSync(file)) {
      response.setHeader("content-type", TYPES[extname(file)] ?? "text/plain; charset=utf-8");
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = 404;
      response.end();
    }
  }).listen(0);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  try {
    await page.goto(`http://localhost:${server.address().port}/`);
    return await page.evaluate(async () => {
      const { load } = await import("/package/dist/index.js");
      const { comparer } = await import("/parity/compare.mjs");
      const compare = await comparer(load, ...(await (await fetch("/about")).json()));
      let compared = 0;
      for (;;) {
        const piece = await (await fetch("/next")).json();
        if (piece === null) return { compared };
        const difference = compare(piece);
        if (difference) return { compared: difference.line - 1, difference };
        compared += piece.answers.length;
      }
    });
  } finally {
    await page.close();
    server.close();
  }
}

/** Shortens around the first byte that differs. */
function show({ line, what, expected, actual }) {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const cut = (text) => text.slice(Math.max(0, at - 60), at + 120);
  return `line ${line}, ${what}, at ${at}:\n  expected …${cut(expected)}\n  actual   …${cut(actual)}`;
}

const args = process.argv.slice(2);
const folders = [...args.filter((arg) => !arg.startsWith("--")), ...(process.env.PARITY ?? "").split(delimiter).filter(Boolean)];
let bad = folders.length === 0;
if (bad) console.error("name at least one folder; see tests/js/parity/README.md");
const tell = (where, folder, { compared, difference }) => {
  console.log(`${where.padEnd(8)} ${folder}: ${compared} equal${difference ? `, then ${show(difference)}` : ""}`);
  bad ||= difference !== undefined;
};
for (const folder of folders) tell(portable ? "portable" : "node", folder, await inNode(folder));
if (args.includes("--chromium")) {
  const { startBrowser } = await import("../e2e/browser.mjs");
  const browser = await startBrowser();
  try {
    for (const folder of folders) tell("chromium", folder, await inBrowser(browser, folder));
  } finally {
    await browser.close();
  }
}
if (bad) process.exitCode = 1;
