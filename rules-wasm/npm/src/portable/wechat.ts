// WeChat's mini programs: WebAssembly by the path of a file of the program's package, and in no other way.

import type { Started } from "../instantiate.js";

/** What WeChat calls it. */
declare const WXWebAssembly: undefined | { instantiate(path: string, imports: object): Promise<{ instance: WebAssembly.Instance }> };

/** Are we in one? */
export const isMiniProgram = (): boolean => typeof WXWebAssembly !== "undefined";

export async function fromPackage(path: string, imports: WebAssembly.Imports): Promise<Started> {
  const again = async () => (await WXWebAssembly!.instantiate(path, imports)).instance;
  return { instance: await again(), again };
}
