// The little that is used of Node.js, so that the package needs no types of it.

declare module "node:fs/promises" {
  export function readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>>;
}

declare module "node:worker_threads" {
  export class Worker {
    constructor(script: URL, options: { execArgv: string[] });
    on(event: string, listener: (value: unknown) => void): void;
    postMessage(message: unknown): void;
    terminate(): Promise<unknown>;
    ref(): void;
    unref(): void;
  }
  export const parentPort: { on(event: "message", listener: (message: never) => void): void; postMessage(message: unknown): void } | null;
}
