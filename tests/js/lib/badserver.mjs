// A static server that misbehaves as it is asked to. In: folders by name. Out: its address; `/FAULT/NAME/file` is the file with that fault, and `/page?…` an empty
// page under a content security policy; any other path is a file of the folder `root`. Faults: ok, mime, missing, html, cut, broken, altered, slow; with `once-` in front only at the first request.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };

const FAULTS = /^(once-)?(ok|mime|missing|html|cut|broken|altered|slow)$/;

export async function badServer(folders, { csp: policy } = {}) {
  const seen = new Map();
  const log = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://x");
    if (url.pathname === "/page") {
      const csp = url.searchParams.get("csp");
      response.writeHead(200, { "content-type": "text/html", ...(csp && { "content-security-policy": csp }) });
      response.end("<!doctype html><title>page</title>");
      return;
    }
    const parts = url.pathname.split("/").slice(1);
    const [given, name, ...rest] = FAULTS.test(parts[0]) ? parts : ["ok", "root", ...parts];
    const path = normalize(join(folders[name] ?? "/nowhere", rest.join("/") || "index.html"));
    log.push(url.pathname);
    const count = (seen.get(url.pathname) ?? 0) + 1;
    seen.set(url.pathname, count);
    const fault = given.startsWith("once-") ? (count === 1 ? given.slice(5) : "ok") : given;
    if (fault === "missing" || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not here");
      return;
    }
    const bytes = readFileSync(path);
    const headers = { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "access-control-allow-origin": "*", "cache-control": "max-age=600", ...(policy && { "content-security-policy": policy }) };
    const send = (body, more) => {
      response.writeHead(200, { ...headers, "content-length": body.length, ...more });
      response.end(body);
    };
    switch (fault) {
      case "mime":
        return send(bytes, { "content-type": "text/plain; charset=utf-8" });
      case "html":
        return send(Buffer.from("<!doctype html><title>Log in</title>"), { "content-type": "text/html" });
      case "cut":
        return send(bytes.subarray(0, bytes.length >> 1));
      case "broken":
        response.writeHead(200, { ...headers, "content-length": bytes.length });
        response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
        return;
      case "altered": {
        // A byte of data, so that it still compiles: only a hash tells.
        const other = Buffer.from(bytes);
        const at = Math.max(other.lastIndexOf("required"), other.length - 64);
        other[at] ^= 1;
        return send(other);
      }
      case "slow":
        response.writeHead(200, { ...headers, "content-length": bytes.length });
        for (let part = 0; part < 8; part++) {
          const from = Math.ceil(bytes.length / 8) * part;
          setTimeout(() => response[part < 7 ? "write" : "end"](bytes.subarray(from, from + Math.ceil(bytes.length / 8))), 60 * part);
        }
        return;
      default:
        return send(bytes);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
