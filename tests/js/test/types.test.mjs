// The types compile for users, strictly, with what bundlers and Node.js each understand by a module.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const project = fileURLToPath(new URL("../types", import.meta.url));

for (const resolution of [["--module", "nodenext", "--moduleResolution", "nodenext"], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
  test(`types with ${resolution[3]}`, () => {
    try {
      execFileSync(process.execPath, [tsc, "-p", project, ...resolution], { encoding: "utf8" });
    } catch (error) {
      throw new Error(error.stdout, { cause: error });
    }
  });
}
