// `@weibao/rules/worker` in Node.js: a thread of `node:worker_threads`.

import { Worker } from "node:worker_threads";
import { node } from "./platform-node.js";
import { type ConnectOptions, WorkerEngine } from "./worker/client.js";
import type { Line } from "./worker/messages.js";

export * from "./worker/types.js";

/** As in a browser. A thread that has nothing to do does not keep the process alive. */
export function connect(options: ConnectOptions = {}): WorkerEngine {
  return new WorkerEngine(
    (heard, lost): Line => {
      // Flags of the process may mean nothing to a script.
      const thread = new Worker(new URL("./worker-script-node.js", import.meta.url), { execArgv: [] });
      thread.on("message", (message) => {
        thread.unref();
        heard(message);
      });
      thread.on("error", lost);
      thread.on("exit", (code) => lost(`the thread ended with ${String(code)}`));
      return {
        send(message) {
          thread.ref();
          thread.postMessage(message);
        },
        end: () => void thread.terminate(),
      };
    },
    node(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url)),
    options,
  );
}
