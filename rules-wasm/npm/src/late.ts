// The fallback, fetched when it is needed and not before.

import type { Platform } from "./engine.js";

/** Imports fallback.ts: written where bundlers see it, in the entry point. */
export type Late = () => Promise<typeof import("./fallback.js")>;

export function late(platform: Platform, portable: Late | undefined): Platform {
  return portable === undefined ? platform : { ...platform, portable: async () => (await portable()).fallback(platform) };
}
