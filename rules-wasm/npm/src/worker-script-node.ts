// The script of the thread that `@weibao/rules/worker` starts in Node.js.

import { parentPort } from "node:worker_threads";
import { node } from "./platform-node.js";
import type { Ask } from "./worker/messages.js";
import { server } from "./worker/serve.js";

const answer = server(node(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url)));

parentPort?.on("message", (ask: Ask) => void answer(ask).then((told) => parentPort!.postMessage(told)));
