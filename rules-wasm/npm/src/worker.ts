// The entry `@weibao/rules/worker`: checks in a Web Worker, with a deadline. In: nothing but options. Out: the API of `load`, with promises. Importing it starts
// nothing.

import { web } from "./platform-web.js";
import { type ConnectOptions, WorkerEngine } from "./worker/client.js";
import { RulesError } from "./errors.js";

export * from "./worker/types.js";

/** How a browser's worker is started. */
export interface WorkerOptions extends ConnectOptions {
  /** Starts the script `@weibao/rules/worker-script` where the bundler does not find it by itself. */
  readonly worker?: (() => Worker) | undefined;
}

// Bundlers look for exactly this expression, bundle the script and put its address here.
const usual = (): Worker => new Worker(new URL("./worker-script.js", import.meta.url), { type: "module" });

/**
 * The engine in a worker. It is started by the first call.
 *
 * @example
 * ```js
 * import { connect } from "@weibao/rules/worker";
 * const engine = connect({ deadline: 2000 });
 * const ruleset = await engine.load("/v1/bundles/venue");
 * const report = await ruleset.check(answers, { asOf: "2026-03-02" }); // or a RulesError `deadline_exceeded`
 * ```
 */
export function connect(options: WorkerOptions = {}): WorkerEngine {
  const { worker: start = usual } = options;
  // An address is the page's, not the worker's.
  const wasm = typeof options.wasm === "string" ? new URL(options.wasm, globalThis.document?.baseURI).href : options.wasm;
  return new WorkerEngine(
    (heard, lost) => {
      if (start === usual && typeof Worker !== "function") {
        throw new RulesError("worker_unavailable", "", "there are no workers here");
      }
      const worker = start();
      worker.onmessage = ({ data }) => heard(data);
      worker.onmessageerror = () => lost("a message could not be read");
      worker.onerror = (event) => {
        event.preventDefault();
        lost(event.message ?? "its script could not be loaded: is its address right, is it JavaScript, does the policy (worker-src) allow it?");
      };
      return { send: (message) => worker.postMessage(message), end: () => worker.terminate() };
    },
    web(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url)),
    { ...options, wasm },
  );
}
