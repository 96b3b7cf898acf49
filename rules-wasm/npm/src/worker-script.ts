// The script of the Web Worker that `@weibao/rules/worker` starts.

import { web } from "./platform-web.js";
import type { Ask } from "./worker/messages.js";
import { server } from "./worker/serve.js";

const answer = server(web(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url)));

const scope = globalThis as unknown as Pick<Worker, "onmessage" | "postMessage">;
scope.onmessage = ({ data }: MessageEvent<Ask>) => void answer(data).then((told) => scope.postMessage(told));
