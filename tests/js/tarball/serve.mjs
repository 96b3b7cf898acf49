// The host's own server: the built examples, the bundles, and a place where inspections are sent to. In: folders by name. Out: its address, and what was sent, by the page that sent it.
// Under a content security policy that allows WebAssembly and no `eval`.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bundles = process.env.RULES_BUNDLES ?? fileURLToPath(new URL("../../../target/bundles", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";

export async function serve(folders) {
  const sent = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "POST") {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        sent.set(request.headers.referer, JSON.parse(Buffer.concat(parts).toString("utf8")));
        response.writeHead(204).end();
      });
      return;
    }
    const [, first, ...rest] = pathname.split("/");
    const [, bundle] = /^\/v1\/bundles\/(\w+)$/.exec(pathname) ?? [];
    const path = bundle ? join(bundles, `${bundle}.rules.json`) : join(first === "rules" ? bundles : (folders.get(first) ?? "/nowhere"), ...(rest.join("") === "" ? ["index.html"] : rest));
    if (pathname.includes("..") || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": POLICY });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, sent, stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}
